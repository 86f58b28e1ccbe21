"""Parses dates from text cells as many countries and programs write them. No time zone is applied."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.month_names import MONTHS
from gateway.intake.values import folded
from gateway.intake.words import fold

#: `12 de março de 2026 14:05 hs.`, `12 mar 2026`, `12-Mar-26`, and without a year: `27 de fevereiro | 08:55`
_NAMED_DATE: Final = r"(\d{1,2})[\s.-]*(?:de\s+|of\s+)?([a-z]{3,10})\.?[,\s-]*(?:de[l]?\s+)?(\d{4}|\d{2}(?:$|\s))?"
#: `March 12, 2026`, `Mar-12-26`
_MONTH_FIRST: Final = (
    r"^(?:[a-z]{3,9},?\s+)?([a-z]{3,10})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4})|-(\d{4}|\d{2}$))"
)
#: `12 tháng 3, 2026`
_VIETNAMESE: Final = r"(\d{1,2})\s*(?:thang|thg)\s*(\d{1,2}),?\s*(?:nam\s*)?(\d{4})"
#: `16:51:06 16-04-2026`: some tills write the hour first.
_HOUR_BEFORE: Final = r"^(?:\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?[\s,]+)?"
_NUMBERED_DATE: Final = rf"{_HOUR_BEFORE}(?:[a-z]{{3,10}}\.?,?\s+)?(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{2,4}})"
_ISO_DATE: Final = rf"{_HOUR_BEFORE}(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})"
_COMPACT: Final = r"^(20\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\d{4}(?:\d{2})?)?$"
_CLOCK: Final = r"(?i)(\d{1,2}):(\d{2})(?::\d{2})?(?:\.\d+)?\s*([ap])?\.?(?:m\b)?"
#: Only the month: no day, so no date.
_MONTH_ONLY: Final = r"^\d{4}[-/.]\d{1,2}$|^\d{1,2}[-/.]\d{4}$|^[a-z]{3,10}\.?[\s/.-]*(de\s+)?(\d{4}|\d{2})?$"
_NAMED_MONTH: Final = re.compile(r"^([a-z]{3,10})\.?[\s/.-]*(?:de\s+)?(20\d{2}|\d{2})?$")
_NUMBERED_MONTH: Final = re.compile(r"^(\d{1,2})[/.-](20\d{2})$|^(20\d{2})[/.-](\d{1,2})(?:-01(?: 00:00:00)?)?$")
_MONTH_AND_YEAR: Final = r"^(\d{1,2})/(\d{2})$"
_LEAST_YEAR: Final = 20  # below, it may be the day or month
_MOST_YEAR: Final = 40
#: What every cell with a date in it has, whatever its form: two separators, eight digits, or a month and a digit.
#: Letters beyond ASCII may be one in another form (accents, full width): such a cell is read.
_NAME: Final = rf"(?:^|[^a-z])(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))}|th(?:an)?g)(?:[^a-z]|$)|[a-z]{{10}}"
_MAY_BE_A_DATE: Final = (
    rf"(?si)\d[/.-]\d{{1,2}}[/.-]\d|20\d{{6}}|\d.*(?:{_NAME}|[^\x00-\x7f])|(?:{_NAME}|[^\x00-\x7f]).*\d"
)
_SERIAL: Final = r"^[2-6]\d{4}([.,]\d+)?$"
_EPOCH: Final = r"^1\d{9}(\d{3})?$"
_EXCEL_ZERO: Final = pl.datetime(1899, 12, 30)
_BUDDHIST_YEARS: Final = 543
#: So many days hardly stand in order by chance.
_NO_CHANCE: Final = 5


def _whole(name: str) -> pl.Expr:
    return pl.col(name).str.replace(r"\.0+$", "").cast(pl.Int32, strict=False)


def month_number(name: pl.Expr) -> pl.Expr:
    """Return the number of a month by its folded name; null for any other text."""
    return name.replace_strict(MONTHS, default=None, return_dtype=pl.Int32)


def month_named(text: str) -> tuple[int, int | None] | None:
    """Return month and year of a text that only names a month; the year is None if the text has none.

    `jan/25`, `Fevereiro 2025`, `março de 2025`, `03/2025`, `2025-03`, or the first day of one as a workbook writes it.
    """
    plain = fold(text)
    if named := _NAMED_MONTH.match(plain):
        month, year = MONTHS.get(named[1]), named[2]
    elif numbered := _NUMBERED_MONTH.match(plain):
        month, year = int(numbered[1] or numbered[4]), numbered[2] or numbered[3]
    else:
        return None
    if month is None or not 1 <= month <= 12:
        return None
    return month, None if year is None else int(year) % 2000 + 2000


def _full_year(name: str) -> pl.Expr:
    year = pl.col(name)
    return (
        pl.when(year < 100)
        .then(year + 2000)
        .when(year.is_between(2400, 2700))  # Thailand counts from the Buddha
        .then(year - _BUDDHIST_YEARS)
        .otherwise(year)
    )


def _part(groups: pl.Expr, index: int) -> pl.Expr:
    return groups.struct.field(str(index + 1)).str.strip_chars().cast(pl.Int32, strict=False)


def _moment() -> pl.Expr:
    """Build the date from text, where an impossible one (31/02) becomes null instead of an error."""
    padded = [pl.col(name).cast(pl.String).str.zfill(2) for name in ("month", "day", "hour", "minute")]
    text = pl.format("{}-{}-{} {}:{}", pl.col("year").cast(pl.String).str.zfill(4), *padded)
    return text.str.to_datetime("%Y-%m-%d %H:%M", strict=False)


# Expressions that no cell changes are built once: for a small table that takes longer than to work them out.
_CELL: Final = pl.col("cell")
_START: Final = _CELL.str.slice(0, 16).str.replace("T", " ", literal=True)
_IS_DAY: Final = (_CELL.str.len_bytes() == len("2026-03-12")) & _CELL.str.starts_with("20")
_QUICK: Final = (
    pl.when(_IS_DAY).then(_START + " 00:00").otherwise(_START).str.to_datetime("%Y-%m-%d %H:%M", strict=False)
)
_KIND: Final = (
    _CELL.str.contains(_SERIAL).all().alias("days"),
    _CELL.str.contains(_EPOCH).all().alias("seconds"),
    _CELL.str.contains(_MAY_BE_A_DATE).any().alias("may_be"),
)
_NUMBER: Final = _CELL.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
_BY_DAYS: Final = (_EXCEL_ZERO + pl.duration(minutes=(_NUMBER * 1440).round(0).cast(pl.Int64))).cast(pl.Datetime("us"))
_BY_SECONDS: Final = (
    pl.when(_NUMBER > 1e12)
    .then(_NUMBER)
    .otherwise(_NUMBER * 1000)
    .cast(pl.Int64)
    .cast(pl.Datetime("ms"))
    .cast(pl.Datetime("us"))
)
_FORMS: Final = {
    "named": _NAMED_DATE,
    "monthly": _MONTH_FIRST,
    "vietnamese": _VIETNAMESE,
    "iso": _ISO_DATE,
    "compact": _COMPACT,
    "numbered": _NUMBERED_DATE,
}
_FOLDED: Final = folded(_CELL)
#: Each form is looked for once, in a selection of its own: every mention of an expression is worked out anew.
_IN_FORMS: Final = tuple(_CELL.str.extract_groups(form).alias(name) for name, form in _FORMS.items())


def _day_parts() -> tuple[pl.Expr, ...]:
    named, monthly, vietnamese, iso, compact, numbered = (pl.col(name) for name in _FORMS)
    of_monthly, of_named = month_number(monthly.struct.field("1")), month_number(named.struct.field("2"))

    def beside(of_first: pl.Expr, of_second: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
        """Return the text beside a month's name that may be a date: not `UTC`, and not the `26` of a year."""
        return pl.when(of_monthly.is_not_null()).then(of_first), pl.when(of_named.is_not_null()).then(of_second)

    return (
        pl.coalesce(_part(vietnamese, 0), *beside(_part(monthly, 1), _part(named, 0))).alias("named_day"),
        pl.coalesce(_part(vietnamese, 1), of_monthly, of_named).alias("named_month"),
        pl.coalesce(
            _part(vietnamese, 2), *beside(pl.coalesce(_part(monthly, 2), _part(monthly, 3)), _part(named, 2))
        ).alias("named_year"),
        pl.coalesce(_part(iso, 0), _part(compact, 0)).alias("iso_year"),
        pl.coalesce(_part(iso, 1), _part(compact, 1)).alias("iso_month"),
        pl.coalesce(_part(iso, 2), _part(compact, 2)).alias("iso_day"),
        _part(numbered, 0).alias("first"),
        _part(numbered, 1).alias("second"),
        _part(numbered, 2).alias("year"),
    )


