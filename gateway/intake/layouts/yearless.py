"""Completes dates without a year (`27/02`) from another date, a column or the document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from gateway.intake.dates import are_months, moments, month_number
from gateway.intake.distinct import Distinct
from gateway.intake.layouts.advertising_columns import period_in
from gateway.intake.values import folded
from gateway.intake.words import fold

_WEEKDAY: Final = r"^(?:[a-z-]{3,14},?\s+)?"
_CLOCK: Final = r"(?:\D+(\d{1,2}:\d{2})(?::\d{2})?)?\D*$"
_NAMED: Final = rf"{_WEEKDAY}(\d{{1,2}})(?:\s+de\s+|[\s./-]+)([a-z]{{3,10}})\.?{_CLOCK}"
_NUMBERED: Final = rf"{_WEEKDAY}(\d{{1,2}})/(\d{{1,2}}){_CLOCK}"
_YEAR: Final = re.compile(r"(?<!\d)(20[0-4]\d)(?=(?:[01]\d(?:[0-3]\d)?)?(?!\d))")
_LONE_DATE: Final = re.compile(
    r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](20\d{2})(?!\d)|(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)"
)
_MONTH: Final = re.compile(
    r"(?<!\d)(20[0-4]\d)[-_./]?(0[1-9]|1[0-2])(?![\d]|[-_./]\d)|(?<!\d)(?<!\d[-_./])(0[1-9]|1[0-2])[-_./](20[0-4]\d)(?!\d)"
)
_FROM: Final = re.compile(r"\b(a partir|desde|from|since|starting|apos|after)\b")
_UP_TO: Final = re.compile(
    r"\b(ate|hasta|until|up to|to|gerad[oa]|emitid[oa]|extraid[oa]|exportad[oa]|generated|exported)\b"
)
_DAY: Final = timedelta(days=1)
_QUARTER: Final = timedelta(days=105)
_LEAP_DAY: Final = (2, 29)
#: A lone day stands near the sales; further away than this, nobody knows on which side of it they are.
_NEAR: Final = timedelta(days=183)
#: What is sent is sent within so many days after the sale.
_SENT_WITHIN: Final = 180
#: Cells that are looked at, and how many of them have to be such dates.
_SAMPLE: Final = 200
_MOST: Final = 0.9
_LAST_MONTH: Final = 12


@dataclass(frozen=True, slots=True)
class Years:
    """What is known of the year: the first and last day that may be meant, each date being in just one year of them.

    `or_else` is a second reading: of both the one holds whose days are all within half a year of the day that is told.
    """

    first: date
    last: date
    or_else: Years | None = None
    is_period: bool = False  # both days are told: they hold, whatever the cells say


def years_in(texts: Iterable[str]) -> Years | None:
    """Return the year that a document's texts tell: a period, a day from or up to which it goes, a month, or a year.

    None where they name none, or several.
    """
    told = [text for text in texts if text]
    period = period_in(told)
    if period is not None and (period[1] - period[0]).days <= 366:
        return Years(*period, is_period=True)
    days = {(day, _side(text)) for text in told for day in _days(text)}
    if len({day for day, _ in days}) == 1:
        (day, side), *_ = sorted(days, key=lambda one: not one[1])
        up_to, since = Years(_year_before(day) + _DAY, day), Years(day, _year_after(day) - _DAY)
        return {"from": since, "to": up_to}.get(side, replace(up_to, or_else=since))
    months = {
        (int(first or third), int(second or other))
        for text in told
        for first, second, other, third in _MONTH.findall(text)
    }
    years = {int(year) for text in told for year in _YEAR.findall(text)}
    if len(years) != 1:
        return None
    year = years.pop()
    if len(months) == 1:  # sales of a month may begin before it, and end after it
        middle = date(year, months.pop()[1], 15)
        return Years(middle - _QUARTER, middle + _QUARTER)
    return Years(date(year, 1, 1), date(year, 12, 31))


def _side(text: str) -> str:
    """Say whether a text's day is the first or the last one, empty where it does not tell."""
    plain = re.sub(r"[\W_]+", " ", fold(text))
    return "from" if _FROM.search(plain) else "to" if _UP_TO.search(plain) else ""


def _year_before(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == _LEAP_DAY else day.day)


