"""Tables as files for spreadsheets, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from gateway.shapes.cells import MARK, harmless


def download(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Return a CSV file. Its cells are texts of which every one is made harmless."""
    text = io.StringIO()
    written = csv.writer(text, delimiter=";", lineterminator="\r\n")
    written.writerow([harmless(cell) for cell in head])
    written.writerows([harmless(cell) for cell in row] for row in rows)
    content = MARK + text.getvalue().encode()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")
