"""Computes figures over time from the document's own dates: period, months, growth, silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from gateway.intake.figures.body import body_of
from gateway.intake.figures.growth import growth
from gateway.intake.figures.measure import days, money, order_key, rounded
from gateway.intake.figures.silence import silent
from gateway.intake.figures.spans import are_months, first_and_last
from schemas.facts import Figure

#: The first and the last day.
Period = tuple[date, date]
NO_PERIODS: Final[Mapping[int, Period]] = MappingProxyType({})


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


def period_told(lines: pl.DataFrame, periods: Mapping[int, Period]) -> Period | None:
    """Return the period that the tables of these lines tell, where no line has a day and all tell the same one."""
    if not periods or lines["at"].null_count() < lines.height:
        return None
    found = {periods.get(index) for index in lines["table"].fill_null(0).unique().to_list()}
    return found.pop() if len(found) == 1 else None


def days_told(period: Period | None) -> list[Figure]:
    """Return the days of a period that no line tells."""
    if period is None:
        return []
    return [days("period_days", float((period[1] - period[0]).days + 1), detail={"by": "comments"})]


def _body(dated: pl.DataFrame, first: date, last: date) -> list[Figure]:
    body = body_of(dated, first, last)
    if body is None:
        return []
    detail = {"since": str(body.first), "until": str(body.last), "share": rounded(body.share, 4)}
    return [days("main_days", float(body.days), detail=detail)]


def _months(dated: pl.DataFrame, currency: str) -> list[Figure]:
    months = (
        dated.group_by(pl.col("day").dt.truncate("1mo").alias("month"))
        .agg(pl.col("revenue").sum())
        .sort("month")
        .with_columns(pl.col("month").dt.strftime("%Y-%m"))
    )
    if months.height < 2 or dated["revenue"].null_count() == dated.height:
        return []
    detail: dict[str, Any] = {"months": {row["month"]: rounded(row["revenue"]) for row in months.tail(24).to_dicts()}}
    best = months.sort("revenue", descending=True).row(0, named=True)
    return [money("best_month_revenue", best["revenue"], currency, detail=detail | {"month": best["month"]})]
