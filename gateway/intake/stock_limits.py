"""Settings of stock: below how many days of sales it is to be reordered, above how many there is too much."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LOW: Final = "MARKETPLACE_STOCK_LOW_DAYS"
HIGH: Final = "MARKETPLACE_STOCK_HIGH_DAYS"
SETTINGS: Final = (LOW, HIGH)
_MOST_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class StockLimits:
    """In days of sales."""

    low: int = 15
    high: int = 180


def current_limits(env: Mapping[str, str] = os.environ) -> StockLimits:
    """Return the limits of this process. Raises ValueError that says what is wrong with which setting."""
    usual = StockLimits()
    found = StockLimits(_days(env, LOW, usual.low), _days(env, HIGH, usual.high))
    if found.low >= found.high:
        raise ValueError(f"{LOW} ({found.low}) has to be less than {HIGH} ({found.high})")
    return found


def _days(env: Mapping[str, str], name: str, usual: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _MOST_DAYS):
        raise ValueError(f"{name} is {text!r}: give whole days from 1 to {_MOST_DAYS}")
    return int(text)
