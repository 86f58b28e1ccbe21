"""The first records of a topic, as any other client reads them."""

from __future__ import annotations

from typing import Any

from aiokafka import AIOKafkaConsumer


async def first_of(servers: str, topic: str, count: int) -> list[Any]:
    """Return records of a topic, as they come: `count` at least."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=servers, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    try:
        found: list[Any] = []
        while len(found) < count:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                found += records
        return found
    finally:
        await consumer.stop()
