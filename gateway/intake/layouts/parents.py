"""Finds rows of products whose variations stand below them: they sum these up."""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.values import CENTS

#: One product may sum up the next ones by chance, by name and amounts alike; two do not.
_FEWEST: Final = 2
_OF_SALES: Final = ("order_id", "at", "month", "status")


def sums_above_variations(table: Columns, columns: Assignment) -> pl.Series | None:
    """Say which rows are products whose variations stand right below, each with its code or name before its own.

    Their units and amounts are the sums of these. None in a table of single sales, or where nothing tells of such.
    """
    name = next((index for one in ("sku", "title") if (index := columns.column(one)) is not None), None)
    places = [index for one in ("revenue", "units") if (index := columns.column(one)) is not None]
    if name is None or not places or any(columns.column(one) is not None for one in _OF_SALES):
        return None
    names = [str(cell or "") for cell in table.cells(name)]
    if not any(below.startswith(above) and above for above, below in pairwise(names)):
        return None
    amounts = [table.amounts(index).fill_null(0).to_list() for index in places]
    found, several = [False] * len(names), 0
    for row, own in enumerate(names):
        below = range(row + 1, len(names)) if own else range(0)
        variations = list(takewhile(lambda at: names[at].startswith(own) and names[at] != own, below))  # noqa: B023 - used at once
        sums = [abs(sum(of[at] for at in variations) - of[row]) < CENTS and of[row] != 0 for of in amounts]
        found[row] = bool(variations) and all(sums)
        several += found[row] and len(variations) > 1
    return pl.Series("sum", found) if several >= _FEWEST else None
