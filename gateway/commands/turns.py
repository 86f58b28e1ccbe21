"""Which waiting commands the next call decides: a bulk request never keeps commands that came alone waiting. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Literal, TypeVar

from gateway.commands.gathering import ENOUGH, Gathering

T = TypeVar("T")

#: `one`: commands that came alone, or a few together. `bulk`: those of requests with many.
Lane = Literal["one", "bulk"]

#: Most commands in one transaction: bounds how long the first of them waits for the last.
BATCH_LIMIT: Final = 200
#: Calls under way at once; more only fight for the same rows and cores. One of them is never a bulk request's. A bulk
#: request that finds all of them taken begins beside them.
CALLS_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """Commands to decide together, in the order in which they came."""

    lane: Lane
    batch: Sequence[T]


@dataclass(slots=True)
class Turns(Generic[T]):
    """Holds the commands that wait. The caller passes times of a monotonic clock, in seconds."""

    _waiting: dict[Lane, list[T]] = field(default_factory=lambda: {"one": [], "bulk": []})
    _under_way: dict[Lane, int] = field(default_factory=lambda: {"one": 0, "bulk": 0})
    _gathering: Gathering = field(default_factory=Gathering)

    def came(self, items: Sequence[T], now: float) -> None:
        """Let commands of one request wait for their turn."""
        if len(items) > ENOUGH:
            self._waiting["bulk"] += items
        else:
            self._waiting["one"] += items
            self._gathering.came(len(items), now)

    def next(self, now: float) -> Call[T] | float | None:
        """Return the next call to begin; for how many seconds it has to wait; or None, with nothing to begin."""
        wait_s = None
        if self._has_place("one"):
            wait_s = self._gathering.wait_s(len(self._waiting["one"]), now)
            if not wait_s:
                self._gathering.begun(now)
                return self._begin("one")
        return self._begin("bulk") if self._has_place("bulk") else wait_s

    def ended(self, lane: Lane) -> None:
        """Note that a call has ended."""
        self._under_way[lane] -= 1

    def _has_place(self, lane: Lane) -> bool:
        if not self._waiting[lane]:
            return False
        # a bulk request leaves a place, so that whoever comes alone begins at once; and has one, so that it ends, too
        shared = self._waiting["bulk"] or self._under_way["bulk"]
        return self._under_way[lane] < CALLS_AT_ONCE - bool(shared)

    def _begin(self, lane: Lane) -> Call[T]:
        waiting = self._waiting[lane]
        batch, self._waiting[lane] = waiting[:BATCH_LIMIT], waiting[BATCH_LIMIT:]
        self._under_way[lane] += 1
        return Call(lane, batch)
