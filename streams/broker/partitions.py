"""Which partition has the requests for a plan's analyses."""

from __future__ import annotations

from schemas.process.places import partition_of
from schemas.topics import WORK


def place_of_work(plan_id: str, priority: str | None) -> tuple[str, int] | None:
    """Return topic and partition of the requests for a plan's analyses; None where its priority is not known."""
    topic = WORK.get(priority or "")
    return None if topic is None else (topic, partition_of(topic, plan_id.encode()))
