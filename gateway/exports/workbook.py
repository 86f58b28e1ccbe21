"""A table as a workbook of one sheet (XLSX), sent while it is made. Texts are texts, numbers are numbers.

A workbook is an archive of a few small parts and the sheet; the sheet comes last and is closed with the last row.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from gateway.exports.columns import Cell, Columns, Row, cells
from gateway.shapes.cells import harmless

#: What a cell of a spreadsheet holds at most, in characters.
LONGEST: Final = 32_767
#: Characters that XML has none of.
_NONE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: A text that a spreadsheet would take for a character.
_CODED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE: Final = "http://schemas.openxmlformats.org"
_MAIN: Final = f"{_OFFICE}/spreadsheetml/2006/main"
_LINKS: Final = f"{_OFFICE}/officeDocument/2006/relationships"
_PACKAGE: Final = f"{_OFFICE}/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET: Final = "xl/worksheets/sheet1.xml"
#: The look of a cell by its number: plain; of a text that stays one when a person edits it; of the head.
_PLAIN, _QUOTED, _HEAD = 0, 1, 2
_FONT: Final = '<sz val="11"/><name val="Calibri"/>'
_LOOK: Final = 'numFmtId="0" fillId="0" borderId="0"'
_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
    '<sheets><sheet name="export" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    f'<fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders>'
    f'<cellStyleXfs count="1"><xf {_LOOK} fontId="0"/></cellStyleXfs>'
    f'<cellXfs count="3"><xf {_LOOK} fontId="0" xfId="0"/><xf {_LOOK} fontId="0" xfId="0" quotePrefix="1"/>'
    f'<xf {_LOOK} fontId="1" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_BEGIN: Final = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
_END: Final = "</sheetData></worksheet>"


class Workbook:
    """Writes the rows as they come; of what is written nothing is kept."""

    def __init__(self, columns: Columns, head: Sequence[str]) -> None:
        self._columns, self._head = columns, head
        self._sent = _Sent()
        self._archive = zipfile.ZipFile(self._sent, "w", zipfile.ZIP_DEFLATED)

    def begin(self) -> bytes:
        for name, text in _PARTS.items():
            self._archive.writestr(name, _XML + text)
        self._sheet = self._archive.open(_SHEET, "w", force_zip64=True)
        self._sheet.write((_XML + _BEGIN + _row(self._head, _HEAD)).encode())
        return self._sent.taken()

    def rows(self, rows: Iterable[Row]) -> bytes:
        self._sheet.write("".join(_row(cells(self._columns, row)) for row in rows).encode())
        return self._sent.taken()

    def end(self) -> bytes:
        self._sheet.write(_END.encode())
        self._sheet.close()
        self._archive.close()
        return self._sent.taken()


class _Sent(io.RawIOBase):
    """What an archive is written into: it cannot go back in it, since that has left."""

    def __init__(self) -> None:
        self._some = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, some: bytes) -> int:  # type: ignore[override] # an archive gives bytes alone
        self._some += some
        return len(some)

    def taken(self) -> bytes:
        some = bytes(self._some)
        self._some.clear()
        return some


def _row(row: Sequence[Cell], look: int = _PLAIN) -> str:
    return f"<row>{''.join(_cell(cell, look) for cell in row)}</row>"


def _cell(cell: Cell, look: int) -> str:
    if cell is None:
        return "<c/>"
    if not isinstance(cell, str):
        return f"<c><v>{cell!r}</v></c>"
    plain = _NONE.sub("", cell)
    shown = plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
    style = look or (_QUOTED if harmless(plain) != plain else _PLAIN)
    text = escape(_CODED.sub("_x005F_", shown)).replace("\r", "&#13;")
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'
