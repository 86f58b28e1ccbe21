"""The ways to write a list as a file, some rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Protocol

from gateway.exports.calendar import ENGLISH, Calendar, CalendarWords
from gateway.exports.columns import Columns, Row
from gateway.exports.tables import Csv
from gateway.exports.workbook import Workbook


class Form(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    ICS = "ics"


MEDIA: Final = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.ICS: "text/calendar; charset=utf-8",
}
#: Rows that are made into a piece of a file at once.
AT_ONCE: Final = 200


class Writer(Protocol):
    """A file that is made piece by piece: its beginning, rows as often as there are some, its end.

    `close` leaves nothing behind of it, however far it came.
    """

    def begin(self) -> bytes: ...

    def rows(self, rows: Iterable[Row]) -> bytes: ...

    def end(self) -> bytes: ...

    def close(self) -> None: ...


def writer(
    form: Form,
    columns: Columns,
    head: Sequence[str],
    *,
    delimiter: str = ",",
    url: str = "",
    words: CalendarWords = ENGLISH,
) -> Writer:
    """Return what writes a list in a form. `head` names the columns.

    `url` of the pages and `words` are for a calendar's entries.
    """
    ways: dict[Form, Callable[[], Writer]] = {
        Form.CSV: lambda: Csv(columns, head, delimiter),
        Form.XLSX: lambda: Workbook(columns, head),
        Form.ICS: lambda: Calendar(url, datetime.now(UTC), words),
    }
    return ways[form]()
