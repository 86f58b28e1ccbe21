"""Figures over time: months and growth. All from the document's own dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from gateway.intake.figures.body import body_of
from gateway.intake.figures.measure import MAX_SKUS, by_sku, days, money, ratio, rounded
from gateway.intake.figures.silence import silent
from schemas.facts import Figure

#: Growth compares the last so many days with as many before them.
GROWTH_DAYS: Final = 30
#: ... and of fewer rows before, a growth is chance: an export often begins with a few stragglers.
MIN_ROWS_BEFORE: Final = 10


def time_figures(lines: pl.DataFrame, sold: pl.DataFrame, currency: str) -> list[Figure]:
    """Return the figures over time; none where the document has no dates."""
    day = pl.col("at").dt.date().alias("day")
    dated = sold.select(day, "revenue", "product").filter(pl.col("day").is_not_null())
    if dated.is_empty():
        return []
    every = lines["at"].dt.date().drop_nulls()
    by_month = are_months(every)
    first, last = first_and_last(every)
    return [
        days("period_days", float((last - first).days + 1)),
        *([] if by_month else _body(dated, first, last)),
        *_months(dated, currency),
        *_growth(dated, by_month=by_month),
        *([] if by_month else silent(dated)),
    ]


def _body(dated: pl.DataFrame, first: date, last: date) -> list[Figure]:
    body = body_of(dated, first, last)
    if body is None:
        return []
    detail = {"since": str(body.first), "until": str(body.last), "share": rounded(body.share, 4)}
    return [days("main_days", float(body.days), detail=detail)]


def first_and_last(every: pl.Series) -> tuple[date, date]:
    """Return the first and the last of some days; of the months that they stand for, where they do."""
    first, last = _day(every.min()), _day(every.max())
    if are_months(every):
        return first.replace(day=1), _next_month(last) - timedelta(days=1)
    return first, last


def are_months(every: pl.Series) -> bool:
    """Say whether the days stand for whole months: all are the first of one, or all the last, of two at least."""
    firsts, lasts = every.dt.day() == 1, every.dt.month_end() == every
    return every.n_unique() > 1 and bool(firsts.all() or lasts.all())


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _months(dated: pl.DataFrame, currency: str) -> list[Figure]:
    months = (
        dated.group_by(pl.col("day").dt.strftime("%Y-%m").alias("month")).agg(pl.col("revenue").sum()).sort("month")
    )
    if months.height < 2:
        return []
    detail: dict[str, Any] = {"months": {row["month"]: rounded(row["revenue"]) for row in months.tail(24).to_dicts()}}
    best = months.sort("revenue", descending=True).row(0, named=True)
    return [money("best_month_revenue", best["revenue"], currency, detail=detail | {"month": best["month"]})]


def _growth(dated: pl.DataFrame, *, by_month: bool) -> list[Figure]:
    """Return the last 30 days' revenue over the 30 days before, less 1, and the products that fell most.

    Where days stand for months, it is the last month over the one before.
    """
    first, last = _day(dated["day"].min()), _day(dated["day"].max())
    start = last.replace(day=1) if by_month else last - timedelta(days=GROWTH_DAYS - 1)
    before = (start - timedelta(days=1)).replace(day=1) if by_month else start - timedelta(days=GROWTH_DAYS)
    if first > (start - timedelta(days=1) if by_month else before):
        return []
    recent = pl.col("day") >= start
    windows = dated.filter(pl.col("day") >= before).with_columns(
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
        .filter(pl.col("fall") > 0)
        .sort("fall", "product", descending=[True, False])
        .head(MAX_SKUS)
    )
    detail = {
        "current": rounded(now),
        "previous": rounded(then),
        "since": str(before),
        "until": str(last),
        "by": "month" if by_month else "days",
        "by_sku": by_sku(falls, "now", "then", "fall"),
    }
    return ratio("revenue_growth", now, then, skus=falls["product"].to_list(), detail=detail, less=1.0)
