"""Splits a sheet into its tables: one below the other, or a small one beside a long one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

import polars as pl

from gateway.intake.layouts import is_known_export
from gateway.intake.layouts.header_row import header_score
from gateway.intake.layouts.heads import with_one_head
from gateway.intake.layouts.pivots import in_rows
from gateway.intake.tables import RawTable
from gateway.intake.values import cleaned

#: A row that names so many things is a header.
_NAMES: Final = 2
#: Rows are looked through for headers where a sheet has no more: a longer one is an export.
_MOST_ROWS: Final = 20_000
#: Rows below a blank one of which the first may be titles.
_TITLES: Final = 3


def tables_of(table: RawTable) -> list[RawTable]:
    """Return the tables that a sheet holds, each with its rows' numbers; months as columns are put into rows.

    An export that is known is one table, whatever its blanks; so is a text's. Any other one has its cells cleaned: who
    lets go of the table that was given has them once.
    """
    if table.whole is not None or table.free or is_known_export(table):
        return [table]
    clean = replace(table, frame=table.frame.with_columns(cleaned(pl.all())), is_clean=True)
    if table.frame.height > _MOST_ROWS:
        return [clean]
    return [_laid_out(one) for part in _below(clean) for one in _beside(part)]


def _laid_out(table: RawTable) -> RawTable:
    long = in_rows(table)
    return with_one_head(table) if long is table else long


def _below(table: RawTable) -> list[RawTable]:
    """Cut the sheet where another header stands below a blank row, or a title below one."""
    filled = table.frame.select(~pl.all_horizontal(pl.all().is_null())).to_series().to_list()
    starts = [index for index in range(1, len(filled)) if filled[index] and not filled[index - 1]]
    cuts = [start for start in starts if _begins(table, start, filled)]
    headed = next((index for index in range(len(filled)) if filled[index] and _is_header(table, index)), len(filled))
    cuts = [cut for cut in cuts if cut > headed]  # what stands above the first header are its titles
    if not cuts:
        return [table]
    edges = [0, *cuts, len(filled)]
    return [_rows(table, first, last) for first, last in pairwise(edges)]


def _begins(table: RawTable, start: int, filled: list[bool]) -> bool:
    """Say whether a table begins in this row: a header, or titles with one below."""
    for index in range(start, min(start + _TITLES + 1, len(filled))):
        if not filled[index]:
            return False
        if _is_header(table, index):
            return index + 1 < len(filled) and filled[index + 1]
        if sum(cell is not None for cell in table.frame.row(index)) > 1:
            return False
    return False


def _is_header(table: RawTable, row: int) -> bool:
    cells = table.frame.row(row)
    return header_score(cells) >= _NAMES and not any(_is_value(cell) for cell in cells if cell)


def _is_value(cell: str) -> bool:
    return not any(letter.isalpha() for letter in cell)


def _rows(table: RawTable, first: int, last: int) -> RawTable:
    frame = table.frame.slice(first, last - first)
    known = table.numbers
    numbers = pl.int_range(first + 1, last + 1, eager=True) if known is None else known.slice(first, last - first)
    some = [name for name in frame.columns if frame[name].null_count() < frame.height]
    narrow = frame.select(some).rename({old: str(new) for new, old in enumerate(some)}) if some else frame
    return replace(table, frame=narrow, numbers=numbers)


def _beside(table: RawTable) -> list[RawTable]:
    """Cut a small table off that stands to the right, with a blank column between, and ends above the other's last row.

    Columns that are blank in some rows only look so, too, but not all of them in the same last rows.
    """
    frame = table.frame
    blank = [frame[name].null_count() == frame.height for name in frame.columns]
    for index in range(1, len(blank) - 1):
        if not blank[index] or all(blank[index:]) or all(blank[:index]):
            continue
        left, right = frame.select(frame.columns[:index]), frame.select(frame.columns[index + 1 :])
        ends = [_last(part) for part in (left, right)]
        if ends[1] < ends[0] and _is_compact(right) and all(_headed(part) for part in (left, right)):
            parts = [replace(table, frame=_named(part)) for part in (left, right)]
            return [_rows(part, 0, part.frame.height) for part in parts]
    return [table]


def _last(frame: pl.DataFrame) -> int:
    filled = frame.select(~pl.all_horizontal(pl.all().is_null())).to_series().arg_true()
    return int(filled[-1]) if len(filled) else -1


def _is_compact(frame: pl.DataFrame) -> bool:
    """Say whether the rows from the first to the last filled one are filled, two columns of them at least."""
    filled = frame.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32)) >= _NAMES).to_series()
    places = filled.arg_true()
    return len(places) > 1 and int(places[-1]) - int(places[0]) + 1 == len(places) == _last(frame) - int(places[0]) + 1


def _headed(frame: pl.DataFrame) -> bool:
    return any(header_score(row) >= _NAMES for row in frame.head(30).rows())


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({old: str(new) for new, old in enumerate(frame.columns)})
