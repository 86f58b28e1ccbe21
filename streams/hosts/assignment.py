"""A process's partition assignment, as its heartbeat row reports it and the watchdog reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition


def assignment_of(consumer: AIOKafkaConsumer | None) -> dict[str, Any]:
    """Return `holds` (topic -> the partitions that are read) and `generation` (another one after each rebalance).

    While a rebalance is under way nothing is assigned: nothing is taken then, either.
    """
    if consumer is None:
        return {"holds": {}, "generation": -1}
    moving = consumer._subscription.reassignment_in_progress  # noqa: SLF001 - the client does not tell otherwise
    generation = getattr(consumer._coordinator, "generation", -1)  # noqa: SLF001 - as above; none before its start
    return {"holds": {} if moving else by_topic(consumer.assignment()), "generation": generation}


def by_topic(partitions: Iterable[TopicPartition]) -> dict[str, list[int]]:
    """Return topic -> numbers of its partitions, both in order."""
    found: dict[str, list[int]] = {}
    for tp in sorted(partitions):
        found.setdefault(tp.topic, []).append(tp.partition)
    return found
