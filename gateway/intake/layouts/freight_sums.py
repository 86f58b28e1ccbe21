"""Holds amounts of rows and of orders against each other: which total is goods with the buyer's freight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Final

import polars as pl

from gateway.intake.layouts.amounts import Given, is_of_order, tax_columns
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.discount_rates import after_rates
from gateway.intake.layouts.freight_names import is_freight
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.maybe_discounts import maybe_discounts
from gateway.intake.layouts.names import LEFT, words
from gateway.intake.layouts.orders import filled_by_order, first_rows_with, order_sums, shared_out
from gateway.intake.layouts.payout import PAID_OUT
from gateway.intake.values import CENTS

_MOST: Final = 0.9
#: So many rows have freight where only their sums show whose it is.
_SEVERAL: Final = 3
#: Words of what a buyer pays on top of the goods and their freight.
_BESIDES: Final = frozenset((
    *("juro", "interest", "interes", "acrescimo", "seguro", "insurance", "asuransi", "embrulho", "wrap", "recargo"),
    *("surcharge", "zins", "versicherung"),
))  # fmt: skip
#: Words by which a total is that of the goods alone.
GOODS: Final = frozenset((
    "produto", "product", "producto", "item", "mercadoria", "goods", "subtotal", "parcial", "partial",
))  # fmt: skip
#: Words by which a column is a total of some kind.
_TOTALS: Final = frozenset(("total", "valor", "importe", "monto", "amount"))


def paid_besides(table: Columns, columns: Assignment) -> list[int]:
    """Return the columns of what a buyer may pay on top of goods and freight: interest, an insurance, a wrapping."""
    taken = {columns.column(name) for name in columns.guesses}
    numeric = [i for i, one in enumerate(columns.profiles) if one.number > _MOST and i not in taken]
    return [i for i in numeric if _BESIDES & set(words(table.headers[i])) and bool((table.amounts(i) != 0).any())]


def paid_by_order(table: Columns, given: Given, index: int) -> pl.Series:
    """Return the freight by row; where it stands on the first of an order's rows alone, on each of them."""
    filled = filled_by_order(given["order_id"], table.amounts(index).abs())
    assert filled is not None
    return filled


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts of a sample of the rows, to be compared with each other: what is a row's own, and what is its order's."""

    freight: pl.Series  # empty, where no column has it
    every: pl.Series  # the freight of all rows, the order's on each of its rows
    order: pl.Series | None
    whole_order: pl.Series | None  # the orders of all rows
    weight: pl.Series
    revenue: pl.Series
    discount: pl.Series | None
    perhaps: Sequence[pl.Series]  # what may be discounts, too
    taxes: Sequence[pl.Series]
    goods: Sequence[tuple[pl.Series, bool]]  # what the goods alone are, and whether it may be the whole order's
    totals: Sequence[pl.Series]
    written: Sequence[pl.Series]  # the revenue's column where the revenue is another: a part of an order's total

    @classmethod
    def of(
        cls, table: Columns, columns: Assignment, given: Given, index: int | None, besides: Sequence[int] = ()
    ) -> Amounts:
        """Take the first rows that have freight; all rows without a column of freight. `besides` is paid on top."""
        own, off, weight = columns.column("revenue"), columns.column("discount"), given["revenue"]
        assert weight is not None
        every = (
            pl.Series([0.0]).new_from_index(0, table.height) if index is None else paid_by_order(table, given, index)
        )
        rows = first_rows_with(weight if index is None else every, given["order_id"])
        known = {name: None if one is None else one.gather(rows) for name, one in given.items()}
        numeric = [i for i, one in enumerate(columns.profiles) if one.number > _MOST and i not in (index, own)]
        amounts = {i: table.amounts(i).gather(rows) for i in numeric}
        goods: list[tuple[pl.Series, bool]] = []
        if own is not None and given["units"] is not None and given["price"] is not None:
            items = given["units"] * given["price"]
            goods = [(one.gather(rows), False) for one in (items, *after_rates(table, items))]
        of_order = own is not None and is_of_order(table.headers[own])
        named = [i for i in numeric if i != off and _is_of_goods(table.headers[i], beside_order=of_order)]
        goods += [(amounts[i], True) for i in named]
        return cls(
            freight=every.gather(rows) if index is not None else pl.Series(dtype=pl.Float64),
            every=every,
            order=known["order_id"],
            whole_order=given["order_id"],
            weight=weight,
            revenue=weight.gather(rows),
            discount=None if off is None else table.amounts(off).abs().gather(rows),
            perhaps=[table.amounts(i).abs().gather(rows) for i in maybe_discounts(table, columns)],
            taxes=[
                *(table.amounts(i).gather(rows).fill_null(0) for i in tax_columns(columns) if i not in besides),
                *(
                    one.gather(rows).fill_null(0)
                    for i in besides
                    if (one := shared_out(given["order_id"], paid_by_order(table, given, i), weight)) is not None
                ),
            ],
            goods=goods,
            totals=[*amounts.values()],
            written=[] if own is None or _are_same(table.amounts(own), weight) else [table.amounts(own).gather(rows)],
        )

    def in_revenue(self) -> pl.Series | None:
        """Return the freight of each row where the revenue is the goods and this; None where it is not."""
        by_row, by_order = (
            max((_share(whole, part, freight) for part, whole, freight in pairs), default=0.0)
            for pairs in (self._rows(), self._orders())
        )
        if max(by_row, by_order) < _MOST:
            return self.every if self._is_less_discount() else None
        return self.every if by_row > by_order else shared_out(self.whole_order, self.every, self.weight)

    def _is_less_discount(self) -> bool:
        """Say whether the revenue is another amount less the discount, with this: only what a buyer pays is made so."""
        off = self.discount
        if off is None or len(self.freight) < _SEVERAL or not ((off > 0) & (self.freight > 0)).any():
            return False
        less = [total - off.fill_null(0) for total in self.totals]
        return any(_share(self.revenue, part, self.freight) >= _MOST for part in less)

    def in_other_total(self) -> bool:
        """Say whether another amount is the revenue and the freight."""
        totals = [*self.totals, *self.written]
        pairs = [(left, total, self.freight) for total in totals for left in self._lefts(self.revenue)]
        lefts = [] if self.order is None else self._lefts(self.revenue, self._of_order(self.discount))
        shared = [self._of_order(total) for total in totals] if lefts else []
        pairs += [one for whole in shared for left in lefts if (one := self._summed(left, whole)) is not None]
        return any(_share(whole, part, freight) >= _MOST for part, whole, freight in pairs)

    def goods_alone(self) -> bool:
        """Say whether the revenue is the goods without any freight."""
        for part, whole, freight in (*self._rows(), *self._orders()):
            close = ((part - whole).abs() < CENTS).filter(freight > 0 if len(self.freight) else whole.is_not_null())
            if float(str(close.mean() or 0)) >= _MOST:
                return True
        return False

    def _lefts(self, part: pl.Series, discount: pl.Series | None = None) -> list[pl.Series]:
        off = self.discount if discount is None else discount
        lefts = [part, *(part - one.fill_null(0) for one in (*([] if off is None else [off]), *self.perhaps))]
        return lefts + [reduce(add, self.taxes, left) for left in lefts if self.taxes]

    def _rows(self) -> Iterator[tuple[pl.Series, pl.Series, pl.Series]]:
        freight = self.freight if len(self.freight) else self.revenue * 0
        for part, _ in self.goods:
            for left in self._lefts(part):
                yield left, self.revenue, freight

    def _orders(self) -> Iterator[tuple[pl.Series, pl.Series, pl.Series]]:
        """Tell the sums of orders; what an order's rows repeat counts once."""
        if self.order is None:
            return
        off = self._of_order(self.discount)
        for part, may_repeat in self.goods:
            own = self._of_order(part) if may_repeat else part
            for left in [] if own is None else self._lefts(own, off):
                if (one := self._summed(left, self.revenue)) is not None:
                    yield one

    def _of_order(self, amount: pl.Series | None) -> pl.Series | None:
        """Return an amount that the rows of an order repeat, shared out to them."""
        return shared_out(self.order, amount, self.revenue)

    def _summed(self, part: pl.Series, whole: pl.Series | None) -> tuple[pl.Series, pl.Series, pl.Series] | None:
        assert self.order is not None
        freight = self.freight if len(self.freight) else self.revenue * 0
        shared = self._of_order(freight)
        if whole is None or shared is None:
            return None
        return order_sums(self.order, part), order_sums(self.order, whole), order_sums(self.order, shared)


def _are_same(ours: pl.Series, theirs: pl.Series) -> bool:
    return bool(((ours - theirs).abs() < CENTS).fill_null(value=True).all())


def _is_of_goods(header: str, *, beside_order: bool) -> bool:
    """Say whether a total is that of goods by its name; beside the whole order's total so is a bare one (`Total`)."""
    named = set(words(header))
    is_other = named & (LEFT | PAID_OUT) or is_of_order(header) or is_freight(header)
    return bool(GOODS & named) or bool(beside_order and named & _TOTALS and not is_other)


def _share(whole: pl.Series, part: pl.Series, freight: pl.Series) -> float:
    """Return in how many of the rows that have freight it is what the whole has besides the part.

    Freight of a cent or two shows nothing: so much is lost where amounts are rounded.
    """
    frame = pl.DataFrame({"whole": whole, "part": part, "freight": freight}).drop_nulls()
    frame = frame.filter(pl.col("freight") > CENTS)
    close = (pl.col("part") + pl.col("freight") - pl.col("whole")).abs() < CENTS
    return float(str(frame.select(close.mean()).item())) if frame.height else 0.0
