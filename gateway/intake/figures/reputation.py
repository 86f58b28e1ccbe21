"""Computes how many more bad orders fit until the channel's limits of reputation."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from gateway.intake.figures.measure import MAX_SKUS, counted_of, ratio
from gateway.intake.figures.rows import rows_behind
from gateway.intake.figures.totals import SAYS_CANCELLED, SLOW_SHIPPING_DAYS
from gateway.intake.layouts.lines import CANCELLED, RETURNED, UNPAID
from gateway.intake.tariffs import Limit, LimitOf, Tariffs
from schemas.facts import Figure

_IS_CANCELLED: Final = (pl.col("status") == CANCELLED).fill_null(value=False)
#: A dispute after which the sale stands and the seller has the money is no claim.
_COMES_BACK: Final = (pl.col("status") == RETURNED).fill_null(value=False)
#: what is limited -> which rows tell of it at all, and which are bad
_BAD: Final[dict[LimitOf, tuple[pl.Expr, pl.Expr]]] = {
    "cancellations": (SAYS_CANCELLED, _IS_CANCELLED),
    "claims": (pl.col("status").is_not_null(), _COMES_BACK),
    "late_dispatch": ((pl.col("ship_days") >= 0) & ~_IS_CANCELLED, pl.col("ship_days") > SLOW_SHIPPING_DAYS),
}


def reputation_figures(lines: pl.DataFrame, channel: str, currency: str, tariffs: Tariffs) -> list[Figure]:
    """Return the share of bad orders of each kind that the channel limits; none for a channel without limits.

    A limit of one country is for sales in its currency alone.
    An export does not tell who cancelled, nor by when an order had to be sent: both are counted as the worse case.
    """
    dated = lines.with_columns(pl.col("at").dt.date().alias("day")).filter(
        pl.col("day").is_not_null()
        & pl.col("order_id").is_not_null()
        & (pl.col("status") != UNPAID).fill_null(value=True)
    )
    last = dated["day"].max()
    if not isinstance(last, date):
        return []
    figures: list[Figure] = []
    for limit in tariffs.limits_of(channel, last, currency):
        figures += _share(dated, last, limit)
    return figures


def _share(dated: pl.DataFrame, last: date, limit: Limit) -> list[Figure]:
    known, bad = _BAD[limit.of]
    told = dated.filter(known)
    window, days = _window(told, last, limit)
    orders = window.group_by("order_id").agg(
        (bad.all() if limit.of == "cancellations" else bad.any()).alias("bad"), pl.col("product").first()
    )
    if orders.height < limit.min_orders:
        return []  # the channel itself does not judge so few
    found = int(orders["bad"].sum())
    blamed = window.filter(bad & pl.col("order_id").is_in(orders.filter(pl.col("bad"))["order_id"].to_list()))
    products = (
        blamed.group_by("product")
        .agg(pl.col("order_id").n_unique().alias("bad"))
        .sort("bad", "product", descending=[True, False])
        .head(MAX_SKUS)
    )
    detail: dict[str, Any] = {
        **counted_of(found, orders.height),
        "days": days,
        "limit": limit.most,
        "room": room(found, orders.height, limit.most),
        "valid_from": str(limit.valid_from),
        "source": limit.source,
        "by_sku": {str(row["product"]): {"bad": row["bad"]} for row in products.to_dicts()},
    }
    rows = rows_behind(
        blamed.with_columns(pl.col("revenue").alias("amount")),
        {"earlier": told.height - window.height, "not_bad": window.height - blamed.height},
    )
    skus = products["product"].to_list()
    match limit.of:
        case "cancellations":
            return ratio("recent_cancellations", found, orders.height, skus=skus, detail=detail, rows=rows)
        case "claims":
            return ratio("recent_claims", found, orders.height, skus=skus, detail=detail, rows=rows)
        case "late_dispatch":
            return ratio("recent_late_dispatch", found, orders.height, skus=skus, detail=detail, rows=rows)


def _window(told: pl.DataFrame, last: date, limit: Limit) -> tuple[pl.DataFrame, int]:
    """Return the rows of the limit's days, of the longer ones where the former have too few orders."""
    window = told.filter(pl.col("day") > last - timedelta(days=limit.days))
    if window["order_id"].n_unique() >= limit.min_orders:
        return window, limit.days
    return told.filter(pl.col("day") > last - timedelta(days=limit.longer_days)), limit.longer_days


def room(bad: int, orders: int, most: float) -> int:
    """Return how many more bad orders fit until the limit; negative: how many good ones are missing.

    Each more, good or bad, is an order more.
    """
    if bad <= most * orders:
        return math.floor((most * orders - bad) / (1 - most) + 1e-9) if most < 1 else orders
    return orders - math.ceil(bad / most - 1e-9) if most > 0 else -bad
