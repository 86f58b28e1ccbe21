"""Finds cancelled sales by a column that tells why they were, where no status tells it."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.values import folded
from gateway.intake.words import NO, fold

REASONED: Final = "“{column}” diz por que {rows} linha(s) foram canceladas: elas não contam como venda."
_CANCEL: Final = r"(cancel\w*|anula\w*|storno|stornierung|annul\w*|huy|pembatalan|batal)"
_WHY: Final = r"(motivos?|razao|razon|causas?|justificativas?|reasons?|grund|raison|ly do|alasan|por|by|von|oleh)"
_NAME: Final = re.compile(rf"^({_WHY} (d[aeo]s? |del |of |for |la |l )*{_CANCEL}|{_CANCEL}[ds]? {_WHY})$")
#: What stands in a cell that tells no reason.
_NONE: Final = (*NO, "n a", "na", "none", "null", "nenhum", "nenhuma", "ninguno", "nao se aplica", "sem motivo")
#: Where more of the rows tell one, it is a list of cancelled sales, or the column tells something else.
_MOST: Final = 0.5


def cancelled_by_reason(table: Columns) -> pl.Series | None:
    """Say which rows tell why they were cancelled (`Motivo do cancelamento`); None where no column does."""
    for index, header in enumerate(table.headers):
        if not _NAME.match(" ".join(re.findall(r"[^\W_]+", fold(header)))):
            continue
        text = table.cells(index).to_frame("text").select(folded(pl.col("text")).str.replace_all(r"[\W_]+", " "))
        plain = text.to_series().str.strip_chars()
        told = plain.is_not_null() & ~plain.is_in(_NONE)
        if told.any() and told.sum() <= _MOST * table.height:
            table.warnings.append(REASONED.format(column=header, rows=int(told.sum())))
            table.text_at(index)  # from here on it is used
            return told
    return None
