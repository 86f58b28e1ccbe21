"""Which partition of its topic a record is in."""

from __future__ import annotations

from functools import lru_cache

from aiokafka.partitioner import murmur2

from schemas.topics import WORK, declared


@lru_cache(maxsize=4096)
def key_hash(key: bytes) -> int:
    """Return the hash of a key as all Kafka clients compute it. Modulo the number of partitions it is the partition."""
    # in Python it costs as much as the rest of a record, and a plan's records share their key
    return int(murmur2(key)) & 0x7FFFFFFF


def place_of_work(plan_id: str, priority: str | None) -> tuple[str, int] | None:
    """Return topic and partition of the requests for a plan's analyses; None where its priority is not known."""
    topic = WORK.get(priority or "")
    return None if topic is None else (topic, key_hash(plan_id.encode()) % declared()[topic].partitions)
