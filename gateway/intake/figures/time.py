"""Figures over time: months, growth, and best sellers that stopped selling. All from the document's own dates."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from gateway.intake.figures.measure import MAX_SKUS, by_sku, days, money, ratio, rounded
from schemas.facts import Figure

#: Growth compares the last so many days with as many before them.
GROWTH_DAYS: Final = 30
#: ... and of fewer rows before, a growth is chance: an export often begins with a few stragglers.
MIN_ROWS_BEFORE: Final = 10
#: A former best seller sold on at least so many days ...
MIN_SALE_DAYS: Final = 10
#: ... and now has sold nothing for at least so many days ...
MIN_SILENT_DAYS: Final = 7
#: ... and for at least so many times its usual pause between days with a sale.
SILENT_TIMES_USUAL: Final = 4.0
#: The share of products (by revenue a day while they sold) that count as best sellers.
BEST_SELLERS: Final = 0.2


def time_figures(lines: pl.DataFrame, sold: pl.DataFrame, currency: str) -> list[Figure]:
    """Return the figures over time; none where the document has no dates."""
    dated = sold.with_columns(pl.col("at").dt.date().alias("day")).filter(pl.col("day").is_not_null())
    if dated.is_empty():
        return []
    every = lines["at"].dt.date().drop_nulls()
    by_month = are_months(every)
    first, last = _day(every.min()), _day(every.max())
    if by_month:
        first, last = first.replace(day=1), _next_month(last) - timedelta(days=1)
    return [
        days("period_days", float((last - first).days + 1)),
        *_months(dated, currency),
        *_growth(dated, by_month=by_month),
        *([] if by_month else _silent(dated)),
    ]


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
        dated.group_by(pl.col("day").dt.strftime("%Y-%m").alias("month"))
        .agg(pl.col("revenue").sum(), pl.col("order_id").n_unique().alias("orders"))
        .sort("month")
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


def _silent(dated: pl.DataFrame) -> list[Figure]:
    """Return the best sellers without a sale for unusually long, against the document's last day."""
    last = dated["day"].max()
    products = (
        dated.group_by("product")
        .agg(
            pl.col("revenue").sum(),
            pl.col("day").n_unique().alias("sale_days"),
            pl.col("day").min().alias("first_sale"),
            pl.col("day").max().alias("last_sale"),
        )
        .with_columns(
            ((pl.col("last_sale") - pl.col("first_sale")).dt.total_days() + 1).alias("span"),
            (pl.lit(last) - pl.col("last_sale")).dt.total_days().alias("silent_days"),
        )
        .with_columns(
            (pl.col("revenue") / pl.col("span")).alias("daily_revenue"),
            (pl.col("span") / pl.col("sale_days")).alias("usual_pause"),
        )
        .sort("daily_revenue", "product", descending=[True, False])
    )
    best = products.filter(pl.col("sale_days") >= MIN_SALE_DAYS).head(max(3, math.ceil(products.height * BEST_SELLERS)))
    silent = (
        best.filter(
            (pl.col("silent_days") >= MIN_SILENT_DAYS)
            & (pl.col("silent_days") >= pl.col("usual_pause") * SILENT_TIMES_USUAL)
        )
        .sort("daily_revenue", "product", descending=[True, False])
        .head(MAX_SKUS)
    )
    if silent.is_empty():
        return []
    detail = {"by_sku": by_sku(silent, "silent_days", "daily_revenue", "usual_pause", "sale_days")}
    return [
        days(
            "days_without_sales",
            float(silent["silent_days"].max()),  # type: ignore[arg-type] # integers, not empty
            skus=silent["product"].to_list(),
            detail=detail,
        )
    ]
