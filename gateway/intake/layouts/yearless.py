"""Dates that leave out the year (`27 de fevereiro | 08:55`): the sale that they belong to gives it."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.dates import moments, month_number
from gateway.intake.distinct import Distinct
from gateway.intake.values import folded

_YEARLESS: Final = r"^(\d{1,2}) de ([a-z]+)\.?(?:\D+(\d{1,2}:\d{2}))?\D*$"


def near(texts: pl.Series | None, after: pl.Series | None) -> pl.Series | None:
    """Return the moments of a column; one without a year is the first such day not before the day of `after`."""
    if texts is None:
        return None
    if after is None:
        return moments(texts)
    column = Distinct.of(texts)
    parts = _parts(column.cells)
    dated = parts.select(pl.when(pl.col("day").is_null()).then(pl.col("text")).alias("text")).to_series()
    known = parts.drop("text").with_columns(moments(dated).alias("whole"))
    frame = pl.DataFrame([column.to_rows(told) for told in known]).with_columns(after.alias("after"))
    this, following = _in_year(0), _in_year(1)
    near_after = pl.when(this >= pl.col("after").dt.truncate("1d")).then(this).otherwise(following)
    return frame.select(pl.coalesce("whole", near_after)).to_series()


def _parts(texts: pl.Series) -> pl.DataFrame:
    """Return day, month and clock of each text without a year; null for a text with one."""
    groups = folded(pl.col("text")).str.extract_groups(_YEARLESS)
    told = {name: groups.struct.field(str(at)) for at, name in enumerate(("day", "month", "clock"), start=1)}
    frame = pl.DataFrame({"text": texts}).with_columns(**told)
    clock = pl.col("clock").str.split_exact(":", 1)
    return frame.select(
        "text",
        pl.col("day").cast(pl.Int32),
        month_number(pl.col("month")),
        *(clock.struct[at].cast(pl.Int32).fill_null(0).alias(name) for at, name in enumerate(("hour", "minute"))),
    )


def _in_year(later: int) -> pl.Expr:
    """Return the moment in the year of `after`, or so many years later; null where the calendar has no such day."""
    first = pl.date(pl.col("after").dt.year() + later, "month", 1)
    day = first + pl.duration(days=pl.col("day") - 1)
    exists = (day.dt.month() == pl.col("month")) & (pl.col("day") > 0)
    is_time = (pl.col("hour") < 24) & (pl.col("minute") < 60)
    clock = pl.duration(hours="hour", minutes="minute")
    return pl.when(exists & is_time).then(day.cast(pl.Datetime("us")) + clock)
