"""One page of a PDF: its text, and its tables, drawn with lines or without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.intake.readers.pdf_lines import Block, Line, Word, blocks_of, lines_of

Box = tuple[float, float, float, float]

#: A table goes on over the page where its edges stand, in points.
_EDGE: Final = 4.0


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of a page. `opens` and `closes`: nothing but it stands above, or below it."""

    rows: list[list[str | None]]
    caption: str
    x0: float
    x1: float
    opens: bool
    closes: bool

    def goes_on_in(self, other: PageTable) -> bool:
        """Say whether the other one, of the next page, is the rest of this table."""
        same = len(self.rows[0]) == len(other.rows[0])
        edges = abs(self.x0 - other.x0) <= _EDGE and abs(self.x1 - other.x1) <= _EDGE
        return same and self.closes and other.opens and (edges or self.rows[0] == other.rows[0])


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds. `pictures`: it has some."""

    text: str
    tables: list[PageTable] = field(default_factory=list)
    pictures: bool = False


def read_page(page: Any) -> Page:
    """Read a page of pdfplumber. Whatever it raises on a broken page is the caller's."""
    drawn = [(table.bbox, table.extract()) for table in page.find_tables()]
    ruled = [(box, rows) for box, rows in drawn if _is_table(rows)]
    boxes = [box for box, _ in ruled]
    words: list[Word] = [word for word in page.extract_words() if not any(_within(word, box) for box in boxes)]
    lines = lines_of(words)
    blocks = blocks_of(lines)
    taken = {n for block in blocks for n in range(block.first, block.last)}
    kept = [line for n, line in enumerate(lines) if n not in taken]
    found = [*(_ruled(box, rows, kept, boxes) for box, rows in ruled), *(_open(block, lines) for block in blocks)]
    tables = [table for _, table in sorted(found, key=lambda pair: pair[0])]
    return Page("\n".join(line.text for line in kept), tables, pictures=bool(page.images))


def _is_table(rows: Sequence[Sequence[str | None]]) -> bool:
    """Say whether these are rows and columns: a box around a text is none."""
    return len(rows) >= 2 and sum(sum(map(bool, row)) >= 2 for row in rows) >= 2


def _within(word: Word, box: Box) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _ruled(
    box: Box, rows: Sequence[Sequence[str | None]], lines: list[Line], boxes: list[Box]
) -> tuple[float, PageTable]:
    x0, top, x1, bottom = box
    above = [line for line in lines if line.bottom <= top + 1]
    opens = not above and all(box[1] >= top for box in boxes)
    closes = not any(line.top >= bottom - 1 for line in lines) and all(box[1] <= top for box in boxes)
    cells = [[_joined(cell) for cell in row] for row in rows]
    return top, PageTable(cells, above[-1].text if above else "", x0, x1, opens, closes)


def _open(block: Block, lines: list[Line]) -> tuple[float, PageTable]:
    caption = lines[block.first - 1].text if block.first else ""
    opens, closes = block.first == 0, block.last == len(lines)
    return lines[block.first].top, PageTable(block.rows, caption, block.x0, block.x1, opens, closes)


def _joined(cell: str | None) -> str | None:
    return " ".join(cell.split()) or None if cell else None
