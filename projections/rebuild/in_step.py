"""Reads tasks in step with their plans: a task.created whose phase was read need not be decoded.

Both topics have a plan in the partition of the same number. The order between topics is nobody's to rely on, so this
makes nothing right or wrong, only fast: what waits too long, or is let go too soon, is decoded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from aiokafka import TopicPartition

from schemas.topics import PLAN_EVENTS, TASK_EVENTS


class InStep:
    """Lets records of task.events wait until plan.events of the same number was read as far in time, or to its end."""

    def __init__(self) -> None:
        self._waiting: dict[TopicPartition, list[Any]] = {}
        self._read: dict[int, int] = {}  # partition of plan.events -> timestamp of the last record that was read

    def waits(self, tp: TopicPartition) -> bool:
        """Return whether records of a partition wait: no more of them are needed now."""
        return tp in self._waiting

    def ready(
        self, found: Mapping[TopicPartition, list[Any]], plans_left: Collection[int]
    ) -> dict[TopicPartition, list[Any]]:
        """Return the records that are to be projected now, of those found and those that wait, in their order.

        `plans_left`: the partitions of plan.events of which there is more to read.
        """
        now: dict[TopicPartition, list[Any]] = {}
        for tp, records in found.items():
            if tp.topic == TASK_EVENTS:
                self._waiting.setdefault(tp, []).extend(records)
                continue
            if tp.topic == PLAN_EVENTS:
                self._read[tp.partition] = records[-1].timestamp
            now[tp] = records
        for tp, records in list(self._waiting.items()):
            count = len(records)
            if tp.partition in plans_left:
                until = self._read.get(tp.partition, -1)
                count = next((n for n, record in enumerate(records) if record.timestamp > until), count)
            if count:
                now[tp], left = records[:count], records[count:]
                del self._waiting[tp]
                if left:
                    self._waiting[tp] = left
        return now
