"""A large CSV, read in a streaming way: first its head, then, once it is known which, the columns that are needed.

The file is never held as bytes or text, unless it is not UTF-8: then it is rewritten in memory, since the reading
process writes no files.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from gateway.intake.limits import HEAD_ROWS, Limits
from gateway.intake.readers.decoding import decode
from gateway.intake.readers.delimited import TABLE_SHARE, name_of, separator_of, width_of
from gateway.intake.tables import RawDocument, RawTable, check_shape
from gateway.intake.values import cleaned

_HEAD_BYTES: Final = 1024 * 1024
_CHUNK: Final = 4 * 1024 * 1024
_CUT: Final = "o texto é longo e só o começo foi lido, e as linhas podem continuar: não foram somadas."


@dataclass(frozen=True, slots=True)
class _Source:
    """A UTF-8 text to scan."""

    path: str | bytes  # where it stands, or itself
    separator: str
    width: int

    def read(self, columns: Sequence[str]) -> pl.DataFrame:
        """Return all rows of these columns, each cell without blanks around it."""
        return self._collected(lambda scan: scan.select(cleaned(pl.col(columns))))

    def head(self) -> pl.DataFrame:
        """Return the first rows, as they stand there."""
        return self._collected(lambda scan: scan.head(HEAD_ROWS))

    def count(self) -> int:
        """Return the number of rows."""
        return int(self._collected(lambda scan: scan.select(pl.len())).item())

    def _collected(self, of: Callable[[pl.LazyFrame], pl.LazyFrame]) -> pl.DataFrame:
        """Return the rows; where quotes do not match, they are plain characters."""
        try:
            return of(self._scan('"')).collect(engine="streaming")
        except pl.exceptions.ComputeError:
            return of(self._scan(None)).collect(engine="streaming")

    def _scan(self, quote: str | None) -> pl.LazyFrame:
        return pl.scan_csv(
            self.path,
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
    encoding, is_plain = _look_through(path)
    utf8: str | bytes = str(path) if is_plain else _rewritten(path, encoding)
    source = _Source(utf8, separator, width)
    count = source.count()
    check_shape(width, count, limits)
    where = f"arquivo separado por “{name_of(separator)}”"
    table = RawTable(where, source.head(), height=count, whole=source.read)
    return RawDocument([table], head[: limits.max_text_chars + 1] if not is_table else "")


def _look_through(path: Path) -> tuple[str, bool]:
    """Return the encoding, and whether the text can be read as it lies there: UTF-8 with line ends of today."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", False
    decoder = codecs.getincrementaldecoder("utf-8")()
    has_lines = False
    try:
        for chunk in _chunks(path):
            has_lines = has_lines or b"\n" in chunk
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return "cp1252", False
    return "utf-8-sig", has_lines


def _rewritten(path: Path, encoding: str) -> bytes:
    """Return the text as UTF-8; line ends of old Macs become today's.

    It cannot go into a file, not even one in memory: the reading process may write none (`confine.lock`).
    """
    written = io.BytesIO()
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    is_old_mac: bool | None = None
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        is_old_mac = "\n" not in text if is_old_mac is None else is_old_mac
        written.write((text.replace("\r", "\n") if is_old_mac else text).encode())
    written.write(decoder.decode(b"", final=True).encode())
    return written.getvalue()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
