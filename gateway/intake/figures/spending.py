"""What advertising cost a channel in the document's days, what it sold, and its share of the sales (ACOS, TACOS).

From the document's own report, or else from those that are kept of other documents: only where their days and their
currency are those of the sales, and never two of which one may contain the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any, Final

import polars as pl

from gateway.intake.ads import AdReport, Advertised
from gateway.intake.figures.ad_rows import as_rows, one_table, with_blanks
from gateway.intake.figures.advertising import with_advertising
from gateway.intake.figures.measure import MAX_SKUS, money, ratio, rounded
from gateway.intake.words import fold
from schemas.facts import Figure, Month
from schemas.product import sku_key

#: A document's sales may begin so many days after a report, or end before it: days without a sale are no days without
#: advertising. No more than the longest pause between two days with a sale, and at least one.
MOST_SLACK_DAYS: Final = 3
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
class Sold:
    """What is needed of a channel's sales. `sums` has a row for each product, with its revenue."""

    days: pl.Series  # of sales
    revenue: float | None
    currency: str
    sums: pl.DataFrame
    listings: dict[str, str]  # the marketplace's number, or the folded title -> product, where it is just one


@dataclass(frozen=True, slots=True)
class Spending:
    """The months with what advertising cost, the channel's figures of it, and what a person should know."""

    months: list[Month]
    figures: list[Figure]
    notes: list[str]


def spending(
    months: list[Month], own: pl.DataFrame | None, kept: Sequence[AdReport], sold: Sold, unit: str
) -> Spending:
    """Join a channel's sales with what its advertising cost. `own` are the document's rows, `kept` the channel's."""
    days = sold.days.drop_nulls().unique().sort().to_list()
    if not days:
        return Spending(months, [], [])
    touching = [one for one in kept if one.first <= str(days[-1]) and str(days[0]) <= one.last]
    if own is not None and not own.is_empty():
        told, notes = with_advertising(months, own, sold.days, sold.currency)
        notes += [OWN_COUNTS.format(which=_named(touching))] if touching else []
        every = all(month.advertising is not None for month in told) and bool(told)
        rows = one_table(own) if every else None
        return Spending(told, [] if rows is None else _of_own(told, with_blanks(rows), sold, unit), notes)
    if not touching:
        return Spending(months, [], [])
    return _of_kept(months, touching, days, sold, unit)


def _of_own(months: list[Month], rows: pl.DataFrame, sold: Sold, unit: str) -> list[Figure]:
    amount = sum(month.advertising or 0.0 for month in months)
    whole = rounded(float(rows["amount"].sum())) == rounded(amount)  # else some of it is of days without a sale
    sales = float(rows["sales"].sum()) if whole and not rows["sales"].has_nulls() else None
    return _figures(amount, sales, sold, unit, {})


def _of_kept(months: list[Month], reports: list[AdReport], days: list[date], sold: Sold, unit: str) -> Spending:
    foreign = [one for one in reports if one.currency != sold.currency]
    if foreign:
        ours = sold.currency or "moeda desconhecida"
        said = OTHER_MONEY.format(which=_named(foreign), theirs=foreign[0].currency, ours=ours)
        return Spending(months, [], [said])
    distinct = _once(reports)
    clashing = [pair for pair in combinations(distinct, 2) if _may_contain(*pair)]
    if clashing:
        return Spending(months, [], [OVERLAPS.format(which=_named(list(clashing[0])))])
    counted = _counted(distinct, days)
    if counted is None:
        said = OTHER_DAYS.format(which=_named(distinct), sold=f"{_day(str(days[0]))} a {_day(str(days[-1]))}")
        return Spending(months, [], [said])
    rows, whole = counted
    told, notes = with_advertising(months, _at_the_edges(rows, distinct), sold.days, sold.currency)
    sales = float(rows["sales"].sum()) if not rows["sales"].has_nulls() else None
    detail: dict[str, Any] = {
        "from": min(one.first for one in distinct) if whole else str(days[0]),
        "to": max(one.last for one in distinct) if whole else str(days[-1]),
        "documents": [one.document for one in distinct][:MAX_SKUS],
    }
    skus: list[str] = []
    if whole and (products := _by_product([item for one in distinct for item in one.products], sold)):
        skus, detail["by_sku"] = list(products), products
    return Spending(told, _figures(float(rows["amount"].sum()), sales, sold, unit, detail, skus), notes)


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
    """Say whether two reports have days in common, and nothing says that they tell of other campaigns."""
    apart = one.last < other.first or other.last < one.first
    return not apart and not (one.campaigns and other.campaigns and not {*one.campaigns} & {*other.campaigns})


