"""A table as a workbook of one sheet (XLSX). Texts are texts, numbers are numbers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from gateway.exports.columns import Cell, Columns, Row, cells
from gateway.shapes.cells import harmless

#: What a cell of a spreadsheet holds at most, in characters.
LONGEST: Final = 32_767
#: Characters that XML has none of.
_NONE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: A text that a spreadsheet would take for a character.
_CODED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Workbook:
    """Writes the rows into a temporary file as they come; the archive that it becomes is the end, in one piece."""

    def __init__(self, columns: Columns, head: Sequence[str]) -> None:
        from openpyxl import Workbook as Book  # noqa: PLC0415 - a tenth of a gateway's start, for this alone
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above

        self._columns, self._head = columns, head
        self._cell = WriteOnlyCell
        self._book = Book(write_only=True)
        self._sheet: Any = self._book.create_sheet("export")  # its type says that it may be a chart

    def begin(self) -> bytes:
        from openpyxl.styles import Font  # noqa: PLC0415 - as above

        self._sheet.freeze_panes = "A2"
        bold = Font(bold=True)
        row = [self._cell(self._sheet, value=name) for name in self._head]
        for cell in row:
            cell.font = bold
        self._sheet.append(row)
        return b""

    def rows(self, rows: Iterable[Row]) -> bytes:
        for row in rows:
            self._sheet.append([self._of(cell) for cell in cells(self._columns, row)])
        return b""

    def end(self) -> bytes:
        made = io.BytesIO()
        self._book.save(made)
        return made.getvalue()

    def close(self) -> None:
        """Remove the temporary file. The library does so once the archive is made, or else when the process ends."""
        writer = self._sheet._writer  # noqa: SLF001 - it has no public name
        if writer is not None and Path(writer.out).exists():
            self._sheet.close()
            writer.cleanup()

    def _of(self, cell: Cell) -> Any:
        """Return a cell; a text is one whatever it begins with, and stays one when a person edits it."""
        if not isinstance(cell, str):
            return cell
        plain = _CODED.sub("_x005F_", _NONE.sub("", cell))
        shown = plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
        quoted = harmless(shown) != shown
        if not quoted and not shown.startswith("#"):  # which may be the name of an error
            return shown
        made = self._cell(self._sheet, value="")
        made.value = shown
        made.data_type = "s"
        made.quotePrefix = quoted
        return made
