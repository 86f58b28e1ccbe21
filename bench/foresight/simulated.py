"""Simulated histories: plans that come at random, and what goes wrong with them. The seed determines all of it.

`outages`: some minutes of a provider or a worker away, within which most steps go wrong; the rest seldom do.
`chance`: as much goes wrong, and nothing that is known before says when: whoever finds a pattern in it is deceived.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from random import Random
from typing import Final, Literal

from bench.foresight.steps import Event

Kind = Literal["outages", "chance"]
KINDS: Final[tuple[Kind, ...]] = ("outages", "chance")
#: Seconds between two plans, of a step that goes well, until one that does not is seen, between outages, of an outage.
_BETWEEN, _TAKES, _SEEN, _QUIET, _LASTS = 6.0, 8.0, 60.0, 7200.0, 600.0
_SELDOM: Final = 0.004
_WITHIN: Final = 0.8
#: The share of all time that is an outage: what goes wrong by chance is as much in all.
_SHARE: Final = _LASTS / (_LASTS + _QUIET)


def events(kind: Kind, plans: int, seed: int) -> Iterator[Event]:
    """Yield the events of so many plans, in the order of their time."""
    random = Random(seed)
    outage = _outages(random)
    begins, ends = next(outage)
    waiting: list[tuple[float, int, Event]] = []
    at = 0.0
    for number in range(plans):
        at += random.expovariate(1 / _BETWEEN)
        while ends < at:
            begins, ends = next(outage)
        plan = str(number)
        yield from _until(waiting, at)
        yield Event(plan, "plan.uploaded", at, random.randint(1, 5), int(random.lognormvariate(11, 2)))
        if kind == "outages":
            bad = random.random() < (_WITHIN if begins <= at else _SELDOM)
        else:
            bad = random.random() < _SHARE * _WITHIN + (1 - _SHARE) * _SELDOM
        later = at + (_SEEN if bad else random.expovariate(1 / _TAKES))
        heapq.heappush(waiting, (later, number, Event(plan, "plan.stalled" if bad else "plan.analyzed", later)))
    yield from _until(waiting, float("inf"))


def _outages(random: Random) -> Iterator[tuple[float, float]]:
    at = 0.0
    while True:
        at += random.expovariate(1 / _QUIET)
        ends = at + random.expovariate(1 / _LASTS)
        yield at, ends
        at = ends


def _until(waiting: list[tuple[float, int, Event]], at: float) -> Iterator[Event]:
    while waiting and waiting[0][0] <= at:
        yield heapq.heappop(waiting)[2]
