"""Counts projected records, and their time from the log to the rows."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from aiokafka import TopicPartition

from schemas import headers as h
from schemas.metrics import EVENTS, PROJECTED, SHOWN
from schemas.process import metrics
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, declared

#: Topic -> each type as its header has it -> the type. A header that names another is nobody's label.
_TYPES: Final = {
    topic: {type_.encode(): type_ for type_ in declared()[topic].events} for topic in (PLAN_EVENTS, TASK_EVENTS)
}


def count_from_zero() -> None:
    """Let each type be counted from 0: a counter that begins with 1 rose by nothing, as Prometheus counts."""
    for types in _TYPES.values():
        for type_ in types.values():
            metrics.count(EVENTS, type_, by=0)


def count(written: Mapping[TopicPartition, Sequence[Any]], shown: Collection[tuple[str, int, int]] = ()) -> None:
    """Count records whose rows are committed; each has the time of its arrival in the log.

    `shown`: topic, partition and offset of those that were shown before their turn, of which that was told then.
    """
    for place, records in written.items():
        metrics.count(PROJECTED, place.topic, by=len(records))
        if types := _TYPES.get(place.topic):
            for type_, many in Counter(h.raw(record.headers, h.TYPE) for record in records).items():
                if type_ in types:
                    metrics.count(EVENTS, types[type_], by=many)
        new = [one for one in records if (one.topic, one.partition, one.offset) not in shown] if shown else records
        observe_shown(place.topic, new)


def observe_shown(topic: str, records: Iterable[Any]) -> None:
    """Tell for how long records of a topic have waited until their rows were committed, now."""
    now = time.time()
    metrics.observe_all(SHOWN, [now - record.timestamp / 1000 for record in records], topic)
