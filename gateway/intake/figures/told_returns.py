"""Separate sales without a return from sales whose returns are unknown."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.lines import RETURNED

_TOLD: Final = pl.col("returned_units").is_not_null()
#: Units were sold, and nothing says whether they came back.
_UNTOLD: Final = (pl.col("units").fill_null(0) != 0) & ~_TOLD


def with_told_returns(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines; a blank count of returned units is none where other rows of its table have one.

    A row that came back without saying how many units stays unknown, and so does one without a status in a table that
    has them.
    """
    if not 0 < lines["returned_units"].null_count() < lines.height:
        return lines
    status = pl.col("status")
    stays = (status != RETURNED).fill_null(status.is_null().all().over("table"))
    none = _UNTOLD & stays & _TOLD.any().over("table")
    return lines.with_columns(pl.when(none).then(0.0).otherwise("returned_units").alias("returned_units"))


def returned_sum() -> pl.Expr:
    """Return the sum of `returned_units`; null if some of the sales do not tell it."""
    told = _TOLD.any() & ~_UNTOLD.any()
    return pl.when(told).then(pl.col("returned_units").sum()).alias("returned_units")


def judged_units() -> pl.Expr:
    """Return the units of the sales that tell whether they came back: a rate is of these."""
    return pl.col("units").filter(_TOLD).sum().alias("judged_units")
