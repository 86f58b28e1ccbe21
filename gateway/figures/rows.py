"""Count the rows that a figure uses and leaves out, and the share of them that could not be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.figures.catalogue import LEFT_OUT
from schemas.facts import UNKNOWN_MONEY, FigureRows

#: Figures whose rows tell units or days; those of all others tell money, whatever the figure itself is.
_COUNTED: Final = frozenset({"units", "returned_units", "return_rate"})
_IN_DAYS: Final = frozenset({"dispatch_days", "slow_shipping_share"})


@dataclass(frozen=True, slots=True)
class Use:
    """How a figure used the rows. `rightly`: left out by its definition; `unusable`: their values are unknown."""

    used: int
    rightly: dict[str, int]
    unusable: dict[str, int]

    @property
    def left_out(self) -> int:
        return sum(self.rightly.values()) + sum(self.unusable.values())

    @property
    def total(self) -> int:
        return self.used + self.left_out

    @property
    def unusable_share(self) -> float | None:
        """The share of the rows that belong here and could not be used; None where none belongs here."""
        lost = sum(self.unusable.values())
        return lost / (self.used + lost) if self.used + lost else None


def use_of(rows: FigureRows) -> Use:
    """Split the rows left out into rightly left out and unusable ones; an unknown reason counts as unusable."""
    rightly = {reason: n for reason, n in rows.left_out.items() if LEFT_OUT.get(reason, ("", False))[1]}
    unusable = {reason: n for reason, n in rows.left_out.items() if reason not in rightly}
    return Use(rows.used, rightly, unusable)


def unit_of_rows(metric: str, currency: str) -> str:
    """Return the unit of the amounts that a figure's rows tell: a share of revenue has rows of money, not of shares."""
    if metric in _COUNTED:
        return "count"
    return "days" if metric in _IN_DAYS else currency or UNKNOWN_MONEY
