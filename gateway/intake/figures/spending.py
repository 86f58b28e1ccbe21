"""Compute a channel's advertising cost, the sales from it, and its share of all sales (ACOS, TACOS).

From the document's own report, or else from those that are kept of other documents: only where their days and their
currency are those of the sales, and never two of which one may contain the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

import polars as pl

from gateway.intake.ads import AdReport
from gateway.intake.figures.ad_days import MOST_SLACK_DAYS, SaleDays, by_month, fitting, tells_of
from gateway.intake.figures.ad_products import Sold, Spent, by_product, spent_on, without_sales
from gateway.intake.figures.ad_rows import as_rows, one_table, products_of, with_blanks
from gateway.intake.figures.advertising import with_advertising
from gateway.intake.figures.measure import MAX_SKUS, money, ratio, rounded
from schemas.facts import Figure, Month

OVERLAPS: Final = (
    "Há mais de um relatório de publicidade guardado para os mesmos dias ({which}), e não se sabe se um contém o "
    "outro: nenhum foi usado. Apague um deles em “Custos e estoque”."
)
OTHER_DAYS: Final = (
    "O relatório de publicidade {which} não cobre os mesmos dias que as vendas ({sold}): o custo não foi usado. Envie "
    "um relatório por dia, ou um desses dias."
)
OTHER_MONEY: Final = "O relatório de publicidade {which} está em {theirs}, e as vendas em {ours}: ele não foi usado."
OWN_COUNTS: Final = (
    "O documento traz seu próprio custo de publicidade: o relatório guardado {which} não foi somado a ele."
)


@dataclass(frozen=True, slots=True)
class Spending:
    """The months with what advertising cost, the channel's figures of it, what a person should know; the products."""

    months: list[Month]
    figures: list[Figure]
    notes: list[str]
    products: Spent = field(default_factory=dict)  # of the report's, in the document's days


def spending(
    months: list[Month], own: pl.DataFrame | None, kept: Sequence[AdReport], sold: Sold, unit: str
) -> Spending:
    """Join a channel's sales with what its advertising cost. `own` are the document's rows, `kept` the channel's."""
    days = SaleDays.of(sold.days, MOST_SLACK_DAYS)
    if days is None:
        return Spending(months, [], [])
    touching = [one for one in kept if one.first <= str(days.last) and str(days.first) <= one.last]
    if own is not None and not own.is_empty():
        rows = one_table(own)
        partial = fitting(rows, replace(days, slack=days.longest)).partial if rows is not None else frozenset[str]()
        told, notes = with_advertising(months, own, sold.days, sold.currency, partial)
        notes += [OWN_COUNTS.format(which=_named(touching))] if touching else []
        every = all(month.advertising is not None for month in told) and bool(told)
        return (
            Spending(told, [], notes)
            if rows is None or not every
            else _of_own(told, with_blanks(rows), sold, unit, notes)
        )
    if not touching:
        return Spending(months, [], [])
    return _of_kept(months, touching, days, sold, unit)


def _of_own(months: list[Month], rows: pl.DataFrame, sold: Sold, unit: str, notes: list[str]) -> Spending:
    amount = sum(month.advertising or 0.0 for month in months)
    whole = rounded(float(rows["amount"].sum())) == rounded(amount)  # else some of it is of days without a sale
    sales = float(rows["sales"].sum()) if whole and not rows["sales"].has_nulls() else None
    if not whole:
        return Spending(months, _figures(amount, sales, sold, unit, {}, {}), notes)
    days = {"from": str(rows["first"].min()), "to": str(rows["last"].max())}
    spent = spent_on(products_of(rows), sold)
    return Spending(months, _figures(amount, sales, sold, unit, days, spent), notes, spent)


