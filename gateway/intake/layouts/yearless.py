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
    whole = moments(texts)
    if after is None:
        return whole
    parts = folded(pl.col("text")).str.extract_groups(_YEARLESS)
    frame = pl.DataFrame({"text": texts, "after": after})
    day, month, clock = (parts.struct.field(str(index)) for index in (1, 2, 3))
    candidates = [
        pl.format("{} de {} de {} {}", day, month, pl.col("after").dt.year() + later, clock.fill_null("00:00"))
        for later in (0, 1)
    ]
    this, next_one = (moments(frame.select(candidate.alias("text")).to_series()) for candidate in candidates)
    found = pl.DataFrame({"whole": whole, "this": this, "next": next_one, "day": after.dt.truncate("1d")})
    dated = pl.when(pl.col("this") >= pl.col("day")).then(pl.col("this")).otherwise(pl.col("next"))
    return found.select(pl.coalesce("whole", dated)).to_series()
