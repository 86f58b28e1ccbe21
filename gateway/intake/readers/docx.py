"""Reads Word documents: paragraphs as text, tables as tables, each with the paragraph above it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tc
from docx.table import Table
from docx.text.paragraph import Paragraph

from gateway.intake.limits import Limits
from gateway.intake.readers.archive import check_archive
from gateway.intake.readers.headings import Headings
from gateway.intake.refused import Refused
from gateway.intake.tables import RawDocument, RawTable, table_from_rows

#: The style of a heading, as Word names it in every language; a title stands above all of them.
_HEADING: Final = re.compile(r"heading (\d)|title", re.IGNORECASE)


def read_docx(path: Path, limits: Limits) -> RawDocument:
    """Read the body; headers, footers and comments are left out."""
    check_archive(path, limits)
    try:
        document = docx.Document(str(path))
        tables: list[RawTable] = []
        parts: list[tuple[str, str]] = []
        headings = Headings()
        for element in document.iter_inner_content():
            if isinstance(element, Table):
                above = parts[-1][1] if parts else ""
                where, rows = f"tabela {len(tables) + 1} do documento", _rows(element)
                raw = table_from_rows(where, rows, limits, above, headings=headings.above())
                if raw is not None:
                    tables.append(raw)
            elif element.text.strip():
                if (level := _level(element)) is not None:
                    headings.begin(level, element.text.strip())
                parts.append((f"parágrafo {len(parts) + 1}", element.text))
    except Refused:
        raise
    except (OpcError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        # SyntaxError: lxml's XMLSyntaxError is one
        raise Refused.because("unreadable", cause=type(error).__name__) from None
    return RawDocument(tables, "\n".join(text for _, text in parts), parts=parts)


def _level(paragraph: Paragraph) -> int | None:
    """Return the level of a heading, 0 of a title; None of any other paragraph."""
    style = paragraph.style
    found = None if style is None else _HEADING.fullmatch(style.name or "")
    return None if found is None else int(found[1] or 0)


def _rows(table: Table) -> list[list[str]]:
    """Return the cells' text row by row; a cell over several columns is followed by empty ones.

    Straight from the XML: `row.cells` looks for merged cells and takes quadratic time in a long table.
    """
    rows = table._tbl.tr_lst  # noqa: SLF001 - the public way is quadratic
    return [[text for cell in row.tc_lst for text in (_cell(cell), *[""] * (cell.grid_span - 1))] for row in rows]


def _cell(cell: CT_Tc) -> str:
    paragraphs = ("".join(node.text or "" for node in part.iter(qn("w:t"))) for part in cell.iter(qn("w:p")))
    return " ".join(paragraphs)
