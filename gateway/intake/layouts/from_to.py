"""Reads the first and the last day that a row of sums is of: neither of them is the day of a sale."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Final

from gateway.intake.dates import moments
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.kinds import plain_name

_FIRST: Final = re.compile(r"\b(inicial|inicio|desde|start|first|begin|beginning|from)\b")
_LAST: Final = re.compile(r"\b(final|fim|fin|ate|hasta|end|last|to|until)\b")
_DATES: Final = 0.8
FROM_TO: Final = "“{first}” e “{last}” dizem de quando a quando cada linha é: o dia de cada venda não é conhecido."


def without_span(table: Columns, columns: Assignment) -> tuple[Assignment, tuple[date, date] | None]:
    """Return the guesses without the first day of what each row sums up, and the days that all rows are of.

    An order has a number, and is of the day on which what was bought begins. No name of a sale's day says that it is
    the first of several.
    """
    at = columns.guesses.get("at")
    if at is None or at.by != "content" or columns.confidence("order_id") >= SURE:
        return columns, None
    pair = _pair(table, columns, at.index)
    if pair is None:
        return columns, None
    first, last = (moments(table.text_at(index)).dt.date() for index in pair)
    begins, ends = first.min(), last.max()
    later = (last > first).fill_null(value=False)
    if not isinstance(begins, date) or not isinstance(ends, date) or not later.any() or (last < first).any():
        return columns, None
    table.warnings.append(FROM_TO.format(first=table.headers[pair[0]], last=table.headers[pair[1]]))
    return replace(columns, guesses={name: one for name, one in columns.guesses.items() if name != "at"}), (
        begins,
        ends,
    )


def _pair(table: Columns, columns: Assignment, at: int) -> tuple[int, int] | None:
    """Return the columns of the first and of the last day; None where there is not one of each."""
    days = [index for index, one in enumerate(columns.profiles) if one.date >= _DATES]
    named = {index: plain_name(table.headers[index]) for index in days}
    first, last = ([i for i in days if word.search(named[i])] for word in (_FIRST, _LAST))
    return (first[0], last[0]) if len(first) == len(last) == 1 and first != last and at in (*first, *last) else None
