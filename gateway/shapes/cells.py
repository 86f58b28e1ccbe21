"""Cells of files for spreadsheets: no text is taken for a formula."""

from __future__ import annotations

from typing import Final

#: Beginnings of a cell that a spreadsheet takes for a formula; a quote before it goes when the table is read.
#: In full width, too: a spreadsheet of East Asia takes those for the same signs.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
#: Spreadsheets take UTF-8 for what it is with this mark only.
MARK: Final = b"\xef\xbb\xbf"


def harmless(text: str) -> str:
    """Return a text as a cell that stays a text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
