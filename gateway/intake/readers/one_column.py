"""Splits tables whose rows stand in one column, separators included, as after a CSV opened with another one."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.limits import Limits
from gateway.intake.readers.delimited import TABLE_SHARE, parse, separator_of, width_of
from gateway.intake.tables import RawTable

#: Fewer columns, or rows, are a list of texts with a comma in each.
_FEWEST: Final = 3
#: Of so many rows at most a cell beside the first is a part of it that a sign in it has cut off.
_STRAY: Final = 0.01
#: So many rows of one width at least show that cells go over several lines.
_SEVERAL: Final = 3


def spread(table: RawTable, limits: Limits) -> RawTable:
    """Return the table with its rows cut into columns, each row with its number; a table of columns as it is."""
    if table.whole is not None or table.free or table.frame.height < _FEWEST:
        return table
    column = _in_one(table.frame)
    if column is None:
        return table
    numbers = column.is_not_null().arg_true()
    text = "\n".join(column.drop_nulls())
    separator, share = separator_of(text, limits)
    if separator is not None and share < TABLE_SHARE and _has_long_cells(text, separator):
        share = 1.0
    if separator is None or share < TABLE_SHARE or width_of(text, separator) < _FEWEST:
        return table
    frame = parse(text, separator, limits)
    if frame.height != numbers.len():  # a cell over several lines: which row stands where is not known any more
        return replace(table, frame=frame)
    return replace(table, frame=frame, numbers=pl.Series([table.number(at) for at in numbers], dtype=pl.Int64))


def _has_long_cells(text: str, separator: str) -> bool:
    """Say whether the lines are too short for a table because cells in quotes go over several of them."""
    widths: Counter[int] = Counter()
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for row in reader:
            widths[len(row)] += 1
    except csv.Error:
        return False
    [(width, rows)] = widths.most_common(1)
    return width >= _FEWEST and _SEVERAL <= rows < reader.line_num and rows >= TABLE_SHARE * widths.total()


def _in_one(frame: pl.DataFrame) -> pl.Series | None:
    """Return the only column that is filled, with what one of its own signs has cut off in a few rows; None of several.

    `Name,Note,Total;` is one column and a blank one, and a `;` in a note leaves a part of it in that one.
    """
    filled = [column for column in frame if column.null_count() < column.len()]
    if len(filled) == 1:
        return filled[0]
    beside = [column.len() - column.null_count() for column in filled[1:]]
    if not filled or filled[0].null_count() or sum(beside) > frame.height * _STRAY:
        return None
    return frame.select(pl.concat_str([column.name for column in filled], separator=";", ignore_nulls=True)).to_series()
