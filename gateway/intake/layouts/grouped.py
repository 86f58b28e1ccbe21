"""Completes column names from the row above the header."""

from __future__ import annotations

import re
from typing import Final

from gateway.intake.layouts.columns import headers_of
from gateway.intake.tables import RawTable
from gateway.intake.words import fold

_OF_PRODUCTS: Final = re.compile(r"\b(by|per) (products?|items?|sku)\b|\bpor (produtos?|itens|item|sku|mercadoria)\b")


def with_groups(table: RawTable, row: int, headers: list[str]) -> list[str]:
    """Complete names from the row above: where there is none, and where two columns have the same (`Qtd`, `Qtd`)."""
    if row == 0:
        return headers
    above = headers_of(table, row - 1)
    grouped = sum(map(bool, above)) > 1
    group, complete = "", []
    for index, header in enumerate(headers):
        group = above[index] or group
        repeated = header and headers.count(header) > 1
        if not header:
            complete.append(above[index])
        elif repeated and group and grouped:
            complete.append(f"{group} {header}")
        else:
            complete.append(header)
    return [_by_title(table, row), *complete[1:]] if not complete[0] and sum(map(bool, complete)) > 1 else complete


def _by_title(table: RawTable, row: int) -> str:
    """Return a name for labels without one where a title says that the report is by product (QuickBooks)."""
    texts = [fold(cell) for cells in table.top.head(row).rows() for cell in cells if cell]
    return "Item" if any(_OF_PRODUCTS.search(text) for text in texts) else ""
