"""Reads columns of months without days: each stands for its first day, once its year is sure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import polars as pl

from gateway.intake.dates import month_named
from gateway.intake.distinct import by_distinct
from gateway.intake.layouts.yearless import Years

_NUMBER: Final = re.compile(r"(0?[1-9]|1[0-2])(?:\.0+)?")
#: Of fewer of the rows the days leave whole months out.
_DATED: Final = 0.8
#: `03/26`, which is a month where all cells of the column are (`dates.are_months`).
_BESIDE_YEAR: Final = re.compile(r"(0?[1-9]|1[0-2])/(\d{2})")
#: The day on which a file was written, in its name: no sale is of a later month.
_WRITTEN_ON: Final = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
#: What the column of months' numbers is called where nothing tells what they are, and what is told of it then.
MEASURE: Final = "Valor ou quantidade?"
MEASURE_ASKED: Final = (
    "Cada coluna é um mês, e nada diz se os números são valores ou quantidades: diga o que é “Valor ou quantidade?”."
)
#: Fewer months than this say nothing of how long the document is.
_FEWEST: Final = 2


def lacks_days(days: pl.Series, months: pl.Series) -> bool:
    """Say whether so few of the rows whose month is told have a day, too, and there are months without any."""
    told = months.is_not_null()
    dated = told & days.is_not_null()
    left_out = told & ~months.is_in(months.filter(dated).implode())
    return int(dated.sum()) < int(told.sum()) * _DATED and bool(left_out.any())


def first_days(
    texts: pl.Series, year: pl.Series | None, years: Years | None, latest: date | None
) -> tuple[pl.Series, bool] | None:
    """Return the first day of each row's month, and whether its year is from elsewhere than the rows.

    `year` is a column of years, `years` what the document's title and names tell. None where the year is not sure:
    nobody tells it, a month would begin after the `latest` day, or the months go over a year's end; and where it is
    one month.
    """
    named = {text: _month(text) for text in texts.drop_nulls().unique(maintain_order=True).to_list()}
    if not named or any(one is None for one in named.values()):
        return None
    told = {text: one for text, one in named.items() if one is not None}
    days: pl.Series | None
    is_told = any(own is None for _, own in told.values())
    if is_told and year is not None:
        days, is_told = _of_column(texts, told, year), False
    elif is_told:
        days = _of_years(texts, told, years)
    else:
        days = _put(texts, {text: datetime(own, month, 1) for text, (month, own) in told.items() if own is not None})  # noqa: DTZ001
    if days is None or days.n_unique() - (days.null_count() > 0) < _FEWEST:
        return None
    last = days.dt.date().max()
    if latest is not None and isinstance(last, date) and last > latest:
        return None
    return days, is_told


def written_on(names: Iterable[str]) -> date | None:
    """Return the day in a name such as `20260115`; None without one or with several."""
    found = set()
    for name in names:
        for year, month, day in _WRITTEN_ON.findall(name):
            if int(day) <= monthrange(int(year), int(month))[1]:
                found.add(date(int(year), int(month), int(day)))
    return found.pop() if len(found) == 1 else None


def _month(text: str) -> tuple[int, int | None] | None:
    if number := _NUMBER.fullmatch(text.strip()):
        return int(number[1]), None
    if beside := _BESIDE_YEAR.fullmatch(text.strip()):
        return int(beside[1]), 2000 + int(beside[2])
    return month_named(text)


def _put(texts: pl.Series, days: dict[str, datetime]) -> pl.Series:
    return by_distinct(texts, lambda one: one.replace_strict(days, default=None, return_dtype=pl.Datetime("us")))


def _of_column(texts: pl.Series, told: dict[str, tuple[int, int | None]], year: pl.Series) -> pl.Series | None:
    own = year.cast(pl.String).str.extract(r"^\s*(20\d{2})(?:\.0+)?\s*$").cast(pl.Int32)
    if own.null_count() > year.null_count():
        return None
    month = texts.replace_strict(
        {text: month for text, (month, _) in told.items()}, default=None, return_dtype=pl.Int32
    )
    frame = pl.DataFrame({"year": own, "month": month})
    return frame.select(pl.date("year", "month", 1).cast(pl.Datetime("us"))).to_series()


def _of_years(texts: pl.Series, told: dict[str, tuple[int, int | None]], years: Years | None) -> pl.Series | None:
    """Return the days of months whose year the document's names tell, where they stand in the order of one year."""
    if years is None or years.or_else is not None or any(own is not None for _, own in told.values()):
        return None
    order = [month for month, _ in told.values()]
    if order not in (sorted(order), sorted(order, reverse=True)):
        return None
    days = {}
    for text, (month, _) in told.items():
        fits = [
            one
            for one in range(years.first.year, years.last.year + 1)
            if date(one, month, 1) <= years.last and date(one, month, monthrange(one, month)[1]) >= years.first
        ]
        if len(fits) != 1:
            return None
        days[text] = datetime(fits[0], month, 1)  # noqa: DTZ001 - as written: no time zone is applied
    return _put(texts, days)