def _counted(reports: list[AdReport], days: list[date]) -> tuple[pl.DataFrame, bool] | None:
    """Return the rows of the sales' days, and whether these are all rows; None where some are of other days, too."""
    first, last = days[0], days[-1]
    if not all(any(one.first <= str(day) <= one.last for one in reports) for day in days):
        return None
    pauses = [(later - earlier).days - 1 for earlier, later in pairwise(days)]
    slack = timedelta(days=min(MOST_SLACK_DAYS, max(1, *pauses, 0)))
    rows = as_rows(reports)
    begin, end = str(first - slack), str(last + slack)
    if all(begin <= one.first and one.last <= end for one in reports):
        return rows, True
    inside = rows.filter((pl.col("first") >= first) & (pl.col("last") <= last))
    outside = rows.filter((pl.col("last") < first) | (pl.col("first") > last))
    return (inside, False) if inside.height + outside.height == rows.height else None


def _at_the_edges(rows: pl.DataFrame, reports: list[AdReport]) -> pl.DataFrame:
    """Add an amount of nothing on the first and last day of each month of a report: it tells of all of its days."""
    edges: set[date] = set()
    for one in reports:
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


def _by_product(advertised: list[Advertised], sold: Sold) -> dict[str, dict[str, float]]:
    """Return what the advertising of the document's products cost and sold, those that cost most first."""
    revenue = {str(p): r for p, r in sold.sums.select("product", "revenue").rows()}
    known = {sku_key(product): product for product in revenue}
    found: dict[str, tuple[float, float | None]] = {}
    for one in advertised:
        product = (
            known.get(sku_key(one.code)) or sold.listings.get(fold(one.code)) or sold.listings.get(fold(one.title))
        )
        if product is None:
            continue
        amount, sales = found.get(product, (0.0, 0.0))
        found[product] = (amount + one.amount, None if sales is None or one.sales is None else sales + one.sales)
    shown: dict[str, dict[str, float]] = {}
    for product, (amount, sales) in sorted(found.items(), key=lambda pair: (-pair[1][0], pair[0]))[:MAX_SKUS]:
        shown[product] = {"ad_cost": rounded(amount)}
        if sales is not None:
            shown[product] |= {"ad_sales": rounded(sales)}
            shown[product] |= {"acos": rounded(amount / sales, 4)} if sales > 0 else {}
        if (own := revenue[product]) is not None and own > 0:
            shown[product] |= {"revenue": rounded(own), "tacos": rounded(amount / own, 4)}
    return shown


def _figures(
    amount: float, sales: float | None, sold: Sold, unit: str, detail: dict[str, Any], skus: Sequence[str] = ()
) -> list[Figure]:
    figures = [money("advertising_cost", amount, unit, skus=list(skus), detail=detail)]
    if sales is not None:
        figures.append(money("advertising_sales", sales, unit))
    return [*figures, *ratio("acos", amount, sales), *ratio("tacos", amount, sold.revenue)]


def _named(reports: Sequence[AdReport]) -> str:
    return ", ".join(f"“{one.document}” ({_day(one.first)} a {_day(one.last)})" for one in reports[:MAX_SKUS])


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"
