"""Excel workbooks: every sheet, every cell as text."""

from __future__ import annotations

from pathlib import Path

import fastexcel
import polars as pl

from gateway.intake.limits import Limits
from gateway.intake.readers.archive import check_archive
from gateway.intake.refused import Refused
from gateway.intake.tables import RawDocument, RawTable, check_shape


def read_xlsx(path: Path, limits: Limits) -> RawDocument:
    """Read all visible and hidden sheets. Numbers come as `1234.5`, dates as `2026-03-12 14:05:00`."""
    check_archive(path, limits)
    tables: list[RawTable] = []
    rows = 0
    try:
        workbook = fastexcel.read_excel(str(path))
        for name in workbook.sheet_names:
            sheet = workbook.load_sheet(name, header_row=None, dtypes="string")
            rows += sheet.height
            check_shape(sheet.width, rows, limits)
            if sheet.height and sheet.width:
                tables.append(RawTable(f"planilha “{name}”", _numbered(sheet.to_polars())))
    except fastexcel.FastExcelError as error:
        raise Refused.because("unreadable", cause=type(error).__name__) from None
    return RawDocument(tables)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.rename({old: str(index) for index, old in enumerate(frame.columns)})
    return frame.cast(pl.String)
