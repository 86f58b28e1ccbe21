"""Compares the prices of one SKU on different channels of one document."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from gateway.intake.figures.measure import MAX_SKUS, rounded
from gateway.intake.figures.totals import counted
from schemas.facts import Figure
from schemas.product import sku_key

#: Fewer units than this on a channel, and its price may be a single odd sale.
MIN_UNITS: Final = 5.0
#: Smaller gaps than this are left out: rounding, coupons.
MIN_GAP: Final = 0.05
#: Half of the normal distribution's quantile for 95 %: the spread of how many of n prices lie below their median.
_HALF_Z: Final = 0.98


def price_gaps(lines: pl.DataFrame) -> dict[str, Figure]:
    """Return, per channel, how far below the dearest channel it sells the same SKU (0.2 = 20 % below).

    `lines` have the `unit` of their money (prices in two currencies are not compared) and the `key` of their products.
    """
    prices = prices_of(lines)
    dearest = (
        prices.sort("here", "channel", descending=[True, False])
        .group_by("key", "currency_unit", maintain_order=True)
        .agg(
            pl.col("here").first().alias("other"),
            pl.col("here_low").first().alias("other_low"),
            pl.col("units").first().alias("other_units"),
            pl.col("channel").first().alias("other_channel"),
            pl.col("sku").first().alias("other_sku"),
        )
    )
    gaps = (
        prices.join(dearest, on=["key", "currency_unit"])
        .with_columns(((pl.col("other") - pl.col("here")) / pl.col("other")).alias("gap"))
        .filter((pl.col("gap") >= MIN_GAP) & (pl.col("channel") != pl.col("other_channel")))
        .with_columns(((pl.col("other") - pl.col("here")) * pl.col("units")).alias("weight"))
        .sort("weight", "sku", descending=[True, False])
    )
    return {
        str(channel): _figure(part.head(MAX_SKUS))
        for (channel,), part in gaps.partition_by("channel", as_dict=True).items()
    }


def prices_of(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the median price (`here`) of each SKU on each channel with its interval, where enough units were sold.

    `lines` have the `unit` of their money, and the `key` by which products of several channels are one.
    """
    return (
        counted(lines)
        .filter(pl.col("sku").is_not_null() & pl.col("channel").is_not_null() & (pl.col("units") > 0))
        .select(
            "key",
            "sku",
            "channel",
            "units",
            (pl.col("revenue") / pl.col("units")).alias("price"),
            pl.col("unit").alias("currency_unit"),
        )
        .group_by("key", "channel", "currency_unit")
        .agg(
            pl.col("sku").first(),
            pl.col("price").median().alias("here"),
            _end(descending=False).alias("here_low"),
            _end(descending=True).alias("here_high"),
            pl.col("units").sum(),
        )
        .filter(pl.col("units") >= MIN_UNITS)
    )


def _end(*, descending: bool) -> pl.Expr:
    """Return an end of the interval of 95 % for the median price of a unit; null of fewer than six units.

    Half of the units lie on each side of the true median: only how many there are decides which price it is.
    """
    units, price = (pl.col(name).sort_by("price", descending=descending) for name in ("units", "price"))
    place = ((pl.col("units").sum() + 1) / 2 - _HALF_Z * pl.col("units").sum().sqrt()).floor()
    return pl.when(place >= 1).then(price.filter(units.cum_sum() >= place).first())


def _figure(part: pl.DataFrame) -> Figure:
    rows = part.to_dicts()
    detail = {
        "by_sku": {
            row["sku"]: {
                "here": rounded(row["here"]),
                "other": rounded(row["other"]),
                "other_channel": row["other_channel"],
                "gap": rounded(row["gap"], 4),
                "units": rounded(row["units"]),
                "other_units": rounded(row["other_units"]),
                **_ends(row),
                **other_sku(row["sku"], row["other_sku"]),
            }
            for row in rows
        }
    }
    largest = max(row["gap"] for row in rows)
    return Figure("price_gap", rounded(largest, 4), "ratio", [row["sku"] for row in rows], detail)


def other_sku(here: str, there: str) -> dict[str, str]:
    """Return the SKU that a product has on the other channel, where it is joined by its title."""
    return {} if sku_key(here) == sku_key(there) else {"other_sku": there}


def _ends(row: dict[str, Any]) -> dict[str, float]:
    """Return how dear it may be here and how cheap there, chance allowed for, where there are sales enough to tell."""
    ends = {"here_high": row["here_high"], "other_low": row["other_low"]}
    return {name: rounded(end) for name, end in ends.items() if end is not None}
