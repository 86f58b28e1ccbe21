"""A large table is recognised by its head; then the columns that the head was read by are read, of all its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from gateway.intake.layouts import UNKNOWN, Reading
from gateway.intake.tables import RawTable

#: A total's row says so in one of the first columns: they are always read.
_FIRST: Final = 3


def understood(table: RawTable, understand: Callable[[RawTable], Reading]) -> Reading:
    """Return what a table is; of a large one that is recognised, all its rows are read now.

    What the columns are is told by the head both times; a column that only all rows ask for is read by itself.
    """
    reading = understand(table)
    if table.whole is None:
        return reading
    if reading.report.layout == UNKNOWN:
        return replace(reading, report=replace(reading.report, rows=table.height))
    columns = [name for index, name in enumerate(table.frame.columns) if index < _FIRST or index in reading.places]
    return understand(replace(table, frame=table.whole(columns), head=table.frame, is_clean=True))
