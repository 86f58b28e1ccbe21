"""The currency of an amount: known, assumed, or unknown. Never one that nothing tells."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from schemas.facts import CurrencySource

#: What amounts are in, by how it is known.
HOW: Final[dict[CurrencySource, str]] = {
    "read": "%(code)s, as the document says",
    "told": "%(code)s, as a person said",
    "assumed": "%(code)s, by assumption",
    "": "currency unknown",
}
#: Worths of opportunities are in it alone.
HOME_CURRENCY: Final = "BRL"
_CODE: Final = re.compile(r"[A-Z]{3}")


def code_of(unit: str) -> str | None:
    """Return the currency in a figure's unit; None if the unit is not money, or the currency is unknown."""
    return unit if _CODE.fullmatch(unit) else None


def are_one(codes: Collection[str | None]) -> bool:
    """Say whether these are known to be one currency: only then may amounts be added up or held against each other."""
    return len(set(codes)) <= 1 and all(codes)