def _clock_parts() -> tuple[pl.Expr, ...]:
    group = pl.col("clock")
    hour, half = _part(group, 0).fill_null(0), group.struct.field("3").str.to_lowercase()
    in_day = pl.when(half == "p").then(hour % 12 + 12).when(half == "a").then(hour % 12).otherwise(hour)
    return in_day.alias("hour"), _part(group, 1).fill_null(0).alias("minute")


_DAY_PARTS: Final = _day_parts()
_FULL_YEARS: Final = tuple(_full_year(name).alias(name) for name in ("named_year", "iso_year"))
_OF_CLOCK: Final = _CELL.str.extract_groups(_CLOCK).alias("clock")
_WITHOUT_CLOCK: Final = _CELL.str.replace(_CLOCK, " ")
_CLOCK_PARTS: Final = _clock_parts()
_MOMENT: Final = _moment()
#: By which of the two numbers of a date is the month and which the day.
_READ: Final = {
    (month, day): (
        pl.coalesce("iso_year", "named_year", _full_year("year")).alias("year"),
        pl.coalesce("iso_month", "named_month", month).alias("month"),
        pl.coalesce("iso_day", "named_day", day).alias("day"),
        pl.col("hour"),
        pl.col("minute"),
    )
    for month, day in (("first", "second"), ("second", "first"))
}
_IN_ORDER: Final = {
    (month, day): _full_year("year") * 10_000 + pl.col(month) * 100 + pl.col(day) for month, day in _READ
}


