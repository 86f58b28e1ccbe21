"""The rows that queries.sql beside this file takes: the parameters of each statement, by name. JSON is text."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypedDict

from projections.rows import Statement
from schemas.lifecycle import PlanStatus


class PlanUploadedRow(TypedDict):
    plan_id: str
    version: int
    status: PlanStatus
    title: str
    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    document_id: str
    channels: str
    priority: str
    uploaded_by: str
    uploaded_at: datetime
    trace_id: str | None
    changed_at: datetime


class ChannelEndedRow(TypedDict):
    plan_id: str
    channel: str
    version: int
    status: str
    source: str
    model: str
    summary: str
    opportunities: str
    phases: str
    repairs: str
    limits: str
    code: str
    reason: str
    fallback: str
    unmatched: str
    agent_use: str
    checks: str
    changed_at: datetime
    # None from the mapping: what stands apart is told by whoever writes
    body: str | None
    told_by: int | None


class ChannelAskedRow(TypedDict):
    plan_id: str
    channel: str
    version: int
    asked: str


class ChannelKeptRow(TypedDict):
    plan_id: str
    channel: str
    version: int
    kept: str


class PlanAskedRow(TypedDict):
    plan_id: str
    version: int
    changed_at: datetime


class PlanAnalyzedRow(TypedDict):
    plan_id: str
    version: int
    status: PlanStatus
    partial: bool
    outcomes: str
    opportunities: str
    phases: str
    phases_left: str
    changed_at: datetime
    # None from the mapping, as of a channel
    body: str | None
    opportunity_count: int | None
    worth_brl: float | None


class PlanDecidedRow(TypedDict):
    plan_id: str
    version: int
    status: PlanStatus
    reason: str
    decided_by: str
    decided_at: datetime
    ended_at: datetime | None
    changed_at: datetime


class PlanPhase1Row(TypedDict):
    plan_id: str
    version: int
    status: PlanStatus
    phase1: str
    phase1_at: datetime
    changed_at: datetime


class PlanDecidedPhase1Row(TypedDict):
    plan_id: str
    decided_version: int
    decided_status: PlanStatus
    reason: str
    decided_by: str
    decided_at: datetime
    ended_at: datetime | None
    decided_changed_at: datetime
    version: int
    status: PlanStatus
    phase1: str
    phase1_at: datetime
    changed_at: datetime


class PlanCompletedRow(TypedDict):
    plan_id: str
    version: int
    status: PlanStatus
    ended_at: datetime
    changed_at: datetime


class PlanPhaseRow(TypedDict):
    plan_id: str
    number: int
    version: int
    name: str
    weeks: str
    investment: str
    expected_impact: str
    tasks: str
    started_by: str
    started_at: datetime


class PlanGoesOnRow(TypedDict):
    plan_id: str
    version: int
    number: int
    status: PlanStatus
    changed_at: datetime


class PlanUnnamedRow(TypedDict):
    plan_id: str
    title: str
    filename: str


class PlanErasedRow(TypedDict):
    plan_id: str
    title: str
    filename: str
    erased_at: datetime
    erased_by: str


plan_uploaded: Final = Statement("plan_uploaded", PlanUploadedRow)
channel_ended: Final = Statement("channel_ended", ChannelEndedRow)
channel_asked: Final = Statement("channel_asked", ChannelAskedRow)
channel_kept: Final = Statement("channel_kept", ChannelKeptRow)
plan_asked: Final = Statement("plan_asked", PlanAskedRow)
plan_analyzed: Final = Statement("plan_analyzed", PlanAnalyzedRow)
plan_decided: Final = Statement("plan_decided", PlanDecidedRow)
plan_phase1: Final = Statement("plan_phase1", PlanPhase1Row)
plan_decided_phase1: Final = Statement("plan_decided_phase1", PlanDecidedPhase1Row)
plan_completed: Final = Statement("plan_completed", PlanCompletedRow)
plan_phase: Final = Statement("plan_phase", PlanPhaseRow)
plan_goes_on: Final = Statement("plan_goes_on", PlanGoesOnRow)
plan_unnamed: Final = Statement("plan_unnamed", PlanUnnamedRow)
plan_erased: Final = Statement("plan_erased", PlanErasedRow)
