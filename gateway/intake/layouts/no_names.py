"""Recognises a table without names of columns: its first row is a sale already, and would be lost as a header."""

from __future__ import annotations

import re
from typing import Final

from gateway.intake.layouts.header_row import header_score
from gateway.intake.tables import RawTable

NO_NAMES: Final = (
    "a primeira linha já parece ser uma venda, e não os nomes das colunas: ponha acima dela uma linha com os nomes "
    "(Pedido, Data, Produto, Quantidade, Valor total) e envie o arquivo de novo."
)
#: A number or a day, and no name; an amount has two decimals.
_NO_NAME: Final = re.compile(r"(?:r\$|us\$|rp)?[^a-z]*\d[^a-z]*", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"(?:r\$|us\$|[^\w\s]|rp)*\s*-?\d[\d.,]*[.,]\d{2}", re.IGNORECASE)
#: So many of the rows below are looked at, and so many there are at least.
_BELOW: Final = 5
_LEAST: Final = 2
#: A sale has so many of them at least: two may be a label with what it comes to.
_FEWEST: Final = 3


def is_without_names(table: RawTable, row: int) -> bool:
    """Say whether the row that would be the header is one of the rows: half of it numbers and days, as below it.

    Months and days as names of columns (`03/2026`) have no amount beside them. One known word is none of a header's: a
    state is one in some tables (`Entregue`).
    """
    first, *below = table.top.slice(row, 1 + _BELOW).rows()
    filled = [index for index, cell in enumerate(first) if cell]
    plain = [index for index in filled if _NO_NAME.fullmatch(first[index])]
    if len(below) < _LEAST or len(plain) < max(_FEWEST, len(filled) / 2) or header_score(first) > 1:
        return False
    goes_on = all(_NO_NAME.fullmatch(one[index] or "") for one in below for index in plain)
    return goes_on and any(_AMOUNT.fullmatch(first[index]) for index in plain)
