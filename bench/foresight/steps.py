"""Turns the events of plans into predicted steps: what was known when each began, and how it ended. Pure.

A step is what a plan waits for from the system: its analysis, or its Phase 1. It goes wrong where the plan stalls in
it, or where an analysis of a channel fails. Each is foreseen by what was learned of those that ended before it began.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from bench.foresight.model import Features, Model
from schemas.lifecycle import PLAN

#: Steps that ended lately, of which the share that went wrong is a feature.
LATELY: Final = 20
#: Seconds after which a stall says little of what comes.
FADES_S: Final = 300.0
#: event -> the step that begins with it
BEGINS: Final = {"plan.uploaded": "analysis", "plan.approved": "phase1"}
#: event -> the step that has ended well by it, unless it went wrong before
ENDS: Final = {"plan.analyzed": "analysis", "plan.phase1.created": "phase1"}
#: With these the step that is under way has gone wrong.
WRONG: Final = frozenset({"plan.stalled", "plan.escalated", "plan.channel.failed"})
#: With these it ends without saying anything: a person ended it.
TAKEN_BACK: Final = frozenset(rule.event for rule in PLAN.rules.values() if rule.to in PLAN.given_up)
TYPES: Final = (*BEGINS, *ENDS, *sorted(WRONG | TAKEN_BACK))


@dataclass(frozen=True, slots=True)
class Event:
    """What is read of an event. `at` is in seconds; `channels` and `size_bytes` are those of an upload."""

    plan: str
    type: str
    at: float
    channels: int = 0
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A step that has ended: its predicted chance to go wrong, by model and by base rate, and whether it did."""

    chance: float
    base: float
    bad: bool


@dataclass(slots=True)
class _Open:
    step: str
    at: float
    features: Features
    chance: float
    base: float


@dataclass(slots=True)
class Seer:
    """Reads events in the order of their time."""

    model: Model = field(default_factory=Model)
    _open: dict[str, _Open] = field(default_factory=dict)
    _lately: deque[bool] = field(default_factory=lambda: deque(maxlen=LATELY))
    _stalled_at: float = -math.inf
    _ended: int = 0
    _bad: int = 0

    def read(self, events: Iterable[Event]) -> Iterator[Foreseen]:
        """Yield the steps, each when it has ended."""
        for event in events:
            if event.type in BEGINS:
                self._begin(event)
            elif event.type in WRONG:
                self._stalled_at = max(self._stalled_at, event.at)
                yield from self._end(event.plan, bad=True)
            elif event.type in TAKEN_BACK:
                self._open.pop(event.plan, None)
            elif (one := self._open.get(event.plan)) is not None and one.step == ENDS.get(event.type):
                yield from self._end(event.plan, bad=False)

    def _begin(self, event: Event) -> None:
        features = self._features(event)
        # as if of two one had gone wrong: of few nobody knows
        base = (self._bad + 1) / (self._ended + 2)
        self._open[event.plan] = _Open(
            BEGINS[event.type], event.at, features, self.model.chance(features) if self._ended else base, base
        )

    def _features(self, event: Event) -> Features:
        oldest = max((event.at - one.at for one in self._open.values()), default=0.0)
        return {
            "it is a Phase 1": float(event.type == "plan.approved"),
            "it has many channels": min(event.channels, 5) / 5,
            "the document is large": math.log1p(event.size_bytes) / 20,
            "many plans are under way": math.log1p(len(self._open)) / 8,
            "one has waited for long": math.log1p(max(0.0, oldest)) / 8,
            "plans went wrong lately": sum(self._lately) / len(self._lately) if self._lately else 0.0,
            "one has stalled just now": math.exp(-max(0.0, event.at - self._stalled_at) / FADES_S),
        }

    def _end(self, plan: str, *, bad: bool) -> Iterator[Foreseen]:
        one = self._open.pop(plan, None)
        if one is None:
            return
        yield Foreseen(one.chance, one.base, bad)
        self.model.learn(one.features, bad=bad)
        self._lately.append(bad)
        self._ended += 1
        self._bad += bad
