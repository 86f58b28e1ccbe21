"""Fees that the buyer pays on top of the goods (iFood's service fee): they are no cost and no revenue of the seller's.

A name may say who pays. Else arithmetic does: what the buyer owes is the goods and the fee, or what is left for the
seller is without it. Where neither tells it of a fee that either may pay, the fees are unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import polars as pl

from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.costs import columns_of_fees
from gateway.intake.layouts.freight_names import is_freight
from gateway.intake.layouts.freight_sums import GOODS
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import LEFT, words
from gateway.intake.layouts.orders import first_rows_with, shared_out
from gateway.intake.layouts.payout import PAID_OUT
from gateway.intake.layouts.salespeople import is_of_salespeople
from gateway.intake.layouts.store import CHANNEL
from gateway.intake.layouts.sums_told import of_sales
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

BY_NAME: Final = "“{column}” é paga pelo comprador, como o nome diz: não é tarifa sua."
IN_TOTAL: Final = "“{column}” está em “{total}”, paga pelo comprador: não é tarifa sua."
TAKEN_OUT: Final = (
    "“{column}” estava em “{total}”, paga pelo comprador: foi tirada da receita, {amount} ao todo, e não é tarifa sua."
)
UNTOLD: Final = (
    "As tarifas são desconhecidas: nada na tabela mostra quem paga “{column}” ({amount} ao todo). Se é o comprador, "
    "tire essa coluna em “Ver as colunas”; se é você, escreva isso no nome dela (“paga pelo vendedor”) e envie de novo."
)
#: Words of a fee that either may pay: a restaurant's guests pay for service, and so do sellers.
_EITHER: Final = frozenset(("servico", "servicio", "service", "conveniencia", "convenience"))
#: Words of no more than "fee": who pays it only arithmetic tells.
_ANY: Final = frozenset(("taxa", "tarifa", "fee", "cargo", "total", "valor", "pedido", "order", "venda", "sale"))
_BUYERS: Final = frozenset(
    ("cliente", "customer", "comprador", "buyer", "usuario", "user", "consumidor", "consumer", "client")
)
_SELLERS: Final = frozenset(("vendedor", "loja", "parceiro", "partner", "merchant", "restaurante", "restaurant"))
_GOODS: Final = GOODS | {"iten"}
#: Words of an amount that is taken off what the buyer pays.
_LESS: Final = frozenset((
    "desconto", "discount", "descuento", "incentivo", "promocao", "promotion", "cupom", "coupon", "voucher",
    "beneficio", "subsidio",
))  # fmt: skip
_NET: Final = LEFT | PAID_OUT | {"parceiro", "partner"}
#: Words of an amount that may have the seller's fees in it as well as the buyer's.
_GROSS: Final = frozenset(("bruto", "bruta", "gross"))
_MOST: Final = 0.9
#: In so few rows nothing is shown.
_SEVERAL: Final = 3
#: Further amounts that are tried beside a fee: each makes the ways in which they may add up twice as many.
_BESIDE: Final = 6


@dataclass(frozen=True, slots=True)
class BuyersFees:
    """The columns of fees that the buyer pays, and the revenue without them."""

    columns: frozenset[int] = frozenset()
    revenue: pl.Series | None = None
    is_untold: bool = False  # nobody knows who pays one of the columns, or they are no channel's: they are unknown


def buyers_fees(table: Columns, assignment: Assignment, given: Given, channel: pl.Series | None) -> BuyersFees:
    """Say which columns of fees the buyer pays. `given`: `revenue`, `units`, `price`, `order_id`.

    Marketplaces take a service fee of the seller; nothing has to show that there.
    """
    revenue, own = given["revenue"], assignment.column("fees")
    if own is None or revenue is None or assignment.guesses["fees"].by not in ("name", "content"):
        return BuyersFees(revenue=revenue)
    if not _are_marketplaces(channel) and is_of_salespeople(table, assignment, own, given["order_id"]):
        return BuyersFees(revenue=revenue, is_untold=True)
    paid: set[int] = set()
    is_untold = False
    for index in columns_of_fees(table, assignment, own):
        named = frozenset(words(table.headers[index]))
        if named & _SELLERS or not (named & (_BUYERS | _EITHER) or named <= _ANY):
            continue
        fee = table.amounts(index)
        if not (fee != 0).any():
            continue
        known = _Amounts.of(table, assignment, given, revenue, index)
        total = known.total_with()
        if total is not None or named & _BUYERS:
            paid.add(index)
            revenue = _without(table, assignment, given, revenue, index, total)
        elif named & _EITHER and not known.is_taken_off() and not _are_marketplaces(channel):
            is_untold = True
            amount = in_portuguese(of_sales(table, assignment, given["order_id"], fee.abs()))
            table.warnings.append(UNTOLD.format(column=table.headers[index], amount=amount))
    return BuyersFees(frozenset(paid), revenue, is_untold)


def _are_marketplaces(channel: pl.Series | None) -> bool:
    return channel is not None and not channel.has_nulls() and not (channel == CHANNEL).any()


def _without(
    table: Columns, assignment: Assignment, given: Given, revenue: pl.Series, index: int, total: int | None
) -> pl.Series:
    """Return the revenue without a fee that the buyer pays, and tell what shows it. `total`: the column that has it."""
    column = table.headers[index]
    if total is None:
        table.warnings.append(BY_NAME.format(column=column))
        return revenue
    named = table.headers[total]
    if total != assignment.column("revenue"):
        table.warnings.append(IN_TOTAL.format(column=column, total=named))
        return revenue
    table.number_at(index)  # from here on it is used
    fee = shared_out(given["order_id"], table.amounts(index).abs(), revenue)
    assert fee is not None
    amount = in_portuguese(of_sales(table, assignment, given["order_id"], fee))
    table.warnings.append(TAKEN_OUT.format(column=column, total=named, amount=amount))
    return revenue - fee.fill_null(0)


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Amounts of the first rows that have the fee, by what they may be: of the goods, of all, of what is left."""

    fee: pl.Series
    goods: Sequence[pl.Series]
    totals: dict[int, pl.Series]
    gross: frozenset[int]  # those of the totals that may have the seller's fees in them
    left: Sequence[pl.Series]
    more: Sequence[pl.Series]  # what the buyer may pay besides, or what is taken off
    costs: Sequence[pl.Series]  # what may be taken of the seller besides

    @classmethod
    def of(cls, table: Columns, assignment: Assignment, given: Given, revenue: pl.Series, index: int) -> _Amounts:
        """Take the rows; an amount that an order's rows repeat is shared out to them."""
        order, own, off = given["order_id"], assignment.column("revenue"), assignment.column("discount")
        rows = first_rows_with(table.amounts(index), order)
        numeric = [i for i, one in enumerate(assignment.profiles) if one.number > _MOST and one.percent < 1 - _MOST]

        def amount(place: int) -> pl.Series:
            read = revenue if place == own else shared_out(order, table.amounts(place), revenue)
            assert read is not None
            return read.gather(rows).fill_null(0)

        names = {i: frozenset(words(table.headers[i])) for i in numeric if i != index}
        counted = {assignment.column(name) for name in ("units", "price", "returned_units", "order_id", "sku")}
        names = {i: name for i, name in names.items() if i not in counted}
        left = {i for i, name in names.items() if name & _NET}
        less = {i for i, name in names.items() if i == off or name & _LESS}
        freight = {i for i in names if i not in left and is_freight(table.headers[i])}
        fees = {i for i in (assignment.column("fees"), *columns_of_fees(table, assignment, index)) if i in names}
        taxes = {i for i in names if assignment.others.get(i) == "_tax"}
        aside = left | less | freight | fees | taxes
        of_goods = {i for i, name in names.items() if name & _GOODS and i not in aside}
        units, price = given["units"], given["price"]
        goods = [amount(i) for i in of_goods]
        goods += [] if units is None or price is None else [(units * price).gather(rows).fill_null(0)]
        gathered = table.amounts(index).gather(rows).fill_null(0).abs()
        shared = shared_out(None if order is None else order.gather(rows), gathered, revenue.gather(rows))
        assert shared is not None
        off_both = [-amount(i).abs() for i in less]
        paid = [[amount(i).abs() for i in some] for some in (freight, taxes, fees)]
        of_buyer = [*paid[0], *off_both, *paid[1], *paid[2]]  # those that may be the buyer's come first
        return cls(
            fee=shared,
            goods=goods,
            totals={i: amount(i) for i, name in names.items() if i not in aside | of_goods},
            gross=frozenset(i for i, name in names.items() if name & _GROSS),
            left=[amount(i) for i in left],
            more=_that_tell(of_buyer),
            costs=_that_tell([*(-one for some in paid for one in some), *off_both]),
        )

    def total_with(self) -> int | None:
        """Return the column that is the goods and this fee, perhaps with freight, taxes and less discounts."""
        for index, total in self.totals.items():
            if index not in self.gross and any(
                self._holds(part + self.fee, total) for part in _with_some(self.goods, self.more)
            ):
                return index
        return None

    def is_taken_off(self) -> bool:
        """Say whether what is left for the seller is an amount less this fee, perhaps less other costs."""
        wholes = [*self.goods, *self.totals.values()]
        return any(self._holds(part - self.fee, left) for left in self.left for part in _with_some(wholes, self.costs))

    def _holds(self, ours: pl.Series, theirs: pl.Series) -> bool:
        close = ((ours - theirs).abs() < CENTS).filter(self.fee != 0)
        return len(close) >= _SEVERAL and float(close.sum()) >= _MOST * len(close)


def _that_tell(amounts: Sequence[pl.Series]) -> list[pl.Series]:
    """Return the first amounts that are not zero throughout: an export has a column for each thing that may happen."""
    return [one for one in amounts if one.abs().sum()][:_BESIDE]


def _with_some(parts: Iterable[pl.Series], more: Sequence[pl.Series]) -> Iterator[pl.Series]:
    """Yield each of the parts with none, some and all of the further amounts."""
    for part in parts:
        for size in range(len(more) + 1):
            for some in combinations(more, size):
                yield sum(some, part)
