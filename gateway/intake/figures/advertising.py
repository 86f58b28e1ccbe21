"""Compute the advertising cost of each month and the revenue after it. Parts of a month are unknown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from gateway.intake.figures.ad_days import month_words
from gateway.intake.figures.ad_rows import one_table
from gateway.intake.figures.measure import rounded
from schemas.facts import Month

TWO_TABLES: Final = (
    "Mais de uma tabela traz o custo de publicidade, com somas diferentes: não se sabe se uma contém a outra, e "
    "nenhuma foi usada."
)
NO_DAY: Final = "Há custo de publicidade sem data: não se sabe de que mês é, e o de nenhum mês foi calculado."
OTHER_MONEY: Final = "O custo de publicidade está em outra moeda que as vendas, ou sem moeda: não foi usado."
NOT_WHOLE: Final = (
    "O custo de publicidade é por mês, e as vendas não cobrem {months} por inteiro: nesses meses ele não foi usado. "
    "Envie um relatório por dia, ou as vendas do mês inteiro."
)
PART: Final = "O custo de publicidade não cobre todos os dias com vendas de {months}: nesses meses ele é desconhecido."


@dataclass(frozen=True, slots=True)
class Spent:
    """The advertising cost of one channel by month, and the first and last day that it covers."""

    by_month: dict[str, tuple[float, date, date]]
    torn: frozenset[str]  # months in which an amount lies that is of several months


def with_advertising(
    months: list[Month],
    ads: pl.DataFrame | None,
    days: pl.Series,
    currency: str,
    partial: frozenset[str] = frozenset(),
) -> tuple[list[Month], list[str]]:
    """Return the months with their advertising cost, and notes for a person.

    `ads` are the channel's rows of `layouts.advertising.SPENT`, `days` those of its sales; `partial` are months whose
    cost is told as a whole, and whose sales are not.
    """
    if ads is None or ads.is_empty() or not months:
        return months, []
    spent = _spent(ads, currency)
    if isinstance(spent, str):
        return months, [spent]
    sold = _sale_days(days)
    told = [month if month.month in partial else _with_cost(month, spent, sold.get(month.month)) for month in months]
    missing = [one.month for one in told if one.advertising is None and one.month not in partial]
    notes = [NOT_WHOLE.format(months=month_words(partial))] if partial else []
    return told, [*notes, *([PART.format(months=month_words(missing))] if missing else [])]


def _spent(ads: pl.DataFrame, currency: str) -> Spent | str:
    """Return the advertising spend, or why it is unknown."""
    one = one_table(ads)
    if one is None:
        return TWO_TABLES
    if one["first"].has_nulls() or one["last"].has_nulls():
        return NO_DAY
    if not currency or bool((one["currency"].fill_null("") != currency).any()):
        return OTHER_MONEY
    month = pl.col("first").dt.strftime("%Y-%m")
    within = pl.col("last").dt.strftime("%Y-%m") == month
    sums = (
        one.filter(within)
        .group_by(month.alias("month"))
        .agg(pl.col("amount").sum(), pl.col("first").min(), pl.col("last").max())
    )
    torn: set[str] = set()
    for first, last in one.filter(~within).select("first", "last").rows():
        torn |= _months_between(first, last)
    return Spent({month: (amount, first, last) for month, amount, first, last in sums.rows()}, frozenset(torn))


def _months_between(first: date, last: date) -> set[str]:
    found, year, month = set(), first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.add(f"{year:04d}-{month:02d}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def _sale_days(days: pl.Series) -> dict[str, tuple[date, date]]:
    """Return, by month, its first and last day with a sale."""
    frame = pl.DataFrame({"day": days}).drop_nulls().with_columns(pl.col("day").dt.strftime("%Y-%m").alias("month"))
    rows = frame.group_by("month").agg(pl.col("day").min().alias("first"), pl.col("day").max().alias("last")).rows()
    return {month: (first, last) for month, first, last in rows}


def _with_cost(month: Month, spent: Spent, sold: tuple[date, date] | None) -> Month:
    """Return the month with its cost, where the report tells of all days on which something was sold in it."""
    told = spent.by_month.get(month.month)
    if sold is None or told is None or month.month in spent.torn:
        return month
    amount, first, last = told
    if sold[0] < first or last < sold[1]:
        return month
    cost = rounded(amount)
    return replace(month, advertising=cost, after_ads=None if month.net is None else rounded(month.net - cost))
