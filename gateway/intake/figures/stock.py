"""Computes for how many days the stock of each product lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from gateway.intake.figures.body import body_of
from gateway.intake.figures.measure import MAX_SKUS, by_sku, days, money
from gateway.intake.figures.spans import are_months
from gateway.intake.goods import Goods, Stock
from gateway.intake.stock_limits import StockLimits
from schemas.facts import Figure
from schemas.product import sku_key

#: A stock counted so many days before the document's last day, or so many after it, belongs to these sales.
DAYS_BEFORE: Final = 7
DAYS_AFTER: Final = 31
#: Fewer days, or fewer units, tell nothing of what is sold a day.
MIN_DAYS: Final = 14
MIN_UNITS: Final = 10.0
_SCHEMA: Final = {
    "product": pl.String(),
    "stock": pl.Float64(),
    "per_day": pl.Float64(),
    "stock_days": pl.Float64(),
    "paced_units": pl.Float64(),  # what `per_day` was counted from
    "counted_on": pl.String(),
    "here": pl.Boolean(),  # this channel sells most of it: what is found is told once
}
NOT_THEN: Final = (
    "O estoque guardado foi contado longe dos dias deste documento ({days}): não foi usado. Envie o estoque de "
    "perto do último dia das vendas."
)


@dataclass(frozen=True, slots=True)
class Pace:
    """Units that a channel sells a day, by product, and the last day of its sales."""

    last: date
    days: int
    units: dict[str, float]  # product -> units over these days
    by_key: dict[str, float]  # the same by the key of the SKU

    def of(self, key: str) -> float:
        return self.by_key.get(key, 0.0) / self.days


def pace_of(sold: pl.DataFrame) -> Pace | None:
    """Return a channel's units sold a day; None if its days are unknown or too few."""
    day = pl.col("at").dt.date().alias("day")
    dated = sold.select(day, "revenue", "product", "units").filter(pl.col("day").is_not_null())
    if dated.is_empty() or are_months(dated["day"]):
        return None
    first, last = dated["day"].min(), dated["day"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    body = body_of(dated.select("day", "revenue", "product"), first, last)
    if body is not None:
        first, last = body.first, body.last
        dated = dated.filter(pl.col("day").is_between(first, last))
    span = (last - first).days + 1
    if span < MIN_DAYS:
        return None
    units = {product: float(n or 0.0) for product, n in dated.group_by("product").agg(pl.col("units").sum()).rows()}
    by_key: dict[str, float] = {}
    for product, n in units.items():
        by_key[sku_key(product)] = by_key.get(sku_key(product), 0.0) + n
    return Pace(last, span, units, by_key)


def stock_of(channel: str, paces: Mapping[str, Pace], goods: Goods) -> tuple[pl.DataFrame, list[str]]:
    """Return each product's stock and the days that it lasts, and notes for a person.

    The stock of one channel lasts by that channel's sales, one of no channel by those of all channels in the document.
    """
    own = paces.get(channel)
    if own is None or not goods.stock:
        return pl.DataFrame(schema=_SCHEMA), []
    stock = nearest(goods.stock, channel, own.last)
    rows: list[dict[str, Any]] = []
    for product in own.units:
        one = stock.get(sku_key(product))
        if one is None:
            continue
        everywhere = {name: pace.of(one.key) for name, pace in paces.items()}
        per_day = everywhere[channel] if one.channel else sum(everywhere.values())
        behind = [own] if one.channel else list(paces.values())
        rows.append(
            {
                "product": product,
                "stock": one.quantity,
                "per_day": per_day,
                "stock_days": one.quantity / per_day if per_day > 0 else None,
                "paced_units": sum(pace.by_key.get(one.key, 0.0) for pace in behind),
                "counted_on": one.counted_on or str(own.last),
                "here": bool(one.channel) or channel == max(everywhere, key=lambda name: (everywhere[name], name)),
            }
        )
    known = {one.key for one in goods.stock}
    if rows or not any(key in known for key in own.by_key):
        return pl.DataFrame(rows, schema=_SCHEMA), []
    counted = sorted({one.counted_on for one in goods.stock})
    return pl.DataFrame(schema=_SCHEMA), [NOT_THEN.format(days=", ".join(counted[-3:]))]


def stock_figures(sums: pl.DataFrame, limits: StockLimits, currency: str) -> list[Figure]:
    """Return the products to reorder, and the money in stock that hardly sells. `sums` have stock and cost."""
    known = sums.filter(pl.col("stock_days").is_not_null() & pl.col("here"))
    return [*_low(known, limits), *_slow(known, limits, currency)]


def _low(known: pl.DataFrame, limits: StockLimits) -> list[Figure]:
    low = known.filter((pl.col("stock_days") < limits.low) & (pl.col("units") >= MIN_UNITS)).sort(
        "stock_days", "product"
    )
    if low.is_empty():
        return []
    worst = low.head(MAX_SKUS)
    detail = _detail(low, limits.low) | {
        "by_sku": by_sku(worst, "stock", "per_day", "stock_days", "paced_units", "units", "revenue")
    }
    return [days("low_stock", float(low["stock_days"][0]), skus=worst["product"].to_list(), detail=detail)]


def _slow(known: pl.DataFrame, limits: StockLimits, currency: str) -> list[Figure]:
    spare = pl.col("stock") - pl.col("per_day") * limits.high
    slow = (
        known.filter((pl.col("stock_days") > limits.high) & pl.col("unit_cost").is_not_null())
        .with_columns((spare * pl.col("unit_cost")).alias("tied"), spare.alias("spare"))
        .sort("tied", "product", descending=[True, False])
    )
    if slow.is_empty():
        return []
    worst = slow.head(MAX_SKUS)
    names = ("stock", "per_day", "stock_days", "paced_units", "spare", "tied", "unit_cost", "units")
    detail = _detail(slow, limits.high) | {"by_sku": by_sku(worst, *names)}
    tied = float(slow["tied"].sum())
    return [money("slow_stock", tied, currency, skus=worst["product"].to_list(), detail=detail)]


def _detail(found: pl.DataFrame, limit: int) -> dict[str, Any]:
    return {"limit": limit, "products": found.height, "counted_on": str(found["counted_on"].max())}


def nearest(stock: list[Stock], channel: str, last: date) -> dict[str, Stock]:
    """Return, by SKU, the stock that was counted nearest to the last day: this channel's own before that of all."""
    found: dict[str, tuple[tuple[bool, float], Stock]] = {}
    for one in stock:
        if one.channel not in ("", channel):
            continue
        away = (date.fromisoformat(one.counted_on) - last).days if one.counted_on else 0
        if not -DAYS_BEFORE <= away <= DAYS_AFTER:
            continue
        rank = (not one.channel, abs(away) + (0.5 if away > 0 else 0.0))
        if one.key not in found or rank < found[one.key][0]:
            found[one.key] = (rank, one)
    return {key: one for key, (_, one) in found.items()}
