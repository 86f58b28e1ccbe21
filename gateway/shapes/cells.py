"""Cells of files for spreadsheets: no text is taken for a formula."""

from __future__ import annotations

import re
from typing import Final

#: Beginnings of a cell that a spreadsheet takes for a formula; a quote before it goes when the table is read.
#: In full width, too: a spreadsheet of East Asia takes those for the same signs.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
#: Spreadsheets take UTF-8 for what it is with this mark only.
MARK: Final = b"\xef\xbb\xbf"


#: In a text of CSV: what is the beginning of a cell or a line where the file is read with another delimiter than it
#: has, as a spreadsheet of another country does. A number with its sign, and a sign alone, are no formula.
_WITHIN: Final = re.compile(
    r"([,;\t|\r\n]\"*)(?=[=@\uff1d\uff0b\uff0d\uff20]|[+-](?!(?:\d[\d.,]*)?%?(?:[\s;|\]})\"]|$)))"
)


def harmless(text: str) -> str:
    """Return a text as a cell that stays a text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def harmless_line(text: str) -> str:
    """Return a text as a cell of CSV that stays a text, and begins no other cell, whichever the delimiter."""
    return _WITHIN.sub(r"\1'", harmless(text))
