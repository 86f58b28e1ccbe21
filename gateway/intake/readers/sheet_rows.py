"""Cuts the XML of a large sheet into pieces of whole rows, so that one piece at a time is unpacked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

#: Bytes that are unpacked at once (gateway/intake/readers/archive.py says why).
_CHUNK: Final = 64 * 1024
#: What stands above a sheet's rows has no more: views, widths of columns.
_MOST_HEAD: Final = 1024 * 1024
#: Where the rows begin. Some programs write every name with a prefix: `<x:sheetData>`.
_ROWS: Final = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData(?:\s[^<>]*)?(?<!/)>")
_NUMBERED: Final = re.compile(rb"\s*<(?:[A-Za-z_][\w.-]*:)?row(?=\s)[^<>]*\sr=[\"'](\d{1,7})[\"']")


class NotInPiecesError(Exception):
    """The sheet is written in a way that only its library reads."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the rows of a sheet, and the prefix of its names."""

    xml: bytes
    prefix: bytes

    def around(self, rows: bytes | bytearray) -> bytes:
        """Return a whole sheet of these rows."""
        return b"".join((self.xml, rows, b"</", self.prefix, b"sheetData></", self.prefix, b"worksheet>"))

    def cell(self, row: int, text: str) -> bytes:
        """Return a row with one text, in column A."""
        name = self.prefix
        return b'<%brow r="%d"><%bc r="A%d" t="inlineStr"><%bis><%bt>%b</%bt></%bis></%bc></%brow>' % (
            *(name, row, name, row, name, name, text.encode()),
            *(name, name, name, name),
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole rows of a sheet, and the number of the first one."""

    first: int
    rows: bytes


def head_of(content: IO[bytes]) -> tuple[Head, bytes] | None:
    """Return what stands above a sheet's rows, and the bytes after it that were read; None where it is no sheet."""
    read = b""
    while len(read) < _MOST_HEAD and (chunk := content.read(_CHUNK)):
        read += chunk
        if found := _ROWS.search(read):
            return Head(read[: found.end()], found[1]), read[found.end() :]
    return None


def pieces(content: IO[bytes], head: Head, read: bytes, most: int) -> Iterator[Piece]:
    """Yield a sheet's rows, about `most` bytes at once; all of the content is read, so that damage shows.

    Raises `NotInPiecesError`, also where rows have no numbers.
    """
    end_of_row, end = b"</%brow>" % head.prefix, b"</%bsheetData>" % head.prefix
    rest, is_over = bytearray(read), False
    while chunk := content.read(_CHUNK):
        if is_over:
            continue
        rest += chunk
        if len(rest) < most:
            continue
        is_over = (last := rest.find(end)) >= 0
        cut = last if is_over else rest.rfind(end_of_row) + len(end_of_row)
        if not is_over and cut < len(end_of_row):
            raise NotInPiecesError
        yield from _piece(rest[:cut])
        del rest[:cut]
    if not is_over:
        if (last := rest.find(end)) < 0:
            raise NotInPiecesError
        yield from _piece(rest[:last])


def _piece(rows: bytearray) -> Iterator[Piece]:
    """Yield these rows as a piece, if there are any."""
    numbered = _NUMBERED.match(rows)
    if numbered is not None:
        yield Piece(int(numbered[1]), bytes(rows))
    elif rows.strip():
        raise NotInPiecesError
