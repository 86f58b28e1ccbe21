"""Prices of tokens, from the settings: they change too often for a table in the code. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemas.process.settings import SettingsError

_FORM = (
    "MARKETPLACE_AGENT_PRICES must be model=asked/answered a million tokens, comma separated, as gpt-4o-mini=0.15/0.60"
)

#: Letters of ASCII in a token, on the whole of a text: fewer than any model has, so that a call is never dearer than
#: what is put aside for it.
_LETTERS_A_TOKEN: Final = 2


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a million input tokens and of a million output tokens, in the one currency of all prices."""

    asked: float
    answered: float

    def of(self, asked_tokens: int, answered_tokens: int) -> float:
        """Return the cost of so many tokens."""
        return (asked_tokens * self.asked + answered_tokens * self.answered) / 1_000_000


def most_tokens(text: str) -> int:
    """Return an upper bound of a text's tokens. Each byte of a letter beyond ASCII may be one, as in Chinese."""
    letters = len(text.encode("ascii", "ignore"))
    others = len(text.encode("utf-8", "surrogatepass")) - letters
    return -(-letters // _LETTERS_A_TOKEN) + others


def prices_from_env(env: Mapping[str, str]) -> dict[str, Price]:
    """Read MARKETPLACE_AGENT_PRICES: model -> price. Raises SettingsError."""
    found: dict[str, Price] = {}
    for part in filter(None, (one.strip() for one in env.get("MARKETPLACE_AGENT_PRICES", "").split(","))):
        model, _, both = part.rpartition("=")
        try:
            asked, answered = (float(price) for price in both.split("/"))
        except ValueError:
            asked = answered = math.nan
        if not model.strip() or not all(math.isfinite(p) and p >= 0 for p in (asked, answered)):
            raise SettingsError(f"{_FORM}, not {part!r}")
        found[model.strip()] = Price(asked, answered)
    return found