#: So many cells are taken apart at once: what a date is made of takes ten times its place.
_SLICE: Final = 200_000
#: Of a large column each different cell is read once if there are so many times more cells.
_FEW: Final = 10
_ABOUT: Final = pl.col("cell").approx_n_unique()
#: Years and less are kept small, and computed with wide.
_SMALL: Final = pl.Int16()
_WIDE: Final = pl.Int32()


def moments(cells: pl.Series, *, day_first: bool | None = True) -> pl.Series:
    """Return the column's dates with their clock (naive datetime); null where a cell holds none.

    ISO, `12/03/2026`, `03-12-26`, `02/01/2026 4:25:15 PM`, `12 de março de 2026 14:05 hs.`, `March 12, 2026`,
    `20260312`, days as Excel counts them, seconds since 1970. Day and month are told apart by the column itself: a
    number past 12, else the one reading in which its dates, five or more, stand in order, else `day_first`; None:
    such dates are unknown. A date without a year is unknown here (`layouts.yearless`), as is a mere month.
    """
    cells = cells.cast(pl.String)
    frame = cells.to_frame("cell")
    quick = frame.select(_QUICK).to_series().alias(cells.name)
    if quick.null_count() == cells.null_count():
        return quick.cast(pl.Datetime("us"))
    in_days, in_seconds, may_be = frame.select(_KIND).row(0)
    if in_days or in_seconds:  # in every cell
        return frame.select(_BY_DAYS if in_days else _BY_SECONDS).to_series()
    if not may_be:  # most columns of a table; reading is a hundred times dearer
        return pl.Series(cells.name, [None], dtype=pl.Datetime("us")).new_from_index(0, len(cells))
    if len(cells) > _SLICE and frame.select(_ABOUT).item() * _FEW > len(cells):  # to look each up takes much
        return _read(cells, day_first=day_first)
    different = cells.unique(maintain_order=True)
    if len(different) * 2 < len(cells):
        return cells.replace_strict(different, _read(different, day_first=day_first))
    return _read(cells, day_first=day_first)


