"""One check: whether it fits, what was seen, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Fit(StrEnum):
    """The result of a check. `BETTER`: it works, and another setting would be better or safer."""

    FITS = "fits"
    BETTER = "fits, but"
    NOT = "does not fit"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Check:
    """`id` is stable: docs/redpanda.md and scripts name it. `todo` is empty where nothing is to be done."""

    id: str
    fit: Fit
    seen: str
    todo: str = ""


#: The least that a client may be told of: how many names a line has.
NAMED: Final = 4


def some(names: list[str]) -> str:
    """Return names for a sentence, the first of many and how many more."""
    if len(names) <= NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
