"""How much of a document is read, and what reading it may cost. One name per limit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

#: The most documents that are read at the same time, each in its own process; others wait for their turn.
CONCURRENT_READERS: Final = 2

#: The most bytes of a reading process's answer. The facts of a large document are about 100 KiB; the most costs and
#: stock of a table, with long accented titles, are 40 MiB.
MAX_ANSWER_BYTES: Final = 48 * 1024 * 1024

MIB: Final = 1024 * 1024

#: From this size on a text table is read in a streaming way; below, all of it fits in memory several times.
LARGE_BYTES: Final = 16 * MIB

#: The rows by which a large table is recognised.
HEAD_ROWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one reading. All are checked; a document beyond any of them is refused."""

    #: The uploaded file itself.
    max_bytes: int = 200 * MIB
    #: Columns of the widest table. A marketplace export has 20 to 80.
    max_columns: int = 500
    #: Rows of all tables together.
    max_rows: int = 1_500_000
    #: Characters of text that are kept for the analysis. More is cut, with a warning.
    max_text_chars: int = 40_000
    #: Pages of a PDF that are read. More are left out, with a warning.
    max_pdf_pages: int = 300
    #: What an XLSX, XLSB, ODS or DOCX (a ZIP archive) may expand to, all its parts together.
    max_expanded_bytes: int = 1024 * MIB
    #: How often larger than its packed form one part of an archive may be. Real sheets: 5 to 40, and up to 500 where a
    #: long text is the same in every row.
    max_expansion_ratio: int = 200
    #: Up to this expanded size a part may be as dense as it likes: to expand it takes a third of a second.
    free_expansion_bytes: int = 256 * MIB
    #: Parts of an archive. A workbook has a few dozen, a document with pictures a few hundred.
    max_archive_parts: int = 5_000
    #: Processor time of the reading process, in seconds: the document's own cost, however busy the machine is.
    cpu_seconds: float = 60.0
    #: Wall-clock time of the reading process, in seconds, with its start. If only this runs out, the machine was busy.
    seconds: float = 180.0
    #: Bytes of memory that the reading process may write to, including its allocator's reserve and its threads' stacks.
    #: The largest CSV takes nearly all of it, and a workbook of ten million cells half (ADR 72).
    memory_bytes: int = 700 * MIB

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data, for the reading process."""
        return asdict(self)


DEFAULT_LIMITS: Final = Limits()
