"""Tables as files for spreadsheets, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Final

from starlette.responses import Response

from gateway.exports.columns import Cell
from gateway.exports.writing import MEDIA, Form, writer
from gateway.shapes.cells import MARK, harmless_line

#: The separator that a spreadsheet in Portuguese expects; one in English has to be told it.
DELIMITER: Final = ";"


def table(form: Form, name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return a short table as a CSV file or a workbook. No text of it is taken for a formula."""
    places = [str(n) for n in range(len(head))]  # two columns may have one name in a language
    way = writer(form, {place: itemgetter(place) for place in places}, head, delimiter=DELIMITER)
    try:
        each = (dict(zip(places, row, strict=True)) for row in rows)
        content = way.begin() + way.rows(each) + way.end()
    finally:
        way.close()
    return Response(content, headers=_named(f"{name}.{form}"), media_type=MEDIA[form])


def download(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Return a CSV file. Its cells are texts of which every one is made harmless."""
    return Response(MARK + _lines([head, *rows]), headers=_named(name), media_type=MEDIA[Form.CSV])


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    written = csv.writer(text, delimiter=DELIMITER, lineterminator="\r\n")
    written.writerows([harmless_line(cell) for cell in row] for row in rows)
    return text.getvalue().encode()
