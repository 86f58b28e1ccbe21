"""The text of a PDF, page by page."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PdfReadError

from gateway.intake.limits import Limits
from gateway.intake.refused import Refused, size
from gateway.intake.tables import RawDocument


def read_pdf(path: Path, limits: Limits) -> RawDocument:
    """Read the text. A PDF that only restricts printing (empty password) opens; a locked one is refused."""
    warnings: list[str] = []
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused.because("encrypted")
        pages = reader.pages
        if len(pages) > limits.max_pdf_pages:
            warnings.append(f"Só as primeiras {limits.max_pdf_pages} de {len(pages)} páginas foram lidas.")
        parts: list[str] = []
        length = 0
        for page in list(pages)[: limits.max_pdf_pages]:
            parts.append(page.extract_text())
            length += len(parts[-1])
            if length > limits.max_text_chars:
                break
    except Refused:
        raise
    except LimitReachedError:  # pypdf's own limit on what a packed stream expands to
        raise Refused.because("too-much-memory", limit=size(limits.memory_bytes)) from None
    except (
        PdfReadError,
        NotImplementedError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        AssertionError,
    ) as error:
        raise Refused.because("unreadable", cause=type(error).__name__) from None
    text = "\n\n".join(part.strip() for part in parts if part.strip())
    if text:
        warnings.append("As tabelas de um PDF são lidas só como texto; para ver números, envie XLSX ou CSV.")
    return RawDocument(text=text, warnings=warnings)
