"""Finds sales that were cancelled or declined by a column that tells why they were, where no status tells it."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.values import folded
from gateway.intake.words import NO, fold

REASONED: Final = "“{column}” diz por que {rows} linha(s) foram canceladas: elas não contam como venda."
DECLINED: Final = "“{column}” diz por que {rows} linha(s) foram recusadas: elas não contam como venda."
_DECLINE: Final = r"(declin\w*|recus\w*|reje[ci]\w*|rechaz\w*|negad\w*|deni\w*|refus\w*|ablehnung\w*)"
_CANCEL: Final = r"(cancel\w*|anula\w*|storno|stornierung|annul\w*|huy|pembatalan|batal)"
_WHY: Final = r"(motivos?|razao|razon|causas?|justificativas?|reasons?|grund|raison|ly do|alasan|por|by|von|oleh)"
_NAME: Final = re.compile(rf"^({_WHY} (d[aeo]s? |del |of |for |la |l )*{_CANCEL}|{_CANCEL}[ds]? {_WHY})$")
_NAME_OF_DECLINED: Final = re.compile(rf"^({_WHY} (d[aeo]s? |del |of |for |la |l )*{_DECLINE}|{_DECLINE} {_WHY})$")
#: What stands in a cell that tells no reason.
_NONE: Final = (*NO, "n a", "na", "none", "null", "nenhum", "nenhuma", "ninguno", "nao se aplica", "sem motivo")
#: Where more of the rows tell one, it is a list of cancelled sales, or the column tells something else.
_MOST: Final = 0.5


def cancelled_by_reason(table: Columns, *, tell: bool = True) -> pl.Series | None:
    """Say which rows tell why they were cancelled (`Motivo do cancelamento`); None where no column does."""
    return _told(table, _NAME, REASONED if tell else "")


def drop_declined(table: Columns, columns: Assignment) -> None:
    """Drop rows that tell why a network or a payer declined them: an affiliate's may be of a sale that stands there."""
    declined = None if columns.column("status") is not None else _told(table, _NAME_OF_DECLINED, DECLINED)
    if declined is not None:
        table.keep(~declined)


def _told(table: Columns, name: re.Pattern[str], told: str) -> pl.Series | None:
    """Say which rows have a reason in the first column that is called so and has one in some of them; tell how many."""
    for index, header in enumerate(table.headers):
        if not name.match(" ".join(re.findall(r"[^\W_]+", fold(header)))):
            continue
        text = table.cells(index).to_frame("text").select(folded(pl.col("text")).str.replace_all(r"[\W_]+", " "))
        plain = text.to_series().str.strip_chars()
        reasoned = plain.is_not_null() & ~plain.is_in(_NONE)
        if reasoned.any() and reasoned.sum() <= _MOST * table.height:
            table.warnings += [told.format(column=header, rows=int(reasoned.sum()))] if told else []
            table.text_at(index)  # from here on it is used
            return reasoned
    return None
