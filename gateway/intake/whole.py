"""Read a large table in two steps: recognise it by its first rows, then read the needed columns of all rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts import LAYOUTS, UNKNOWN, Reading, is_known_export
from gateway.intake.limits import HEAD_ROWS
from gateway.intake.tables import RawTable
from gateway.intake.values import cleaned

#: From so many rows on it is worth the trouble to recognise a table in memory by its head first.
LARGE_ROWS: Final = 10 * HEAD_ROWS
_OWN: Final = frozenset(layout.name for layout in LAYOUTS)
#: A total's row says so in one of the first columns: they are always read.
_FIRST: Final = 3


def understood(table: RawTable, understand: Callable[[RawTable], Reading]) -> Reading:
    """Return the reading of a table; all rows of a large one are read once it is recognised.

    What the columns are is told by the head both times; a column that only all rows ask for is read by itself.
    """
    if table.whole is None:
        return _export(table, understand) or understand(table)
    reading = understand(table)
    if reading.report.layout == UNKNOWN:
        return replace(reading, report=replace(reading.report, rows=table.height))
    return understand(_narrowed(table, reading, table.whole))


def _export(table: RawTable, understand: Callable[[RawTable], Reading]) -> Reading | None:
    """Return the reading of a long table that is a known export, of its needed columns alone; None for other tables.

    The names of its columns tell what they are, so that its head tells which are needed. Of other tables the cells
    tell it, and a sparse column may be empty in the head.
    """
    if table.frame.height < LARGE_ROWS or not is_known_export(table):
        return None
    head = replace(table, frame=table.frame.head(HEAD_ROWS))
    reading = understand(head)
    if reading.report.layout not in _OWN:  # a person's mapping stands above it
        return None

    def whole(columns: Sequence[str]) -> pl.DataFrame:
        return table.frame.select(cleaned(pl.col(columns)))

    return understand(_narrowed(replace(head, whole=whole), reading, whole))


def _narrowed(table: RawTable, reading: Reading, whole: Callable[[Sequence[str]], pl.DataFrame]) -> RawTable:
    """Return the table with all rows of the columns that its head was read by."""
    columns = [name for index, name in enumerate(table.frame.columns) if index < _FIRST or index in reading.places]
    return replace(table, frame=whole(columns), head=table.frame, is_clean=True)
