"""Removes the comment lines of a table (`# ----`, `# Start date: 20260101`), and reads the period that they state.

Google Analytics writes such lines above each table of an export. Its tables by product or channel have no day in their
rows: the period stands there alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from gateway.intake.tables import RawTable
from gateway.intake.words import fold
from schemas.facts import TableRead

#: A line of dashes between comments: without one a `#` may number orders, or begin a column's name.
_RULE: Final = re.compile(r"#\s*-{4,}\s*")
_COMMENT: Final = r"^#(\s|-|$)"
_DAY: Final = re.compile(r"(?<!\d)(20\d\d)[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_FIRST: Final = re.compile(r"\b(start|inicio|inicial|desde|from)\b")
_LAST: Final = re.compile(r"\b(end|fim|final|termino|hasta|ate|to)\b")
#: Rows at the top of which one is a line of dashes.
_TOP: Final = 30
PERIOD_READ: Final = (
    "O período, de {first:%d/%m/%Y} a {last:%d/%m/%Y}, foi lido das linhas de comentário acima da tabela."
)
NO_PERIOD: Final = (
    "As linhas não têm data, e as linhas de comentário acima da tabela não dizem um período só: ele é desconhecido. "
    "Escreva nelas “# Start date: 20260301” e “# End date: 20260331”."
)
#: The first and the last day.
Period = tuple[date, date]


def without_comments(table: RawTable) -> RawTable:
    """Return the table with its comment lines moved to `comments`; one without a line of dashes stays as it is."""
    if table.free or not table.top.width:
        return table
    first = table.top.head(_TOP).to_series(0).drop_nulls().to_list()
    if not any(map(_RULE.fullmatch, map(str.strip, first))):
        return table
    if table.whole is not None:  # of a large table the header is looked for below them as below any title
        return replace(table, comments=tuple(_lines(table.top.filter(_are_comments(table.top)))))
    told = _are_comments(table.frame)
    numbers = pl.int_range(1, table.frame.height + 1, eager=True) if table.numbers is None else table.numbers
    return replace(
        table,
        frame=table.frame.filter(~told),
        numbers=numbers.filter(~told),
        comments=tuple(_lines(table.frame.filter(told))),
    )


def period_of(comments: Iterable[str]) -> Period | None:
    """Return the only period that the comment lines state; None if they state none, or several."""
    first, last, found = set[date](), set[date](), set[Period]()
    for line in comments:
        days, plain = list(_days(line)), fold(line)
        if len(days) == 1 and _FIRST.search(plain):
            first.add(days[0])
        elif len(days) == 1 and _LAST.search(plain):
            last.add(days[0])
        elif len(days) == 2:
            found.add((days[0], days[1]))
    if len(first) == len(last) == 1:
        found.add((first.pop(), last.pop()))
    elif first or last:
        return None
    [own, *others] = [*found, None]
    return own if own is not None and others == [None] and own[0] <= own[1] else None


def told_by(table: RawTable, lines: pl.DataFrame, report: TableRead) -> tuple[Period | None, TableRead]:
    """Return the period that the comments state for sales without a day, and the report with the remark on it."""
    if not table.comments or lines["at"].null_count() < lines.height:
        return None, report
    period = period_of(table.comments)
    told = NO_PERIOD if period is None else PERIOD_READ.format(first=period[0], last=period[1])
    return period, replace(report, warnings=[*report.warnings, told])


def _are_comments(frame: pl.DataFrame) -> pl.Series:
    first = pl.col(frame.columns[0]).str.strip_chars()
    alone = pl.all_horizontal(pl.col(name).is_null() for name in frame.columns[1:]) if frame.width > 1 else pl.lit(True)
    said = first.str.contains(_COMMENT) & (alone | (first.str.len_chars() > 1))
    return frame.select(said.fill_null(value=False).alias("comment")).to_series()


def _lines(frame: pl.DataFrame) -> Iterator[str]:
    return (", ".join(cell for cell in row if cell) for row in frame.rows())


def _days(line: str) -> Iterator[date]:
    for year, month, day in _DAY.findall(line):
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue
