"""A report of advertising: what it cost on which days. Only where dates and one column of costs are sure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from gateway.intake.dates import moments
from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.content import Profile
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.matching import concepts
from gateway.intake.values import fold

#: A row: what it cost from one day to another, both included; `first` is null where no day is told.
SPENT: Final[dict[str, pl.DataType]] = {
    "table": pl.Int64(),
    "channel": pl.String(),
    "first": pl.Date(),
    "last": pl.Date(),
    "amount": pl.Float64(),
    "currency": pl.String(),
}
#: What a cost is called where the rest of the table tells that it is one of advertising, and how well it has to fit:
#: `Custo` is one there, `Custo por conversão` is none.
_COSTS: Final = (("_ad_spend", 0.8), ("_cost", 0.95), ("_cost_total", 0.95), ("_budget", 0.95))
#: What stands in a cell for no amount.
_NOTHING: Final = ("-", "\u2013", "\u2014")
#: Words by which a table without impressions and clicks says that its cost is one of advertising.
_ADS: Final = re.compile(r"publicidad|anuncio|\bads\b|advertis|campanha|campaign|patrocinad|sponsored")
_NUMBERS: Final = 0.9
_DATES: Final = 0.9


def is_advertising(assignment: Assignment, headers: Sequence[str], titles: Sequence[str]) -> bool:
    """Say whether a table without sales that names a cost is one of advertising by its headers or what stands above."""
    sells = any(assignment.confidence(name) >= SURE for name in ("revenue", "units", "order_id", "price"))
    return not sells and assignment.has("_ad_spend") and _ADS.search(fold(" ".join([*titles, *headers]))) is not None


def read_spent(table: Columns, columns: Assignment, channels: list[str], named: str | None) -> pl.DataFrame | None:
    """Return what advertising cost, a row for each amount; None where the columns do not tell it."""
    cost, days = _cost(table.headers, columns), _days(columns.profiles)
    if cost is None or not 1 <= len(days) <= 2:
        return None
    amount = table.amounts(cost)
    told = table.currency_at(cost)
    dates = [moments(table.text_at(index)).dt.date() for index in days]
    index = columns.column("channel")
    channel = channel_column(table, None if index is None else table.text_at(index), channels, named)
    height = table.height
    frame = pl.DataFrame(
        {
            "table": pl.repeat(0, height, dtype=pl.Int64, eager=True),
            "channel": _or_null(channel, height),
            "first": dates[0],
            "last": dates[-1],
            "amount": amount,
            "currency": _or_null(told, height),
        },
        schema=SPENT,
    )
    written = table.cells(cost).is_not_null() & ~table.cells(cost).is_in(_NOTHING)
    if bool((written & amount.is_null()).any()) or bool((amount < 0).any()):
        return None  # what a cell says is not understood: no sum is right without it
    spent = frame.filter(pl.col("amount").is_not_null())
    return None if spent.is_empty() else spent


def _or_null(column: pl.Series | None, height: int) -> pl.Series:
    return pl.repeat(None, height, dtype=pl.String, eager=True) if column is None else column


def _cost(headers: Sequence[str], columns: Assignment) -> int | None:
    """Return the column of costs: the best name of the first kind that there is; None where two are alike."""
    for concept, fits in _COSTS:
        offers = sorted(
            (
                (concepts(headers[index]).get(concept, 0.0), index)
                for index, name in columns.others.items()
                if name == concept and columns.profiles[index].number >= _NUMBERS
            ),
            reverse=True,
        )
        if offers and offers[0][0] >= fits:
            return None if len(offers) > 1 and offers[0][0] == offers[1][0] else offers[0][1]
    return None


def _days(profiles: Sequence[Profile]) -> list[int]:
    """Return the columns of days. Months alone are none."""
    return [
        index
        for index, profile in enumerate(profiles)
        if profile.date >= _DATES and not profile.months and not profile.counted_date
    ]
