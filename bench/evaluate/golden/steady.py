"""Sales in which nothing changes: an order on any day with the same chance, of goods that cost and come back alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

from local.samples.catalog import Item, buyers
from local.samples.market import LAST_DAY, Line, Market, Order, Status


@dataclass(frozen=True, slots=True)
class Steady:
    """How such a shop does: shares of orders, rates of a price."""

    days: int = 75
    fee: Callable[[Item, int], float] = lambda item, _: item.price * 0.1  # by the product and the order's number
    shipping: float = 4.0
    cancelled: int = 0
    returned: int = 0
    advertised: float = 0.2
    slow: float = 0.02
    even: bool = False  # as many orders in each part of the days: chance draws no fall


#: How often each product is wanted, the best seller first.
FIRST: Final = 3


def steady(random: Random, orders: int, goods: Sequence[Item], of: Steady, weights: Sequence[float] = ()) -> Market:
    """Draw so many orders of one unit, oldest first; the chosen numbers of them were cancelled and came back."""
    people = buyers(random)
    wanted = weights or [1 / (place + FIRST) for place in range(len(goods))]
    drawn_at = [(n + random.random()) / orders if of.even else random.random() for n in range(orders)]
    moments = sorted(LAST_DAY - timedelta(days=part * of.days) for part in drawn_at)
    odd = random.sample(range(orders), of.cancelled + of.returned)
    status: dict[int, Status] = dict.fromkeys(odd[: of.cancelled], "cancelled")
    status |= dict.fromkeys(odd[of.cancelled :], "returned")
    drawn = []
    for number, moment in enumerate(moments):
        at = moment.replace(second=0, microsecond=0)
        (item,) = random.choices(goods, wanted)
        state = status.get(number, "sold")
        slow = random.random() < of.slow
        drawn.append(
            Order(
                number=number,
                at=at,
                status=state,
                lines=[Line(item, 1, item.price, item.price, 1 if state == "returned" else 0)],
                buyer=random.choice(people),
                fee=round(of.fee(item, number), 2),
                shipping=of.shipping,
                advertised=random.random() < of.advertised,
                dispatched=at + timedelta(hours=random.uniform(60, 90) if slow else random.uniform(4, 40)),
            )
        )
    return Market(drawn, people)
