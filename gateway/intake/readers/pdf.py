"""Reads the text and the tables of a PDF, page by page."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

import pdfplumber
from pypdf import PdfReader
from pypdf.errors import LimitReachedError

from gateway.intake.limits import Limits
from gateway.intake.progress import Progress, Tell, tell_nobody
from gateway.intake.readers.pdf_page import LightPage, Page, read_page
from gateway.intake.readers.pdf_tables import tables_of
from gateway.intake.refused import Refused, is_the_machines, size
from gateway.intake.tables import RawDocument, check_shape

#: Share of the processor time after which no further page is begun: what was read has to be understood in the rest.
_READING_SHARE: Final = 0.75
_CUT: Final = "páginas do documento não foram lidas, e as linhas podem continuar nelas: não foram somadas."


def read_pdf(path: Path, limits: Limits, tell: Tell = tell_nobody) -> RawDocument:
    """Read text and tables. A PDF that only restricts printing (empty password) opens; a locked one is refused.

    A table that may go on in a page that was not read is marked (`RawTable.cut`): its sum would be a part of the total.
    Raises `Refused`: `scanned` where pages are pictures and nothing else.
    """
    try:
        with path.open("rb") as file:
            reader = PdfReader(file)
            if reader.is_encrypted and not reader.decrypt(""):
                raise Refused.because("encrypted")
            count = len(reader.pages)
            pages = _pages(path, reader, min(count, limits.max_pdf_pages), limits, tell)
    except LimitReachedError:  # pypdf's own limit on what a packed stream expands to
        raise Refused.because("too-much-memory", limit=size(limits.memory_bytes)) from None
    scanned = [number for number, page in enumerate(pages, start=1) if page.pictures and not _has_content(page)]
    if scanned and not any(_has_content(page) for page in pages):
        raise Refused.because("scanned")
    broken = [number for number, page in enumerate(pages, start=1) if not page.is_laid_out]
    further = [len(pages) + 1] if count > len(pages) else []
    parts = [(f"página {number}", page.text.strip()) for number, page in enumerate(pages, start=1)]
    return RawDocument(
        tables_of(pages, {*scanned, *broken, *further}, limits),
        "\n\n".join(part for _, part in parts if part),
        [*_not_reached(len(pages), count), *_broken(broken, count), *_pictures(scanned, len(pages))],
        parts,
        cut=_CUT if broken or further else "",
    )


def _pages(path: Path, reader: PdfReader, count: int, limits: Limits, tell: Tell) -> list[Page]:
    """Read the pages, as many as there is time for; one that cannot be laid out gives its text alone."""
    pages: list[Page] = []
    rows = 0
    until = time.process_time() + limits.cpu_seconds * _READING_SHARE
    # opened here: pdfplumber leaves open what it opened of a damaged file
    with path.open("rb") as file, pdfplumber.open(file) as document:
        for number in range(count):
            if pages and time.process_time() > until:
                break
            tell(Progress("page", number + 1, count, rows))
            try:
                page = _laid_out(LightPage.of(document.pages[number]))
            except (MemoryError, Refused):
                raise
            except Exception as error:  # a broken font or drawing, whatever is raised: the text may still be there
                if is_the_machines(error):
                    raise
                page = _text_alone(reader, number)
            pages.append(page)
            rows += sum(len(table.rows) for table in page.tables)
            check_shape(0, rows, limits)
    return pages


def _laid_out(page: Any) -> Page:
    try:
        return read_page(page)
    finally:
        page.close()  # its words and lines are kept for nobody


def _text_alone(reader: PdfReader, number: int) -> Page:
    """Return the page's text without its tables; nothing where that cannot be read either."""
    try:
        text = reader.pages[number].extract_text()
    except (MemoryError, LimitReachedError):
        raise
    except Exception as error:  # as above: one page does not take the others along
        if is_the_machines(error):
            raise
        text = ""
    return Page(text, is_laid_out=False)


def _has_content(page: Page) -> bool:
    return bool(page.text.strip() or page.tables)


def _not_reached(read: int, count: int) -> list[str]:
    if read == count:
        return []
    return [f"Só as primeiras {read} de {count} páginas foram lidas; se há vendas nas outras, elas não foram contadas."]


def _broken(numbers: list[int], count: int) -> list[str]:
    told = (
        f"{len(numbers)} de {count} página(s) não puderam ser lidas por completo ({_listed(numbers)}): se há tabelas "
        "nelas, não foram contadas. Envie a exportação em XLSX ou CSV, ou salve o PDF de novo."
    )
    return [told] if numbers else []


def _pictures(numbers: list[int], count: int) -> list[str]:
    told = (
        f"{len(numbers)} de {count} página(s) são imagens sem texto ({_listed(numbers)}) e não foram lidas; "
        "se nelas há vendas, envie a exportação em XLSX ou CSV."
    )
    return [told] if numbers else []


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:10])) + (" …" if len(numbers) > 10 else "")
