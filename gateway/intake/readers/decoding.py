"""Decodes the bytes of text files: UTF-8 with and without BOM, UTF-16, and what Windows writes."""

from __future__ import annotations

import codecs
from typing import Final

from gateway.intake.readers.windows import windows_encoding

#: So many of the first bytes tell an encoding, and such a share of each second one is zero in UTF-16.
_TOLD_BY: Final = 4096
_ZEROS: Final = 0.5


def utf16_of(data: bytes) -> str:
    """Return which UTF-16 these bytes are, "" for none. Without a mark they tell it by a zero beside each letter."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = data[:_TOLD_BY]
    evens, odds = start[::2], start[1::2]
    if evens.count(0) == 0 and odds.count(0) > _ZEROS * len(odds):
        return "utf-16-le"
    if odds.count(0) == 0 and evens.count(0) > _ZEROS * len(evens):
        return "utf-16-be"
    return ""


def decode(data: bytes) -> str:
    """Return the text. Never fails: an encoding of Windows reads what UTF-8 cannot, unknown bytes become U+FFFD."""
    text = _decode(data)
    return text if "\n" in text else text.replace("\r", "\n")  # line ends of old Macs


def _decode(data: bytes) -> str:
    if wide := utf16_of(data):
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if _is_cut_utf8(data):
        return data.decode("utf-8-sig", errors="replace")
    return data.decode(windows_encoding(data), errors="replace")


def _is_cut_utf8(data: bytes) -> bool:
    """Say whether this is UTF-8 with a few broken bytes (a cut file), rather than another encoding."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return beyond_ascii > 0 and broken * 10 < beyond_ascii