def _of_kept(months: list[Month], reports: list[AdReport], days: SaleDays, sold: Sold, unit: str) -> Spending:
    foreign = [one for one in reports if one.currency != sold.currency]
    if foreign:
        ours = sold.currency or "moeda desconhecida"
        said = OTHER_MONEY.format(which=_named(foreign), theirs=foreign[0].currency, ours=ours)
        return Spending(months, [], [said])
    distinct = _once(reports)
    clashing = [pair for pair in combinations(distinct, 2) if _may_contain(*pair)]
    if clashing:
        return Spending(months, [], [OVERLAPS.format(which=_named(list(clashing[0])))])
    fit = fitting(as_rows(distinct), days)
    rows, whole = fit.rows, fit.whole
    filled = _at_the_edges(rows, distinct)
    told, notes = with_advertising(months, filled, sold.days, sold.currency, fit.partial)
    of_all_days = all(any(tells_of(one, day) for one in distinct) for day in days.days)
    some = bool(fit.partial) or any(one.advertising is not None for one in told)
    if fit.torn or not (of_all_days or some):
        between = f"{_day(str(days.first))} a {_day(str(days.last))}"
        return Spending(months, [], [OTHER_DAYS.format(which=_named(distinct), sold=between)])
    if fit.partial or not of_all_days:  # of some months: a sum, and a share of all sales, would be of other days
        return Spending(told, [], notes)
    sales = float(rows["sales"].sum()) if not rows["sales"].has_nulls() else None
    detail: dict[str, Any] = {
        "from": min(one.first for one in distinct) if whole else str(days.first),
        "to": max(one.last for one in distinct) if whole else str(days.last),
        "documents": [one.document for one in distinct if one.document][:MAX_SKUS],
    }
    spent = spent_on([item for one in distinct for item in one.products] if whole else [], sold)
    return Spending(told, _figures(float(rows["amount"].sum()), sales, sold, unit, detail, spent), notes, spent)


def _once(reports: list[AdReport]) -> list[AdReport]:
    """Return each thing once: of reports of the same days and the same sum, the one with the most rows."""
    best: dict[tuple[str, str, float], AdReport] = {}
    for one in reports:
        place = (one.first, one.last, one.amount)
        known = best.get(place)
        if known is None or (len(one.spans), len(one.products)) > (len(known.spans), len(known.products)):
            best[place] = one
    return sorted(best.values(), key=lambda one: (one.first, one.last, one.key))


def _may_contain(one: AdReport, other: AdReport) -> bool:
    """Return whether two reports share days, without a sign that they are of different campaigns."""
    apart = one.last < other.first or other.last < one.first
    return not apart and not (one.campaigns and other.campaigns and not {*one.campaigns} & {*other.campaigns})


def _at_the_edges(rows: pl.DataFrame, reports: list[AdReport]) -> pl.DataFrame:
    """Add an amount of nothing on the first and last day of each month of a report: it tells of all of its days.

    A report by months tells of the months that it has a row of.
    """
    edges: set[date] = set()
    for one in (one for one in reports if not by_month(one)):
        begin, end = date.fromisoformat(one.first), date.fromisoformat(one.last)
        firsts = [date(begin.year + n // 12, n % 12 + 1, 1) for n in _months(begin, end)]
        edges |= {begin, end, *(day for day in firsts if day > begin)}
        edges |= {day - timedelta(days=1) for day in firsts if day > begin}
    nothing = [
        {"table": 0, "first": day, "last": day, "amount": 0.0, "currency": reports[0].currency} for day in sorted(edges)
    ]
    return pl.concat([rows, pl.DataFrame(nothing, schema=rows.schema)])


def _months(begin: date, end: date) -> range:
    """Return the months as numbers from January of the first year on."""
    return range(begin.month - 1, (end.year - begin.year) * 12 + end.month)


def _figures(
    amount: float, sales: float | None, sold: Sold, unit: str, detail: dict[str, Any], spent: Spent
) -> list[Figure]:
    products = by_product(spent, sold)
    detail = detail | ({"by_sku": products} if products else {})
    figures = [money("advertising_cost", amount, unit, skus=list(products), detail=detail)]
    if sales is not None:
        figures.append(money("advertising_sales", sales, unit))
    shares = [*ratio("acos", amount, sales), *ratio("tacos", amount, sold.revenue)]
    return [*figures, *shares, *without_sales(spent, unit)]


def _named(reports: Sequence[AdReport]) -> str:
    return ", ".join(_name(one) for one in reports[:MAX_SKUS])


def _name(one: AdReport) -> str:
    days = f"{_day(one.first)} a {_day(one.last)}"
    return f"“{one.document}” ({days})" if one.document else f"de {days}"


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"
