"""Where a producer sends a record: to the place of its key, as soon as the producer's broker has that place."""

from __future__ import annotations

from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import UnknownTopicOrPartitionError

from schemas.process.places import dealt_among, growth, key_hash, partition_of
from schemas.topics import declared


class Places:
    """Knows how many partitions each topic has, as far as one producer's broker has told."""

    def __init__(self) -> None:
        self._there: dict[str, int] = {}

    async def of(self, producer: AIOKafkaProducer, topic: str, key: bytes | None) -> int:
        """Return the partition of a key; 0 for a record without one.

        Raises the broker's errors as they are, UnknownTopicOrPartitionError for a place that was added and that this
        broker does not have yet: the record waits for it.
        """
        if key is None:
            return 0
        there = self._there.get(topic) or await self._ask(producer, topic)
        if topic not in declared():  # not ours: its key decides as for every other client
            return key_hash(key) % there
        number = partition_of(topic, key)
        if number < there:
            return number
        await producer.client.force_metadata_update()
        there = await self._ask(producer, topic)
        if number < there:
            return number
        if 0 < dealt_among(key) <= growth.there:
            raise UnknownTopicOrPartitionError(
                f"{topic} has {there} partitions at this broker, {number} not among them"
            )
        # no plan of ours has this id: it has a place all the same, and always the same one
        return key_hash(key) % min(there, declared()[topic].partitions)

    def forget(self) -> None:
        """Ask anew: the next producer may know more."""
        self._there.clear()

    async def _ask(self, producer: Any, topic: str) -> int:
        self._there[topic] = count = len(await producer.partitions_for(topic))
        return count
