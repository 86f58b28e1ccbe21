"""Determines the days of each amount in an advertising report: by columns of days or months, or by its title."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from gateway.intake.dates import from_parts, moments, month_number
from gateway.intake.layouts import advertising_columns as named_so
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.content import Profile
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.values import folded

_DATES: Final = 0.9
#: `2026-03`, `03/2026`, `março/2026`, `mar. de 26`; a month without its year is none.
_YEAR_FIRST: Final = r"^(20\d\d)[-/.](\d{1,2})$"
_MONTH_FIRST: Final = r"^(\d{1,2})[-/.](20\d\d)$"
_NAMED: Final = r"^([a-z]{3,10})\.?[\s/.-]*(?:de\s+)?((?:20)?\d\d)$"

Days = tuple[pl.Series | date | None, pl.Series | date | None]


def spans(table: Columns, columns: Assignment, period: tuple[date, date] | None) -> Days:
    """Return the first and last day of each amount; None where they are unknown.

    Days on which campaigns begin and end are none of the report's: they lie outside the days that its title names, or
    only one of the two is a column of days, or both stand beside the row's own. Months without days are all of their
    days.
    """
    found = _days(columns.profiles)
    own = [i for i in found if not (named_so.begins(table.headers[i]) or named_so.ends(table.headers[i]))]
    found = own if len(found) > 2 and len(own) == 1 else found
    if len(found) == 1 and (named_so.begins(table.headers[found[0]]) or named_so.ends(table.headers[found[0]])):
        found = []
    if not found:
        return _months(table, columns) or period or (None, None)
    if len(found) > 2:
        return period or (None, None)
    dates = [moments(table.text_at(index)).dt.date() for index in found]
    first, last = dates[0], dates[-1]
    if bool((last < first).any()):
        return period or (None, None)
    if period is not None and not bool(((first >= period[0]) & (last <= period[1])).all(ignore_nulls=False)):
        return period
    if len(found) == 1 and _stand_for_months(first):
        return first.dt.month_start(), first.dt.month_end()
    return first, last


def _days(profiles: Sequence[Profile]) -> list[int]:
    """Return the columns of days. Months alone are none."""
    return [
        index
        for index, profile in enumerate(profiles)
        if profile.date >= _DATES and not profile.months and not profile.counted_date
    ]


def _stand_for_months(days: pl.Series) -> bool:
    """Say whether each day is the first of a month, of two months at least: a workbook writes `mar/26` so."""
    known = days.drop_nulls()
    return known.n_unique() > 1 and bool((known.dt.day() == 1).all())


def _months(table: Columns, columns: Assignment) -> tuple[pl.Series, pl.Series] | None:
    """Return the first and last days of the months that one column tells, or two (`Ano`, `Mês`); None without any."""
    found = [index for index, profile in enumerate(columns.profiles) if profile.months]
    year, month = columns.column("year"), columns.column("month")
    if year is not None and month is not None and year != month:
        begin = from_parts(table.text_at(year), table.text_at(month), pl.Series(["1"]).new_from_index(0, table.height))
    elif len(found) == 1:
        begin = _begins(table.text_at(found[0]))
    else:
        return None
    first = begin.dt.date()
    return first, first.dt.month_end()


def _begins(cells: pl.Series) -> pl.Series:
    """Return the first moment of each month; null where a cell tells no month with its year."""
    cell = pl.col("cell")
    by_year, by_month, named = (cell.str.extract_groups(form) for form in (_YEAR_FIRST, _MONTH_FIRST, _NAMED))
    parts = (
        cells.cast(pl.String)
        .to_frame("cell")
        .select(folded(cell).str.strip_chars().alias("cell"))
        .select(
            year=pl.coalesce(by_year.struct.field("1"), by_month.struct.field("2"), named.struct.field("2")),
            number=pl.coalesce(by_year.struct.field("2"), by_month.struct.field("1")),
            name=month_number(named.struct.field("1")).cast(pl.String),
        )
    )
    month = parts.select(pl.coalesce("number", "name")).to_series()
    return from_parts(parts["year"], month, pl.Series(["1"]).new_from_index(0, len(cells)))
