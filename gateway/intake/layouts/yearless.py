"""Dates that leave out the year (`27 de fevereiro | 08:55`): the sale that they belong to gives it."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.dates import moments
from gateway.intake.values import folded

_YEARLESS: Final = r"^(\d{1,2}) de ([a-z]+)\.?(?:\D+(\d{1,2}:\d{2}))?\D*$"


def near(texts: pl.Series | None, after: pl.Series | None) -> pl.Series | None:
    """Return the moments of a column; one without a year is the first such day not before the day of `after`."""
    if texts is None:
        return None
    if after is None:
        return moments(texts)
    parts = folded(pl.col("text")).str.extract_groups(_YEARLESS)
    frame = pl.DataFrame({"text": texts, "after": after}).with_columns(
        **{name: parts.struct.field(str(index)) for index, name in enumerate(("day", "month", "clock"), start=1)}
    )
    whole = moments(frame.select(pl.when(pl.col("day").is_null()).then(pl.col("text")).alias("text")).to_series())
    this, next_one = (_in_year(frame, later) for later in (0, 1))
    found = pl.DataFrame({"whole": whole, "this": this, "next": next_one, "day": after.dt.truncate("1d")})
    dated = pl.when(pl.col("this") >= pl.col("day")).then(pl.col("this")).otherwise(pl.col("next"))
    return found.select(pl.coalesce("whole", dated)).to_series()


def _in_year(frame: pl.DataFrame, later: int) -> pl.Series:
    """Return the moments in the year of `after`, or so many years later; the day is read apart from the clock."""
    days = frame.select(pl.format("{} de {} de {}", "day", "month", pl.col("after").dt.year() + later).alias("day"))
    clock = frame.select(pl.col("clock").str.split_exact(":", 1)).unnest("clock").cast(pl.Int64)
    hour, minute = (pl.col(name).fill_null(0) for name in clock.columns)
    read = clock.with_columns(moments(days.to_series()).alias("day"))
    is_time = (hour < 24) & (minute < 60)
    return read.select(pl.when(is_time).then(pl.col("day") + pl.duration(hours=hour, minutes=minute))).to_series()
