"""Bytes of a text file into text: UTF-8 with and without BOM, UTF-16, and what Windows writes in Brazil."""

from __future__ import annotations

import codecs


def decode(data: bytes) -> str:
    """Return the text. Never fails: Windows-1252 reads what UTF-8 cannot, unknown bytes become U+FFFD."""
    text = _decode(data)
    return text if "\n" in text else text.replace("\r", "\n")  # line ends of old Macs


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if _is_cut_utf8(data):
        return data.decode("utf-8-sig", errors="replace")
    return data.decode("cp1252", errors="replace")


def _is_cut_utf8(data: bytes) -> bool:
    """Say whether this is UTF-8 with a few broken bytes (a cut file), rather than another encoding."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return beyond_ascii > 0 and broken * 10 < beyond_ascii
