"""Selects the rows of an advertising report that fall on days of the sales."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import polars as pl

from gateway.intake.ads import AdReport
from gateway.intake.figures.spans import are_months

#: A document's sales may begin so many days after a report that is kept, or end before it: days without a sale are no
#: days without advertising. No more than the longest pause between two days with a sale, and at least one.
MOST_SLACK_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class SaleDays:
    """The days of a channel's sales, and how far beyond them a report may reach."""

    days: list[date]
    first: date
    last: date
    slack: timedelta
    longest: timedelta  # the longest pause between two days with a sale

    @classmethod
    def of(cls, days: pl.Series, most_slack: int) -> SaleDays | None:
        """Return the rows' days; None without any. If days stand for months, the sales are of whole months."""
        known = days.drop_nulls().unique().sort()
        if known.is_empty():
            return None
        every: list[date] = known.to_list()
        first, last = every[0], every[-1]
        if are_months(known):
            first, last = first.replace(day=1), _month_end(last)
        longest = max(1, *((later - earlier).days - 1 for earlier, later in pairwise(every)), 0)
        return cls(every, first, last, timedelta(days=min(most_slack, longest)), timedelta(days=longest))


@dataclass(frozen=True, slots=True)
class Fitting:
    """The rows that fit. `whole`: they are all rows; `torn`: some are of other days than the sales, too.

    `partial`: whole months that a row tells of and the sales do not; these rows are left out.
    """

    rows: pl.DataFrame
    whole: bool
    torn: bool
    partial: frozenset[str]


def fitting(rows: pl.DataFrame, sold: SaleDays) -> Fitting:
    """Return which rows (`first`, `last`) are of the sales' days. A row of some days may reach a little beyond them."""
    begin, end = sold.first - sold.slack, sold.last + sold.slack
    dated = rows.filter(pl.col("first").is_not_null() & pl.col("last").is_not_null())
    if rows.height == dated.height and bool(((dated["first"] >= begin) & (dated["last"] <= end)).all()):
        return Fitting(rows, True, False, frozenset())
    outside = (pl.col("last") < sold.first) | (pl.col("first") > sold.last)
    several, month_end = pl.col("first") < pl.col("last"), pl.col("first").dt.month_end()
    fits = (pl.col("first") >= sold.first) & (pl.col("last") <= sold.last)
    fits |= several & (pl.col("first") >= begin) & (pl.col("last") <= end)
    rest = dated.filter(~outside & ~fits)
    of_month = rest.filter((pl.col("first").dt.month_start() == pl.col("first")) & (month_end == pl.col("last")))
    partial = frozenset(of_month["first"].dt.strftime("%Y-%m").to_list())
    kept = rows.filter((~outside & fits).fill_null(value=True))
    return Fitting(kept, False, of_month.height < rest.height, partial)


def by_month(report: AdReport) -> bool:
    """Return whether a report has whole months alone: a month without a row is unknown then."""
    days = ((date.fromisoformat(span.first), date.fromisoformat(span.last)) for span in report.spans)
    return all(first.day == 1 and last == _month_end(first) for first, last in days)


def tells_of(report: AdReport, day: date) -> bool:
    """Say whether a report tells of a day; one by days does of all between its first and its last."""
    spans = report.spans if by_month(report) else [report]
    return any(span.first <= str(day) <= span.last for span in spans)


def month_words(months: Iterable[str]) -> str:
    """Return months as a person writes them: `03/2026`."""
    return ", ".join(f"{month[5:]}/{month[:4]}" for month in sorted(months))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
