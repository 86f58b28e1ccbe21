"""Tables as files for spreadsheets, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.responses import Response

#: Beginnings of a cell that a spreadsheet takes for a formula; a quote before it goes when the table is read.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return a text as a cell that stays a text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def download(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Return a CSV file. Its cells are texts of which every one is made harmless."""
    text = io.StringIO()
    written = csv.writer(text, delimiter=";", lineterminator="\r\n")
    written.writerow([harmless(cell) for cell in head])
    written.writerows([harmless(cell) for cell in row] for row in rows)
    # spreadsheets take UTF-8 for what it is with this mark only
    content = b"\xef\xbb\xbf" + text.getvalue().encode()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")
