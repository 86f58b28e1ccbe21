"""Reads web pages: text and tables. Exports named `.xls` are often this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from gateway.intake.limits import Limits
from gateway.intake.readers.decoding import decode
from gateway.intake.readers.grid import Grid
from gateway.intake.readers.headings import Headings
from gateway.intake.tables import RawDocument, RawTable, table_from_rows

#: What nobody sees.
_HIDDEN: Final = frozenset(("script", "style", "template", "noscript", "svg", "title"))
#: What may stand above a table and say what it is.
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SAYING: Final = _HEADINGS | {"p", "li", "caption"}
_CHARS_AT_ONCE: Final = 64 * 1024


def read_html(data: bytes, limits: Limits, *, is_workbook: bool = False) -> RawDocument:
    """Read what a person would see; scripts, styles and hidden templates are dropped. Raises `Refused`.

    `is_workbook`: the page is a workbook by its name, so that its tables are sheets, and stand in no text.
    """
    page = _Page(limits, is_workbook=is_workbook)
    parser = etree.HTMLParser(target=page)
    text = decode(data)
    del data  # of a large page it takes as much as the text
    for start in range(0, len(text), _CHARS_AT_ONCE):
        parser.feed(text[start : start + _CHARS_AT_ONCE])
    parser.close()
    lines = (line.strip() for line in "".join(page.text).splitlines())
    return RawDocument(page.tables, "\n".join(line for line in lines if line))


@dataclass(slots=True)
class _Table:
    """A table that has begun: its cells, its text, and whether it has tables of its own: then it is for layout."""

    grid: Grid
    number: int
    caption: str
    headings: tuple[str, ...] = ()
    text: list[str] = field(default_factory=list)
    cell: list[str] | None = None
    spans: tuple[int, int] = (1, 1)
    is_layout: bool = False


class _Page:
    """Hears of a page's elements, one after the other; nothing but texts and cells is kept."""

    def __init__(self, limits: Limits, *, is_workbook: bool) -> None:
        self.tables: list[RawTable] = []
        self.text: list[str] = []
        self._limits = limits
        self._is_workbook = is_workbook
        self._open: list[_Table] = []
        self._count = 0
        self._rows = 0
        self._hidden = 0
        self._said: list[str] | None = None
        self._above = ""
        self._headings = Headings()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _HIDDEN or self._hidden:
            self._hidden += tag in _HIDDEN
            return
        self._write("\n")
        if tag in _SAYING:
            self._said = []
        if tag == "table":
            self._count += 1
            if self._open:
                self._open[-1].is_layout = True
            grid = Grid(self._limits, self._rows)
            self._open.append(_Table(grid, self._count, self._above, self._headings.above()))
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].grid.begin_row()
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            self._open[-1].cell = []
            self._open[-1].spans = (_span(attributes, "colspan"), _span(attributes, "rowspan"))

    def end(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= tag in _HIDDEN
            return
        self._write("\n")
        if tag in _SAYING and self._said is not None:
            said, self._said = " ".join("".join(self._said).split()), None
            if tag == "caption" and self._open:
                self._open[-1].caption = said
            else:
                self._above = said
            if tag in _HEADINGS and not self._open:
                self._headings.begin(int(tag[1]), said)
        if tag in ("td", "th", "tr") and self._open:
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._end_table(self._open.pop())

    def data(self, text: str) -> None:
        if self._hidden:
            return
        if self._said is not None:
            self._said.append(text)
        self._write(text)

    def comment(self, text: str) -> None:
        """Keep nothing: a comment is not seen."""

    def close(self) -> None:
        while self._open:
            self.end("table")

    def _write(self, text: str) -> None:
        if not self._open:
            self.text.append(text)
            return
        table = self._open[-1]
        table.text.append(text)
        if table.cell is not None:
            table.cell.append(text)

    def _end_cell(self) -> None:
        table = self._open[-1]
        if table.cell is None:
            return
        if not table.grid.height:
            table.grid.begin_row()  # a cell that stands in no row
        across, down = table.spans
        table.grid.put(" ".join("".join(table.cell).split()), across=across, down=down)
        table.cell = None

    def _end_table(self, table: _Table) -> None:
        if table.is_layout:  # the ones inside it are read
            (self._open[-1].text if self._open else self.text).extend(table.text)
            return
        where = f"tabela {table.number} da página"
        self._rows += table.grid.height
        if self._is_workbook:
            if table.grid.height:
                self.tables.append(RawTable(where, table.grid.frame()))
            return
        raw = table_from_rows(where, table.grid.rows(), self._limits, table.caption, headings=table.headings)
        if raw is not None:
            self.tables.append(raw)


def _span(attributes: Mapping[str, str], name: str) -> int:
    told = attributes.get(name, "").strip()
    return max(int(told), 1) if told.isdecimal() and len(told) < 9 else 1
