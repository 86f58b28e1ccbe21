"""Tell whether a draining system has finished its work in flight, by the flag and the heartbeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from projections.reads.operations import Operations
from projections.reads.processes import Process
from schemas.flags import Flag

#: The processes that take records in, while queue processing is on.
TAKERS: Final = ("worker", "runner")
#: Each of them knows of the switch within two seconds, and tells what it has in hand within one more.
KNOWN_AFTER: Final = timedelta(seconds=4)

State = Literal["taking", "draining", "drained", "unknown"]


@dataclass(frozen=True, slots=True)
class InHand:
    """The records in flight at a process; None if it does not report them (silent, or of an older version)."""

    process: Process
    records: int | None


@dataclass(frozen=True, slots=True)
class Draining:
    """`since`: when taking in was switched off, by `by` and for `reason`; None while it is on.

    Unknown: some process does not report what it has in flight, so it may still work on something.
    """

    state: State
    since: datetime | None
    by: str
    reason: str
    in_hand: Sequence[InHand]

    @property
    def records(self) -> int:
        return sum(one.records or 0 for one in self.in_hand)


def draining(running: Operations, as_of: datetime) -> Draining:
    """Return whether the system is draining, and the work in flight."""
    in_hand = [_of(one) for one in running.processes if one.role in TAKERS and one.connected]
    off = next((flag for flag in running.switched_off if flag.name == Flag.QUEUE_PROCESSING), None)
    if off is None:
        return Draining("taking", None, "", "", in_hand)
    return Draining(_state(off.changed_at, as_of, in_hand), off.changed_at, off.changed_by, off.reason, in_hand)


def _of(process: Process) -> InHand:
    told = process.progress.get("in_hand")
    return InHand(process, told if process.well and isinstance(told, int) else None)


def _state(since: datetime, as_of: datetime, in_hand: Sequence[InHand]) -> State:
    if as_of - since < KNOWN_AFTER or any(one.records for one in in_hand):
        return "draining"
    return "unknown" if any(one.records is None for one in in_hand) else "drained"
