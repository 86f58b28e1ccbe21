"""Asks a broker which partitions of the declared topics have a leader, and reads single records by their place."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from schemas.process import kafka
from schemas.process.ending import ended
from schemas.process.kafka import Brokers
from schemas.topics import declared
from streams.broker.asking import ask
from streams.broker.protocol import Metadata

Place = tuple[str, int]
#: How long an answer is waited for, in milliseconds.
ANSWER_MS: Final = 2000
STOP_S: Final = 1.0
#: The records are read within so many seconds, or TimeoutError.
READ_S: Final = 5.0


async def leaders_of(admin: AIOKafkaAdminClient) -> dict[Place, tuple[int, int]]:
    """Return the leader of each partition and its epoch, of those that have one."""
    answer: Any = await ask(admin, Metadata(list(declared())))
    return {
        (topic["topic"], part["partition"]): (part["leader"], part["leader_epoch"])
        for topic in answer.to_object()["topics"]
        if not topic["error_code"]
        for part in topic["partitions"]
        if not part["error_code"] and part["leader"] >= 0
    }


async def records_at(
    brokers: Brokers, client_id: str, places: Mapping[Place, int], within_s: float = READ_S
) -> dict[Place, ConsumerRecord]:
    """Return the record at an offset of each partition, or the next one there is. Every place has to have one."""
    left = {TopicPartition(*place): offset for place, offset in places.items()}
    found: dict[Place, ConsumerRecord] = {}
    if not left:
        return found
    consumer = kafka.reader(brokers, client_id, answer_ms=ANSWER_MS)
    await consumer.start()
    try:
        consumer.assign(list(left))
        for partition, offset in left.items():
            consumer.seek(partition, offset)
        async with asyncio.timeout(within_s):
            while len(found) < len(left):
                for partition, records in (await consumer.getmany(timeout_ms=500)).items():
                    found.setdefault((partition.topic, partition.partition), records[0])
    finally:
        await ended(consumer.stop(), STOP_S)
    return found
