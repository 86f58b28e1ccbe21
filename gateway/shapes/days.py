"""Days as callers and addresses give them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

#: What is published. Years are those that a calendar of work can have: beyond, times of a day cannot be told.
PATTERN: Final = r"^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
HOW: Final = "a day is YYYY-MM-DD, such as 2026-11-30, of the years 2000 to 2999"
_DAY: Final = re.compile(PATTERN[1:-1])


def day(text: str) -> date:
    """Return a day. Raises ValueError that says how one is written."""
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:  # there is no such day
            pass
    raise ValueError(HOW)
