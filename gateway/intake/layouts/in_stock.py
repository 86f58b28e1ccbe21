"""Recognises tables of what is on hand: by several columns that count it, and by amounts that are what it is worth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from gateway.intake.layouts.called import SOLD_WORDS
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.values import CENTS
from gateway.intake.words import fold

_COUNTS: Final = ("_stock", "_stock_other")
#: So many columns that count stock (sellable, reserved, on its way) no report of sales has.
_MANY: Final = 4
#: What a row of sales tells, and a row of stock does not.
_OF_SALES: Final = ("order_id", "status", "fees", "channel", "discount", "dispatched", "refund")
#: So many of the amounts are cost times what is on hand, of so many rows with more than one piece.
_MOST: Final = 0.9
_FEWEST: Final = 3
#: So many of a column's cells have letters where it holds words.
_WORDS: Final = 0.5
#: A balance of goods, and not of money: `Ending Warehouse Balance`.
OF_GOODS: Final = re.compile(
    r"\b(warehouses?|stocks?|inventory|inventario|estoque|existencias|sellable|unsellable|almacen|armazem|lager\w*|"
    r"magazzino|gudang|stok)\b"
)


def is_inventory(assignment: Assignment, headers: Sequence[str]) -> bool:
    """Say whether the rows are of stock, whatever units and amounts stand beside what counts it.

    An amount that is cost times stock is what the stock is worth. Many columns of stock are no report of sales either,
    unless a column or its name tells of sales.
    """
    counts = [index for index, name in assignment.others.items() if name in _COUNTS]
    counts = [index for index in counts if assignment.profiles[index].letters <= _WORDS]
    if any(_is_worth(assignment, index) for index in counts):
        return True
    if len(counts) < _MANY or any(assignment.confidence(name) >= SURE for name in _OF_SALES):
        return False
    return not any(re.search(rf"\b({SOLD_WORDS})\b", re.sub(r"[\W_]+", " ", fold(header))) for header in headers)


def _is_worth(assignment: Assignment, count: int) -> bool:
    """Say whether the amounts are cost times this count."""
    cost = next((index for index, name in assignment.others.items() if name == "_cost"), None)
    total = assignment.column("revenue")
    if cost is None or total is None:
        return False
    read = {name: assignment.profiles[i].amounts for name, i in (("cost", cost), ("count", count), ("total", total))}
    if len({len(amounts) for amounts in read.values()}) > 1:
        return False
    known = pl.DataFrame(read).drop_nulls()
    close = ((known["cost"] * known["count"] - known["total"]).abs() <= CENTS).sum()
    several = (known["count"].abs() > 1) & (known["total"] != 0)
    return bool(several.sum() >= _FEWEST) and close >= known.height * _MOST
