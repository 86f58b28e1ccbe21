"""One golden document and its truth."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from gateway.intake.elsewhere import Elsewhere
from local.samples import ChannelTruth
from local.samples.catalog import CHEAPER, LOSER, RETURNED, SILENT, items
from local.samples.market import Line, Market

_GOODS: Final = (*items(), LOSER, RETURNED, SILENT, CHEAPER)
#: All products that a golden document may name.
SKUS: Final = frozenset(item.sku for item in _GOODS)
#: SKU -> Mercado Livre's number of the listing, which names a product where no SKU does.
LISTINGS: Final = {item.sku: f"MLB{3_000_000_000 + place * 7919}" for place, item in enumerate(_GOODS, 1)}


@dataclass(frozen=True, slots=True)
class Golden:
    """A document, the channels that it is uploaded for, and what it holds. `layout` "": prose, or none of our own.

    `currency` by channel, where it is told: sums of another currency are no truth. `kind`: what it is where it is no
    table of sales, and has no figures. `elsewhere`: what is kept of other channels' documents.
    """

    path: Path
    channels: list[str]
    layout: str
    truth: dict[str, ChannelTruth] = field(default_factory=dict)
    currency: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    elsewhere: tuple[Elsewhere, ...] = ()


def with_freight(truth: ChannelTruth, freight: float) -> ChannelTruth:
    """Return the truth of an own store's export, whose revenue is all that the buyer paid: his freight as well."""
    assert truth.orders is not None
    return replace(truth, revenue=round(truth.revenue + truth.orders * freight, 2))


def without_freight(drawn: Market) -> Market:
    """Return the orders for whose delivery the seller pays nothing."""
    return replace(drawn, orders=[replace(order, shipping=0.0) for order in drawn.orders])


def scaled(drawn: Market, by: float, *, digits: int = 2) -> Market:
    """Return the orders in another currency: each amount as many times itself, with so many decimals."""

    def amount(value: float) -> float:
        return round(value * by, digits) if digits else round(value * by)

    def each(line: Line) -> Line:
        return replace(line, price=amount(line.price), list_price=amount(line.list_price))

    orders = [
        replace(order, lines=[*map(each, order.lines)], fee=amount(order.fee), shipping=amount(order.shipping))
        for order in drawn.orders
    ]
    return replace(drawn, orders=orders)


def settled(
    sold: Market,
    planted: dict[str, str],
    *,
    has_units: bool = True,
    has_returns: bool = True,
    has_freight: bool = True,
) -> ChannelTruth:
    """Return the truth of a payout report: nothing of cancelled orders, and no more than its columns tell."""
    whole = sold.truth(planted=planted, costs=True, returns=has_returns)
    return replace(
        whole,
        units=whole.units if has_units else None,
        cancelled_orders=None,
        returned_units=whole.returned_units if has_units else None,
        shipping=whole.shipping if has_freight else None,
    )


def write_table(path: Path, rows: Iterable[Sequence[object]], *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    """Write the rows as a text with this separator."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
