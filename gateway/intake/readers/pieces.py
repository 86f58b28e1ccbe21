"""Re-encodes a text as pieces of UTF-8 of whole rows, so that only one piece is in memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.intake.readers.decoding import utf16_of
from gateway.intake.readers.windows import windows_encoding

_CHUNK: Final = 4 * 1024 * 1024
#: A quoted cell does not go on for so many characters: its quotes do not match.
_MOST: Final = 8 * _CHUNK


class UnmatchedQuotesError(Exception):
    """No end of a row is found outside of quotes."""


def encoding_of(path: Path) -> str:
    """Return the text's encoding; empty for UTF-8 with modern line ends, which can be read in place."""
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    if wide := utf16_of(start):
        return wide
    decoder = codecs.getincrementaldecoder("utf-8")()
    has_lines = False
    try:
        for chunk in _chunks(path):
            has_lines = has_lines or b"\n" in chunk
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return windows_encoding(start)
    return "" if has_lines else "utf-8-sig"


def pieces(path: Path, encoding: str, *, quoted: bool) -> Iterator[bytes]:
    """Yield the text as UTF-8, cut at ends of rows; line ends of old Macs become today's.

    `quoted`: a line end between two quotes is none of a row. Raises `UnmatchedQuotesError`.
    """
    rest = ""
    for text in _lines(path, encoding):
        rest += text
        end = _end_of_row(rest) if quoted else rest.rfind("\n")
        if end >= 0:
            yield rest[: end + 1].encode()
            rest = rest[end + 1 :]
        elif len(rest) > _MOST:
            raise UnmatchedQuotesError
    if rest:
        yield rest.encode()


def _end_of_row(text: str) -> int:
    """Return the place of the last line end that an even number of quotes stands before, -1 where there is none."""
    end, quotes = text.rfind("\n"), text.count('"')
    quotes -= text.count('"', end + 1)
    while end >= 0 and quotes % 2:
        before = text.rfind('"', 0, end)  # the quote that opens what goes on: no line end behind it is one of a row
        end = text.rfind("\n", 0, before)
        quotes -= text.count('"', end + 1, before + 1)
    return end


def _lines(path: Path, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    is_old_mac: bool | None = None
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        is_old_mac = "\n" not in text if is_old_mac is None else is_old_mac
        yield text.replace("\r", "\n") if is_old_mac else text
    yield decoder.decode(b"", final=True)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
