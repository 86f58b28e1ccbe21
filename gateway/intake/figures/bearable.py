"""Computes the highest ACOS and return rate at which a product still makes money."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.figures.measure import by_sku, ratio
from gateway.intake.figures.products import MIN_UNITS
from schemas.facts import Figure

#: Products that are told, the best sellers first.
MOST: Final = 30


def bearable(sums: pl.DataFrame, *, is_whole: bool) -> list[Figure]:
    """Return the revenue that each product has left before advertising, and its highest bearable return rate.

    `sums` are the products' with `margin_sums` joined to them. Only of products whose every sale has its cost, and only
    where all parts of what is left are known (`is_whole`): without freight or refunds it would be too much.
    """
    if not is_whole:
        return []
    known = sums.filter(
        pl.col("contribution").is_not_null() & (pl.col("revenue") > 0) & (pl.col("units") >= MIN_UNITS)
    ).head(MOST)
    if known.is_empty():
        return []
    told = known.with_columns((pl.col("contribution") / pl.col("revenue")).clip(lower_bound=0).alias("bearable_acos"))
    left, revenue = (float(told[name].sum()) for name in ("contribution", "revenue"))
    names = ("bearable_acos", "bearable", "return_rate", "contribution", "revenue", "units")
    skus = [str(sku) for sku in told["product"]]
    return ratio("bearable_acos", max(0.0, left), revenue, skus=skus, detail={"by_sku": by_sku(told, *names)})
