"""Word documents: paragraphs as text, tables as tables."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tc
from docx.table import Table

from gateway.intake.limits import Limits
from gateway.intake.readers.archive import check_archive
from gateway.intake.refused import Refused
from gateway.intake.tables import RawDocument, RawTable, table_from_rows


def read_docx(path: Path, limits: Limits) -> RawDocument:
    """Read the body; headers, footers and comments are left out."""
    check_archive(path, limits)
    try:
        document = docx.Document(str(path))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs if paragraph.text.strip())
        tables: list[RawTable] = []
        for number, table in enumerate(document.tables, start=1):
            raw = table_from_rows(f"tabela {number} do documento", _rows(table), limits)
            if raw is not None:
                tables.append(raw)
    except Refused:
        raise
    except (OpcError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        # SyntaxError: lxml's XMLSyntaxError is one
        raise Refused.because("unreadable", cause=type(error).__name__) from None
    return RawDocument(tables, text)


def _rows(table: Table) -> list[list[str]]:
    """Return the cells' text row by row.

    Straight from the XML: `row.cells` looks for merged cells and takes quadratic time in a long table.
    """
    rows = table._tbl.tr_lst  # noqa: SLF001 - the public way is quadratic
    return [[_cell(cell) for cell in row.tc_lst] for row in rows]


def _cell(cell: CT_Tc) -> str:
    paragraphs = ("".join(node.text or "" for node in part.iter(qn("w:t"))) for part in cell.iter(qn("w:p")))
    return " ".join(paragraphs)
