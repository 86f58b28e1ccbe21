"""Tables as CSV and XLSX, in which no text is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Any, Final

from gateway.cli.exports.columns import Cell
from gateway.shapes.cells import MARK, harmless

#: What a cell of a spreadsheet holds at most, in characters.
LONGEST: Final = 32_767


def write_csv(to: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a table as CSV with a comma, as scripts read it; return how many rows it has."""
    text = io.TextIOWrapper(to, "utf-8", newline="", write_through=True)
    to.write(MARK)
    written = csv.writer(text, lineterminator="\r\n")
    written.writerow(head)
    count = 0
    for row in rows:
        written.writerow([harmless(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
        count += 1
    text.detach()
    return count


def write_xlsx(to: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a table as a workbook of one sheet; return how many rows it has. Texts are texts, numbers are numbers."""
    from openpyxl import Workbook  # noqa: PLC0415 - a third of the start of every command, for this one

    book = Workbook(write_only=True)
    sheet = book.create_sheet("export")
    sheet.freeze_panes = "A2"
    sheet.append(list(head))
    count = 0
    for row in rows:
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
        count += 1
    book.save(to)
    return count


def _text(sheet: Any, text: str) -> Any:
    """Return a cell that is a text whatever it begins with, and stays one when a person edits it."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell  # noqa: PLC0415 - as above

    plain = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell = WriteOnlyCell(sheet, value="")
    cell.value = plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
    cell.data_type = "s"
    cell.quotePrefix = harmless(plain) != plain
    return cell
