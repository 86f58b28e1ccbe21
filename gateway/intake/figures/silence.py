"""Finds best sellers that stopped selling, on one channel or on all of them at once."""

from __future__ import annotations

import math
from typing import Any, Final

import polars as pl

from gateway.intake.figures.measure import MAX_SKUS, by_sku, days, rounded
from gateway.intake.figures.totals import counted
from schemas.facts import Figure
from schemas.product import UNNAMED

#: A former best seller sold on at least so many days ...
MIN_SALE_DAYS: Final = 10
#: ... and now has sold nothing for at least so many days ...
MIN_SILENT_DAYS: Final = 7
#: ... and for at least so many times its usual pause between days with a sale.
SILENT_TIMES_USUAL: Final = 4.0
#: The share of products (by revenue a day while they sold) that count as best sellers.
BEST_SELLERS: Final = 0.2
#: A channel with less of a product's revenue has no say in whether it stopped everywhere.
MIN_CHANNEL_SHARE: Final = 0.1


def silent(dated: pl.DataFrame) -> list[Figure]:
    """Return the best sellers without a sale for unusually long, against the document's last day."""
    last = dated["day"].max()
    products = (
        dated.filter(pl.col("product") != UNNAMED)
        .group_by("product")
        .agg(
            pl.col("revenue").sum(),
            pl.col("day").n_unique().alias("sale_days"),
            pl.col("day").min().alias("first_sale"),
            pl.col("day").max().alias("last_sale"),
        )
        .with_columns(
            ((pl.col("last_sale") - pl.col("first_sale")).dt.total_days() + 1).alias("span"),
            (pl.lit(last) - pl.col("last_sale")).dt.total_days().alias("silent_days"),
        )
        .with_columns(
            (pl.col("revenue") / pl.col("span")).alias("daily_revenue"),
            (pl.col("span") / pl.col("sale_days")).alias("usual_pause"),
        )
        .sort("daily_revenue", "product", descending=[True, False])
    )
    best = products.filter(pl.col("sale_days") >= MIN_SALE_DAYS).head(_best(products.height))
    silent = (
        best.filter(
            (pl.col("silent_days") >= MIN_SILENT_DAYS)
            & (pl.col("silent_days") >= pl.col("usual_pause") * SILENT_TIMES_USUAL)
        )
        .sort("daily_revenue", "product", descending=[True, False])
        .head(MAX_SKUS)
    )
    if silent.is_empty():
        return []
    told = by_sku(silent, "silent_days", "daily_revenue", "usual_pause", "sale_days")
    detail = {"candidates": best.height, "by_sku": told}
    return [
        days(
            "days_without_sales",
            float(silent["silent_days"].max()),  # type: ignore[arg-type] # integers, not empty
            skus=silent["product"].to_list(),
            detail=detail,
        )
    ]


def stopped_everywhere(lines: pl.DataFrame, elsewhere: pl.DataFrame) -> dict[str, Figure]:
    """Return, per channel of the document, the best sellers of all channels that stopped on all of these at once.

    `lines` are those of the document's channels, with the `unit` of their money and the `key` of their products;
    `elsewhere` are the products of other channels' documents (`across.SOLD_ELSEWHERE`). A channel whose own days end
    with the product's last sale, or soon after, does not tell that it stopped.
    """
    sold = counted(lines).with_columns(pl.col("at").dt.date().alias("day"))
    sold = sold.filter(pl.col("day").is_not_null() & pl.col("key").is_not_null())
    each = sold.group_by("unit", "key", "channel").agg(
        pl.col("product").first(), pl.col("revenue").sum().alias("here"), pl.col("day").max().alias("last_here")
    )
    ends = sold.group_by("channel").agg(pl.col("day").max().alias("channel_end"))
    own = ends["channel"].to_list()
    each = pl.concat(
        [each, elsewhere.select("unit", "key", "channel", "product", here="revenue", last_here="last_sale")]
    )
    ends = pl.concat([ends, elsewhere.select("channel", "channel_end").unique()])
    has_say = pl.col("here") >= pl.col("revenue") * MIN_CHANNEL_SHARE
    needed = pl.max_horizontal(pl.col("usual_pause") * SILENT_TIMES_USUAL, pl.lit(MIN_SILENT_DAYS))
    after = (pl.col("channel_end") - pl.col("last_sale")).dt.total_days()
    before = (pl.col("last_sale") - pl.col("last_here")).dt.total_days()
    of_product = ["unit", "key"]
    best = _best_of_all(sold, elsewhere)
    seen = each.join(best, on=["unit", "key"]).join(ends, on="channel")
    stopped = (
        seen.filter(has_say)
        .with_columns(((after >= needed) & (before <= needed)).alias("stopped"), after.alias("after"))
        .with_columns(
            pl.col("stopped").all().over(of_product).alias("everywhere"),
            pl.len().over(of_product).alias("channels"),
            pl.col("after").min().over(of_product).alias("silent_days"),
            pl.col("channel").sort().implode().over(of_product).alias("where"),
            (pl.col("here") / pl.col("span")).alias("daily_revenue"),
        )
        .filter(pl.col("everywhere") & (pl.col("channels") > 1) & pl.col("channel").is_in(own))
        .sort("daily_revenue", "product", descending=[True, False])
    )
    return {
        str(channel): _everywhere(part.head(MAX_SKUS), best.height)
        for (channel,), part in stopped.partition_by("channel", as_dict=True).items()
    }


def _best_of_all(sold: pl.DataFrame, elsewhere: pl.DataFrame) -> pl.DataFrame:
    """Return the best sellers of all channels together, by revenue a day while they sold.

    Of two documents nobody knows how many of their days with a sale are the same: those of the one with more count.
    """
    here = sold.group_by("unit", "key").agg(
        pl.col("revenue").sum(),
        pl.col("day").n_unique().alias("sale_days"),
        pl.col("day").min().alias("first_sale"),
        pl.col("day").max().alias("last_sale"),
    )
    products = (
        pl.concat([here, elsewhere.select(here.columns)])
        .group_by("unit", "key")
        .agg(
            pl.col("revenue").sum(),
            pl.col("sale_days").max(),
            pl.col("first_sale").min(),
            pl.col("last_sale").max(),
        )
        .with_columns(((pl.col("last_sale") - pl.col("first_sale")).dt.total_days() + 1).alias("span"))
        .with_columns((pl.col("span") / pl.col("sale_days")).alias("usual_pause"))
        .sort(pl.col("revenue") / pl.col("span"), "key", descending=[True, False])
    )
    return products.filter(pl.col("sale_days") >= MIN_SALE_DAYS).head(_best(products.height))


def _best(products: int) -> int:
    return max(3, math.ceil(products * BEST_SELLERS))


def _everywhere(part: pl.DataFrame, candidates: int) -> Figure:
    by_product: dict[str, Any] = {
        row["product"]: {
            "silent_days": row["silent_days"],
            "daily_revenue": rounded(row["daily_revenue"]),
            "usual_pause": rounded(row["usual_pause"], 4),
            "sale_days": row["sale_days"],
            "channels": row["where"],
        }
        for row in part.to_dicts()
    }
    longest = max(row["silent_days"] for row in by_product.values())
    detail = {"candidates": candidates, "by_sku": by_product}
    return days("stopped_everywhere", float(longest), skus=part["product"].to_list(), detail=detail)
