"""Reads a large CSV as a stream: first its head, then only the columns that are needed.

The file is never held as bytes or text. One that is not UTF-8 is rewritten piece by piece (`pieces`), each time that it
is read: the reading process may write no file, not even one in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from gateway.intake.distinct import shared
from gateway.intake.limits import HEAD_ROWS, Limits
from gateway.intake.readers.decoding import decode
from gateway.intake.readers.delimited import TABLE_SHARE, name_of, separator_of, width_of
from gateway.intake.readers.pieces import UnmatchedQuotesError, encoding_of, pieces
from gateway.intake.tables import RawDocument, RawTable, check_shape
from gateway.intake.values import cleaned

_HEAD_BYTES: Final = 1024 * 1024
_CUT: Final = "o texto é longo e só o começo foi lido, e as linhas podem continuar: não foram somadas."


@dataclass(frozen=True, slots=True)
class _Source:
    """A text to scan. `encoding` is "" where it can be read as it lies there: UTF-8 with line ends of today."""

    path: Path
    encoding: str
    separator: str
    width: int

    def read(self, columns: Sequence[str]) -> pl.DataFrame:
        """Return all rows of these columns, each cell without blanks around it."""
        frame = self._collected(lambda scan: scan.select(cleaned(pl.col(columns))))
        for at, name in enumerate(frame.columns):
            frame.replace_column(at, shared(frame[name]))
        return frame

    def head(self) -> pl.DataFrame:
        """Return the first rows, unchanged."""
        return self._collected(lambda scan: scan.head(HEAD_ROWS), enough=HEAD_ROWS).head(HEAD_ROWS)

    def count(self) -> int:
        """Return the number of rows."""
        return int(self._collected(lambda scan: scan.select(pl.len())).to_series().sum())

    def _collected(self, of: Callable[[pl.LazyFrame], pl.LazyFrame], enough: int | None = None) -> pl.DataFrame:
        """Return the rows, `enough` of them at least; where quotes do not match, they are plain characters."""
        try:
            return self._of_pieces(of, '"', enough)
        except (pl.exceptions.ComputeError, UnmatchedQuotesError):
            return self._of_pieces(of, None, enough)

    def _of_pieces(
        self, of: Callable[[pl.LazyFrame], pl.LazyFrame], quote: str | None, enough: int | None
    ) -> pl.DataFrame:
        if not self.encoding:
            return of(self._scan(str(self.path), quote)).collect(engine="streaming")
        found: list[pl.DataFrame] = []
        for piece in pieces(self.path, self.encoding, quoted=quote is not None):
            found.append(of(self._scan(piece, quote)).collect(engine="streaming"))
            if enough is not None and sum(part.height for part in found) >= enough:
                break
        return pl.concat(found, rechunk=False)

    def _scan(self, text: str | bytes, quote: str | None) -> pl.LazyFrame:
        return pl.scan_csv(
            text,
            separator=self.separator,
            has_header=False,
            schema={str(index): pl.String() for index in range(self.width)},
            quote_char=quote,
            truncate_ragged_lines=True,
            missing_columns="insert",
            extra_columns="ignore",
            null_values=[""],
        )


def read_large(path: Path, limits: Limits, *, is_table: bool) -> RawDocument:
    """Read the head of a text table. `is_table`: its name says so; else prose is possible, and is cut to the limit."""
    with path.open("rb") as file:
        head = decode(file.read(_HEAD_BYTES))
    separator, share = separator_of(head, limits)
    if not is_table and (separator is None or share < TABLE_SHARE):
        return RawDocument(text=head[: limits.max_text_chars + 1], cut=_CUT)
    separator = separator or ","
    width = width_of(head, separator)
    source = _Source(path, encoding_of(path), separator, width)
    count = source.count()
    check_shape(width, count, limits)
    where = f"arquivo separado por “{name_of(separator)}”"
    table = RawTable(where, source.head(), height=count, whole=source.read)
    return RawDocument([table], head[: limits.max_text_chars + 1] if not is_table else "")
