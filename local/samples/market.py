"""A channel's orders, drawn from a scenario with a seed: the same seed gives the same orders everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from random import Random
from typing import Final, Literal

from local.samples.catalog import LOSER, RETURNED, SILENT, Buyer, Item, buyers, items
from local.samples.truth import ChannelTruth

Status = Literal["sold", "returned", "cancelled", "unpaid"]

LAST_DAY: Final = datetime(2026, 3, 31, 22, 0)  # noqa: DTZ001 - exports write local time without a zone
DAYS: Final = 120
#: The silent best seller sold nothing for so many days at the end.
SILENT_DAYS: Final = 24
#: So much of the rate at which a product comes back is in its units: of few of them chance draws half of it, or less.
AT_LEAST: Final = 0.65
#: Of fewer units of it nobody can tell. Chance draws as few in one market of ten that has so many rows.
ENOUGH: Final = 24
MANY: Final = 700


@dataclass(frozen=True, slots=True)
class Scenario:
    """How one channel behaves. Shares are of orders, rates of an item's price."""

    fee_rate: float = 0.14
    fixed_fee: float = 6.75  # per item, on items under R$ 79
    shipping: float = 11.0  # paid by the seller, per order
    cancelled: float = 0.04
    unpaid: float = 0.0
    returned: float = 0.02
    returned_worst: float = 0.35
    discount: float = 0.05
    advertised: float = 0.2
    slow: float = 0.05
    several: float = 0.12  # orders with more than one product
    last_month: float = 1.0  # demand of the last 30 days against before
    has_loser: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One product in an order."""

    item: Item
    units: int
    price: float  # paid per unit, after the seller's discount
    list_price: float
    returned_units: int

    @property
    def revenue(self) -> float:
        return round(self.units * self.price, 2)

    @property
    def refund(self) -> float:
        return round(self.returned_units * self.price, 2)


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `fee` and `shipping` are what the seller pays for all its lines."""

    number: int
    at: datetime
    status: Status
    lines: list[Line]
    buyer: Buyer
    fee: float
    shipping: float
    advertised: bool
    dispatched: datetime

    @property
    def revenue(self) -> float:
        return round(sum(line.revenue for line in self.lines), 2)

    def part(self, amount: float, line: Line) -> float:
        """Return a line's part of an amount of the order, in cents: the parts may add up to a cent more or less."""
        return round(amount * line.revenue / self.revenue, 2)


@dataclass(frozen=True, slots=True)
class Market:
    """All orders of a channel, oldest first, and its buyers."""

    orders: list[Order]
    buyers: list[Buyer] = field(default_factory=list)

    @property
    def secrets(self) -> list[str]:
        return [text for buyer in self.buyers for text in buyer.secrets()]

    def truth(
        self, *, planted: dict[str, str], costs: bool, returns: bool, refunds: bool = True, by_line: bool = False
    ) -> ChannelTruth:
        """Return the sums; `costs`, `returns`, `refunds` say whether the export tells of them.

        `by_line`: it tells each line's part of an order's costs in cents.
        """
        sold = [order for order in self.orders if order.status in ("sold", "returned")]
        lines = [line for order in sold for line in order.lines]
        return ChannelTruth(
            revenue=round(sum(line.revenue for line in lines), 2),
            orders=len(sold),
            units=sum(line.units for line in lines),
            cancelled_orders=sum(order.status == "cancelled" for order in self.orders),
            returned_units=sum(line.returned_units for line in lines) if returns else None,
            refunds=round(sum(line.refund for line in lines), 2) if returns and refunds else None,
            fees=_sum(sold, lambda order: order.fee, by_line=by_line) if costs else None,
            shipping=_sum(sold, lambda order: order.shipping, by_line=by_line) if costs else None,
            planted=planted,
        )


def _sum(orders: list[Order], cost: Callable[[Order], float], *, by_line: bool) -> float:
    """Return the sum of a cost of orders, or of the parts of it that their lines have."""
    if by_line:
        return round(sum(order.part(cost(order), line) for order in orders for line in order.lines), 2)
    return round(sum(cost(order) for order in orders), 2)


def market(random: Random, rows: int, scenario: Scenario) -> Market:
    """Draw orders until they have `rows` lines."""
    people = buyers(random)
    goods = [*items()[:1], SILENT, *items()[1:12], RETURNED, *items()[12:]]
    if scenario.has_loser:
        goods.insert(8, LOSER)
    weights = [1 / (place + 3) for place in range(len(goods))]
    orders: list[Order] = []
    count = 0
    while count < rows:
        order = _order(random, scenario, _moment(random, scenario), goods, weights, random.choice(people))
        orders.append(order)
        count += len(order.lines)
    orders.sort(key=lambda order: order.at)
    if rows >= MANY:
        orders = _with_enough(orders, scenario)
    orders = _with_returns(orders, scenario.returned_worst)
    if scenario.has_loser:
        orders = _with_losses(orders, scenario)
    return Market([replace(order, number=number) for number, order in enumerate(orders)], people)


