"""Tables as files for spreadsheets, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.responses import Response

from gateway.shapes.cells import MARK, harmless_line

MEDIA: Final = "text/csv; charset=utf-8"


def download(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Return a CSV file. Its cells are texts of which every one is made harmless."""
    return Response(MARK + _lines([head, *rows]), headers=_named(name), media_type=MEDIA)


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    written = csv.writer(text, delimiter=";", lineterminator="\r\n")
    written.writerows([harmless_line(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
