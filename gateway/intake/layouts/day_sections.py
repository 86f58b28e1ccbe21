"""Puts the day that stands in a row of its own above its sales (`Data: 01/10/2026`) into a column of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from gateway.intake.dates import moments
from gateway.intake.layouts.header_row import by_header
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.sum_labels import begins_as_a_sum
from gateway.intake.tables import NUMBER_MARK, RawTable
from gateway.intake.words import fold

_SAID: Final = r"(?:data|dia|date|day|fecha|movimento|data do movimento|data da venda|data de emissao|emissao)"
_WEEKDAY: Final = r"(?:seg|ter|qua|qui|sex|sab|dom|mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|jue|vie)[a-z-]*"
_DAY: Final = re.compile(
    rf"^(?:{_SAID}\s*:?\s*)?(?:{_WEEKDAY}[,.]?\s*)?"
    rf"(?P<day>\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})(?: 00:00:00)?"
    rf"(?:\s*[-,(]?\s*{_WEEKDAY}\)?)?$"
)
_LABEL: Final = re.compile(rf"^{_SAID}\s*:?$")
_FEWEST: Final = 2
_SURE: Final = 0.6
_MOST_ROWS: Final = 20_000
_SEVERAL: Final = 2
#: Names by which a table is in English: its days are then, too, and say no currency.
_ENGLISH: Final = re.compile(r"\b(item|description|price|amount|qty|quantity|product|units|order)\b")


def with_days(table: RawTable) -> RawTable:
    """Return the table with a column of days where rows with a day alone stand above others, and no column has days."""
    if table.frame.height > _MOST_ROWS or not table.frame.width:
        return table
    head = by_header(table)
    names = table.frame.row(head)
    if any(concepts(name or "").get("at", 0.0) >= _SURE for name in names):
        return table
    below = table.frame.slice(head + 1)
    short = below.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32)) <= _SEVERAL).to_series()
    if int(short.sum()) < _FEWEST:
        return table
    rows = below.rows()
    days = [_day_of(row) if is_short else None for row, is_short in zip(rows, short.to_list(), strict=True)]
    told = [day for day in days if day]
    if len(set(told)) < _FEWEST or _is_listed(days, rows) or moments(pl.Series(told)).null_count():
        return table
    name = "Date" if any(_ENGLISH.search(fold(one or "")) for one in names) else "Data"
    filled, last = list[str | None](), None
    for day in days:
        last = day or last
        filled.append(last)
    keep = [at for at, day in enumerate(days) if day is None]
    column = str(table.frame.width)
    above = table.frame.head(head + 1).with_columns(pl.Series(column, [None] * head + [name], dtype=pl.String))
    body = table.frame.slice(head + 1)[keep].with_columns(
        pl.Series(column, [filled[at] if _is_of_day(rows[at]) else None for at in keep], dtype=pl.String)
    )
    known = pl.int_range(1, table.frame.height + 1, eager=True) if table.numbers is None else table.numbers
    numbers = known.gather(pl.Series([*range(head + 1), *(head + 1 + at for at in keep)], dtype=pl.UInt32))
    return replace(table, frame=pl.concat([above, body]), numbers=numbers)


def _is_of_day(row: Sequence[str | None]) -> bool:
    """Say whether a row has several cells, and is no sum of the day: a line alone is a note."""
    cells = [fold(cell) for cell in row if cell]
    return len(cells) >= _SEVERAL and not any(map(begins_as_a_sum, cells))


def _day_of(row: Sequence[str | None]) -> str | None:
    """Return the day that is all that a row says, perhaps behind a word for it."""
    cells = [fold(cell.removeprefix(NUMBER_MARK)).strip() for cell in row if cell]
    if len(cells) == _SEVERAL and _LABEL.search(cells[0]):
        cells = cells[1:]
    found = _DAY.search(cells[0]) if len(cells) == 1 else None
    return found["day"] if found else None


def _is_listed(days: Sequence[str | None], rows: Sequence[Sequence[str | None]]) -> bool:
    """Say whether rows stand above the first day, but notes: then days below them are something else."""
    first = next(at for at, day in enumerate(days) if day)
    return any(_is_of_day(row) for row in rows[:first])
