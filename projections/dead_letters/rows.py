"""The rows that queries.sql beside this file takes: the parameters of each statement, by name. JSON is text."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypedDict

from projections.rows import Statement


class DeadLetterCameRow(TypedDict):
    record_id: str
    grp: str
    orig_topic: str
    orig_partition: int
    orig_offset: int
    key: str
    plan_id: str | None
    type: str
    value: bytes | None
    headers: str
    data: str | None
    code: str
    error_class: str
    message: str
    stack: str
    fingerprint: str
    attempts: int
    trace_id: str | None
    first_failed_at: datetime
    last_failed_at: datetime
    given_up_by: str
    given_up_reason: str
    dead_at: datetime
    replay: int
    dlq_topic: str
    dlq_partition: int
    dlq_offset: int


class DeadLetterActedRow(TypedDict):
    """A person's action on a dead letter; None leaves a column as it is."""

    record_id: str
    version: int
    replays: int | None
    replayed_version: int | None
    discarded_version: int | None
    edits: int | None
    reason: str
    acted_by: str
    acted_at: datetime


dead_letter_came: Final = Statement("dead_letter_came", DeadLetterCameRow)
dead_letter_acted: Final = Statement("dead_letter_acted", DeadLetterActedRow)
