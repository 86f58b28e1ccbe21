"""Reads columns that a large table did not keep, several at once: each look at a workbook unpacks its sheet again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns

#: So many cells are read at once: at their places they take some 50 bytes each.
_AT_ONCE: Final = 2_000_000

#: Returns the cells at these places among the rows that are left.
At = Callable[[pl.Series], pl.Series]


def each_column(columns: Columns, indexes: Sequence[int]) -> Iterator[tuple[int, At]]:
    """Yield each of these columns with its cells, those that were kept first, and count none as looked into.

    Else all columns of a large table were kept.
    """
    frame, table = columns.frame, columns.table
    kept = [index for index in indexes if str(index) in frame.columns]
    for index in kept:
        yield index, frame[str(index)].gather
    others = [index for index in indexes if str(index) not in frame.columns]
    most = max(1, _AT_ONCE // max(1, table.height))
    for begin in range(0, len(others), most):
        some = others[begin : begin + most]
        read = table.columns(some)
        for index in some:
            yield index, _at(columns, read[str(index)])


def _at(columns: Columns, cells: pl.Series) -> At:
    return lambda place: cells.gather(columns.rows.gather(place) - 1)
