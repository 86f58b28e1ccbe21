"""Detects the type of a file by its content; its name only has to agree."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gateway.intake.readers.decoding import decode, utf16_of
from gateway.intake.refused import Refused, is_the_machines

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS: Final = "application/vnd.ms-excel"
XLSB: Final = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
XML_2003: Final = "application/xml"
CSV: Final = "text/csv"
TEXT: Final = "text/plain"
MARKDOWN: Final = "text/markdown"
HTML: Final = "text/html"

#: What reading an archive raises that is damaged, or packed in a way that nobody knows: OSError for a damaged stream of
#: bzip2, or a place before the file's beginning. `is_the_machines` tells a disk that fails from these.
DAMAGE: Final = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, ValueError)

#: media type -> how a person calls it
NAMES: Final[dict[str, str]] = {
    PDF: "a PDF",
    DOCX: "a Word document (DOCX)",
    XLSX: "an Excel workbook (XLSX)",
    XLS: "an old Excel workbook (XLS)",
    XLSB: "a binary Excel workbook (XLSB)",
    ODS: "an OpenDocument sheet (ODS)",
    XML_2003: "an Excel workbook of 2003 (XML)",
    CSV: "a table in plain text (CSV)",
    TEXT: "plain text",
    MARKDOWN: "Markdown",
    HTML: "a web page (HTML)",
}

#: media type -> its short name in answers
CONTENTS: Final[dict[str, str]] = {
    PDF: "pdf", DOCX: "docx", XLSX: "xlsx", XLS: "xls", XLSB: "xlsb", ODS: "ods", XML_2003: "xml", CSV: "csv",
    TEXT: "text", MARKDOWN: "markdown", HTML: "html",
}  # fmt: skip
_WORKBOOKS: Final = frozenset({XLSX, XLS, XLSB})
#: file name ending -> the contents that may carry it
ENDINGS: Final[dict[str, frozenset[str]]] = {
    ".pdf": frozenset({PDF}),
    ".docx": frozenset({DOCX}),
    ".xlsx": _WORKBOOKS,
    ".xlsm": _WORKBOOKS,
    ".xlsb": _WORKBOOKS,
    ".xls": _WORKBOOKS | {XML_2003, HTML, CSV},  # back offices call all of these so, and Excel opens them
    ".xml": frozenset({XML_2003}),
    ".ods": frozenset({ODS}),
    ".csv": frozenset({CSV, TEXT}),
    ".tsv": frozenset({CSV, TEXT}),
    ".tab": frozenset({CSV, TEXT}),
    ".txt": frozenset({CSV, TEXT, MARKDOWN}),
    ".md": frozenset({CSV, TEXT, MARKDOWN}),
    ".markdown": frozenset({CSV, TEXT, MARKDOWN}),
    ".html": frozenset({HTML}),
    ".htm": frozenset({HTML}),
}
#: The right file name ending for a content.
_RIGHT: Final = {PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx", XLS: ".xls", XLSB: ".xlsb", ODS: ".ods", XML_2003: ".xml",
                 HTML: ".html", CSV: ".csv"}  # fmt: skip
#: Endings by which a text is a table, and never prose.
_TABLES: Final = frozenset({".csv", ".tsv", ".tab", ".xls"})

#: Documents that are not read, each with advice.
OLD_ENDINGS: Final[dict[str, str]] = {
    ".doc": "an old Word format (DOC): open it in Word and save it as DOCX.",
    ".odt": "an OpenDocument text (ODT): save it as DOCX.",
}
_NOT_KNOWN: Final = (
    "This is not a document that we know: its content is neither text nor a workbook. It may be damaged or encrypted, "
    "or belong to another program; please open it there and save it as XLSX or CSV."
)
_SAVED_PAGE: Final = "This is a web archive (MHTML): open it and save it as XLSX."
_ZIP: Final = "This is a ZIP archive, and no workbook; please unpack it first."
_ZEROS_IN_TEXT: Final = (
    "This text has characters of the value zero, which no text has. Please open it in a spreadsheet, look at it, and "
    "save it as XLSX."
)

_SIGNATURES: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"\x89PNG", "picture", "This is a picture (PNG)."),
    (b"\xff\xd8\xff", "picture", "This is a picture (JPEG)."),
    (b"GIF8", "picture", "This is a picture (GIF)."),
    (b"\x1f\x8b", "archive", "This is a GZIP archive; please unpack it first."),
    (b"Rar!", "archive", "This is a RAR archive; please unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "archive", "This is a 7z archive; please unpack it first."),
    (b"MZ", "program", "This is a program."),
    (b"\x7fELF", "program", "This is a program."),
    (b"{\\rtf", "rtf", "This is RTF; please save it as DOCX."),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD_BYTES: Final = 64 * 1024
_HTML_START: Final = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_HTML_TABLE: Final = re.compile(rb"\s*<(table|div|meta|style|p|h[1-6])\b", re.IGNORECASE)
_XML_2003: Final = b"urn:schemas-microsoft-com:office:spreadsheet"
_XML_START: Final = re.compile(
    rb"\s*(<\?[^>]*>\s*|<!--.*?-->\s*|<!doctype[^\[>]*(\[.*?\])?\s*>\s*)*<(\w+:)?workbook\b", re.IGNORECASE | re.DOTALL
)
_WEB_ARCHIVE: Final = re.compile(rb"\s*mime-version:", re.IGNORECASE)
#: The first record of a workbook of Excel 97 and later, and the record that tells of a password.
_BOOK_BEGINS: Final = re.compile(rb"\x09\x08..\x00\x06\x05\x00", re.DOTALL)
_PASSWORD: Final = 0x2F
#: A text of a damaged disk or of some databases has a few of them; other content has other characters of no text, too.
_FEW_ZEROS: Final = 0.2
_NEVER_IN_TEXT: Final = (1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16)
#: All signs that steer old printers and terminals, but for a page's end, a line's, and the mark of a file's end.
_CONTROLS: Final = bytes(code for code in range(1, 32) if code not in b"\t\n\v\f\r\x1a")
#: A text has hardly any of them; of random bytes they are a tenth.
_FEW_CONTROLS: Final = 0.01
_SEVERAL_CONTROLS: Final = 2


def media_type(path: Path, filename: str) -> str:
    """Return the media type of the content. Raises `Refused` for other types, or if the name says another one."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused.because("empty-file")
    ending = Path(filename).suffix.lower()
    found = _binary_type(path, head) or _text_type(head, ending)
    _check_name(filename, ending, found)
    return found


