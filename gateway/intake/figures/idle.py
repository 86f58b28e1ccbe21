"""Finds stock without a sale, where the document would have shown one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from gateway.intake.figures.identity import with_product
from gateway.intake.figures.measure import MAX_SKUS, count, rounded
from gateway.intake.figures.stock import Pace, nearest
from gateway.intake.figures.totals import counted
from gateway.intake.goods import Cost, Goods, Stock, in_force
from schemas.facts import Figure
from schemas.product import sku_key

#: Fewer days without a sale say nothing of a product.
MIN_IDLE_DAYS: Final = 28
#: So many of the products that were sold have to be in the list of stock: else the two have SKUs of their own.
SAME_SKUS: Final = 0.5
#: What parts a SKU from its variations: `CAM-01` is sold as `CAM-01-M`.
_PARTS: Final = "-_./ "
_MAX_TITLE_CHARS: Final = 120


@dataclass(frozen=True, slots=True)
class _Seen:
    """One part of the document. `keys`: SKUs of all rows, cancelled ones too. `named`: each sale has a SKU."""

    keys: frozenset[str]
    sold: frozenset[str]
    named: bool

    @classmethod
    def of(cls, lines: pl.DataFrame) -> _Seen:
        products = with_product(lines)
        known = set(products["sku"].drop_nulls().unique())
        sales = counted(products)["product"].unique()
        return cls(
            frozenset(map(sku_key, known)),
            frozenset(sku_key(one) for one in sales if one in known),
            all(one in known for one in sales),
        )

    def tells_of(self, stock: Collection[str]) -> bool:
        """Say whether a product that is not among its rows was not sold, by a list of stock with these SKUs."""
        return self.named and bool(self.sold) and len(self.sold & set(stock)) >= SAME_SKUS * len(self.sold)


def idle_stock(
    lines: pl.DataFrame, paces: Mapping[str, Pace], currencies: Mapping[str, str], goods: Goods
) -> dict[str, Figure]:
    """Return, by channel, the stock without a sale. `currencies` has the code of each channel of the document.

    Stock of one channel is judged by that channel, stock of no channel by all of them, and told on the one that sells
    most. A SKU that may be sold as a variation or in a kit is left out.
    """
    long = {name: pace for name, pace in paces.items() if pace.days >= MIN_IDLE_DAYS}
    if not goods.stock or not long:
        return {}
    stocked = {one.key for one in goods.stock}
    costs = _by_key(goods.costs)
    whole = long.keys() == currencies.keys()
    everywhere = _Seen.of(lines) if whole else None
    home = max(long, key=lambda name: (sum(long[name].units.values()), name))
    found: dict[str, Figure] = {}
    for channel, pace in long.items():
        at_hand = [one for one in nearest(goods.stock, channel, pace.last).values() if one.quantity > 0]
        own = _Seen.of(lines.filter((pl.col("channel") == channel) | pl.col("channel").is_null()))
        idle = _idle([one for one in at_hand if one.channel], own, stocked)
        days = pace.days
        if everywhere is not None and channel == home:
            of_all = _idle([one for one in at_hand if not one.channel], everywhere, stocked)
            days = min(days, *(one.days for one in long.values())) if of_all else days
            idle = [*idle, *of_all]
        if idle:
            found[channel] = _figure(idle, costs, currencies[channel], pace.last, days)
    return found


def _idle(stock: Iterable[Stock], seen: _Seen, stocked: Collection[str]) -> list[Stock]:
    """Return the stock of SKUs that no row has, nor a variation or a kit of them."""
    if not seen.tells_of(stocked):
        return []
    text = "\n".join(seen.keys)
    return [one for one in stock if one.key and one.key not in text and not _is_variation(one.key, seen.keys)]


def _is_variation(key: str, seen: Collection[str]) -> bool:
    return any(key[:place] in seen for place, letter in enumerate(key) if letter in _PARTS)


def _by_key(costs: Iterable[Cost]) -> dict[str, list[Cost]]:
    found: dict[str, list[Cost]] = {}
    for one in sorted(costs, key=lambda cost: cost.since):
        found.setdefault(one.key, []).append(one)
    return found


def _figure(idle: list[Stock], costs: Mapping[str, list[Cost]], currency: str, last: date, days: int) -> Figure:
    rows = [(one, _unit_cost(costs.get(one.key, []), currency, last)) for one in idle]
    rows.sort(key=lambda row: (-(row[1] or 0.0) * row[0].quantity, -row[0].quantity, row[0].sku))
    known = [one.quantity * cost for one, cost in rows if cost is not None]
    worst = rows[:MAX_SKUS]
    detail: dict[str, Any] = {
        "days": days,
        "products": len(rows),
        "units": rounded(sum(one.quantity for one in idle)),
        "counted_on": max(one.counted_on or str(last) for one in idle),
        "costed": len(known),
        "by_sku": {one.sku: _of_one(one, cost) for one, cost in worst},
        "titles": {one.sku: one.title[:_MAX_TITLE_CHARS] for one, _ in worst if one.title},
    }
    if known:
        detail["tied"] = rounded(sum(known))
    return count("idle_stock", len(rows), skus=[one.sku for one, _ in worst], detail=detail)


def _of_one(one: Stock, cost: float | None) -> dict[str, float]:
    told = {"stock": rounded(one.quantity)}
    return told if cost is None else told | {"unit_cost": rounded(cost, 4), "tied": rounded(cost * one.quantity)}


def _unit_cost(history: list[Cost], currency: str, last: date) -> float | None:
    """Return the unit cost on the last day, in the channel's currency; None where either is unknown."""
    cost = in_force(history, str(last))
    return cost.unit_cost if cost is not None and currency and cost.currency == currency else None
