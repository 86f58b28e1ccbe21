"""Counts projected records, and their time from the log to the rows."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition

from schemas.metrics import PROJECTED, SHOWN
from schemas.process import metrics


def count(written: Mapping[TopicPartition, Sequence[Any]], shown: Collection[tuple[str, int, int]] = ()) -> None:
    """Count records whose rows are committed; each has the time of its arrival in the log.

    `shown`: topic, partition and offset of those that were shown before their turn, of which that was told then.
    """
    for place, records in written.items():
        metrics.count(PROJECTED, place.topic, by=len(records))
        new = [one for one in records if (one.topic, one.partition, one.offset) not in shown] if shown else records
        observe_shown(place.topic, new)


def observe_shown(topic: str, records: Iterable[Any]) -> None:
    """Tell for how long records of a topic have waited until their rows were committed, now."""
    now = time.time()
    metrics.observe_all(SHOWN, [now - record.timestamp / 1000 for record in records], topic)
