"""Groups the words of a PDF page into lines, and into tables that are drawn without lines.

A page knows neither rows nor columns, only where each word stands. What stands apart by a wide gap is another cell;
cells of several lines that stand one below the other are a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypedDict

#: A blank of a usual font, as a share of the font's size.
_BLANK: Final = 0.278
#: So many blanks set cells apart; a sentence that is spread to both margins has two at most.
CELL_BLANKS: Final = 3
#: A table without lines has this many columns and lines at least: two columns could be a page set in columns.
MIN_COLUMNS: Final = 3
MIN_LINES: Final = 3
#: A line further below, in line heights, begins something new.
_FAR: Final = 2.6
#: Lines of a table in which two cells fall into one column; with more of them it is none.
_MOST_COLLAPSED: Final = 0.2


class Word(TypedDict):
    """A word as pdfplumber gives it."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Cell:
    """Neighbouring words of a line."""

    text: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, from left to right."""

    top: float
    bottom: float
    cells: list[Cell] = field(default_factory=list)
    text: str = ""  # with as many blanks between the words as there is room for


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `first` to `last` (not included) of a page, as rows of a table."""

    first: int
    last: int
    rows: list[list[str | None]]
    x0: float
    x1: float


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Return the lines of a page from top to bottom."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w["top"] + w["bottom"], w["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][0]["top"] <= middle <= rows[-1][0]["bottom"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_line(sorted(row, key=lambda w: w["x0"])) for row in rows]


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """Return the tables among the lines."""
    blocks: list[Block] = []
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and len(lines[end].cells) >= MIN_COLUMNS and (end == start or _near(lines, end)):
            end += 1
        block = _block(lines, start, end) if end - start >= MIN_LINES else None
        if block is not None:
            blocks.append(block)
        start = max(end, start + 1)
    return blocks


def _line(row: list[Word]) -> Line:
    text = row[0]["text"]
    cells = [[row[0]]]
    for before, word in pairwise(row):
        blank = max((before["bottom"] - before["top"]) * _BLANK, 0.1)
        blanks = max(1, round((word["x0"] - before["x1"]) / blank))
        text += " " * min(blanks, 12) + word["text"]
        if blanks >= CELL_BLANKS:
            cells.append([word])
        else:
            cells[-1].append(word)
    parts = [Cell(" ".join(w["text"] for w in cell), cell[0]["x0"], cell[-1]["x1"]) for cell in cells]
    return Line(min(w["top"] for w in row), max(w["bottom"] for w in row), parts, text)


def _near(lines: Sequence[Line], index: int) -> bool:
    line, above = lines[index], lines[index - 1]
    return line.top - above.bottom <= _FAR * (line.bottom - line.top)


def _block(lines: Sequence[Line], start: int, end: int) -> Block | None:
    columns = _columns([cell for line in lines[start:end] for cell in line.cells])
    if len(columns) < MIN_COLUMNS:
        return None
    rows: list[list[str | None]] = []
    collapsed = 0
    for line in lines[start:end]:
        row: list[str | None] = [None] * len(columns)
        for cell in line.cells:
            at = next(n for n, (x0, x1) in enumerate(columns) if x0 <= cell.x0 and cell.x1 <= x1)
            collapsed += row[at] is not None
            row[at] = cell.text if row[at] is None else f"{row[at]} {cell.text}"
        rows.append(row)
    if collapsed > _MOST_COLLAPSED * len(rows):
        return None
    return Block(start, end, rows, columns[0][0], columns[-1][1])


def _columns(cells: Sequence[Cell]) -> list[tuple[float, float]]:
    """Return the columns from left to right: cells that overlap, however little, are of one."""
    columns: list[tuple[float, float]] = []
    for cell in sorted(cells, key=lambda c: c.x0):
        if columns and cell.x0 <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], cell.x1))
        else:
            columns.append((cell.x0, cell.x1))
    return columns
