"""The one exception for documents that cannot be read, with what the person can do."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """A kind of refusal: a short title, what to do, and the HTTP status that fits."""

    title: str
    detail: str
    status: int


#: code -> the reason for people. The refusing code fills in `{...}`.
REASONS: Final[dict[str, Reason]] = {
    "empty-file": Reason(
        "The file is empty",
        "There is nothing in this file. Please export the report again and upload the new file.",
        422,
    ),
    "file-too-large": Reason(
        "The file is too large",
        "This file is larger than {limit}. Please export a shorter period, or upload it in parts.",
        413,
    ),
    "content-mismatch": Reason(
        "The content does not match the file's name",
        "The file is named {name}, but its content is {found}. Please {advice}.",
        415,
    ),
    "unsupported-type": Reason(
        "This type of file cannot be read",
        "{found} Please upload a PDF, DOCX, XLSX, XLS, ODS, CSV, TXT, Markdown or HTML file.",
        415,
    ),
    "encrypted": Reason(
        "The file is protected by a password",
        "Please open it, save a copy without the password, and upload the copy.",
        422,
    ),
    "unreadable": Reason(
        "The file could not be read",
        "It seems to be damaged or incomplete. Please open it yourself, save it again (or export it again) "
        "and upload the new file.",
        422,
    ),
    "archive-bomb": Reason(
        "The file expands to far too much data",
        "Unpacked, this file would be larger than {limit}. Please copy the table into a new workbook, "
        "or save it as CSV, and upload that.",
        422,
    ),
    "too-many-columns": Reason(
        "The table has too many columns",
        "A table of this file has more than {limit} columns. Please remove the columns that are not needed; "
        "if it should have few, check the separator between them.",
        422,
    ),
    "too-many-rows": Reason(
        "The table has too many rows",
        "This file has more than {limit} rows. Please export a shorter period, or upload it in parts.",
        422,
    ),
    "too-slow": Reason(
        "Reading the file took too long",
        "It was stopped after {limit}. Please export a shorter period, or save it as XLSX or CSV. A short file may be "
        "damaged: please export it again.",
        422,
    ),
    "too-much-memory": Reason(
        "Reading the file needs too much memory",
        "It was stopped at {limit}. Please remove empty columns, sheets and pictures that are not needed, "
        "save the table as CSV, or export it month by month.",
        422,
    ),
    "interrupted": Reason(
        "Reading the file was interrupted",
        "This was not the file's fault as far as we can tell. Please upload it again.",
        503,
    ),
    "mapping-field": Reason(
        "A column is mapped to a field that does not exist",
        "There is no field {field}. Please choose one of: {known}.",
        422,
    ),
    "mapping-column": Reason(
        "A mapped column does not exist",
        "The table has no column {column}. Please choose one of: {known}.",
        422,
    ),
    "mapping-twice": Reason(
        "Two columns are mapped to one field",
        "The field {field} is given to the columns {columns}. Please choose one of them.",
        422,
    ),
    "mapping-personal": Reason(
        "A column about buyers cannot be used",
        "The column {column} tells who buyers are. Figures are made without it; please choose another one.",
        422,
    ),
    "busy": Reason(
        "The file could not be read in time: the server was busy",
        "This is not the file's fault: others had the machine for the {limit} that there were. "
        "Please upload it again in a minute.",
        503,
    ),
    "scanned": Reason(
        "The pages of this PDF are pictures",
        "A scan has no text that could be read. Please upload the report itself: the export in XLSX or CSV, or the PDF "
        "as the program saves it (print to PDF, not a scan or a photo).",
        422,
    ),
    "no-rows": Reason(
        "The table has columns and no rows",
        "Below its header there is nothing to read. Please choose a period with sales, export the report again "
        "and upload the new file.",
        422,
    ),
    "no-content": Reason(
        "There is no text and no table in the file",
        "If it is a scan or a picture, please upload the report itself, as XLSX, CSV or a PDF with text.",
        422,
    ),
}


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """A document that is refused. `code` is stable; `detail` says in plain words what to do.

    `cause` is for the operator's log: exception types and places in the code, never the document's content. `content`:
    the real type of the file, as `sniff` names it, if it is refused for that.
    """

    def __init__(self, code: str, title: str, detail: str, status: int, cause: str = "", content: str = "") -> None:
        super().__init__(f"{code}: {title}")
        self.code = code
        self.title = title
        self.detail = detail
        self.status = status
        self.cause = cause
        self.content = content

    @classmethod
    def because(cls, code: str, cause: str = "", content: str = "", **values: object) -> Refused:
        """Return the refusal of this code, its text filled in with `values`."""
        reason = REASONS[code]
        return cls(code, reason.title, reason.detail.format(**values), reason.status, cause, content)

    def to_dict(self) -> dict[str, str | int]:
        """Return plain JSON-able data, as a reading process hands it back."""
        return {
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            "status": self.status,
            "cause": self.cause,
            "content": self.content,
        }


def size(number: float) -> str:
    """Return a byte count as a person reads it: `20 MiB`."""
    for unit in ("bytes", "KiB", "MiB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.0f} GiB" if number.is_integer() else f"{number:.1f} GiB"


#: The errors of a failing or full disk, and of a machine without descriptors, whatever the document is.
_OF_THE_MACHINE: Final = frozenset((errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.ENFILE))


def is_the_machines(error: BaseException) -> bool:
    """Return whether the machine failed, and not the document: it may be read the next time."""
    return isinstance(error, OSError) and error.errno in _OF_THE_MACHINE
