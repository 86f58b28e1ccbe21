"""Reads one sheet in pieces, and of each piece no more than is wanted of the table by its first rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from gateway.intake.limits import HEAD_ROWS, Limits
from gateway.intake.readers.kinds_of_cells import ambiguous, marked, numbered
from gateway.intake.readers.large_sheets import Chosen, LargeSheet, LargeWorkbook
from gateway.intake.tables import RawTable, Want, Wanted, check_shape
from gateway.intake.values import cleaned


@dataclass(frozen=True, slots=True)
class SheetInPieces:
    """A sheet that is too large to be unpacked whole."""

    workbook: LargeWorkbook
    sheet: LargeSheet
    name: str
    limits: Limits

    def table(self, where: str, rows: int, want: Want) -> RawTable:
        """Return the sheet as a table. `rows` are those of the sheets before it.

        All of it, as a sheet is that is read at once; or the columns that are wanted of its first rows, where column A
        is filled: then each column has its place in the sheet. Raises as `LargeWorkbook.rows`.
        """
        chosen = Chosen()
        pieces = self._counted(chosen, rows)
        first = next(pieces, pl.DataFrame())
        is_placed = bool(first.width) and first["0"].null_count() < first.height
        wanted = want(RawTable(where, first)) if is_placed else Wanted()
        if wanted.columns is None:
            frame = self._read(first, pieces, is_clean=wanted.is_clean)
            return RawTable(where, self._from_first(frame, rows), is_clean=wanted.is_clean)
        names = wanted.columns
        chosen.columns = {int(name) for name in names}
        read = [self._read(first.select(names), pieces, is_clean=True)]
        return RawTable(
            where,
            first.head(HEAD_ROWS),
            whole=self.columns,
            height=read[0].height,
            needed=lambda: read.pop() if read else self.columns(names),
            is_clean=True,
        )

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """Return all rows of these columns, cells cleaned: the sheet is read once more."""
        pieces = self._counted(Chosen({int(name) for name in names}), 0)
        none = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
        return self._read(none, pieces, is_clean=True)

    def _counted(self, chosen: Chosen, rows: int) -> Iterator[pl.DataFrame]:
        for piece in self.workbook.rows(self.sheet, self.name, chosen):
            rows += piece.height
            check_shape(0, rows, self.limits)
            yield piece

    def _read(self, first: pl.DataFrame, pieces: Iterator[pl.DataFrame], *, is_clean: bool) -> pl.DataFrame:
        """Return the rows of all pieces, numbers marked that need it."""
        needed: set[int] = set()
        read: list[pl.DataFrame] = []
        while True:
            needed.update(ambiguous(first))
            read.append(first.select(cleaned(pl.all())) if is_clean else first)
            if (after := next(pieces, None)) is None:
                return marked(_joined(read), sorted(needed), self._integers)
            first = after

    def _integers(self, needed: Sequence[int]) -> pl.DataFrame:
        found = _joined(list(self.workbook.rows(self.sheet, self.name, Chosen(set(needed), "int"))))
        return found.select(map(str, needed))

    def _from_first(self, frame: pl.DataFrame, rows: int) -> pl.DataFrame:
        """Return the columns from the first filled one on; none of a sheet without a cell."""
        filled = [at for at, column in enumerate(frame) if column.null_count() < frame.height]
        frame = (
            frame.select(frame.columns[filled[0] if filled else 0 :]) if filled or frame.height > 1 else frame.clear()
        )
        check_shape(frame.width, rows, self.limits)
        return numbered(frame)


def _joined(pieces: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows of all pieces, each column in one piece of memory. The list is empty afterwards."""
    frame = pl.concat(pieces, how="diagonal") if pieces else pl.DataFrame()
    pieces.clear()
    for name in frame.columns:  # one after the other, so that no two copies of all stand beside each other
        frame = frame.with_columns(frame[name].rechunk())
    return frame
