"""Counts what was projected, and how long it took from the log to the rows."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition

from schemas.metrics import PROJECTED, SHOWN
from schemas.process import metrics


def count(written: Mapping[TopicPartition, Sequence[Any]]) -> None:
    """Count records whose rows are committed; each has the time of its arrival in the log."""
    now = time.time()
    for place, records in written.items():
        metrics.count(PROJECTED, place.topic, by=len(records))
        metrics.observe_all(SHOWN, [now - record.timestamp / 1000 for record in records], place.topic)
