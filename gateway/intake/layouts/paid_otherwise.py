"""Counts what buyers paid with gift cards or a credit of the shop as part of the sale."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.agreeing import MOST, agree
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.layouts.sums_told import of_sold
from gateway.intake.words import in_portuguese

ADDED: Final = (
    "A receita é “{paid}” mais “{column}”, {total} ao todo: foi pago com vale ou crédito da loja, e as duas somam "
    "“{whole}”."
)
_MEANS: Final = (
    {"vale", "presente"},
    {"cartao", "presente"},
    {"credito", "loja"},
    {"gift", "card"},
    {"giftcard"},
    {"store", "credit"},
    {"tarjeta", "regalo"},
)


def with_paid_otherwise(frame: pl.DataFrame, columns: Columns, assignment: Assignment) -> pl.DataFrame:
    """Add what was paid by such means to the revenue, if both add up to another column of the sale."""
    paid = assignment.column("revenue")
    if paid is None or frame.is_empty():
        return frame
    for index in _amounts(assignment):
        if index == paid or not any(means <= set(words(columns.headers[index])) for means in _MEANS):
            continue
        by_means, revenue = columns.amounts(index), frame["revenue"]
        if len(by_means) != frame.height:
            return frame
        whole = _whole(columns, assignment, {index, paid}, revenue + by_means.fill_null(0.0).abs(), by_means)
        if whole is not None:
            columns.number_at(index)  # from here on it is used
            total = in_portuguese(of_sold(by_means.abs(), frame["status"]))
            names = {"paid": columns.headers[paid], "column": columns.headers[index], "whole": columns.headers[whole]}
            columns.warnings.append(ADDED.format(total=total, **names))
            return frame.with_columns((pl.col("revenue") + by_means.fill_null(0.0).abs()).alias("revenue"))
    return frame


def _whole(
    columns: Columns, assignment: Assignment, parts: set[int], together: pl.Series, by_means: pl.Series
) -> int | None:
    """Return the column that both parts add up to, where some of it was paid by such means; None where none is it."""
    for index in _amounts(assignment):
        if index not in parts and agree(together, columns.amounts(index), by_means):
            return index
    return None


def _amounts(assignment: Assignment) -> list[int]:
    return [index for index, profile in enumerate(assignment.profiles) if profile.number > MOST]