def _with_enough(orders: list[Order], scenario: Scenario) -> list[Order]:
    """Let so much of the product that comes back be sold that it tells something, in place of the best seller."""
    sold = [line for order in orders if order.status in ("sold", "returned") for line in order.lines]
    lacking = ENOUGH - sum(line.units for line in sold if line.item is RETURNED)
    best = items()[0]
    alone = [
        place for place, one in enumerate(orders) if one.status == "sold" and [x.item for x in one.lines] == [best]
    ]
    found = list(orders)
    for place in alone[:: max(1, len(alone) // max(1, lacking))]:
        if lacking <= 0:
            break
        (line,) = orders[place].lines
        price = round(RETURNED.price * line.price / line.list_price, 2)
        lines = [Line(RETURNED, line.units, price, RETURNED.price, 0)]
        found[place] = replace(orders[place], lines=lines, fee=_fee(scenario, lines))
        lacking -= line.units
    return found


def _with_losses(orders: list[Order], scenario: Scenario) -> list[Order]:
    """Let the product that loses do so without any refund: in orders with others these may pay what it costs."""
    paid = [order for order in orders if order.status in ("sold", "returned")]
    shares = [(line.revenue, line.revenue / one.revenue * (one.fee + one.shipping)) for one, line in _of(LOSER, paid)]
    if sum(revenue for revenue, _ in shares) < sum(taken for _, taken in shares):
        return orders
    return [_without(LOSER, order, scenario) if len(order.lines) > 1 else order for order in orders]


def _of(item: Item, orders: list[Order]) -> list[tuple[Order, Line]]:
    return [(order, line) for order in orders for line in order.lines if line.item is item]


def _without(item: Item, order: Order, scenario: Scenario) -> Order:
    lines = [line for line in order.lines if line.item is not item]
    return order if len(lines) == len(order.lines) else replace(order, lines=lines, fee=_fee(scenario, lines))


def _fee(scenario: Scenario, lines: list[Line]) -> float:
    fixed = sum(scenario.fixed_fee * line.units for line in lines if line.price < 79)
    return round(sum(line.revenue for line in lines) * scenario.fee_rate + fixed, 2)


def _with_returns(orders: list[Order], rate: float) -> list[Order]:
    """Let so many of the product that comes back do so that the problem is in the orders, whatever chance drew."""
    paid = [order for order in orders if order.status in ("sold", "returned")]
    lines = [line for order in paid for line in order.lines if line.item is RETURNED]
    lacking = ceil(AT_LEAST * rate * sum(line.units for line in lines)) - sum(line.returned_units for line in lines)
    more: set[int] = set()
    for place, order in enumerate(orders):
        if lacking > 0 and order.status == "sold" and [line.item for line in order.lines] == [RETURNED]:
            more.add(place)
            lacking -= order.lines[0].units
    return [_come_back(order) if place in more else order for place, order in enumerate(orders)]


def _come_back(order: Order) -> Order:
    lines = [replace(line, returned_units=line.units) for line in order.lines]
    return replace(order, status="returned", lines=lines)


def _moment(random: Random, scenario: Scenario) -> datetime:
    recent = 30 * scenario.last_month
    if random.random() < recent / (recent + DAYS - 30):
        back = random.random() * 30
    else:
        back = 30 + random.random() * (DAYS - 30)
    return (LAST_DAY - timedelta(days=back)).replace(second=0, microsecond=0)


def _order(
    random: Random,
    scenario: Scenario,
    at: datetime,
    goods: list[Item],
    weights: list[float],
    buyer: Buyer,
) -> Order:
    several = random.random() < scenario.several
    wanted = random.choices(goods, weights, k=random.choice((2, 2, 3)) if several else 1)
    chosen = list(dict.fromkeys(item if _in_stock(item, at) else goods[0] for item in wanted))
    status = _status(random, scenario, chosen)
    lines = [_line(random, scenario, item, status) for item in chosen]
    slow = random.random() < scenario.slow
    return Order(
        number=0,
        at=at,
        status=status,
        lines=lines,
        buyer=buyer,
        fee=_fee(scenario, lines),
        shipping=round(scenario.shipping * random.uniform(0.6, 1.4), 2),
        advertised=random.random() < scenario.advertised,
        dispatched=at + timedelta(hours=random.uniform(60, 120) if slow else random.uniform(4, 40)),
    )


def _in_stock(item: Item, at: datetime) -> bool:
    return item is not SILENT or at < LAST_DAY - timedelta(days=SILENT_DAYS)


def _status(random: Random, scenario: Scenario, chosen: list[Item]) -> Status:
    draw = random.random()
    if draw < scenario.cancelled:
        return "cancelled"
    if draw < scenario.cancelled + scenario.unpaid:
        return "unpaid"
    if len(chosen) > 1:
        return "sold"
    rate = scenario.returned_worst if chosen[0] is RETURNED else scenario.returned
    return "returned" if random.random() < rate else "sold"


def _line(random: Random, scenario: Scenario, item: Item, status: Status) -> Line:
    units = random.choices((1, 2, 3), (0.85, 0.1, 0.05))[0]
    list_price = round(item.price * random.choice((1.0, 1.0, 1.05)), 2)
    discount = scenario.discount * random.uniform(0.5, 1.5)
    price = round(list_price * (1 - discount), 2)
    return Line(item, units, price, list_price, units if status == "returned" else 0)
