"""Tables as CSV, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from gateway.exports.columns import Cell, Columns, Row, cells
from gateway.shapes.cells import MARK, harmless_line


class Csv:
    """A table as CSV: with commas for scripts, or with the delimiter that a spreadsheet expects."""

    def __init__(self, columns: Columns, head: Sequence[str], delimiter: str) -> None:
        self._columns, self._head, self._delimiter = columns, head, delimiter

    def begin(self) -> bytes:
        return MARK + self._lines([self._head])

    def rows(self, rows: Iterable[Row]) -> bytes:
        return self._lines(cells(self._columns, row) for row in rows)

    def end(self) -> bytes:
        return b""

    def close(self) -> None:
        """Do nothing: a CSV keeps nothing open."""

    def _lines(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        text = io.StringIO()
        written = csv.writer(text, delimiter=self._delimiter, lineterminator="\r\n")
        written.writerows([_plain(cell) for cell in row] for row in rows)
        return text.getvalue().encode()


def _plain(cell: Cell) -> str | int | float:
    return harmless_line(cell) if isinstance(cell, str) else "" if cell is None else cell
