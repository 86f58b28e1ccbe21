"""Computes figures over time from the document's own dates: period, months, growth, silence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from gateway.intake.figures.body import body_of
from gateway.intake.figures.growth import growth
from gateway.intake.figures.measure import days, money, order_key, rounded
from gateway.intake.figures.silence import silent
from schemas.facts import Figure


def time_figures(lines: pl.DataFrame, sold: pl.DataFrame, currency: str) -> list[Figure]:
    """Return the figures over time; none where the document has no dates."""
    day = pl.col("at").dt.date().alias("day")
    dated = sold.select(day, "revenue", "product", order_key()).filter(pl.col("day").is_not_null())
    if dated.is_empty():
        return []
    every = lines["at"].dt.date().drop_nulls()
    by_month = are_months(every)
    first, last = first_and_last(every)
    return [
        days("period_days", float((last - first).days + 1), detail={"by": "month"} if by_month else {}),
        *([] if by_month else _body(dated, first, last)),
        *_months(dated, currency),
        *growth(dated, by_month=by_month),
        *([] if by_month else silent(dated)),
    ]


def _body(dated: pl.DataFrame, first: date, last: date) -> list[Figure]:
    body = body_of(dated, first, last)
    if body is None:
        return []
    detail = {"since": str(body.first), "until": str(body.last), "share": rounded(body.share, 4)}
    return [days("main_days", float(body.days), detail=detail)]


def first_and_last(every: pl.Series) -> tuple[date, date]:
    """Return the first and last of some days; for months, the first and last day of those months."""
    first, last = _day(every.min()), _day(every.max())
    if are_months(every):
        return first.replace(day=1), _next_month(last) - timedelta(days=1)
    return first, last


def are_months(every: pl.Series) -> bool:
    """Say whether days stand for months: at least two, all first days of months or all last days."""
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
    if months.height < 2 or dated["revenue"].null_count() == dated.height:
        return []
    detail: dict[str, Any] = {"months": {row["month"]: rounded(row["revenue"]) for row in months.tail(24).to_dicts()}}
    best = months.sort("revenue", descending=True).row(0, named=True)
    return [money("best_month_revenue", best["revenue"], currency, detail=detail | {"month": best["month"]})]