def _binary_type(path: Path, head: bytes) -> str | None:
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(_OLE):
        return _old_office(path)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive_type(path)
    for signature, content, sentence in _SIGNATURES:
        if head.startswith(signature):
            raise Refused.because("unsupported-type", content=content, found=sentence)
    return None


def _old_office(path: Path) -> str:
    """Return the type of an old document of Office: a workbook. Raises `Refused` for all others."""
    content = path.read_bytes()  # at most Limits.max_bytes: checked before sniffing
    if "EncryptedPackage".encode("utf-16-le") in content or _has_password(content):
        raise Refused.because("encrypted")
    if _has("WordDocument", content):
        raise Refused.because("unsupported-type", content="doc", found=f"This is {OLD_ENDINGS['.doc']}")
    if _has("Workbook", content) or _has("Book", content):
        return XLS
    raise Refused.because("unsupported-type", content="unknown", found=_NOT_KNOWN)


def _has(stream: str, content: bytes) -> bool:
    """Say whether a compound file has a stream of this name, in which case makes no difference: some write capitals."""
    return any(f"{name}\x00".encode("utf-16-le") in content for name in (stream, stream.upper()))


def _has_password(content: bytes) -> bool:
    """Say whether one of the workbook's first records tells of a password: all that follows it is encrypted."""
    found = _BOOK_BEGINS.search(content)
    at = len(content) if found is None else found.start()
    for _ in range(4):
        kind, size = int.from_bytes(content[at : at + 2], "little"), int.from_bytes(content[at + 2 : at + 4], "little")
        if kind == _PASSWORD:
            return True
        at += 4 + size
    return False


