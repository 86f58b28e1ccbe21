"""Computes growth: the last 30 days against the 30 before, and how far chance moves both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Any, Final

import polars as pl

from gateway.intake.figures.chance import alike, bursts
from gateway.intake.figures.measure import MAX_SKUS, by_sku, ratio, rounded
from gateway.intake.figures.several_rows import together
from schemas.facts import Figure
from schemas.product import UNNAMED

#: Growth compares the last so many days with as many before them.
GROWTH_DAYS: Final = 30
#: ... and of fewer rows before, a growth is chance: an export often begins with a few stragglers.
MIN_ROWS_BEFORE: Final = 10
#: What is usual is the mean of so many spans before both, at most; each has so much of the rows of the first of both.
MOST_EARLIER: Final = 12
_ALIKE: Final = 0.25


@dataclass(frozen=True, slots=True)
class _Windows:
    """Two spans of days side by side: the first days of both, and the last day of the later."""

    before: date
    start: date
    until: date

    @classmethod
    def of_days(cls, last: date) -> _Windows:
        start = last - timedelta(days=GROWTH_DAYS - 1)
        return cls(start - timedelta(days=GROWTH_DAYS), start, last)

    @classmethod
    def of_months(cls, last: date) -> _Windows:
        """Return the two months before the last one, which may not have been over when the document was made."""
        until = last.replace(day=1) - timedelta(days=1)
        start = until.replace(day=1)
        return cls((start - timedelta(days=1)).replace(day=1), start, until)

    def earlier(self, first: date, *, by_month: bool) -> Iterator[tuple[date, date]]:
        """Yield the whole spans before both, the latest first, of a document that begins on `first`: [begin, end)."""
        end = self.before
        for _ in range(MOST_EARLIER):
            begin = (end - timedelta(days=1)).replace(day=1) if by_month else end - timedelta(days=GROWTH_DAYS)
            if begin < first.replace(day=1 if by_month else first.day):
                return
            yield begin, end
            end = begin


def growth(dated: pl.DataFrame, *, by_month: bool) -> list[Figure]:
    """Return the later days' revenue over that of the days before, less 1, and the products that fell most.

    `dated` has `day`, `revenue`, `product` and `order`. Where days stand for months, the last two before the
    document's last month are compared, and the detail tells that one beside them.
    """
    first, last = _day(dated["day"].min()), _day(dated["day"].max())
    spans = _Windows.of_months(last) if by_month else _Windows.of_days(last)
    if first > (spans.start - timedelta(days=1) if by_month else spans.before):
        return []
    recent = pl.col("day") >= spans.start
    windows = dated.filter(pl.col("day").is_between(spans.before, spans.until)).with_columns(
        pl.when(recent).then(pl.col("revenue")).otherwise(0.0).alias("now"),
        pl.when(recent).then(0.0).otherwise(pl.col("revenue")).alias("then"),
    )
    now, then = float(windows["now"].sum()), float(windows["then"].sum())
    if then <= 0 or (not by_month and windows.filter(~recent).height < MIN_ROWS_BEFORE):
        return []
    falls = (
        windows.group_by("product")
        .agg(pl.col("now").sum(), pl.col("then").sum())
        .with_columns((pl.col("then") - pl.col("now")).alias("fall"))
        .filter((pl.col("fall") > 0) & (pl.col("product") != UNNAMED))
        .sort("fall", "product", descending=[True, False])
        .head(MAX_SKUS)
    )
    least = max(MIN_ROWS_BEFORE if not by_month else 1, windows.filter(~recent).height * _ALIKE)
    usual, falls = _with_usual(dated, spans.earlier(first, by_month=by_month), least, falls)
    detail = {
        "current": rounded(now),
        "previous": rounded(then),
        "since": str(spans.before),
        "until": str(spans.until if by_month else last),
        "by": "month" if by_month else "days",
        **usual,
        **_year_before(dated, first, spans, by_month=by_month),
        **_cases(windows, spans, by_month=by_month),
        **(_of_last_month(dated, last) if by_month else {}),
        "by_sku": by_sku(falls, *(name for name in ("now", "then", "usual", "fall") if name in falls.columns)),
    }
    return ratio("revenue_growth", now, then, skus=falls["product"].to_list(), detail=detail, less=1.0)


def _with_usual(
    dated: pl.DataFrame, earlier: Iterable[tuple[date, date]], least: float, falls: pl.DataFrame
) -> tuple[dict[str, Any], pl.DataFrame]:
    """Return the mean revenue of the spans before both, and the products that fell with theirs; {} of no span.

    What has fewer rows than `least`, and what lies before it, is no usual span: an export begins with a few stragglers.
    """
    day = pl.col("day")
    found = (dated.filter((day >= begin) & (day < end)) for begin, end in earlier)
    spans = list(takewhile(lambda span: span.height >= least, found))
    if not spans:
        return {}, falls
    every = pl.concat(spans)
    own = every.group_by("product").agg((pl.col("revenue").sum() / len(spans)).alias("usual"))
    detail = {"usual": rounded(float(every["revenue"].sum()) / len(spans)), "usual_spans": len(spans)}
    told = falls.join(own, on="product", how="left", maintain_order="left")
    return detail, told.with_columns(pl.col("usual").fill_null(0.0))


def _year_before(dated: pl.DataFrame, first: date, spans: _Windows, *, by_month: bool) -> dict[str, Any]:
    """Return the revenue of both spans a year before, where the document begins before them: what the season does."""
    if by_month:
        firsts = spans.before, spans.start, spans.until + timedelta(days=1)
        before, start, end = (day.replace(year=day.year - 1) for day in firsts)
    else:  # as many whole weeks: a weekend is compared with a weekend
        year = timedelta(weeks=52)
        before, start, end = spans.before - year, spans.start - year, spans.until - year + timedelta(days=1)
    if first > before:
        return {}
    day, revenue = pl.col("day"), pl.col("revenue").sum()
    rows = dated.filter((day >= before) & (day < start))
    if rows.height < MIN_ROWS_BEFORE and not by_month:
        return {}
    then, now = rows.select(revenue).item(), dated.filter((day >= start) & (day < end)).select(revenue).item()
    return {"year_before": {"current": rounded(float(now)), "previous": rounded(float(then))}}


def _cases(windows: pl.DataFrame, spans: _Windows, *, by_month: bool) -> dict[str, Any]:
    """Return how many orders (rows, where they have no number) each span has, and how many alike both are.

    `alike` is fewer than the orders where some are far larger than others, and where they come in bursts. Dates that
    stand for months tell no bursts.
    """
    has_orders = windows["order"].null_count() < windows.height
    own = pl.coalesce("order", pl.int_range(pl.len(), dtype=pl.UInt64)).alias("order")
    rows = windows.select(own, "day", pl.col("revenue").fill_null(0.0))
    cases = together(rows, ("order", "day"), [pl.col("revenue").sum()])
    now = cases.filter(pl.col("day") >= spans.start).height
    times = 1.0 if by_month else bursts(_a_day(cases, spans))
    name = "orders" if has_orders else "rows"
    return {
        f"{name}_now": now,
        f"{name}_then": cases.height - now,
        "alike": rounded(alike(cases["revenue"]) / times),
        "bursts": rounded(times),
    }


def _a_day(cases: pl.DataFrame, spans: _Windows) -> list[list[int]]:
    """Return the cases of each day of both spans, days without one as well."""
    found = dict(cases.group_by("day").len().rows())
    return [
        [found.get(first + timedelta(days=place), 0) for place in range(GROWTH_DAYS)]
        for first in (spans.before, spans.start)
    ]


def _of_last_month(dated: pl.DataFrame, last: date) -> dict[str, Any]:
    revenue = dated.filter(pl.col("day") >= last.replace(day=1))["revenue"].sum()
    return {"last_month": f"{last:%Y-%m}", "last_month_revenue": rounded(float(revenue or 0.0))}


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
