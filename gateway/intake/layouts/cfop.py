"""Tells by the CFOP, the code of a Brazilian bill's operation, which rows are no sales: returns of purchases, loans."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.words import fold

OTHER_OPERATION: Final = (
    "{rows} linha(s) não foram contadas como venda: o CFOP delas (coluna “{column}”) é de outra operação ({codes}), "
    "como remessa, bonificação, transferência, compra ou devolução."
)
ENTRIES: Final = (
    "O CFOP de todas as linhas (coluna “{column}”) é de entrada ({codes}): parecem compras, ou devoluções, e não "
    "vendas. Se são vendas, diga em “Ver as colunas” o que é cada coluna."
)
_NAMED: Final = re.compile(
    r"^(cfops?|cod(igo|\.)? ?(do )?cfop|cfop (do|da) (item|nota|produto)|(cod(igo|\.)? )?fiscal|cf)$"
)
_CODE: Final = r"^[1-7]\.?\d{3}$"
#: What goes out and is sold: goods made or bought, taxed at their source, fuels, for later delivery, services.
_SALE: Final = r"^[567](1[0-2]\d|40[1-5]|65[1-9]|922|933)$"
#: What comes in: goods that were bought, or came back.
_ENTRY: Final = r"^[123]\d{3}$"
_MOST: Final = 0.9
_MANY: Final = 6


def drop_other_operations(table: Columns) -> None:
    """Drop rows whose CFOP is of no sale, beside rows whose CFOP is of one, and tell which codes they have."""
    if (named := _codes(table)) is None:
        return
    header, plain = named
    sale = plain.str.contains(_SALE).fill_null(value=True)
    if sale.all() or not (sale & plain.is_not_null()).any():
        return
    others = _shown(plain.filter(~sale))
    table.warnings.append(OTHER_OPERATION.format(rows=int((~sale).sum()), column=header, codes=others))
    table.keep(sale)


def told_of_entries(table: Columns) -> str:
    """Return the remark on bills of which each is of goods that came in; "" if one is not."""
    if (named := _codes(table)) is None or not named[1].drop_nulls().str.contains(_ENTRY).all():
        return ""
    return ENTRIES.format(column=named[0], codes=_shown(named[1].drop_nulls()))


def _codes(table: Columns) -> tuple[str, pl.Series] | None:
    """Return the name of the column of codes, and each row's code; None without such a column."""
    for index, header in enumerate(table.headers):
        if not table.height or not _NAMED.search(fold(header).strip()):
            continue
        codes = table.text_at(index).str.strip_chars().str.replace(r"\.0$", "")
        told = codes.drop_nulls()
        if len(told) and float(str(told.str.contains(_CODE).mean() or 0)) >= _MOST:
            return header, codes.str.replace_all(r"\D", "")
    return None


def _shown(codes: pl.Series) -> str:
    return ", ".join(sorted(set(codes.to_list()))[:_MANY])
