"""Tells by the CFOP, the code of a Brazilian bill's operation, which rows are no sales: returns of purchases, loans."""

from __future__ import annotations

import re
from typing import Final

from gateway.intake.layouts.columns import Columns
from gateway.intake.words import fold

OTHER_OPERATION: Final = (
    "{rows} linha(s) não foram contadas como venda: o CFOP delas (coluna “{column}”) é de outra operação ({codes}), "
    "como remessa, bonificação, transferência, compra ou devolução."
)
_NAMED: Final = re.compile(
    r"^(cfops?|cod(igo|\.)? ?(do )?cfop|cfop (do|da) (item|nota|produto)|(cod(igo|\.)? )?fiscal|cf)$"
)
_CODE: Final = r"^[1-7]\.?\d{3}$"
#: What goes out and is sold: goods made or bought, taxed at their source, fuels, for later delivery, services.
_SALE: Final = r"^[567](1[0-2]\d|40[1-5]|65[1-9]|922|933)$"
_MOST: Final = 0.9
_SHOWN: Final = 6


def drop_other_operations(table: Columns) -> None:
    """Drop rows whose CFOP is of no sale, beside rows whose CFOP is of one, and tell which codes they have."""
    for index, header in enumerate(table.headers):
        if not table.height or not _NAMED.search(fold(header).strip()):
            continue
        codes = table.text_at(index).str.strip_chars().str.replace(r"\.0$", "")
        told = codes.drop_nulls()
        if not len(told) or float(str(told.str.contains(_CODE).mean() or 0)) < _MOST:
            continue
        plain = codes.str.replace_all(r"\D", "")
        sale = plain.str.contains(_SALE).fill_null(value=True)
        if sale.all() or not (sale & codes.is_not_null()).any():
            return
        others = sorted(set(plain.filter(~sale).to_list()))
        shown = ", ".join(others[:_SHOWN])
        table.warnings.append(OTHER_OPERATION.format(rows=int((~sale).sum()), column=header, codes=shown))
        table.keep(sale)
        return
