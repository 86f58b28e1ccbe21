"""What a host asks its client for, so that the records of more urgent plans wait for no flood of others.

What is in partitions for urgent plans is asked for first, then that and what is in those for usual ones, then all. What
was found in one step is left to the next ones for once: so all get their share, whatever comes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from schemas.process.places import LOW, URGENT, rank
from streams.guard.portion import ENOUGH_S, FEW, FEW_S, PORTION, Wants


class Partition(Protocol):
    """A partition of a topic."""

    @property
    def topic(self) -> str: ...

    @property
    def partition(self) -> int: ...


P = TypeVar("P", bound=Partition)

_URGENT, _SOONER, _ALL = range(3)


@dataclass(frozen=True, slots=True)
class Ask(Generic[P]):
    """A question: for at most `most` records of `places` (None: of all; none: it is only to pause), after `pause_s`.

    `wait_s`: how long to wait for the first one; None: as long as the host does.
    """

    places: Collection[P] | None
    most: int = PORTION
    wait_s: float | None = None
    pause_s: float = 0.0
    step: int = _ALL


class Asking(Generic[P]):
    """Says what to ask for next, and remembers where something was found."""

    def __init__(self) -> None:
        self._step = _URGENT

    def found(self, ask: Ask[P]) -> None:
        """Note that there were records: the next questions are for more than these partitions."""
        self._step = (ask.step + 1) % (_ALL + 1)

    def next(self, places: Collection[P], wants: Callable[[], Wants]) -> Iterator[Ask[P]]:
        """Yield one question after another, until records are found; the last one waits for them."""
        urgent = [tp for tp in places if rank(*_place(tp)) == URGENT]
        # at once: during another question these partitions may be taken away
        if urgent and self._step == _URGENT:
            yield Ask(urgent, wait_s=0.0, step=_URGENT)
        wanted = wants()
        step, self._step = self._step, _URGENT
        if wanted == "urgent":
            yield Ask(urgent, wait_s=ENOUGH_S) if urgent else _nothing()
            return
        few = wanted != "all"
        most, pause_s = (FEW, FEW_S) if few else (PORTION, 0.0)
        sooner = [tp for tp in places if rank(*_place(tp)) != LOW]
        if wanted == "usual":
            yield Ask(sooner, most, ENOUGH_S, pause_s) if sooner else _nothing()
            return
        if step != _ALL and 0 < len(sooner) < len(places):
            yield Ask(sooner, most, 0.0, pause_s, _SOONER)
            pause_s = 0.0
        yield Ask(None, most, None, pause_s)


def _nothing() -> Ask[P]:
    return Ask(places=(), wait_s=0.0, pause_s=ENOUGH_S)


def _place(tp: Partition) -> tuple[str, int]:
    return tp.topic, tp.partition
