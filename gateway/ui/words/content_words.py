"""Words about a file that is refused for its real content, by the names of `gateway.intake.sniff`."""

from __future__ import annotations

from typing import Final

from gateway.ui.i18n import mark

#: Refusals for what a file is.
FOR_CONTENT: Final = ("content-mismatch", "unsupported-type")
_RENAME: Final = mark(
    "Its name says something else. If it is the right file, rename it to the ending that fits; if not, export the "
    "report again as XLSX or CSV."
)
_EXPORT: Final = mark("Upload the report itself: the export in XLSX or CSV.")

#: content -> title, what to do
CONTENT_WORDS: Final[dict[str, tuple[str, str]]] = {
    "pdf": (mark("This file is a PDF"), _RENAME),
    "docx": (mark("This file is a Word document (DOCX)"), _RENAME),
    "xlsx": (mark("This file is an Excel workbook (XLSX)"), _RENAME),
    "xls": (mark("This file is an old Excel workbook (XLS)"), _RENAME),
    "xlsb": (mark("This file is a binary Excel workbook (XLSB)"), _RENAME),
    "ods": (mark("This file is an OpenDocument sheet (ODS)"), _RENAME),
    "xml": (mark("This file is an Excel workbook of 2003 (XML)"), _RENAME),
    "csv": (mark("This file is a table in plain text (CSV)"), _RENAME),
    "text": (mark("This file is plain text"), _RENAME),
    "markdown": (mark("This file is Markdown"), _RENAME),
    "html": (mark("This file is a web page (HTML)"), _RENAME),
    "picture": (mark("This file is a picture"), _EXPORT),
    "archive": (mark("This file is an archive"), mark("Unpack it, and upload the report that is in it.")),
    "program": (mark("This file is a program"), _EXPORT),
    "rtf": (mark("This file is RTF"), mark("Open it and save it as DOCX, and upload that.")),
    "doc": (mark("This file is an old Word document (DOC)"), mark("Open it and save it as DOCX, and upload that.")),
    "odt": (mark("This file is an OpenDocument text (ODT)"), mark("Open it and save it as DOCX, and upload that.")),
    "web-archive": (
        mark("This file is a saved web page (MHTML)"),
        mark("Open it and save it as XLSX, and upload that."),
    ),
    "zeros": (
        mark("This text has characters that no text has"),
        mark("Open it in a spreadsheet, look at it, and save it as XLSX."),
    ),
    "unknown": (
        mark("This file is neither text nor a workbook"),
        mark(
            "It may be damaged or encrypted, or belong to another program. Open it there and save it as XLSX or CSV, "
            "or export the report again."
        ),
    ),
}


def words_for(code: str, content: str) -> tuple[str, str] | None:
    """Return the words of a refusal for what the file is; None where it is none."""
    return CONTENT_WORDS.get(content) if code in FOR_CONTENT else None
