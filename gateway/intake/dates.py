"""Text cells into moments, however a country or a program writes them. As written: no time zone is applied."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.values import fold, folded

#: A month's names in Portuguese, English, Spanish, Indonesian and Malay, folded.
_MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "jan janeiro january enero ene januari",
            "fev fevereiro feb february febrero februari",
            "mar marco march marzo maret mac",
            "abr abril apr april",
            "mai maio may mayo mei",
            "jun junho june junio juni",
            "jul julho july julio juli julai",
            "ago agosto aug august agustus agu agt ogos",
            "set setembro sep sept september septiembre setiembre",
            "out outubro oct october octubre okt oktober",
            "nov novembro november noviembre nop",
            "dez dezembro dec december diciembre dic des desember disember",
        ),
        start=1,
    )
    for name in names.split()
}

#: `12 de março de 2026 14:05 hs.`, `12 mar 2026`, `12-Mar-26`, and without a year: `27 de fevereiro | 08:55`
_NAMED_DATE: Final = r"(\d{1,2})[\s.-]*(?:de\s+|of\s+)?([a-z]{3,10})\.?[,\s-]*(?:de[l]?\s+)?(\d{4}|\d{2}(?:$|\s))?"
#: `March 12, 2026`
_MONTH_FIRST: Final = r"^(?:[a-z]{3,9},?\s+)?([a-z]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})"
#: `12 tháng 3, 2026`
_VIETNAMESE: Final = r"(\d{1,2})\s*(?:thang|thg)\s*(\d{1,2}),?\s*(?:nam\s*)?(\d{4})"
_NUMBERED_DATE: Final = r"^(?:[a-z]{3,10},?\s+)?(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})"
_ISO_DATE: Final = r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
_COMPACT: Final = r"^(20\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\d{4}(?:\d{2})?)?$"
_CLOCK: Final = r"(?i)(\d{1,2}):(\d{2})(?::\d{2})?(?:\.\d+)?\s*([ap])?\.?(?:m\b)?"
#: Only the month: no day, so no date.
_MONTH_ONLY: Final = r"^\d{4}[-/.]\d{1,2}$|^\d{1,2}[-/.]\d{4}$|^[a-z]{3,10}\.?[\s/.-]*(de\s+)?(\d{4}|\d{2})?$"
#: What every cell with a date in it has, whatever its form: two separators, eight digits, or a month and a digit.
#: Letters beyond ASCII may be one in another form (accents, full width): such a cell is read.
_NAME: Final = rf"(?:^|[^a-z])(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))}|th(?:an)?g)(?:[^a-z]|$)|[a-z]{{10}}"
_MAY_BE_A_DATE: Final = (
    rf"(?si)\d[/.-]\d{{1,2}}[/.-]\d|20\d{{6}}|\d.*(?:{_NAME}|[^\x00-\x7f])|(?:{_NAME}|[^\x00-\x7f]).*\d"
)
_SERIAL: Final = r"^[2-6]\d{4}(\.\d+)?$"
_EPOCH: Final = r"^1\d{9}(\d{3})?$"
_EXCEL_ZERO: Final = pl.datetime(1899, 12, 30)
_BUDDHIST_YEARS: Final = 543


def moments(cells: pl.Series, *, day_first: bool = True) -> pl.Series:
    """Return the column's dates with their clock (naive datetime); null where a cell holds none.

    ISO, `12/03/2026`, `03-12-26`, `02/01/2026 4:25:15 PM`, `12 de março de 2026 14:05 hs.`, `March 12, 2026`,
    `20260312`, days as Excel counts them, seconds since 1970. Day and month are told apart by the column itself: a
    number past 12, else the one reading in which its dates stand in order, else `day_first`. A date without a year
    is unknown here (`layouts.yearless`), as is a mere month.
    """
    cells = cells.cast(pl.String)
    frame, cell = cells.to_frame("cell"), pl.col("cell")
    start = cell.str.slice(0, 16).str.replace("T", " ", literal=True)
    is_day = (cell.str.len_bytes() == len("2026-03-12")) & cell.str.starts_with("20")
    start = pl.when(is_day).then(start + " 00:00").otherwise(start)
    quick = frame.select(start.str.to_datetime("%Y-%m-%d %H:%M", strict=False).alias(cells.name)).to_series()
    if quick.null_count() == cells.null_count():
        return quick.cast(pl.Datetime("us"))
    days, seconds, may_be = frame.select(
        days=cell.str.contains(_SERIAL).all(),
        seconds=cell.str.contains(_EPOCH).all(),
        may_be=cell.str.contains(_MAY_BE_A_DATE).any(),
    ).row(0)
    if days or seconds:
        return _counted(frame, in_days=days)
    if not may_be:  # most columns of a table; reading is a hundred times dearer
        return pl.Series(cells.name, [None], dtype=pl.Datetime("us")).new_from_index(0, len(cells))
    different = cells.unique(maintain_order=True)
    if len(different) * 2 < len(cells):
        return cells.replace_strict(different, _read(different, day_first=day_first))
    return _read(cells, day_first=day_first)


def _read(cells: pl.Series, *, day_first: bool) -> pl.Series:
    parts = _parts(cells)
    month, day = _in_order(parts, day_first=day_first)
    read = parts.select(
        year=pl.coalesce("iso_year", "named_year", _full_year("year")),
        month=pl.coalesce("iso_month", "named_month", month),
        day=pl.coalesce("iso_day", "named_day", day),
        hour="hour",
        minute="minute",
    )
    return read.select(_moment().alias(cells.name)).to_series()


def from_parts(year: pl.Series, month: pl.Series, day: pl.Series) -> pl.Series:
    """Return the dates that three columns tell; the month is a number or a name."""
    frame = pl.DataFrame({"year": year, "month": month, "day": day}).cast(pl.String)
    return (
        frame.select(
            year=_whole("year"),
            month=pl.coalesce(_whole("month"), _month_number(folded(pl.col("month")).str.strip_chars("."))),
            day=_whole("day"),
            hour=pl.lit(0),
            minute=pl.lit(0),
        )
        .with_columns(_full_year("year").alias("year"))
        .select(_moment())
        .to_series()
    )


def are_months(cells: pl.Series) -> bool:
    """Say whether the column tells months without days: `2026-03`, `março/2026`."""
    known = cells.drop_nulls().head(200)
    if known.is_empty() or not re.search(_MONTH_ONLY, fold(known[0])):  # most columns say so by their first cell
        return False
    frame = pl.DataFrame({"cell": known}).with_columns(folded(pl.col("cell")).alias("cell"))
    named = _month_number(pl.col("cell").str.extract(r"^([a-z]+)")).is_not_null()
    digits = pl.col("cell").str.contains(r"^\d")
    return bool(frame.select((pl.col("cell").str.contains(_MONTH_ONLY) & (digits | named)).all()).item())


def _whole(name: str) -> pl.Expr:
    return pl.col(name).str.replace(r"\.0+$", "").cast(pl.Int32, strict=False)


def _month_number(name: pl.Expr) -> pl.Expr:
    return name.replace_strict(_MONTHS, default=None, return_dtype=pl.Int32)


def _full_year(name: str) -> pl.Expr:
    year = pl.col(name)
    return (
        pl.when(year < 100)
        .then(year + 2000)
        .when(year.is_between(2400, 2700))  # Thailand counts from the Buddha
        .then(year - _BUDDHIST_YEARS)
        .otherwise(year)
    )


def _counted(frame: pl.DataFrame, *, in_days: bool) -> pl.Series:
    """Return the dates of a column that counts days, as Excel does, or seconds or thousandths since 1970."""
    number = pl.col("cell").cast(pl.Float64, strict=False)
    if in_days:
        minutes = (number * 1440).round(0).cast(pl.Int64)
        return frame.select((_EXCEL_ZERO + pl.duration(minutes=minutes)).cast(pl.Datetime("us"))).to_series()
    thousandths = pl.when(number > 1e12).then(number).otherwise(number * 1000)
    return frame.select(
        thousandths.cast(pl.Int64).cast(pl.Datetime("ms")).cast(pl.Datetime("us")).alias("cell")
    ).to_series()


def _parts(cells: pl.Series) -> pl.DataFrame:
    """Return what each cell tells. The day is read once of cells that differ in the clock only."""
    days = cells.str.replace(_CLOCK, " ").alias("cell")
    different = days.unique(maintain_order=True)
    placed = pl.DataFrame({"cell": days}).join(
        _days(different).with_columns(different), on="cell", how="left", nulls_equal=True, maintain_order="left"
    )
    clock = pl.DataFrame({"cell": cells}).select(pl.col("cell").str.extract_groups(_CLOCK).alias("clock"))
    group = pl.col("clock")
    hour = _part(group, 0).fill_null(0)
    half = group.struct.field("3").str.to_lowercase()
    return placed.drop("cell").hstack(
        clock.select(
            hour=pl.when(half == "p").then(hour % 12 + 12).when(half == "a").then(hour % 12).otherwise(hour),
            minute=_part(group, 1).fill_null(0),
        )
    )


def _days(cells: pl.Series) -> pl.DataFrame:
    cell = pl.col("cell")
    forms = {
        "named": _NAMED_DATE,
        "monthly": _MONTH_FIRST,
        "vietnamese": _VIETNAMESE,
        "iso": _ISO_DATE,
        "compact": _COMPACT,
        "numbered": _NUMBERED_DATE,
    }
    # each form is looked for once: a frame of its own, since every mention of an expression is worked out anew
    frame = cells.to_frame("cell").select(folded(cell).alias("cell"))
    frame = frame.select(cell.str.extract_groups(form).alias(name) for name, form in forms.items())
    named, monthly, vietnamese, iso, compact, numbered = (pl.col(name) for name in forms)
    return frame.select(
        named_day=pl.coalesce(_part(vietnamese, 0), _part(monthly, 1), _part(named, 0)),
        named_month=pl.coalesce(
            _part(vietnamese, 1), _month_number(monthly.struct.field("1")), _month_number(named.struct.field("2"))
        ),
        named_year=pl.coalesce(_part(vietnamese, 2), _part(monthly, 2), _part(named, 2)),
        iso_year=pl.coalesce(_part(iso, 0), _part(compact, 0)),
        iso_month=pl.coalesce(_part(iso, 1), _part(compact, 1)),
        iso_day=pl.coalesce(_part(iso, 2), _part(compact, 2)),
        first=_part(numbered, 0),
        second=_part(numbered, 1),
        year=_part(numbered, 2),
    ).with_columns(_full_year("named_year").alias("named_year"), _full_year("iso_year").alias("iso_year"))


def _in_order(parts: pl.DataFrame, *, day_first: bool) -> tuple[str, str]:
    """Return which of the two numbers is the month and which the day."""
    if bool((parts["first"] > 12).any()):
        day_first = True
    elif bool((parts["second"] > 12).any()):
        day_first = False
    else:
        as_day, as_month = _stands_in_order(parts, "second", "first"), _stands_in_order(parts, "first", "second")
        day_first = day_first if as_day == as_month else as_day
    return ("second", "first") if day_first else ("first", "second")


def _stands_in_order(parts: pl.DataFrame, month: str, day: str) -> bool:
    days = parts.select(_full_year("year") * 10_000 + pl.col(month) * 100 + pl.col(day)).to_series().drop_nulls()
    return days.n_unique() > 2 and (days.is_sorted() or days.is_sorted(descending=True))


def _part(groups: pl.Expr, index: int) -> pl.Expr:
    return groups.struct.field(str(index + 1)).str.strip_chars().cast(pl.Int32, strict=False)


def _moment() -> pl.Expr:
    """Build the date from text, where an impossible one (31/02) becomes null instead of an error."""
    padded = [pl.col(name).cast(pl.String).str.zfill(2) for name in ("month", "day", "hour", "minute")]
    text = pl.format("{}-{}-{} {}:{}", pl.col("year").cast(pl.String).str.zfill(4), *padded)
    return text.str.to_datetime("%Y-%m-%d %H:%M", strict=False)
