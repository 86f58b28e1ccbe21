"""The rows that queries.sql beside this file takes, by name. JSON is text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, TypedDict

from projections.rows import Statement


class ChannelComparedRow(TypedDict):
    plan_id: str
    channel: str
    version: int
    first_day: date
    last_day: date
    bridge: str | None
    not_compared: str | None
    changed_at: datetime


class OpportunityMeasuredRow(TypedDict):
    plan_id: str
    channel: str
    opportunity_id: str
    measured_by: str
    version: int
    position: int
    first_day: date
    last_day: date
    measured_from: date
    measured_to: date
    days_in_both: int
    source: str
    model: str
    title: str
    metric: str
    skus: str
    unit: str
    baseline: float | None
    target: float | None
    current: float | None
    verdict: str
    why: str
    promised: float | None
    came: float | None
    acted: str
    tasks: int
    tasks_done: int
    changed_at: datetime


channel_compared: Final = Statement("channel_compared", ChannelComparedRow)
opportunity_measured: Final = Statement("opportunity_measured", OpportunityMeasuredRow)
