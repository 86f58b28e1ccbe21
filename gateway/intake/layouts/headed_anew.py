"""Cuts a table where its header comes again with other columns, as when two exports were put into one file."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

import polars as pl

from gateway.intake.layouts.header_row import by_header
from gateway.intake.tables import RawTable

#: So many names that come again, half of them at least, and so many of them in another column.
_NAMES: Final = 4
_MOVED: Final = 2


def headed_anew(table: RawTable) -> list[RawTable]:
    """Return the parts of a table of which each has its own header; the table itself where it has one.

    Cells below the second header stand in other columns: read by the first one, prices would count as units. The
    header as it was comes again in files of several months, and parts nothing. Numbers name no column.
    """
    head = by_header(table)
    filled = {cell: name for name, cell in zip(table.frame.columns, table.frame.row(head), strict=True) if cell}
    names = {cell: name for cell, name in filled.items() if any(map(str.isalpha, cell))}
    if len(names) < _NAMES:
        return [table]
    told = [pl.col(name).is_in(list(names)).fill_null(value=False).cast(pl.Int32) for name in table.frame.columns]
    own = [(pl.col(name) == cell).fill_null(value=False).cast(pl.Int32) for cell, name in names.items()]
    again, kept = pl.sum_horizontal(told), pl.sum_horizontal(own)
    enough = (again >= _NAMES) & (again * 2 >= len(filled)) & (again - kept >= _MOVED)
    places = table.frame.select(enough.alias("is_header"))["is_header"].arg_true().to_list()
    cuts = [place for place in places if place > head]
    edges = [0, *cuts, table.frame.height]
    return [rows_of(table, first, last) for first, last in pairwise(edges)] if cuts else [table]


def rows_of(table: RawTable, first: int, last: int) -> RawTable:
    """Return these rows as a table, without the columns that are blank in all of them."""
    frame = table.frame.slice(first, last - first)
    known = table.numbers
    numbers = pl.int_range(first + 1, last + 1, eager=True) if known is None else known.slice(first, last - first)
    some = [name for name in frame.columns if frame[name].null_count() < frame.height]
    narrow = frame.select(some).rename({old: str(new) for new, old in enumerate(some)}) if some else frame
    return replace(table, frame=narrow, numbers=numbers)
