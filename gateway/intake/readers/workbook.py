"""Reads workbooks of Excel (XLSX, XLSB, XLS) and OpenDocument (ODS): every sheet, every cell as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl

from gateway.intake.limits import Limits
from gateway.intake.progress import Progress, Tell, tell_nobody
from gateway.intake.readers.archive import check_archive
from gateway.intake.refused import Refused
from gateway.intake.tables import AMBIGUOUS, NUMBER_MARK, RawDocument, RawTable, check_shape

_CHUNK: Final = 1024 * 1024


def read_workbook(path: Path, limits: Limits, tell: Tell = tell_nobody, *, is_packed: bool = True) -> RawDocument:
    """Read all visible and hidden sheets. Numbers come as `1234.5`, dates as `2026-03-12 14:05:00`.

    Empty rows at the top stay (`skip_rows`), so that a row has the number that it has in the sheet.
    A formula is what it came to when the workbook was saved; a cell over several others stands where it begins.
    Where a column has a cell like `15.125`, its numbers are marked (`NUMBER_MARK`), to tell them from text.
    `is_packed`: it is a ZIP archive, which might expand to more than the limits. Raises `Refused`.
    """
    if is_packed:
        check_archive(path, limits)
    tables: list[RawTable] = []
    rows = 0
    try:
        # told a path, it believes the ending; of bytes it looks at the first ones
        workbook = fastexcel.read_excel(path.read_bytes() if path.suffix else str(path))
        for at, name in enumerate(workbook.sheet_names, start=1):
            tell(Progress("sheet", at, len(workbook.sheet_names), rows))
            sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            rows += sheet.height
            check_shape(sheet.width, rows, limits)
            if sheet.height and sheet.width:
                frame = _numbered(sheet.to_polars())
                places = [column.absolute_index for column in sheet.selected_columns]
                del sheet  # it has all cells once more
                frame = _marked(workbook, name, frame, places)
                tables.append(RawTable(f"planilha “{name}”", frame))
    except fastexcel.FastExcelError as error:
        _read_to_end(path)
        raise Refused.because("unreadable", cause=type(error).__name__) from None
    return RawDocument(tables)


def _read_to_end(path: Path) -> None:
    """Raise what the disk fails at, if it does: the library calls that an error of the workbook, too."""
    with path.open("rb") as file:
        while file.read(_CHUNK):
            pass


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.rename({old: str(index) for index, old in enumerate(frame.columns)})
    return frame.cast(pl.String)


def _marked(workbook: fastexcel.ExcelReader, name: str, frame: pl.DataFrame, places: Sequence[int]) -> pl.DataFrame:
    """Mark the numbers of the columns that need it; only then is the sheet read a second time, as integers.

    That tells the kinds apart: a number is cut to an integer, while the text `15.125` is none. (Read as floats,
    both would be.) `places` are the columns' own in the sheet, where blank ones may stand before the first.
    """
    needed = [int(column.name) for column in frame if column.str.contains(AMBIGUOUS).any()]
    if not needed:
        return frame
    use = [places[index] for index in needed]
    integers = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="int", use_columns=use).to_polars()
    columns = []
    for index, integer in zip(needed, integers, strict=True):
        text = frame[str(index)]
        is_number = integer.is_not_null() & text.str.contains(".", literal=True).fill_null(value=False)
        columns.append(text.zip_with(~is_number, NUMBER_MARK + text))
    return frame.with_columns(columns)
