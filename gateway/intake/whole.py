"""Read a large table in two steps: recognise it by its first rows, then read the needed columns of all rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.layouts import LAYOUTS, UNKNOWN, Reading, is_known_export
from gateway.intake.layouts.parts import has_sums_beside
from gateway.intake.limits import HEAD_ROWS
from gateway.intake.tables import RawTable, Wanted
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
    if table.needed is not None:  # it was read by its head already
        return understand(table)
    reading = understand(table)
    if reading.report.layout == UNKNOWN:
        return replace(reading, report=replace(reading.report, rows=table.height))
    return understand(_narrowed(table, _columns(table, reading), table.whole))


def wanted(table: RawTable, understand: Callable[[RawTable], Reading]) -> Wanted:
    """Return what is wanted of a sheet that is read in pieces, by its first ones: as `understood` would take of it."""
    if not is_known_export(table):
        return Wanted(is_clean=True)
    if has_sums_beside(table):
        return Wanted()
    columns = _needed(table, understand)
    return Wanted() if columns is None else Wanted(tuple(columns))


def without_rows(table: RawTable) -> RawTable:
    """Return a table that is understood with its first rows alone, if it is long; one of a text is quoted as it is."""
    if table.free or table.frame.height < LARGE_ROWS:
        return table
    return replace(table, frame=table.frame.head(HEAD_ROWS), height=table.frame.height)


def _export(table: RawTable, understand: Callable[[RawTable], Reading]) -> Reading | None:
    """Return the reading of a long table that is a known export, of its needed columns alone; None for other tables."""
    if table.frame.height < LARGE_ROWS or not is_known_export(table):
        return None
    columns = _needed(table, understand)
    if columns is None:
        return None

    def whole(columns: Sequence[str]) -> pl.DataFrame:
        return table.frame.select(cleaned(pl.col(columns)))

    head = replace(table, frame=table.frame.head(HEAD_ROWS))
    return understand(_narrowed(replace(head, whole=whole), columns, whole))


def _needed(table: RawTable, understand: Callable[[RawTable], Reading]) -> list[str] | None:
    """Return the columns that a known export needs; None where it is read as another table.

    The names of its columns tell what they are, so that its head tells which are needed. Of other tables the cells
    tell it, and a sparse column may be empty in the head.
    """
    head = replace(table, frame=table.frame.head(HEAD_ROWS))
    reading = understand(head)
    # a person's mapping stands above it
    return _columns(head, reading) if reading.report.layout in _OWN else None


def _columns(head: RawTable, reading: Reading) -> list[str]:
    """Return the columns by which a table's head was read."""
    return [name for index, name in enumerate(head.frame.columns) if index < _FIRST or index in reading.places]


def _narrowed(table: RawTable, columns: list[str], whole: Callable[[Sequence[str]], pl.DataFrame]) -> RawTable:
    """Return the table with all rows of these columns."""
    return replace(table, needed=lambda: whole(columns), is_clean=True)
