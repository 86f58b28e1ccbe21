"""Which events are in the log more than once: allowed after a kill, a waste after a graceful stop."""

from __future__ import annotations

from collections import Counter

from aiokafka import AIOKafkaConsumer, TopicPartition

from projections.settings import Settings
from schemas.registry import wait_for_codec
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, declared


async def repeated(settings: Settings) -> Counter[str]:
    """Return how many records say again what another one of the same event has said, by type."""
    codec = wait_for_codec(settings.registry_url)
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.brokers.servers, enable_auto_commit=False)
    await consumer.start()
    seen: set[str] = set()
    again: Counter[str] = Counter()
    try:
        for topic in (PLAN_EVENTS, TASK_EVENTS):
            for number in range(declared()[topic].partitions):
                partition = TopicPartition(topic, number)
                consumer.assign([partition])
                await consumer.seek_to_beginning(partition)
                end = (await consumer.end_offsets([partition]))[partition]
                while await consumer.position(partition) < end:
                    for record in (await consumer.getmany(partition, timeout_ms=500)).get(partition, []):
                        event = codec.decode(record.value)
                        if event.event_id in seen:
                            again[event.type] += 1
                        seen.add(event.event_id)
    finally:
        await consumer.stop()
    return again
