"""Tells numbers of a sheet from texts that look like them, where this changes what they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from gateway.intake.tables import AMBIGUOUS, NUMBER_MARK


def numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with columns `0`, `1`, ... of text."""
    frame = frame.rename({old: str(index) for index, old in enumerate(frame.columns)})
    return frame.cast(pl.String)


def ambiguous(frame: pl.DataFrame) -> list[int]:
    """Return the columns with a cell like `15.125`."""
    return [int(column.name) for column in frame if column.str.contains(AMBIGUOUS).any()]


def marked(
    frame: pl.DataFrame, needed: Sequence[int], integers: Callable[[Sequence[int]], pl.DataFrame]
) -> pl.DataFrame:
    """Mark the numbers of the columns that need it; only then is the sheet read a second time, as `integers`.

    That tells the kinds apart: a number is cut to an integer, while the text `15.125` is none. (Read as floats,
    both would be.)
    """
    if not needed:
        return frame
    columns = []
    for index, integer in zip(needed, integers(needed), strict=True):
        text = frame[str(index)]
        is_number = integer.is_not_null() & text.str.contains(".", literal=True).fill_null(value=False)
        columns.append(text.zip_with(~is_number, NUMBER_MARK + text))
    return frame.with_columns(columns)