def _year_after(day: date) -> date:
    return date(day.year + 1, 3, 1) if (day.month, day.day) == _LEAP_DAY else date(day.year + 1, day.month, day.day)


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
    if are_months(known):  # `01/26`, `02/26`
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
    is_near = (near_after - pl.col("after")).dt.total_days() <= _SENT_WITHIN
    return frame.select(pl.coalesce("whole", pl.when(is_near).then(near_after))).to_series()


def in_years(texts: pl.Series, years: Years, latest: date | None) -> pl.Series | None:
    """Return the moments of a column without years; null where none of these days is meant, or two could be.

    None where the year cannot be it: a day would be after the `latest`, the rows go over a year's turn, or it could be
    two.
    """
    parts = _parts(texts)
    other = years.or_else
    found = _inside(parts, years) if other is None else _nearer(parts, years, other, latest)
    if found is None or _is_after(found, latest):
        return None
    may_turn = years.is_period or years.first.year != years.last.year
    return found if may_turn or not _turns(parts) else None


def _inside(parts: pl.DataFrame, years: Years) -> pl.Series:
    tried = [_in_year(pl.lit(year)) for year in range(years.first.year, years.last.year + 1)]
    inside = [pl.when(one.dt.date().is_between(years.first, years.last)).then(one) for one in tried]
    fits = pl.sum_horizontal(one.is_not_null().cast(pl.Int32) for one in inside)
    found = parts.select(pl.when(fits == 1).then(pl.coalesce(inside))).to_series()
    return _with_whole(parts, found)


def _nearer(parts: pl.DataFrame, up_to: Years, since: Years, latest: date | None) -> pl.Series | None:
    """Return the one reading whose days are near the day that is told; None where both are, or none is."""
    fits = []
    for years, told in ((up_to, up_to.last), (since, since.first)):
        found = _inside(parts, years)
        days = found.dt.date()
        if _all_near(days, told) and not _is_after(found, latest):
            fits.append(found)
    return fits[0] if len(fits) == 1 or (len(fits) == 2 and fits[0].equals(fits[1])) else None


def _all_near(days: pl.Series, told: date) -> bool:
    known = days.drop_nulls()
    return known.is_empty() or bool(known.is_between(told - _NEAR, told + _NEAR).all())


def _is_after(moments_found: pl.Series, latest: date | None) -> bool:
    return latest is not None and bool((moments_found.dt.date() > latest).any())


def _turns(parts: pl.DataFrame) -> bool:
    """Say whether the rows go from December to January, or back where they begin with the newest."""
    step = parts["month"].drop_nulls().diff()
    newest_first = int((step < 0).sum()) >= int((step > 0).sum()) - 1
    return bool((step == 1 - _LAST_MONTH).any()) or (newest_first and bool((step == _LAST_MONTH - 1).any()))


def with_column(texts: pl.Series, year: pl.Series, years: Years | None, latest: date | None = None) -> pl.Series | None:
    """Return the moments of a column without years whose year stands in a column of its own.

    None where that column tells several years that are no neighbours, or where one of the days is after the `latest`
    or none that the document may mean: a model's year.
    """
    own = year.cast(pl.String).str.extract(r"(\d{4})").cast(pl.Int32).alias("year")
    least, most = own.min(), own.max()
    if not isinstance(least, int) or not isinstance(most, int) or most - least > 1:
        return None
    parts = _parts(texts).with_columns(own)
    found = parts.select(_in_year(pl.col("year"))).to_series()
    may_be = [one for one in (years, years and years.or_else) if one is not None]
    if _is_after(found, latest) or (may_be and not any(_all_within(found, one) for one in may_be)):
        return None
    return _with_whole(parts, found)


def _all_within(found: pl.Series, years: Years) -> bool:
    return bool(found.dt.date().is_between(years.first, years.last).all())


def _with_whole(parts: pl.DataFrame, found: pl.Series) -> pl.Series:
    """Return the moments, with those of cells that tell their year themselves."""
    whole = parts.select(pl.when(pl.col("day").is_null()).then(pl.col("text")).alias("text")).to_series()
    return found if whole.null_count() == len(whole) else pl.select(pl.coalesce(found, moments(whole))).to_series()


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
