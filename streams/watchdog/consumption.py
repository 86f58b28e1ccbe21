"""Decide whether somebody consumes a partition that has a backlog. Pure."""

from __future__ import annotations

from typing import Final, Literal

from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import Place, System

#: What moved within the last so many seconds works.
MOVING_S: Final = 3.0
#: Projections that have written nothing for so many seconds are started again; on an overloaded machine one batch can
#: take several of them.
STILL_S: Final = 15.0

Reader = Literal["moves", "nobody", "deaf"]


def reader_of(system: System, name: str, place: Place, patience: Patience, in_log_s: float = 0.0) -> Reader:
    """Say what becomes of a partition of `system.still`, by the processes of a role.

    A holder that moves is given longer, and as long as it takes while it has more in hand: this partition may have to
    wait behind others, by their weights. `in_log_s`: for how long one of the records that wait there has been in the
    log. If its holder has handled nothing for as long, the partition has stood still for as long, too: that is more
    exact than what the watchdog sees, which asks the broker once a second.
    """
    role, still_s, holder = system.role(name), system.still[place], system.holders.get(place)
    if holder is not None:
        still_s = max(still_s, min(in_log_s, holder.still_s))
    if holder is None and name not in system.untold:
        return "moves" if still_s < MOVING_S else "nobody"
    if holder is None:  # one of an earlier version may hold it, and does not say so
        frozen, moving, in_hand = role.frozen >= role.living, role.still_s < MOVING_S, False
    else:
        frozen, moving, in_hand = holder.frozen, holder.still_s < MOVING_S, holder.busy > 0 or holder.waiting > 0
    if frozen:
        return "deaf"
    if still_s < MOVING_S or (moving and (in_hand or still_s < patience.deaf_s)):
        return "moves"
    return "deaf"


def stillness(system: System, place: Place) -> dict[str, str]:
    """Return the evidence of stillness, for people and for the log."""
    found = {"partition_still_s": f"{system.still[place]:.1f}"}
    holder = system.holders.get(place)
    if holder is not None:
        found["holder"], found["holder_still_s"] = holder.name, f"{holder.still_s:.1f}"
    return found
