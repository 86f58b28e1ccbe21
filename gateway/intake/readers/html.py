"""Web pages: text and tables. Exports named `.xls` are often this."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from gateway.intake.limits import Limits
from gateway.intake.readers.decoding import decode
from gateway.intake.tables import RawDocument, RawTable, table_from_rows


def read_html(data: bytes, limits: Limits) -> RawDocument:
    """Read what a person would see; scripts, styles and hidden templates are dropped."""
    soup = BeautifulSoup(decode(data), "lxml")
    for element in soup.find_all(["script", "style", "template", "noscript", "svg"]):
        element.decompose()
    tables: list[RawTable] = []
    for number, element in enumerate(soup.find_all("table"), start=1):
        if element.find("table") is not None:
            continue  # a table for layout; the ones inside it are read
        raw = table_from_rows(f"tabela {number} da página", _rows(element), limits, _caption(element))
        if raw is not None:
            tables.append(raw)
        element.decompose()
    lines = (line.strip() for line in soup.get_text("\n").splitlines())
    return RawDocument(tables, "\n".join(line for line in lines if line))


def _rows(table: Tag) -> list[list[str]]:
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]


def _caption(table: Tag) -> str:
    """Return the table's own caption, else the paragraph or heading before it."""
    told = table.find("caption") or table.find_previous(["p", "h1", "h2", "h3", "h4", "h5", "h6", "li"])
    return "" if told is None else " ".join(told.get_text(" ", strip=True).split())
