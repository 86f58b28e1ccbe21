"""Reads workbooks of Excel (XLSX, XLSB, XLS) and OpenDocument (ODS): every sheet, every cell as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl

from gateway.intake.limits import Limits
from gateway.intake.progress import Progress, Tell, tell_nobody
from gateway.intake.readers.archive import check_archive
from gateway.intake.readers.kinds_of_cells import ambiguous, marked, numbered
from gateway.intake.readers.large_sheets import LargeWorkbook, large_sheets_of
from gateway.intake.readers.marked_rows import marks_of
from gateway.intake.readers.sheet_rows import NotInPiecesError
from gateway.intake.readers.sheets_in_pieces import SheetInPieces
from gateway.intake.refused import Refused
from gateway.intake.tables import RawDocument, RawTable, Want, check_shape, want_all

#: Where the table of a sheet is.
WHERE: Final = "planilha “{name}”"
_CHUNK: Final = 1024 * 1024
#: Where a process finds its open files by their numbers, under names without an ending.
_OPEN_FILES: Final = Path("/proc/self/fd")


def read_workbook(
    path: Path, limits: Limits, tell: Tell = tell_nobody, want: Want = want_all, *, is_packed: bool = True
) -> RawDocument:
    """Read all visible and hidden sheets. Numbers come as `1234.5`, dates as `2026-03-12 14:05:00`.

    Empty rows at the top stay (`skip_rows`), so that a row has the number that it has in the sheet.
    A formula is what it came to when the workbook was saved; a cell over several others stands where it begins.
    Where a column has a cell like `15.125`, its numbers are marked (`NUMBER_MARK`), to tell them from text.
    `want` says what of a sheet is read that is too large to be unpacked whole (`large_sheets`).
    `is_packed`: it is a ZIP archive, which might expand to more than the limits. Raises `Refused`.
    """
    sheets = large_sheets_of(path) if is_packed else []
    if is_packed:
        check_archive(path, limits, besides=[sheet.part for sheet in sheets])
    if sheets:
        try:
            large = LargeWorkbook.at(path, sheets)
            return RawDocument(_tables(large.opened(), limits, tell, want, large))
        except (NotInPiecesError, fastexcel.FastExcelError):  # the library may read it whole, or say what is wrong
            check_archive(path, limits)
    try:
        with _named(path) as name:
            tables = _tables(fastexcel.read_excel(name), limits, tell, want)
        return RawDocument(_marked(path, tables) if is_packed else tables)
    except fastexcel.FastExcelError as error:
        _read_to_end(path)
        raise Refused.because("unreadable", cause=type(error).__name__) from None


@contextmanager
def _named(path: Path) -> Iterator[str | bytes]:
    """Give the file to the library without its ending, which it would believe; of another it looks at the content."""
    with path.open("rb") as file:
        name = _OPEN_FILES / str(file.fileno())
        yield str(name) if name.exists() else file.read()


def _tables(
    workbook: fastexcel.ExcelReader, limits: Limits, tell: Tell, want: Want, large: LargeWorkbook | None = None
) -> list[RawTable]:
    tables: list[RawTable] = []
    rows = 0
    for at, name in enumerate(workbook.sheet_names, start=1):
        tell(Progress("sheet", at, len(workbook.sheet_names), rows))
        table = RawTable(WHERE.format(name=name), _whole(workbook, name, rows, limits))
        in_pieces = None if large is None else large.marked(table.frame)
        if large is not None and in_pieces is not None:
            table = SheetInPieces(large, in_pieces, name, limits).table(table.where, rows, want)
        rows += max(table.height, table.frame.height)
        if table.frame.height and table.frame.width:
            tables.append(table)
    return tables


def _marked(path: Path, tables: list[RawTable]) -> list[RawTable]:
    """Return the tables with the rows that a person marked by hand."""
    before, after = WHERE.split("{name}")
    names = [table.where.removeprefix(before).removesuffix(after) for table in tables]
    marks = marks_of(path, {name: table.frame for name, table in zip(names, tables, strict=True)})
    return [replace(table, marks=marks.get(name)) for name, table in zip(names, tables, strict=True)]


def _whole(workbook: fastexcel.ExcelReader, name: str, rows: int, limits: Limits) -> pl.DataFrame:
    """Return a sheet that is read at once. `rows` are those of the sheets before it."""
    sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    check_shape(sheet.width, rows + sheet.height, limits)
    if not sheet.height or not sheet.width:
        return pl.DataFrame()
    frame = numbered(sheet.to_polars())
    places = [column.absolute_index for column in sheet.selected_columns]
    del sheet  # it has all cells once more

    def integers(needed: Sequence[int]) -> pl.DataFrame:
        use = [places[index] for index in needed]
        return workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="int", use_columns=use).to_polars()

    return marked(frame, ambiguous(frame), integers)


def _read_to_end(path: Path) -> None:
    """Raise what the disk fails at, if it does: the library calls that an error of the workbook, too."""
    with path.open("rb") as file:
        while file.read(_CHUNK):
            pass
