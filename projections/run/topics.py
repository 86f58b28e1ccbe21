"""The topics that are projected, and their order in the numbers of leases."""

from __future__ import annotations

from typing import Final

from projections.dead_letters.burial import DEAD_LETTERS
from schemas.process.places import MOST, partitions_of
from schemas.topics import GOODS_EVENTS, PLAN_EVENTS, SYSTEM_EVENTS, TASK_EVENTS, declared

TOPICS: Final = (PLAN_EVENTS, TASK_EVENTS, GOODS_EVENTS, SYSTEM_EVENTS, *DEAD_LETTERS)
#: A topic that is new stands last, so that two versions that run side by side number all others alike.
LEASE_ORDER: Final = (*sorted(set(TOPICS) - {GOODS_EVENTS}), GOODS_EVENTS)
#: Partitions that were added have numbers above this: those that were there keep theirs.
ADDED: Final = 10_000


def lease_numbers() -> dict[tuple[str, int], int]:
    """Return each partition that there is with the number of its lease, the same in every process."""
    at_first = [(topic, p) for topic in LEASE_ORDER for p in range(declared()[topic].partitions)]
    numbers = {place: number for number, place in enumerate(at_first, start=1)}
    for place, topic in enumerate(LEASE_ORDER):
        for p in range(declared()[topic].partitions, partitions_of(topic)):
            numbers[topic, p] = ADDED + place * MOST + p
    return numbers