def _read(cells: pl.Series, *, day_first: bool | None) -> pl.Series:
    places = range(0, len(cells), _SLICE)
    few = [_parts(cells.slice(place, _SLICE)) for place in places[:1]]
    rest = [_parts(cells.slice(place, _SLICE)).cast(_SMALL) for place in places[1:]]
    parts = pl.concat([few[0].cast(_SMALL), *rest]) if rest else few[0]
    found = _is_day_first(parts, day_first=day_first)
    if found is None:  # both numbers alike are no doubt
        parts = parts.with_columns(pl.when(pl.col("first") == pl.col("second")).then(pl.col("first", "second")))
    month, day = ("first", "second") if found is False else ("second", "first")
    pieces = (parts.slice(place, _SLICE).cast(_WIDE).select(_READ[month, day]).select(_MOMENT) for place in places)
    return pl.concat([piece.to_series() for piece in pieces]).alias(cells.name)


def from_parts(year: pl.Series, month: pl.Series, day: pl.Series) -> pl.Series:
    """Return the dates that three columns tell; the month is a number or a name."""
    frame = pl.DataFrame({"year": year, "month": month, "day": day}).cast(pl.String)
    return (
        frame.select(
            year=_whole("year"),
            month=pl.coalesce(_whole("month"), month_number(folded(pl.col("month")).str.strip_chars("."))),
            day=_whole("day"),
            hour=pl.lit(0),
            minute=pl.lit(0),
        )
        .with_columns(_full_year("year").alias("year"))
        .select(_MOMENT)
        .to_series()
    )


def are_months(cells: pl.Series) -> bool:
    """Say whether the column tells months without days: `2026-03`, `março/2026`."""
    known = cells.drop_nulls().head(200)
    if not known.is_empty() and re.search(_MONTH_AND_YEAR, known[0]):
        return _are_of_years(known)
    if known.is_empty() or not re.search(_MONTH_ONLY, fold(known[0])):  # most columns say so by their first cell
        return False
    frame = pl.DataFrame({"cell": known}).with_columns(folded(pl.col("cell")).alias("cell"))
    named = month_number(pl.col("cell").str.extract(r"^([a-z]+)")).is_not_null()
    digits = pl.col("cell").str.contains(r"^\d")
    return bool(frame.select((pl.col("cell").str.contains(_MONTH_ONLY) & (digits | named)).all()).item())


def _are_of_years(known: pl.Series) -> bool:
    """Say whether all cells are `01/26`: months beside one year or two that follow each other, and no days."""
    parts = known.str.extract_groups(_MONTH_AND_YEAR).struct.unnest().cast(pl.Int32)
    month, year = parts["1"], parts["2"]
    least, most = year.min(), year.max()
    if month.has_nulls() or not isinstance(least, int) or not isinstance(most, int):
        return False
    is_year = least >= _LEAST_YEAR and most - least <= 1 and most <= _MOST_YEAR
    return is_year and bool(month.is_between(1, 12).all()) and month.n_unique() >= year.n_unique()


def _parts(cells: pl.Series) -> pl.DataFrame:
    """Return the date and time of each cell. The day is read once of cells that differ in the clock only."""
    frame = cells.to_frame("cell")
    days = frame.select(_WITHOUT_CLOCK)
    different = days.unique(maintain_order=True)
    read = different.select(_FOLDED).select(_IN_FORMS).select(_DAY_PARTS).with_columns(_FULL_YEARS)
    placed = days.join(read.hstack(different), on="cell", how="left", nulls_equal=True, maintain_order="left")
    return placed.drop("cell").hstack(frame.select(_OF_CLOCK).select(_CLOCK_PARTS))


def _is_day_first(parts: pl.DataFrame, *, day_first: bool | None) -> bool | None:
    """Say which of the two numbers is the day, by the column itself; else it is as `day_first` says."""
    if bool((parts["first"] > 12).any()):
        return True
    if bool((parts["second"] > 12).any()):
        return False
    as_day, as_month = _stands_in_order(parts, "second", "first"), _stands_in_order(parts, "first", "second")
    return day_first if as_day == as_month else as_day


def _stands_in_order(parts: pl.DataFrame, month: str, day: str) -> bool:
    days = parts.select(pl.col("year", month, day).cast(_WIDE)).select(_IN_ORDER[month, day]).to_series().drop_nulls()
    return days.n_unique() >= _NO_CHANCE and (days.is_sorted() or days.is_sorted(descending=True))
