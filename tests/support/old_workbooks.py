"""Workbooks in formats that no library of ours writes: XLS (BIFF8 in a compound file), ODS, and Excel's XML of 2003."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

Cell = str | float | datetime | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]

#: Excel counts days from here, and from four years later where a workbook says so.
_EPOCHS: Final = {
    False: datetime.fromisoformat("1899-12-30"),
    True: datetime.fromisoformat("1904-01-01"),
}
_SECTOR: Final = 512
_END: Final = 0xFFFFFFFE
_FREE: Final = 0xFFFFFFFF
_TABLE: Final = 0xFFFFFFFD


class Formula(float):
    """A number that stands in its cell as what a formula came to."""


def xls(sheets: Sheets, *, since_1904: bool = False, locked: bool = False) -> bytes:
    """Return an XLS. Dates are numbers with a date's format; `locked` says that it has a password."""
    head = [_bof(0x0005)]
    head += [_record(0x002F, b"\x01\x00\x01\x00\x01\x00" + b"\x00" * 48)] if locked else []
    head += [_record(0x0022, struct.pack("<H", since_1904))]
    head += [_record(0x00E0, struct.pack("<HH", 0, form) + b"\x00" * 16) for form in (0, 22)]  # 22: a day and a time
    bodies = [_sheet(rows, _EPOCHS[since_1904]) for rows in sheets.values()]
    size = sum(map(len, head)) + sum(12 + len(name.encode("utf-16-le")) for name in sheets) + 4
    bounds = []
    for name, body in zip(sheets, bodies, strict=True):
        text = name.encode("utf-16-le")
        bounds.append(_record(0x0085, struct.pack("<IBBBB", size, 0, 0, len(name), 1) + text))
        size += len(body)
    return compound("Workbook", b"".join([*head, *bounds, _record(0x000A, b""), *bodies]))


def compound(name: str, stream: bytes) -> bytes:
    """Return a compound file with one stream, of 4 KiB or more."""
    stream = stream.ljust(4096, b"\x00")
    count = -(-len(stream) // _SECTOR)
    tables = 1
    while tables * (_SECTOR // 4) < count + 1 + tables:
        tables += 1
    chain = [_TABLE] * tables + [_END] + [tables + 2 + index for index in range(count - 1)] + [_END]
    chain += [_FREE] * (tables * (_SECTOR // 4) - len(chain))
    kind = (0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, tables, tables, 0, 4096, _END, 0, _END, 0)
    header = struct.pack("<8s16xHHHHHHIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", *kind)
    places = [index if index < tables else _FREE for index in range(109)]
    directory = _entry("Root Entry", 5, child=1, start=_END, size=0) + _entry(name, 2, _FREE, tables + 1, len(stream))
    return b"".join(
        (
            header + struct.pack("<109I", *places),
            struct.pack(f"<{len(chain)}I", *chain),
            directory.ljust(_SECTOR, b"\x00"),
            stream.ljust(count * _SECTOR, b"\x00"),
        )
    )


def ods(sheets: Sheets) -> bytes:
    """Return an ODS; amounts are of the kind that shows a currency, in a form that differs from the number."""
    bodies = {
        name: "".join(f"<table:table-row>{_cells(row)}</table:table-row>" for row in rows)
        for name, rows in sheets.items()
    }
    return packed_ods(
        "".join(f'<table:table table:name="{name}">{body}</table:table>' for name, body in bodies.items())
    )


def packed_ods(tables: str, *, is_cut: bool = False) -> bytes:
    """Return an ODS of these tables, as XML; `is_cut` says that nothing follows them."""
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names} office:version="1.2"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    if is_cut:
        content = content[: content.index("</office:spreadsheet>")]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>", zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def xml_2003(sheets: Sheets) -> bytes:
    """Return a workbook in Excel's XML of 2003; blank cells and rows are left out, as Excel does."""
    worksheets = "".join(
        f'<Worksheet ss:Name="{name}"><Table>{"".join(_row_2003(at, row) for at, row in enumerate(rows, 1))}</Table>'
        "</Worksheet>"
        for name, rows in sheets.items()
    )
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{worksheets}</Workbook>'
    ).encode()


def _sheet(rows: Sequence[Sequence[Cell]], since: datetime) -> bytes:
    cells = [_cell(r, c, value, since) for r, row in enumerate(rows) for c, value in enumerate(row)]
    width = max((len(row) for row in rows), default=0)
    dimensions = _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    return b"".join([_bof(0x0010), dimensions, *cells, _record(0x000A, b"")])


def _cell(row: int, column: int, value: Cell, since: datetime) -> bytes:
    if value is None:
        return b""
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(value), 1) + text)
    if isinstance(value, Formula):
        made = struct.pack("<HHHdHIH", row, column, 0, value, 0, 0, 3) + b"\x1e\x00\x00"
        return _record(0x0006, made)
    if isinstance(value, datetime):
        return _record(0x0203, struct.pack("<HHHd", row, column, 1, (value - since).total_seconds() / 86_400))
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00"
    return struct.pack("<64sHBBIII16sIQQIQ", text, len(text), kind, 1, _FREE, _FREE, child, b"", 0, 0, 0, start, size)


def _cells(row: Sequence[Cell]) -> str:
    made = []
    for value in row:
        if value is None:
            made.append("<table:table-cell/>")
        elif isinstance(value, str):
            made.append(
                f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
            )
        elif isinstance(value, datetime):
            made.append(
                f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}">'
                f"<text:p>{value:%d/%m/%y}</text:p></table:table-cell>"
            )
        else:
            formula = ' table:formula="of:=1+1"' if isinstance(value, Formula) else ""
            shown = f"{value:.2f}".replace(".", ",")
            made.append(
                f'<table:table-cell{formula} office:value-type="currency" office:currency="BRL" '
                f'office:value="{float(value)}"><text:p>R$ {shown}</text:p></table:table-cell>'
            )
    return "".join(made)


def _row_2003(at: int, row: Sequence[Cell]) -> str:
    cells = "".join(
        f'<Cell ss:Index="{column}">{_data(value)}</Cell>' for column, value in enumerate(row, 1) if value is not None
    )
    return f'<Row ss:Index="{at}">{cells}</Row>' if cells else ""


def _data(value: str | float | datetime) -> str:
    if isinstance(value, str):
        return f'<Data ss:Type="String">{escape(value)}</Data>'
    if isinstance(value, datetime):
        return f'<Data ss:Type="DateTime">{value.isoformat()}.000</Data>'
    return f'<Data ss:Type="Number">{float(value)!r}</Data>'
