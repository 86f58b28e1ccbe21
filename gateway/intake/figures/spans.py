"""Find the first and the last of some days, and whether they stand for months."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl


def first_and_last(every: pl.Series) -> tuple[date, date]:
    """Return the first and last of some days; for months, the first and last day of those months."""
    first, last = _day(every.min()), _day(every.max())
    if are_months(every):
        return first.replace(day=1), _next_month(last) - timedelta(days=1)
    return first, last


def are_months(every: pl.Series) -> bool:
    """Return whether days stand for months: two or more, all of them first days or all last days."""
    firsts, lasts = every.dt.day() == 1, every.dt.month_end() == every
    return every.n_unique() > 1 and bool(firsts.all() or lasts.all())


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
