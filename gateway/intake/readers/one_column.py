"""Splits tables whose rows stand in one column, separators included, as after a CSV opened with another one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.limits import Limits
from gateway.intake.readers.delimited import TABLE_SHARE, parse, separator_of, width_of
from gateway.intake.tables import RawTable

#: Fewer columns, or rows, are a list of texts with a comma in each.
_FEWEST: Final = 3


def spread(table: RawTable, limits: Limits) -> RawTable:
    """Return the table with its rows cut into columns, each row with its number; a table of columns as it is."""
    if table.whole is not None or table.free or table.frame.height < _FEWEST:
        return table
    filled = [column for column in table.frame if column.null_count() < column.len()]
    if len(filled) != 1:
        return table
    [column] = filled
    numbers = column.is_not_null().arg_true()
    text = "\n".join(column.drop_nulls())
    separator, share = separator_of(text, limits)
    if separator is None or share < TABLE_SHARE or width_of(text, separator) < _FEWEST:
        return table
    frame = parse(text, separator, limits)
    if frame.height != numbers.len():  # a cell over several lines: which row stands where is not known any more
        return replace(table, frame=frame)
    return replace(table, frame=frame, numbers=pl.Series([table.number(at) for at in numbers], dtype=pl.Int64))
