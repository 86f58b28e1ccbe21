"""Dates without a year (`27 de fevereiro | 08:55`, `27/02`): another date, a column or the document gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from gateway.intake.dates import moments, month_number
from gateway.intake.distinct import Distinct
from gateway.intake.layouts.advertising_columns import period_in
from gateway.intake.values import folded
from gateway.intake.words import fold

_WEEKDAY: Final = r"^(?:[a-z-]{3,14},?\s+)?"
_CLOCK: Final = r"(?:\D+(\d{1,2}:\d{2})(?::\d{2})?)?\D*$"
_NAMED: Final = rf"{_WEEKDAY}(\d{{1,2}})(?:\s+de\s+|[\s./-]+)([a-z]{{3,10}})\.?{_CLOCK}"
_NUMBERED: Final = rf"{_WEEKDAY}(\d{{1,2}})/(\d{{1,2}}){_CLOCK}"
_YEAR: Final = re.compile(r"(?<!\d)(20[0-4]\d)(?=(?:[01]\d[0-3]\d)?(?!\d))")
_LONE_DATE: Final = re.compile(
    r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](20\d{2})(?!\d)|(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)"
)
#: Cells that are looked at, and how many of them have to be such dates.
_SAMPLE: Final = 200
_MOST: Final = 0.9
_LAST_MONTH: Final = 12


@dataclass(frozen=True, slots=True)
class Years:
    """What is known of the year: the first and last day that may be meant, each date being in just one year of them."""

    first: date
    last: date


def years_in(texts: Iterable[str]) -> Years | None:
    """Return the year that a document's texts tell: a period, one day up to which it goes, or one year that they name.

    None where they name none, or several.
    """
    told = [text for text in texts if text]
    period = period_in(told)
    if period is not None and (period[1] - period[0]).days <= 366:
        return Years(*period)
    days = {day for text in told for day in _days(text)}
    if len(days) == 1:
        last = days.pop()
        return Years(date(last.year - 1, last.month, min(last.day, 28)), last)
    years = {int(year) for text in told for year in _YEAR.findall(text)}
    return Years(date(min(years), 1, 1), date(max(years), 12, 31)) if len(years) == 1 else None


def _days(text: str) -> list[date]:
    found = []
    for day, month, year, own_year, own_month, own_day in _LONE_DATE.findall(text):
        try:
            found.append(date(int(year or own_year), int(month or own_month), int(day or own_day)))
        except ValueError:
            continue
    return found


def are_yearless(cells: pl.Series) -> bool:
    """Say whether the column tells days without a year: `27/02`, `27 de fevereiro`, `seg, 27-fev 08:55`."""
    known = cells.drop_nulls().head(_SAMPLE)
    if known.is_empty() or not (re.search(_NAMED, fold(known[0])) or re.search(_NUMBERED, fold(known[0]))):
        return False
    parts = _parts(known)
    return parts.height - parts["month"].null_count() >= parts.height * _MOST


def near(texts: pl.Series | None, after: pl.Series | None) -> pl.Series | None:
    """Return the moments of a column; one without a year is the first such day not before the day of `after`."""
    if texts is None:
        return None
    if after is None:
        return moments(texts)
    column = Distinct.of(texts)
    parts = _parts(column.cells)
    dated = parts.select(pl.when(pl.col("day").is_null()).then(pl.col("text")).alias("text")).to_series()
    known = parts.drop("text").with_columns(moments(dated).alias("whole"))
    frame = pl.DataFrame([column.to_rows(told) for told in known]).with_columns(after.alias("after"))
    year = pl.col("after").dt.year()
    this, following = _in_year(year), _in_year(year + 1)
    near_after = pl.when(this >= pl.col("after").dt.truncate("1d")).then(this).otherwise(following)
    return frame.select(pl.coalesce("whole", near_after)).to_series()


def in_years(texts: pl.Series, years: Years) -> pl.Series:
    """Return the moments of a column without years; null where none of these days is meant, or two could be."""
    parts = _parts(texts)
    tried = [_in_year(pl.lit(year)) for year in range(years.first.year, years.last.year + 1)]
    inside = [pl.when(one.dt.date().is_between(years.first, years.last)).then(one) for one in tried]
    fits = pl.sum_horizontal(one.is_not_null().cast(pl.Int32) for one in inside)
    return parts.select(pl.when(fits == 1).then(pl.coalesce(inside)).alias(texts.name)).to_series()


def with_column(texts: pl.Series, year: pl.Series) -> pl.Series:
    """Return the moments of a column without years whose year stands in a column of its own."""
    parts = _parts(texts).with_columns(year.cast(pl.String).str.extract(r"(\d{4})").cast(pl.Int32).alias("year"))
    return parts.select(_in_year(pl.col("year")).alias(texts.name)).to_series()


def _parts(texts: pl.Series) -> pl.DataFrame:
    """Return day, month and clock of each text without a year; null for a text with one.

    Of two numbers the first is the day, unless one of the column's second numbers is no month.
    """
    frame = pl.DataFrame({"text": texts}).with_columns(folded(pl.col("text")).alias("plain"))
    both = frame.select(
        "text",
        pl.col("plain").str.extract_groups(_NAMED).alias("named"),
        pl.col("plain").str.extract_groups(_NUMBERED).alias("numbered"),
    )
    named, numbered = pl.col("named").struct, pl.col("numbered").struct
    told = both.select(
        "text",
        month_number(named.field("2")).alias("name"),
        named.field("1").cast(pl.Int32).alias("day"),
        numbered.field("1").cast(pl.Int32).alias("first"),
        numbered.field("2").cast(pl.Int32).alias("second"),
        pl.coalesce(named.field("3"), numbered.field("3")).alias("clock"),
    )
    month_first = bool((told["second"] > _LAST_MONTH).any()) and not bool((told["first"] > _LAST_MONTH).any())
    day, month = ("second", "first") if month_first else ("first", "second")
    is_month = pl.when(pl.col(month).is_between(1, _LAST_MONTH)).then(pl.col(month))
    clock = pl.col("clock").str.split_exact(":", 1)
    return told.select(
        "text",
        pl.when(pl.col("name").is_not_null()).then(pl.col("day")).otherwise(pl.col(day)).alias("day"),
        pl.coalesce("name", is_month).alias("month"),
        *(clock.struct[at].cast(pl.Int32).fill_null(0).alias(name) for at, name in enumerate(("hour", "minute"))),
    )


def _in_year(year: pl.Expr) -> pl.Expr:
    """Return the moment in this year; null where the calendar has no such day."""
    first = pl.date(year, "month", 1)
    day = first + pl.duration(days=pl.col("day") - 1)
    exists = (day.dt.month() == pl.col("month")) & (pl.col("day") > 0)
    is_time = (pl.col("hour") < 24) & (pl.col("minute") < 60)
    clock = pl.duration(hours="hour", minutes="minute")
    return pl.when(exists & is_time).then(day.cast(pl.Datetime("us")) + clock)
