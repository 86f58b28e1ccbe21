"""Compute the figures of product-performance reports: views and clicks by product."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.figures.measure import MAX_SKUS, by_sku, count, money, rate, ratio, total
from gateway.intake.figures.products import MIN_PRODUCTS_FOR_CONCENTRATION
from schemas.facts import Figure

#: A product counts as little clicked below this share of the channel's click rate ...
LOW_CLICK_SHARE: Final = 0.5
#: ... once it has been shown this often.
MIN_IMPRESSIONS: Final = 500.0


def exposure_figures(shown: pl.DataFrame, currency: str, *, alone: bool) -> list[Figure]:
    """Return impressions, clicks and click rate; with `alone`, revenue and units too (no order export tells)."""
    shown = shown.with_columns(pl.coalesce("sku", "title", pl.lit("(sem SKU)")).alias("product"))
    impressions, clicks = total(shown, "impressions"), total(shown, "clicks")
    figures: list[Figure] = []
    if alone:
        figures += _sales(shown, currency)
    if impressions is not None:
        figures.append(count("impressions", impressions))
    if clicks is not None:
        figures.append(count("clicks", clicks))
    usual = rate("click_rate", clicks, impressions)
    figures += usual
    if usual:
        figures += _little_clicked(shown, usual[0].value)
    return figures


def _sales(shown: pl.DataFrame, currency: str) -> list[Figure]:
    revenue, units = total(shown, "revenue"), total(shown, "units")
    figures = [] if revenue is None else [money("revenue", revenue, currency)]
    figures += [] if units is None else [count("units", units)]
    selling = shown.filter(pl.col("revenue") > 0).sort("revenue", descending=True)
    if selling.height >= MIN_PRODUCTS_FOR_CONCENTRATION:
        top = selling.head(-(-selling.height // 10))
        figures += ratio(
            "concentration_top10",
            total(top, "revenue"),
            revenue,
            skus=top["product"].to_list()[:MAX_SKUS],
            detail={"products": selling.height, "top": top.height},
        )
    return figures


def _little_clicked(shown: pl.DataFrame, usual: float) -> list[Figure]:
    low = (
        shown.filter(pl.col("impressions") >= MIN_IMPRESSIONS)
        .with_columns((pl.col("clicks").fill_null(0) / pl.col("impressions")).alias("click_rate"))
        .filter(pl.col("click_rate") < usual * LOW_CLICK_SHARE)
        .sort("impressions", "product", descending=[True, False])
        .head(MAX_SKUS)
    )
    if low.is_empty():
        return []
    detail = {"by_sku": by_sku(low, "click_rate", "impressions", "clicks", "revenue")}
    lowest = low.select(pl.col("click_rate").min()).item()
    return [Figure("low_click_rate", round(float(lowest), 4), "ratio", low["product"].to_list(), detail)]
