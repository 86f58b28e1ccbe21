"""Times and lengths of time as people type them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

import typer

_UNITS: Final = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86_400}
_LENGTH: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|m|h|d)")


def length_s(text: str) -> float | None:
    """Return the seconds of a length such as `30min`, `4h` or `2d`; None for any other text."""
    match = _LENGTH.fullmatch(text.strip())
    return None if match is None else float(match[1]) * _UNITS[match[2]]


def moment(text: str) -> str:
    """Return a time as the API takes it. Raises BadParameter.

    One without an offset is this machine's; a length such as `1h` is so long ago.
    """
    if not text:
        return ""
    try:
        ago = length_s(text)
        if ago is not None:
            return (datetime.now().astimezone() - timedelta(seconds=ago)).isoformat()
        return datetime.fromisoformat(text).astimezone().isoformat()
    except (ValueError, OverflowError):
        written = "write it as 2026-05-04 or 2026-05-04T12:00, or how long ago: 30min, 4h, 2d"
        raise typer.BadParameter(f"{text} is not a time; {written}") from None
