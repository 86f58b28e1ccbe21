"""The rows that queries.sql beside this file takes, by name. JSON is text."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypedDict

from projections.rows import Statement


class RecoveryEventRow(TypedDict):
    plan_id: str
    version: int
    event_id: str
    type: str
    at: datetime
    state: str
    cause: str
    action: str
    attempt: int
    due_at: datetime | None
    stalled_ms: int | None
    evidence: str
    recommendation: str


recovery_event: Final = Statement("recovery_event", RecoveryEventRow)
