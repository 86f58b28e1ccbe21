"""Reads how many orders a row sums up, where the rows are days, months or channels: `Pedidos` beside `Faturamento`."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.values import CENTS
from gateway.intake.words import fold

COUNTED: Final = (
    "“{column}” conta os pedidos de cada linha: são {orders} ao todo, com os cancelados, se o documento os conta. O "
    "número de pedidos e o ticket médio vêm daí."
)
#: What is counted are orders; of sales, transactions and purchases nobody knows whether each is one.
_OF_ORDERS: Final = re.compile(r"\b(pedidos|orders|ordenes|commandes|bestellungen|ordini|pesanan)\b|\border count\b")
#: With one of them a row is of a thing or of a state, and one order may be of several.
_OF_SOMETHING: Final = ("order_id", "sku", "title", "status")
#: What a row may be of, so that each order is in one of them.
_APART: Final = ("at", "month", "day", "channel")
#: An average of a row is written to the cent; of so many rows it may be another one.
_MOST: Final = 0.95


def orders_counted(table: Columns, columns: Assignment, given: Given) -> pl.Series | None:
    """Return how many orders each row sums up; None where rows are not of a time or channel each, or it cannot be.

    `given`: `revenue`, `units`, `at` and `channel`. A row with sales has an order at least, an order a piece.
    """
    counting = [index for index, name in columns.others.items() if name == "_count"]
    named = [index for index in counting if _OF_ORDERS.search(fold(table.headers[index]))]
    if len(named) != 1 or not table.height or any(columns.column(name) is not None for name in _OF_SOMETHING):
        return None
    orders, revenue, units = table.amounts(named[0]), given["revenue"], given["units"]
    if revenue is None or orders.null_count() or (orders < 0).any() or (orders != orders.round()).any():
        return None
    if not _are_apart(table, columns, given) or ((orders == 0) & (revenue.abs() >= CENTS)).any():
        return None
    if units is not None and (units < orders).any():
        return None
    if not _are_averages(table, columns, orders, revenue):
        return None
    table.number_at(named[0])  # from here on it is used
    table.warnings.append(COUNTED.format(column=table.headers[named[0]], orders=int(orders.sum())))
    return orders


def _are_apart(table: Columns, columns: Assignment, given: Given) -> bool:
    """Say whether each row is of another day, month or channel, or of both; a single row is of all that it sums up."""
    if table.height == 1:
        return True
    index = next((index for name in _APART if (index := columns.column(name)) is not None), None)
    if index is None:
        return False
    rows = pl.DataFrame({"of": table.cells(index).cast(pl.String)})
    years = columns.column("year")
    more = {"channel": given["channel"], "at": given["at"], "year": None if years is None else table.cells(years)}
    rows = rows.with_columns(**{name: one for name, one in more.items() if one is not None})
    return not rows["of"].has_nulls() and rows.n_unique() == rows.height


def _are_averages(table: Columns, columns: Assignment, orders: pl.Series, revenue: pl.Series) -> bool:
    """Say whether the revenue of an order is what a column of averages tells; true where there is none."""
    for index in (index for index, name in columns.others.items() if name == "_average"):
        told = table.amounts(index)
        close = ((told * orders - revenue).abs() <= orders * CENTS * 2).filter(told.is_not_null() & (orders > 0))
        if len(close) and float(str(close.mean() or 0)) < _MOST:
            return False
    return True
