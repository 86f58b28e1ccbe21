"""Reads the sheets of a large workbook (XLSX) piece by piece: unpacked whole, a cell takes five times its text.

The library reads a whole sheet or nothing. So it gets small workbooks, one after the other, each with some rows of the
sheet and all else that cells depend on: styles, shared texts, the kind of calendar.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from zipfile import ZipFile, ZipInfo

import fastexcel
import polars as pl

from gateway.intake.limits import MIB
from gateway.intake.readers.repacked import packed, with_parts
from gateway.intake.readers.sheet_rows import Head, NotInPiecesError, Piece, head_of, pieces
from gateway.intake.sniff import damage_refused

#: A workbook with a sheet of so many bytes of XML is read in pieces: some two million cells.
LARGE_SHEET: Final = 48 * MIB
#: About so many bytes of rows are a piece; more where the shared texts, which are read with each, are more.
PIECE: Final = 16 * MIB
_MOST_PIECE: Final = 4 * PIECE
#: A smaller sheet of such a workbook is read at once.
_SMALL_SHEET: Final = MIB
#: What cells may depend on is in parts with these endings; pictures and programs are in others.
_NEEDED: Final = (".xml", ".rels")
#: A text that no sheet has. It stands above each piece, for its first row to be known, and in place of a sheet.
_MARK: Final = "\ue001\ue002\ue001"


@dataclass(slots=True)
class Chosen:
    """The columns that are read, from 0; None for all: as text or as integers, null where a cell is none."""

    columns: Collection[int] | None = None
    kind: Literal["string", "int"] = "string"


@dataclass(frozen=True, slots=True)
class LargeSheet:
    """A sheet that is read in pieces: its part of the archive, and what stands above its rows."""

    part: ZipInfo
    head: Head


@dataclass(frozen=True, slots=True)
class LargeWorkbook:
    """A workbook with large sheets. `others`: an archive of its other parts, the largest one of `largest` bytes."""

    path: Path
    sheets: Sequence[LargeSheet]
    others: bytes
    largest: int

    @classmethod
    def at(cls, path: Path, sheets: Sequence[LargeSheet]) -> LargeWorkbook:
        """Take a workbook apart that was checked to expand within the limits. Raises `Refused`."""
        offsets = {sheet.part.header_offset for sheet in sheets}
        with damage_refused():
            with ZipFile(path) as archive:
                parts = archive.infolist()
            needed = [part for part in parts if part.header_offset not in offsets and _is_needed(part)]
            return cls(path, sheets, packed(path, needed), max((part.file_size for part in needed), default=0))

    def opened(self) -> fastexcel.ExcelReader:
        """Return the workbook with its small sheets; each other one has a mark in place of its rows (`marked`)."""
        marks = [
            (sheet.part, sheet.head.around(sheet.head.cell(1, f"{_MARK}{number}")))
            for number, sheet in enumerate(self.sheets)
        ]
        return fastexcel.read_excel(with_parts(self.others, marks))

    def marked(self, frame: pl.DataFrame) -> LargeSheet | None:
        """Return the sheet in whose place this one stands."""
        text = frame.item() if frame.shape == (1, 1) else None
        number = str(text or "").removeprefix(_MARK)
        known = text is not None and text != number and number.isdecimal() and int(number) < len(self.sheets)
        return self.sheets[int(number)] if known else None

    def rows(self, sheet: LargeSheet, name: str, of: Chosen) -> Iterator[pl.DataFrame]:
        """Yield the rows of a sheet in pieces, from the first one on: columns `0` (that is A), `1`, ...

        A piece lacks columns that have no cell in it. `of` may be changed between two pieces. Raises `Refused`,
        `NotInPiecesError` and fastexcel's errors.
        """
        done, most = 0, min(max(PIECE, self.largest), _MOST_PIECE)
        with damage_refused(), ZipFile(self.path) as archive, archive.open(sheet.part) as content:
            begun = head_of(content)
            if begun is None:
                raise NotInPiecesError
            for piece in pieces(content, *begun, most):
                if piece.first <= done:
                    raise NotInPiecesError
                frame = self._frame(sheet, name, piece, of)
                if not frame.height:
                    continue
                blank, done = piece.first - 1 - done, piece.first - 1 + frame.height
                yield pl.concat([frame.clear(blank), frame]) if blank else frame

    def _frame(self, sheet: LargeSheet, name: str, piece: Piece, of: Chosen) -> pl.DataFrame:
        """Return the rows of a piece up to its last filled one."""
        # a row above them, or a cell that the first row's own one takes the place of
        mark = sheet.head.cell(max(piece.first - 1, 1), _MARK)
        workbook = with_parts(self.others, [(sheet.part, sheet.head.around(mark + piece.rows))])
        columns = of.columns
        read = fastexcel.read_excel(workbook).load_sheet(
            name,
            header_row=None,
            dtypes=of.kind,
            use_columns=None
            if columns is None
            else lambda one: not one.absolute_index or one.absolute_index in columns,
        )
        frame = read.to_polars()
        frame.columns = [str(column.absolute_index) for column in read.selected_columns]
        if of.kind == "string" and (is_marked := frame.item(0, 0) == _MARK) != (piece.first > 1):
            if not is_marked:
                raise NotInPiecesError  # a row stands above those that have to be above it
            frame = frame.with_columns(pl.when(pl.int_range(pl.len()) > 0).then(pl.col("0")).alias("0"))
        frame = frame.slice(1) if piece.first > 1 else frame
        return frame if columns is None or 0 in columns else frame.drop("0")


def large_sheets_of(path: Path) -> list[LargeSheet]:
    """Return the sheets to read in pieces, if one of a workbook is large. Raises `Refused`."""
    with damage_refused(), ZipFile(path) as archive:
        parts = archive.infolist()
        if max((part.file_size for part in parts), default=0) < LARGE_SHEET or any(p.flag_bits & 0x1 for p in parts):
            return []
        sheets = [
            LargeSheet(part, begun[0])
            for part in parts
            if part.file_size >= _SMALL_SHEET and (begun := _begun(archive, part)) is not None
        ]
        return sheets if max((sheet.part.file_size for sheet in sheets), default=0) >= LARGE_SHEET else []


def _begun(archive: ZipFile, part: ZipInfo) -> tuple[Head, bytes] | None:
    if not _is_needed(part):
        return None
    with archive.open(part) as content:
        return head_of(content)


def _is_needed(part: ZipInfo) -> bool:
    return part.filename.lower().endswith(_NEEDED)
