"""Writing XLSX quickly: rows go straight to the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

Cell = str | int | float | None


def write_workbook(path: Path, sheets: dict[str, Iterable[Sequence[Cell]]]) -> None:
    """Write the sheets in order, row by row."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)


def brazilian(value: float) -> str:
    """Return `1.234,56`."""
    return f"{value:,.2f}".replace(",", "\0").replace(".", ",").replace("\0", ".")
