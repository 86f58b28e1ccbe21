"""The currency of an amount: known, assumed, or unknown. Never one that nothing tells."""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = re.compile(r"[A-Z]{3}")


def code_of(unit: str) -> str | None:
    """Return the currency that a figure's unit names; None for what is no money, or money of an unknown currency."""
    return unit if _CODE.fullmatch(unit) else None
