"""Sum up a channel's sales by product and day, for comparison with documents of its other channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import polars as pl

from gateway.intake.figures.identity import KEY, own_titles
from gateway.intake.figures.measure import rounded
from gateway.intake.figures.prices import MIN_UNITS, prices_of
from gateway.intake.figures.products import MAX_TITLE_CHARS
from gateway.intake.figures.spans import are_months
from gateway.intake.figures.totals import counted
from schemas.facts import Figure
from schemas.product import MAX_SOLD, Product, Rest, Sold, SoldProduct

#: A price is told with more than cents: a median of few prices may lie between two.
_DIGITS: Final = 4


def sold_of(lines: pl.DataFrame, currency: str) -> Sold | None:
    """Return the sales of each SKU of a channel; None where currency, dates or SKUs are unknown."""
    dated = counted(
        lines.select(
            "sku",
            "channel",
            "units",
            "revenue",
            "status",
            KEY.alias("key"),
            pl.col("at").dt.date().alias("day"),
        )
    )
    dated = dated.filter(pl.col("sku").is_not_null() & pl.col("day").is_not_null() & pl.col("revenue").is_not_null())
    if not currency or dated.is_empty():
        return None
    days = dated["day"]
    products = (
        dated.group_by("key")
        .agg(
            pl.col("sku").first(),
            pl.col("units").sum(),
            pl.col("revenue").sum(),
            pl.col("day").n_unique().alias("sale_days"),
            pl.col("day").min().alias("first_sale"),
            pl.col("day").max().alias("last_sale"),
        )
        .filter((pl.col("units") >= MIN_UNITS) | (pl.col("sale_days") >= MIN_UNITS))
        .sort("revenue", "key", descending=[True, False])
        .head(MAX_SOLD)
    )
    wanted = dated.filter(pl.col("key").is_in(products["key"].to_list()))
    prices = prices_of(wanted.with_columns(pl.lit(currency).alias("unit"))).select(
        "key", "here", "here_low", "here_high"
    )
    rows = products.join(prices, on="key", how="left", maintain_order="left").to_dicts()
    titles = own_titles(lines)
    by_month = are_months(days)  # then no day of a sale is known
    return Sold(
        currency,
        "" if by_month else str(days.max()),
        products=[_product(row, titles.get(row["key"], ""), by_month=by_month) for row in rows],
    )


def for_comparing(sold: Sold | None, figures: Sequence[Figure], rest: Sequence[Product]) -> Sold | None:
    """Return it with the share of revenue that fees and shipping leave, and with the products of no list (`rest`)."""
    if sold is None:
        return None
    known = {figure.metric: figure.value for figure in figures}
    share = 1.0 - known.get("fee_share", 0.0) - known.get("shipping_share", 0.0)
    return replace(sold, kept_share=rounded(min(1.0, max(0.0, share)), _DIGITS), rest=Rest.of(rest))


def _product(row: dict[str, Any], title: str, *, by_month: bool) -> SoldProduct:
    price, low, high = (
        None if row[name] is None else rounded(row[name], _DIGITS) for name in ("here", "here_low", "here_high")
    )
    return SoldProduct(
        str(row["sku"]),
        rounded(row["units"]),
        rounded(row["revenue"]),
        0 if by_month else int(row["sale_days"]),
        str(row["first_sale"]),
        str(row["last_sale"]),
        price,
        low,
        high,
        title=title[:MAX_TITLE_CHARS],
    )