def _archive_type(path: Path) -> str:
    with damage_refused(), zipfile.ZipFile(path) as archive:
        # some programs write them with backslashes, or begin them with a capital: spreadsheets open these, too
        names = {name.replace("\\", "/").lower() for name in archive.namelist()}
        kind = _kind_told(archive) if "mimetype" in archive.namelist() else b""
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    if "xl/workbook.bin" in names:
        return XLSB
    if "content.xml" in names and "mimetype" in names:
        if kind == ODS.encode():
            return ODS
        raise Refused.because("unsupported-type", content="odt", found=f"This is {OLD_ENDINGS['.odt']}")
    raise Refused.because("unsupported-type", content="archive", found=_ZIP)


@contextmanager
def damage_refused() -> Iterator[None]:
    """Turn errors of a damaged archive into a refusal; errors of the machine are raised as they are."""
    try:
        yield
    except DAMAGE as error:
        if is_the_machines(error):
            raise
        raise Refused.because("unreadable", cause=type(error).__name__) from None


def _kind_told(archive: zipfile.ZipFile) -> bytes:
    if archive.getinfo("mimetype").flag_bits & 0x1:
        raise Refused.because("encrypted")
    with archive.open("mimetype") as part:
        return part.read(_HEAD_BYTES).strip()


def _text_type(head: bytes, ending: str) -> str:
    if b"\x00" in head and not utf16_of(head):
        is_text = head.count(0) < _FEW_ZEROS * len(head) and not any(byte in head for byte in _NEVER_IN_TEXT)
        content, found = ("zeros", _ZEROS_IN_TEXT) if is_text else ("unknown", _NOT_KNOWN)
        raise Refused.because("unsupported-type", content=content, found=found)
    if not utf16_of(head) and _is_no_text(head):
        raise Refused.because("unsupported-type", content="unknown", found=_NOT_KNOWN)
    plain = decode(head[: len(head) // 2 * 2]).encode() if utf16_of(head) else head.removeprefix(b"\xef\xbb\xbf")
    plain = plain.removeprefix(b"\xef\xbb\xbf")
    if _XML_START.match(plain) and _XML_2003 in plain:
        return XML_2003
    if _WEB_ARCHIVE.match(plain) and b"multipart/related" in plain:
        raise Refused.because("unsupported-type", content="web-archive", found=_SAVED_PAGE)
    markdown = ending in (".md", ".markdown")  # Markdown may open with a piece of HTML
    if _HTML_START.match(plain) or (not markdown and _HTML_TABLE.match(plain) and b"</" in plain):
        return HTML
    if ending in _TABLES:
        return CSV
    if markdown:
        return MARKDOWN
    return TEXT


def _is_no_text(head: bytes) -> bool:
    """Say whether these bytes are no text in any encoding: too many of them are control characters."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls >= _SEVERAL_CONTROLS and controls > _FEW_CONTROLS * len(head)


def _check_name(filename: str, ending: str, found: str) -> None:
    allowed = ENDINGS.get(ending)
    if allowed is not None and found in allowed:
        return
    if not ending:
        return  # no claim, nothing to belie
    shown = f"“{Path(filename).name[:80]}”"
    if allowed is None and ending not in OLD_ENDINGS:
        raise Refused.because("unsupported-type", found=f"Files ending in “{ending[:12]}” are not read.")
    right = _RIGHT.get(found, ".txt")
    raise Refused.because(
        "content-mismatch",
        content=CONTENTS[found],
        name=shown,
        found=NAMES[found],
        advice=f"check that it is the right file; if it is, rename it so that it ends in {right}",
    )
