"""The stored costs, stock and advertising that a reading process gets, and a digest of those that it used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from gateway.intake.ads import AdReport
from gateway.intake.elsewhere import Elsewhere
from gateway.intake.goods import COST_ROW, OF_ALL, OF_PART, STOCK_ROW, Cost, Goods, Stock
from gateway.intake.returned_before import ReturnedBefore
from schemas.facts import ChannelFacts

_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Kept:
    """Costs, stock and advertising that are stored for the seller, with the version of their newest change.

    `today` is the day from which undated costs hold.

    `currency` is what the person who uploads says that amounts are in; "" where they say nothing. `currencies`: what
    was said before of sales, by the header of their table. `channel`, `channels`: the same of the channel of sales that
    name none. `elsewhere`: the last documents of each channel. `returned`: those of returns alone.
    """

    goods: Goods = field(default_factory=Goods)
    version: int = 0
    today: str = ""
    currency: str = ""
    currencies: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Sequence[Elsewhere] = field(default_factory=list)
    returned: Sequence[ReturnedBefore] = field(default_factory=list)
    channel: str = ""
    channels: Mapping[str, str] = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        """Return `today`; None if it was not given."""
        return date.fromisoformat(self.today) if self.today else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data, short: it may be a hundred thousand rows."""
        return {
            "costs": [COST_ROW(one) for one in self.goods.costs],
            "stock": [STOCK_ROW(one) for one in self.goods.stock],
            "ads": [one.to_dict() for one in self.goods.ads],
            "version": self.version,
            "today": self.today,
            "currency": self.currency,
            "currencies": dict(self.currencies),
            "elsewhere": [one.to_dict() for one in self.elsewhere],
            "returned": [one.to_dict() for one in self.returned],
            "channel": self.channel,
            "channels": dict(self.channels),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Kept:
        """Read what `to_dict` wrote."""
        costs = [Cost(*row) for row in data["costs"]]
        stock = [Stock(*row) for row in data["stock"]]
        ads = [AdReport.from_dict(one) for one in data["ads"]]
        elsewhere = [Elsewhere.from_dict(one) for one in data["elsewhere"]]
        goods = Goods(costs, stock, ads=ads)
        returned = [ReturnedBefore.from_dict(one) for one in data["returned"]]
        said = {name: data[name] for name in ("version", "today", "currency", "currencies", "channel", "channels")}
        return cls(goods, elsewhere=elsewhere, returned=returned, **said)


NOTHING_KEPT: Final = Kept()


def today() -> str:
    """Return the day for rows that have no day of their own."""
    return str(datetime.now(UTC).date())


def digest_of(channels: Sequence[ChannelFacts]) -> str:
    """Return the key of a reading by the stored costs, stock and returns that went into it; "" without any."""
    used = [
        [own.channel, product.sku, product.cost, product.contribution, product.stock]
        for own in channels
        for product in own.products
        if product.cost is not None or product.stock is not None
    ]
    figures = [
        [own.channel, figure.metric, figure.value]
        for own in channels
        for figure in own.figures
        if figure.metric in _OF_GOODS or "returned_by" in figure.detail
    ]
    if not used and not figures:
        return ""
    return hashlib.sha256(json.dumps([used, figures]).encode()).hexdigest()[:_DIGITS]


_OF_GOODS: Final = frozenset((*OF_ALL, *OF_PART, "cost_coverage", "advertising_cost", "advertising_sales"))
