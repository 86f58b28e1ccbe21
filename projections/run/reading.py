"""Reads the log on into a window, the partitions for low plans last: no flood of these is before anything else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from aiokafka import TopicPartition

from projections.run.turns import BATCH, READ_ON
from projections.run.window import PLANS_ALONE, Window
from schemas.process.places import LOW, rank
from schemas.topics import PLAN_EVENTS

#: How long a poll waits for the first record; it returns at once when there is one.
POLL_MS: Final = 250


async def read_on(consumer: Any, window: Window) -> None:
    """Read what there is room for; only plans' events where much waits already. An empty window waits for the first.

    The last of the room is for what is not low.
    """
    alone = len(window) >= PLANS_ALONE
    asked = [tp for tp in consumer.assignment() if tp.topic == PLAN_EVENTS] if alone else []
    if not window.room or (alone and not asked):
        return
    most = min(BATCH if len(window) < BATCH else READ_ON, window.room)
    if len(window) and (sooner := _sooner(asked or consumer.assignment())):
        low = min(most, window.room_for_low)
        found = await consumer.getmany(*sooner, timeout_ms=0, max_records=most - low // 2)
        window.add(found)
        most = min(most - sum(map(len, found.values())), low)
    if most:
        window.add(await consumer.getmany(*asked, timeout_ms=0 if len(window) else POLL_MS, max_records=most))


def _sooner(places: Iterable[TopicPartition]) -> list[TopicPartition]:
    """Return the partitions that are not for low plans; none where all are alike."""
    every = list(places)
    sooner = [tp for tp in every if rank(tp.topic, tp.partition) != LOW]
    return sooner if len(sooner) < len(every) else []
