"""Converts a document's rows of advertising into reports that can be stored, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import polars as pl

from gateway.intake.ads import AdReport, Advertised, Span, WhyNot
from gateway.intake.figures.measure import known_sum, total
from gateway.intake.layouts.advertising import SPENT
from schemas.retention import AD_REPORT_DAYS

#: Days, or stretches of days, that one report may tell of.
MAX_SPANS: Final = 800
#: Products that are kept of a report, those that cost most.
MAX_PRODUCTS: Final = 200
#: Campaigns of a report that are told apart.
MAX_CAMPAIGNS: Final = 400


@dataclass(frozen=True, slots=True)
class AdsRead:
    """The reports of a document that can be kept, and why others cannot."""

    reports: list[AdReport] = field(default_factory=list)
    unusable: list[WhyNot] = field(default_factory=list)


def reports_of(ads: pl.DataFrame | None, period: tuple[date, date] | None, channel: str, today: str) -> AdsRead:
    """Return an advertising report for each channel, of a document's rows (`layouts.advertising.SPENT`).

    `period` and `channel` are what the file's name tells; they count where the table itself tells none.
    """
    if ads is None or ads.is_empty():
        return AdsRead()
    filled = ads.with_columns(pl.col("channel").fill_null(pl.lit(channel or None, dtype=pl.String)))
    if period is not None and filled["first"].is_null().all():
        days = {"first": period[0], "last": period[1], "told_from": period[0], "told_to": period[1]}
        filled = filled.with_columns(pl.lit(day).alias(name) for name, day in days.items())
    found: list[AdReport] = []
    unusable: list[WhyNot] = ["no_channel"] if filled["channel"].has_nulls() else []
    told = filled.filter(pl.col("channel").is_not_null())
    for (name,), rows in sorted(told.partition_by("channel", as_dict=True).items()):
        report = _report(str(name), rows, today)
        if isinstance(report, AdReport):
            found.append(report)
        else:
            unusable.append(report)
    return AdsRead(found, list(dict.fromkeys(unusable)))


def one_table(ads: pl.DataFrame) -> pl.DataFrame | None:
    """Return the rows of the only table; of several with the same sum, which tell the same, those of the finest.

    None: they tell different things, and nobody knows whether one contains another.
    """
    tables = [part for (_table,), part in sorted(ads.partition_by("table", as_dict=True).items())]
    sums = [round(float(part["amount"].sum()), 2) for part in tables]
    return max(tables, key=lambda part: part.height) if len(set(sums)) == 1 else None


def _report(channel: str, rows: pl.DataFrame, today: str) -> AdReport | WhyNot:
    rows_of_one = one_table(rows)
    if rows_of_one is None:
        return "two_tables"
    rows = with_blanks(rows_of_one)
    if rows["first"].has_nulls() or rows["last"].has_nulls():
        return "no_days"
    codes = rows["currency"].unique().to_list()
    if len(codes) > 1 or codes[0] is None:
        return "currencies" if len(codes) > 1 else "no_currency"
    days = [rows["first"].min(), rows["last"].max(), rows["told_from"].min(), rows["told_to"].max()]
    first, last = min(one for one in days[::2] if one is not None), max(one for one in days[1::2] if one is not None)
    if str(last) > today:
        return "future"
    if today and str(last) < str(date.fromisoformat(today) - timedelta(days=AD_REPORT_DAYS)):
        return "too_old"
    spans = _spans(rows)
    if len(spans) > MAX_SPANS:
        return "too_many_days"
    campaigns = [] if rows["campaign"].has_nulls() else rows["campaign"].unique().sort().to_list()
    return AdReport(
        channel,
        str(first),
        str(last),
        str(codes[0]),
        str(rows["columns"][0]),
        spans,
        products_of(rows),
        campaigns if len(campaigns) <= MAX_CAMPAIGNS else [],
        total(rows, "impressions"),
        total(rows, "clicks"),
    )


def _spans(rows: pl.DataFrame) -> list[Span]:
    sums = rows.group_by("first", "last").agg(pl.col("amount").sum(), known_sum("sales")).sort("first", "last")
    return [
        Span(str(first), str(last), round(amount, 2), None if sales is None else round(sales, 2))
        for first, last, amount, sales in sums.rows()
    ]


def products_of(rows: pl.DataFrame) -> list[Advertised]:
    """Return the products in the rows, the ones with the highest advertising cost first."""
    named = rows.filter(pl.col("code").is_not_null() | pl.col("title").is_not_null())
    sums = (
        named.group_by("code", "title")
        .agg(pl.col("amount").sum(), known_sum("sales"))
        .filter(pl.col("amount") > 0)
        .sort("amount", "code", "title", descending=[True, False, False])
        .head(MAX_PRODUCTS)
    )
    return [
        Advertised(code or "", title or "", round(amount, 2), None if sales is None else round(sales, 2))
        for code, title, amount, sales in sums.rows()
    ]


def with_blanks(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with zeros for blanks beside amounts: such an advertisement brought no sale."""
    told = [name for name in ("sales", "impressions", "clicks") if not rows[name].is_null().all()]
    return rows.with_columns(pl.col(name).fill_null(0.0) for name in told)


def as_rows(reports: Iterable[AdReport]) -> pl.DataFrame:
    """Return reports that are kept as the rows of one table of a document."""
    rows = [
        {
            "table": 0,
            "channel": one.channel,
            "first": date.fromisoformat(span.first),
            "last": date.fromisoformat(span.last),
            "amount": span.amount,
            "currency": one.currency,
            "sales": span.sales,
        }
        for one in reports
        for span in one.spans
    ]
    return pl.DataFrame(rows, schema=SPENT)
