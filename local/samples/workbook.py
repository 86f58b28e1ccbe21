"""Writing XLSX quickly: rows go straight to the file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from openpyxl import Workbook

Cell = str | int | float | None

#: When the samples claim to have been written: the day after their last sale.
WRITTEN: Final = datetime(2026, 4, 1, 8, 0)  # noqa: DTZ001 - office files have local time without a zone
_MODIFIED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def write_workbook(path: Path, sheets: dict[str, Iterable[Sequence[Cell]]]) -> None:
    """Write the sheets in order, row by row."""
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = WRITTEN
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(without_times(buffer.getvalue()))


def without_times(packed: bytes) -> bytes:
    """Return a ZIP archive (XLSX, DOCX) with no time of writing in it, so that equal content is equal bytes."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2026-04-01T08:00:00Z\g<2>", content)
            target.writestr(zipfile.ZipInfo(name, WRITTEN.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def brazilian(value: float) -> str:
    """Return `1.234,56`."""
    return f"{value:,.2f}".replace(",", "\0").replace(".", ",").replace("\0", ".")
