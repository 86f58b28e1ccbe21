"""Counts the cancelled orders of each product."""

from __future__ import annotations

import polars as pl

from gateway.intake.figures.measure import order_key
from gateway.intake.figures.totals import SAYS_CANCELLED
from gateway.intake.layouts.lines import CANCELLED


def cancelled_orders(lines: pl.DataFrame) -> pl.DataFrame:
    """Return a row per product: orders in which every row of it was cancelled.

    Only of products of which a row has an order's number and a status that would tell it; of others it is unknown.
    """
    told = lines.filter(SAYS_CANCELLED & pl.col("order_id").is_not_null())
    pairs = told.select("product", order_key(), (pl.col("status") == CANCELLED).alias("gone"))
    gone = pairs.filter("gone").unique(("product", "order"))
    # few orders are cancelled: the others of a million are not looked at one by one
    stays = pairs.filter(~pl.col("gone") & pl.col("order").is_in(gone["order"].unique().to_list()))
    lost = gone.join(stays, on=("product", "order"), how="anti", nulls_equal=True).group_by("product").len("lost")
    products = pairs.select("product").unique()
    return products.join(lost, on="product", how="left", nulls_equal=True).select(
        "product", pl.col("lost").fill_null(0).cast(pl.Int64).alias("cancelled_orders")
    )
