"""Joins a header of two rows into one, where some names stand in the upper row alone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import HEADER_SEARCH_ROWS, headers_of
from gateway.intake.layouts.header_row import header_score
from gateway.intake.layouts.names import currency_in
from gateway.intake.tables import RawTable

#: What a legend has below its names: a letter for each amount, and what is computed of which (`C = A + B`).
_LEGEND: Final = re.compile(r"^[A-Z]{1,2}$|[=+*]")


def with_one_head(table: RawTable) -> RawTable:
    """Return a table with both rows of its header merged, numbered as the lower one; unchanged with one header row.

    A name below a group (`Venda` over `Qtd`, `Valor`) stands alone, with the group before it where others have the
    same, and with the group's currency.
    """
    rows = table.top.head(HEADER_SEARCH_ROWS + 1).rows()
    scores = [header_score(row) for row in rows[:-1]]
    if max(scores, default=0) < 2:
        return table
    row = scores.index(max(scores))
    if not _goes_on(rows[row], rows[row + 1]):
        return table
    names = _names(headers_of(table, row), headers_of(table, row + 1))
    head = pl.DataFrame({column: [name or None] for column, name in zip(table.frame.columns, names, strict=True)})
    head = head.cast(dict.fromkeys(head.columns, pl.String))
    frame = pl.concat([table.frame.head(row), head, table.frame.slice(row + 2)])
    known = pl.int_range(1, table.frame.height + 1, eager=True) if table.numbers is None else table.numbers
    return replace(table, frame=frame, numbers=pl.concat([known.head(row), known.slice(row + 1)]))


def _goes_on(upper: tuple[str | None, ...], lower: tuple[str | None, ...]) -> bool:
    """Say whether the lower row has names, all of them below a blank or a group, and blanks below other names."""
    below = [index for index, cell in enumerate(lower) if cell]
    alone = [index for index, cell in enumerate(upper) if cell and not lower[index]]
    if len(below) < 2 or not alone or header_score(lower) < 1:
        return False
    if any(not any(letter.isalpha() for letter in str(lower[index])) for index in below):
        return False
    if sum(bool(_LEGEND.search(str(lower[index]))) for index in below) * 2 > len(below):
        return False
    first = below[0]
    return upper[first] is not None and min(alone) < first


def _names(upper: list[str], lower: list[str]) -> list[str]:
    often, group, names = Counter(name for name in lower if name), "", []
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        if not below:
            names.append(above)
            continue
        name = f"{group} {below}" if often[below] > 1 else below
        code = currency_in(group)
        names.append(f"{name} ({code})" if code and currency_in(name) is None else name)
    return names
