"""Reads one page of a PDF: its text and its tables, drawn with lines or without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pdfplumber.page
from pdfminer.layout import LTChar, LTItem

from gateway.intake.readers.pdf_lines import Block, Line, Word, blocks_of, lines_of

Box = tuple[float, float, float, float]
Rows = list[list[str | None]]

#: A table goes on over the page where its edges stand, in points.
_EDGE: Final = 4.0


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of a page, and the lines of text above and below it. `is_first`, `is_last`: among the page's tables."""

    rows: list[list[str | None]]
    x0: float
    x1: float
    above: tuple[str, ...]
    below: tuple[str, ...]
    is_first: bool
    is_last: bool

    def fits(self, other: PageTable) -> bool:
        """Say whether the other one has the same columns: as many, at the same place or with the same names."""
        edges = abs(self.x0 - other.x0) <= _EDGE and abs(self.x1 - other.x1) <= _EDGE
        return len(self.rows[0]) == len(other.rows[0]) and (edges or self.rows[0] == other.rows[0])


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `pictures`: it has some. `is_laid_out`: its tables could be determined."""

    text: str
    tables: list[PageTable] = field(default_factory=list)
    pictures: bool = False
    is_laid_out: bool = True


class LightPage(pdfplumber.page.Page):
    """A page of pdfplumber whose characters have their text and place alone.

    pdfplumber resolves fonts, colours and tags of each character by itself, which takes most of the time of a page.
    """

    @classmethod
    def of(cls, page: pdfplumber.page.Page) -> LightPage:
        """Return the same page, of which nothing is read yet."""
        return cls(page.pdf, page.page_obj, page.page_number, page.initial_doctop)

    def process_object(self, obj: LTItem) -> dict[str, Any]:
        """Return a character as words and tables need it; anything else as pdfplumber does."""
        if not isinstance(obj, LTChar):
            return super().process_object(obj)
        left, above = self.mediabox[:2]
        top, bottom = self.height - obj.y1 + above, self.height - obj.y0 + above
        return {
            "object_type": "char",
            "text": obj.get_text(),
            "upright": obj.upright,
            "size": obj.size,
            "x0": obj.x0 + left,
            "x1": obj.x1 + left,
            "top": top,
            "bottom": bottom,
            "doctop": self.initial_doctop + top,
        }


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
    found = [
        *((box, [[_joined(cell) for cell in row] for row in rows]) for box, rows in ruled),
        *((_box(block, lines), block.rows) for block in blocks),
    ]
    tables = [_placed(box, rows, kept, found) for box, rows in sorted(found, key=lambda pair: pair[0][1])]
    return Page("\n".join(line.text for line in kept), tables, pictures=bool(page.images))


def _box(block: Block, lines: list[Line]) -> Box:
    return block.x0, lines[block.first].top, block.x1, lines[block.last - 1].bottom


def _is_table(rows: Sequence[Sequence[str | None]]) -> bool:
    """Say whether these are rows and columns: a box around a text is none."""
    return len(rows) >= 2 and sum(sum(map(bool, row)) >= 2 for row in rows) >= 2


def _within(word: Word, box: Box) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _placed(box: Box, rows: Rows, lines: Sequence[Line], found: Sequence[tuple[Box, Rows]]) -> PageTable:
    x0, top, x1, bottom = box
    return PageTable(
        rows,
        x0,
        x1,
        above=tuple(line.text for line in lines if line.bottom <= top + 1),
        below=tuple(line.text for line in lines if line.top >= bottom - 1),
        is_first=all(other[1] >= top for other, _ in found),
        is_last=all(other[1] <= top for other, _ in found),
    )


def _joined(cell: str | None) -> str | None:
    return " ".join(cell.split()) or None if cell else None
