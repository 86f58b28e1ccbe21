"""The offsets that tools see are committed when they have moved, and not each second."""

from __future__ import annotations

from typing import Any

from aiokafka import TopicPartition

from projections.run.connections import AGAIN_S, ShownOffsets


class Consumer:
    """A consumer that keeps what is committed; `refuses` makes the next commit fail."""

    def __init__(self) -> None:
        self.commits: list[dict[TopicPartition, int]] = []
        self.refuses = False

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self.refuses:
            raise TimeoutError
        self.commits.append(offsets)


async def show(shown: ShownOffsets, consumer: Any, at: int) -> None:
    shown.show(consumer, {("plan.events", 0): at})
    if shown._task is not None:
        await shown._task


async def test_what_has_not_moved_is_not_committed_again() -> None:
    consumer, shown = Consumer(), ShownOffsets()
    for at in (5, 5, 5, 6, 6):
        await show(shown, consumer, at)
    assert [list(offsets.values()) for offsets in consumer.commits] == [[5], [6]]

    shown._shown_at -= AGAIN_S
    await show(shown, consumer, 6)
    assert len(consumer.commits) == 3, "a broker forgets offsets that nobody commits"


async def test_what_could_not_be_committed_is_tried_again() -> None:
    consumer, shown = Consumer(), ShownOffsets()
    consumer.refuses = True
    await show(shown, consumer, 5)
    consumer.refuses = False
    await show(shown, consumer, 5)
    assert [list(offsets.values()) for offsets in consumer.commits] == [[5]]
