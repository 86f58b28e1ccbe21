"""The rows that queries.sql beside this file takes, by name. JSON is text."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypedDict

from projections.rows import Statement


class TimelineEventRow(TypedDict):
    event_id: str
    plan_id: str
    type: str
    stream: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    causation_id: str
    trace_id: str | None
    topic: str
    partition: int
    offset: int
    data: str
    body: str | None


class PlanBodyRow(TypedDict):
    plan_id: str
    digest: str
    said: str


plan_body: Final = Statement("plan_body", PlanBodyRow)
timeline_event: Final = Statement("timeline_event", TimelineEventRow)
