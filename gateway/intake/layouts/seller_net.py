"""Tells the seller's net from the revenue, where both could be meant by the column's name."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Final

import polars as pl

from gateway.intake.layouts.guesses import Assignment
from gateway.intake.values import CENTS

#: It is the net in this share of the rows, to the cent.
_AGREES: Final = 0.9


def without_left(assignment: Assignment, amounts: dict[int, pl.Series]) -> Assignment:
    """Drop a total that equals price times units less the fee, whatever its name: it is the seller's net.

    The freight that the seller pays, and what was paid back, may be off it, too.
    """
    units, price, fees, total = (assignment.column(name) for name in ("units", "price", "fees", "revenue"))
    if None in (units, price, fees, total) or assignment.guesses["revenue"].by in ("person", "agent"):
        return assignment
    if any(index not in amounts for index in (units, price, fees, total)):
        return assignment
    assert units is not None and price is not None and fees is not None and total is not None  # noqa: PT018
    fee = amounts[fees].abs().fill_null(0)
    charged = (fee != 0).fill_null(value=False)
    own = {assignment.column(name) for name in ("shipping", "refund")} & amounts.keys()
    others = [amounts[index].abs().fill_null(0) for index in own if index is not None]
    for chosen in (some for size in range(len(others) + 1) for some in combinations(others, size)):
        left = sum((-one for one in chosen), amounts[units] * amounts[price] - fee)
        close = (left - amounts[total]).abs() <= CENTS
        if min(float(str(one.mean() or 0)) for one in (close, close.filter(charged))) >= _AGREES:
            kept = {name: guess for name, guess in assignment.guesses.items() if name != "revenue"}
            return replace(assignment, guesses=kept)
    return assignment
