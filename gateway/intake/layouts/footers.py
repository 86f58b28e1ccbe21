"""Finds what stands below the last sale of a sheet: who sold how much, what the other sheets come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from gateway.intake.values import numbers

#: So many rows at least have a number and a day: then both are those of a sale.
_FEWEST: Final = 5
#: So many of the amounts above the last of them are theirs; sums of a few stand between.
_MOST: Final = 0.8
_FIELDS: Final = ("order_id", "at", "revenue")
_DIGIT: Final = r"\d"


def below_the_last_sale(frame: pl.DataFrame, named: Mapping[str, frozenset[str]]) -> pl.Series | None:
    """Return which rows have an amount, and no number and no day, below the last row that has one; None where none is.

    `named` has the fields that the name of each column may be. Where a column may name products, the last order may
    go on with further ones.
    """
    own = {field: [name for name, fields in named.items() if field in fields] for field in _FIELDS}
    if not all(own.values()) or any(fields & {"sku", "title"} for fields in named.values()):
        return None
    if frame.is_empty() or _has(frame.tail(1), own["order_id"] + own["at"]).item():
        return None  # the last row is a sale, as in nearly all tables
    number, day = _has(frame, own["order_id"]), _has(frame, own["at"])
    read = [numbers(frame[name]).fill_null(0) != 0 for name in own["revenue"]]
    amount = pl.select(pl.any_horizontal(read)).to_series()
    sales = number & day & amount
    if sales.sum() < _FEWEST:
        return None
    last = (number | day).arg_true()[-1]
    if int(sales.sum()) < int(amount.head(last + 1).sum()) * _MOST:
        return None
    below = amount & (pl.int_range(frame.height, eager=True) > last)
    return below if below.any() else None


def _has(frame: pl.DataFrame, names: list[str]) -> pl.Series:
    """Say which rows have a digit in one of these columns: a number or a day has one, and what names a sum has none."""
    cells = (pl.col(name).str.contains(_DIGIT).fill_null(value=False) for name in names)
    return frame.select(pl.any_horizontal(cells).alias("has")).to_series()
