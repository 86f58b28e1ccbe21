"""Lays merged cells out into rows and columns, as web pages and Excel's XML write them."""

from __future__ import annotations

import polars as pl

from gateway.intake.limits import Limits
from gateway.intake.tables import check_shape


class Grid:
    """Cells row by row. A merged cell has its text in its first place; its other places are blank."""

    def __init__(self, limits: Limits, rows_before: int = 0) -> None:
        """Begin with no row. `rows_before` are those of other tables of the document, which count for the limit."""
        self._limits = limits
        self._before = rows_before
        self._width = 0
        self._columns: list[list[str | None]] = []
        self._taken: dict[int, int] = {}  # column -> rows from here on that a cell above stands over
        self._at = 0
        self.height = 0

    def begin_row(self, number: int | None = None) -> None:
        """Begin the next row, or the one with this number, from 1. Raises `Refused` past the limit."""
        target = self.height + 1 if number is None else max(number, self.height + 1)
        check_shape(self._width, self._before + target, self._limits)
        passed = target - self.height
        self._taken = {column: left - passed for column, left in self._taken.items() if left > passed}
        self.height = target
        self._at = 0

    def put(self, text: str | None, *, across: int = 1, down: int = 1, at: int | None = None) -> None:
        """Put a cell at the next free column of the row, or at column `at`, from 1. Raises `Refused` past the limit."""
        if at is not None:
            self._at = max(self._at, at - 1)
        while self._at in self._taken:
            self._at += 1
        first, self._at = self._at, self._at + max(across, 1)
        if self._at > self._width:
            check_shape(self._at, self._before + self.height, self._limits)
            self._columns += [[] for _ in range(self._at - self._width)]
            self._width = self._at
        if down > 1:
            self._taken |= dict.fromkeys(range(first, self._at), down)
        if text:
            column = self._columns[first]
            column += [None] * (self.height - 1 - len(column))
            column.append(text)

    def rows(self) -> list[list[str | None]]:
        """Return all rows, each as wide as the widest."""
        return [list(row) for row in self.frame().rows()]

    def frame(self) -> pl.DataFrame:
        """Return the table: columns `0`, `1`, ... of text."""
        named = {
            str(index): column + [None] * (self.height - len(column)) for index, column in enumerate(self._columns)
        }
        return pl.DataFrame(named, schema=dict.fromkeys(named, pl.String))
