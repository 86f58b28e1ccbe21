"""The text and the tables of a PDF, page by page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pdfplumber
from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PdfReadError

from gateway.intake.limits import Limits
from gateway.intake.readers.pdf_page import Page, PageTable, read_page
from gateway.intake.refused import Refused, size
from gateway.intake.tables import RawDocument, RawTable, check_shape, table_from_rows

_BROKEN: Final = (
    PdfReadError, NotImplementedError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError,
)  # fmt: skip


def read_pdf(path: Path, limits: Limits) -> RawDocument:
    """Read text and tables. A PDF that only restricts printing (empty password) opens; a locked one is refused.

    Raises `Refused`: `scanned` where pages are pictures and nothing else.
    """
    warnings: list[str] = []
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused.because("encrypted")
        count = len(reader.pages)
        if count > limits.max_pdf_pages:
            warnings.append(f"Só as primeiras {limits.max_pdf_pages} de {count} páginas foram lidas.")
        pages = _pages(path, reader, min(count, limits.max_pdf_pages), limits)
    except Refused:
        raise
    except LimitReachedError:  # pypdf's own limit on what a packed stream expands to
        raise Refused.because("too-much-memory", limit=size(limits.memory_bytes)) from None
    except _BROKEN as error:
        raise Refused.because("unreadable", cause=type(error).__name__) from None
    scanned = [number for number, page in enumerate(pages, start=1) if page.pictures and not _has_content(page)]
    if scanned and not any(_has_content(page) for page in pages):
        raise Refused.because("scanned")
    if scanned:
        warnings.append(_left_out(scanned, len(pages)))
    parts = [(f"página {number}", page.text.strip()) for number, page in enumerate(pages, start=1)]
    text = "\n\n".join(part for _, part in parts if part)
    return RawDocument(_tables(pages, limits), text, warnings, parts)


def _pages(path: Path, reader: PdfReader, count: int, limits: Limits) -> list[Page]:
    """Read the pages until there is text enough; one that cannot be laid out gives its text alone."""
    pages: list[Page] = []
    length = rows = 0
    with pdfplumber.open(path) as document:
        for number in range(count):
            try:
                page = _laid_out(document.pages[number])
            except (MemoryError, Refused):
                raise
            except Exception:  # a broken font or drawing: whatever the libraries raise, the text may still be there
                page = Page(reader.pages[number].extract_text())
            pages.append(page)
            length += len(page.text)
            rows += sum(len(table.rows) for table in page.tables)
            check_shape(0, rows, limits)
            if length > limits.max_text_chars:
                break
    return pages


def _laid_out(page: Any) -> Page:
    try:
        return read_page(page)
    finally:
        page.close()  # its words and lines are kept for nobody


def _has_content(page: Page) -> bool:
    return bool(page.text.strip() or page.tables)


def _left_out(scanned: list[int], count: int) -> str:
    listed = ", ".join(map(str, scanned[:10])) + (" …" if len(scanned) > 10 else "")
    return (
        f"{len(scanned)} de {count} página(s) são imagens sem texto ({listed}) e não foram lidas; "
        "se nelas há vendas, envie a exportação em XLSX ou CSV."
    )


def _tables(pages: list[Page], limits: Limits) -> list[RawTable]:
    """Return the tables of the document; one that goes on over a page's end is one, its header said once."""
    tables: list[RawTable] = []
    for number, rows, caption, last in _joined(pages):
        pages_told = f"página {number}" if last == number else f"páginas {number} a {last}"
        raw = table_from_rows(f"tabela {len(tables) + 1} ({pages_told})", rows, limits, caption)
        if raw is not None:
            tables.append(raw)
    return tables


def _joined(pages: list[Page]) -> list[tuple[int, list[list[str | None]], str, int]]:
    """Return first page, rows, caption and last page of each table."""
    joined: list[tuple[int, list[list[str | None]], str, int]] = []
    before: PageTable | None = None
    for number, page in enumerate(pages, start=1):
        for table in page.tables:
            if before is not None and joined[-1][3] == number - 1 and before.goes_on_in(table):
                first, rows, caption, _ = joined[-1]
                more = table.rows[1:] if table.rows[0] == rows[0] else table.rows
                joined[-1] = (first, [*rows, *more], caption, number)
            else:
                joined.append((number, table.rows, table.caption, number))
            before = table
    return joined
