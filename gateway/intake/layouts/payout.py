"""What a plain table says is paid out for a sale, held against its amount less its costs."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.layouts.orders import constant, shared_out

_MOST: Final = 0.9
#: Costs are what the payout is without where it fits in so many of the rows; else it is another amount.
_FITS: Final = 0.5
_CENT: Final = 0.02
#: Words of a name by which the amount is what the marketplace pays.
_PAID_OUT: Final = frozenset(("repasse", "payout", "receber", "recibir", "desembolso"))
#: ... and by which it is what is left after something.
_LEFT: Final = frozenset(("liquido", "liquida", "neto", "net"))
_COSTS: Final = ("fees", "shipping", "refund", "discount")
Given = dict[str, pl.Series | None]


def payout_of(table: Columns, columns: Assignment, given: Given) -> Given:
    """Return the check of the table's payouts, and what is left where the marketplace says it; {} where it has none.

    A column that does not fit the amount less any of the costs in half of the rows is no payout: nobody knows of what.
    """
    revenue = given.get("revenue")
    costs = {name: cost for name in _COSTS if (cost := given.get(name)) is not None}
    index = _column(table, columns)
    if index is None or revenue is None or not costs:
        return {}
    own = table.amounts(index)
    shared = shared_out(given.get("order_id"), own, revenue)
    theirs, ours, fit = max(
        (
            (stated, left, _fit(stated, left))
            for stated in (own, own if shared is None else shared)
            for size in range(1, len(costs) + 1)
            for chosen in combinations(costs, size)
            for left in [_less(revenue, [costs[name] for name in chosen])]
        ),
        key=lambda tried: tried[2],
    )
    if fit < _FITS:
        return {}
    table.number_at(index)  # from here on it is used
    found: Given = {
        "total_name": constant(table.headers[index], table.height),
        "total_theirs": theirs,
        "total_ours": ours,
    }
    return found | ({"net": theirs} if _PAID_OUT & set(words(table.headers[index])) else {})


def _column(table: Columns, columns: Assignment) -> int | None:
    """Return the column of payouts: named so, amounts, and nothing else; one that is paid before one that is left."""
    taken = {guess.index for guess in columns.guesses.values()} | set(columns.others)
    for named in (_PAID_OUT, _LEFT):
        for index, header in enumerate(table.headers):
            if index not in taken and columns.profiles[index].number >= _MOST and named & set(words(header)):
                return index
    return None


def _less(revenue: pl.Series, costs: list[pl.Series]) -> pl.Series:
    for cost in costs:
        revenue = revenue - cost.fill_null(0)
    return revenue


def _fit(theirs: pl.Series, ours: pl.Series) -> float:
    """Return the share of the rows with a payout in which it is this amount."""
    gap = (theirs - ours).abs().drop_nulls()
    return float((gap < _CENT).sum()) / len(gap) if len(gap) else 0.0
