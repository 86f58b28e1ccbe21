"""Checks a plain table's payout column against the amount less its costs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import polars as pl

from gateway.intake.layouts.amounts import COSTS, Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import LEFT, words
from gateway.intake.layouts.orders import constant, shared_out
from gateway.intake.values import CENTS

_MOST: Final = 0.9
#: Costs are what the payout is without where it fits in so many of the rows; else it is another amount.
_FITS: Final = 0.5
#: Words of a name by which the amount is what the marketplace pays.
PAID_OUT: Final = frozenset(
    ("repasse", "payout", "receber", "recibir", "desembolso", "settlement", "liquidar", "liquidacao", "liquidacion")
)
#: Words that say so together: `Valor pago` alone is what the buyer paid.
_NET_PAID: Final = (frozenset(("pago", "neto")), frozenset(("pagamento", "liquido")))


def payout_of(table: Columns, columns: Assignment, given: Given, freight: pl.Series | None = None) -> Given:
    """Return the check of the table's payouts, and the net if the marketplace states it; {} without payouts.

    `freight`: what the buyer paid for it and the revenue is without; a payout is with it, or it is not.

    A column that does not fit the amount less any of the costs in half of the rows is no payout: nobody knows of what.
    One that fits without the fees, which are known, is what the buyer owes.
    """
    own = given.get("revenue")
    amounts = [] if own is None else [own, *([] if freight is None else [own + freight.fill_null(0)])]
    costs = {name: cost for name in COSTS if (cost := given.get(name)) is not None}
    if not amounts or not costs:
        return {}
    tried = [
        one
        for index in _candidates(table, columns)
        for revenue in amounts
        if (one := _tried(table, index, revenue, costs, given.get("order_id"))).fit >= _FITS
    ]
    if not tried:
        return {}
    found = max(tried, key=lambda one: one.after_fees)
    table.number_at(found.index)  # from here on it is used
    table.totals.add(found.index)
    header = table.headers[found.index]
    check: Given = {
        "total_name": constant(header, table.height),
        "total_theirs": found.theirs,
        "total_ours": found.ours,
    }
    is_paid = found.after_fees and _is_paid_out(header)
    return check | ({"net": found.theirs} if is_paid else {})


def _is_paid_out(header: str) -> bool:
    own = set(words(header))
    return bool(PAID_OUT & own) or any(both <= own for both in _NET_PAID)


@dataclass(frozen=True, slots=True)
class _Tried:
    """A column against the amount less those costs with which it fits best."""

    index: int
    theirs: pl.Series
    ours: pl.Series
    fit: float
    after_fees: bool  # else it is what the buyer owes


def _tried(
    table: Columns, index: int, revenue: pl.Series, costs: dict[str, pl.Series], order: pl.Series | None
) -> _Tried:
    own = table.amounts(index)
    shared = shared_out(order, own, revenue)
    every = [
        _Tried(index, stated, left, _fit(stated, left), "fees" in chosen or "fees" not in costs)
        for stated in (own, own if shared is None else shared)
        for size in range(1, len(costs) + 1)
        for chosen in combinations(costs, size)
        for left in [_less(revenue, [costs[name] for name in chosen])]
    ]
    return max(every, key=lambda one: (one.fit, one.after_fees))


def _candidates(table: Columns, columns: Assignment) -> list[int]:
    """Return the columns that may be payouts: named so, amounts, and nothing else; those paid before those left."""
    taken = {guess.index for guess in columns.guesses.values()}
    taken |= {index for index, name in columns.others.items() if name != "_payout"}  # `Valor do repasse`
    found = [
        index
        for named in (PAID_OUT, LEFT)
        for index, header in enumerate(table.headers)
        if index not in taken and columns.profiles[index].number >= _MOST and named & set(words(header))
    ]
    return list(dict.fromkeys(found))


def _less(revenue: pl.Series, costs: list[pl.Series]) -> pl.Series:
    for cost in costs:
        revenue = revenue - cost.fill_null(0)
    return revenue


def _fit(theirs: pl.Series, ours: pl.Series) -> float:
    """Return the share of the rows with a payout in which it is this amount."""
    gap = (theirs - ours).abs().drop_nulls()
    return float((gap < CENTS).sum()) / len(gap) if len(gap) else 0.0
