"""The topics that are projected, and their order in the numbers of leases."""

from __future__ import annotations

from typing import Final, Literal

from projections.dead_letters.burial import DEAD_LETTERS
from schemas.process.places import MOST, for_urgent, partitions_of
from schemas.topics import GOODS_EVENTS, PLAN_EVENTS, SYSTEM_EVENTS, TASK_EVENTS, declared

TOPICS: Final = (PLAN_EVENTS, TASK_EVENTS, GOODS_EVENTS, SYSTEM_EVENTS, *DEAD_LETTERS)
#: A topic that is new stands last, so that two versions that run side by side number all others alike.
LEASE_ORDER: Final = (*sorted(set(TOPICS) - {GOODS_EVENTS}), GOODS_EVENTS)
#: Partitions that were added have numbers above this: those that were there keep theirs.
ADDED: Final = 10_000
#: Which partitions one session projects: those for urgent plans, all others, or both.
Lane = Literal["all", "urgent", "others"]
#: Number of the lock by which sessions of a lane count each other; no partition has it. Earlier versions know 0 alone.
MEMBERS: Final[dict[Lane, int]] = {"all": 0, "urgent": ADDED - 1, "others": 0}


def lease_numbers(lane: Lane = "all") -> dict[tuple[str, int], int]:
    """Return each partition of a lane with the number of its lease, the same in every process."""
    at_first = [(topic, p) for topic in LEASE_ORDER for p in range(declared()[topic].partitions)]
    numbers = {place: number for number, place in enumerate(at_first, start=1)}
    for place, topic in enumerate(LEASE_ORDER):
        for p in range(declared()[topic].partitions, partitions_of(topic)):
            numbers[topic, p] = ADDED + place * MOST + p
    return {tp: n for tp, n in numbers.items() if lane == "all" or for_urgent(*tp) == (lane == "urgent")}
