"""Finds orders that cost more than they bring in: fees, freight, refunds, and known unit costs."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from gateway.intake.figures.margin import MATTERS
from gateway.intake.figures.measure import MAX_SKUS, by_sku, known_sum, money, order_key, rounded
from gateway.intake.figures.products import MIN_UNITS_FOR_LOSS
from gateway.intake.figures.rows import order_name, rows_behind
from gateway.intake.layouts.lines import RETURNED
from schemas.facts import Figure
from schemas.product import MOST_ORDERS, UNNAMED

#: Orders that the figure tells part by part, those that lose most.
MAX_ORDERS: Final = MOST_ORDERS
#: Less is rounding.
MIN_LOSS: Final = 0.01
#: The parts of an order, in the order in which they are taken off.
_PARTS: Final = ("revenue", "fees", "shipping", "refund", "net", "cost", "taxes")
_LEFT: Final = pl.col("net") - pl.col("cost").fill_null(0) - pl.col("taxes").fill_null(0)
_CAME_BACK: Final = (
    (pl.col("refund").fill_null(0) > 0)
    | (pl.col("returned_units").fill_null(0) > 0)
    | (pl.col("status") == RETURNED).fill_null(value=False)
)
_UNKNOWN: Final = pl.col("left").is_null() & MATTERS


def losing_orders(
    sold: pl.DataFrame, costed: pl.DataFrame | None, sums: pl.DataFrame, currency: str, no_sales: int
) -> list[Figure]:
    """Return the loss of orders with a negative net, and of those among them without a refund.

    A cost that is not known is not taken off, so that an order here loses at least so much; a part that not every row
    tells (`at_least`) is the sum of those that do. One of which somebody does not know what is left of a row is not
    judged. `sums`: the products', with what is left of each; `no_sales`: rows that are none, which no figure counts.
    """
    nothing = {name: pl.lit(None, pl.Float64) for name in ("cost", "taxes")}
    known = costed if costed is not None else sold.with_columns(**nothing)
    told = known.select(
        *("order_id", "product", "table", "row", "units", *_PARTS),
        order_key(),
        _LEFT.alias("left"),
        _CAME_BACK.alias("came_back"),
    )
    told = told.filter(pl.col("order").is_not_null())
    # of a million orders few lose: only those with a row that does are looked at
    perhaps = told.filter(pl.col("order").is_in(told.filter(pl.col("left") < 0)["order"].unique().to_list()))
    losing = perhaps.filter((~_UNKNOWN).all().over("order") & (pl.col("left").sum().over("order") <= -MIN_LOSS))
    if losing.is_empty():
        return []
    unknown = told.filter(_UNKNOWN).height
    left_out = {"status": no_sales, "no_order": known.height - told.height, "no_net": unknown}
    others = told.height - losing.height - unknown
    every = _figure("losing_orders", losing, currency, {**left_out, "not_losing": others})
    kept = losing.filter(~(pl.col("came_back") | pl.col("product").is_in(_losers(sums))).any().over("order"))
    if kept.is_empty():
        return [every]
    otherwise = {**left_out, "not_losing": others, "loses_otherwise": losing.height - kept.height}
    parts = {part: rounded(float(kept[part].sum())) for part in _PARTS if kept[part].null_count() < kept.height}
    at_least = [part for part in parts if kept[part].null_count()]
    orders = kept["order"].n_unique()
    counted = {"successes": orders, "trials": _judged(told), "parts": parts, "at_least": at_least}
    return [every, _figure("losing_unrefunded", kept, currency, otherwise, counted)]


def _losers(sums: pl.DataFrame) -> list[str]:
    """Return the products that lose as a whole: they have figures of their own."""
    loses = ((pl.col("net") < 0) | (pl.col("contribution") < 0)) & (pl.col("product") != UNNAMED)
    return sums.filter(loses & (pl.col("units") >= MIN_UNITS_FOR_LOSS))["product"].drop_nulls().to_list()


def _judged(told: pl.DataFrame) -> int:
    """Count the orders without a return, and those among them whose remaining amount is fully known."""
    return told["order"].n_unique() - told.filter(_UNKNOWN | pl.col("came_back"))["order"].n_unique()


def _figure(
    metric: str, losing: pl.DataFrame, currency: str, left_out: dict[str, int], more: dict[str, Any] | None = None
) -> Figure:
    orders = (
        losing.group_by("order", maintain_order=True)
        .agg(pl.col("order_id").first(), *(known_sum(name) for name in _PARTS), pl.col("left").sum())
        .sort("left", "order_id")
    )
    products = (
        losing.filter(pl.col("product") != UNNAMED)
        .group_by("product")
        .agg(pl.len().alias("lines"), pl.col("left").sum().alias("contribution"))
        .sort("contribution", "product")
        .head(MAX_SKUS)
    )
    detail: dict[str, Any] = {
        "orders": orders.height,
        "by_order": {
            name: {part: rounded(row[part]) for part in (*_PARTS, "left") if row[part] is not None}
            for row in orders.head(MAX_ORDERS).to_dicts()
            if (name := order_name(row["order_id"]))
        },
        "by_sku": by_sku(products, "lines", "contribution"),
        **(more or {}),
    }
    skus = [str(sku) for sku in products["product"].drop_nulls()]
    rows = rows_behind(losing.with_columns((-pl.col("left")).alias("amount")), left_out)
    return money(metric, -float(orders["left"].sum()), currency, skus=skus, detail=detail, rows=rows)
