"""Plans. Pure: event -> rows for queries.sql beside this file; those of their channels are in channels.py."""

from __future__ import annotations

from typing import assert_never

from projections.plans.channels import asked_again, channel
from projections.plans.rows import (
    PlanUnnamedRow,
    plan_analyzed,
    plan_completed,
    plan_decided,
    plan_erased,
    plan_goes_on,
    plan_phase,
    plan_phase1,
    plan_unnamed,
    plan_uploaded,
)
from projections.rows import Recorded, Row, as_json, at
from schemas.encryption import nameless
from schemas.later_phases import numbers_left
from schemas.lifecycle import PLAN
from schemas.typed.plan import (
    PlanAnalyzed,
    PlanCompleted,
    PlanErased,
    PlanPhase1Created,
    PlanPhaseStarted,
    PlanUploaded,
)
from schemas.typed.unions import PlanDecision, PlanEvent, is_plan_decision


def project(recorded: Recorded[PlanEvent]) -> tuple[Row, ...]:
    """Return the rows that an event changes."""
    e = recorded.event
    if is_plan_decision(e):
        return (_decided(e, recorded),)
    match e.type:
        case "plan.uploaded":
            row = _uploaded(e, recorded)
        case "plan.channel.analyzed" | "plan.channel.failed" | "plan.channel.kept":
            row = channel(e, recorded)
        case "plan.channel.requested_again":
            return asked_again(e, recorded)
        case "plan.phase.started":
            return _started(e, recorded)
        case "plan.analyzed":
            row = _analyzed(e, recorded)
        case "plan.phase1.created":
            row = _phase1(e, recorded)
        case "plan.completed":
            row = _completed(e, recorded)
        case "plan.erased":
            row = _erased(e)
        case (
            "plan.stalled"
            | "plan.recovery.requested"
            | "plan.recovery.started"
            | "plan.recovered"
            | "plan.escalated"
            | "plan.channel.compared"
        ):
            return ()
        case _:
            assert_never(e.type)
    return (row,)


def _uploaded(e: PlanUploaded, recorded: Recorded) -> Row:
    return plan_uploaded(
        e.data["plan_id"],
        e.version,
        {
            "plan_id": e.data["plan_id"],
            "version": e.version,
            "status": PLAN.leads_to[e.type],
            "title": e.data["title"],
            "filename": e.data["filename"],
            "media_type": e.data["media_type"],
            "size_bytes": e.data["size_bytes"],
            "sha256": e.data["sha256"],
            "document_id": e.data["document_id"],
            "channels": as_json(e.data["channels"]),
            "priority": e.data["priority"],
            "uploaded_by": e.actor,
            "uploaded_at": at(e.occurred_at),
            "trace_id": recorded.trace_id,
            "changed_at": recorded.recorded_at,
        },
    )


def _analyzed(e: PlanAnalyzed, recorded: Recorded) -> Row:
    return plan_analyzed(
        e.data["plan_id"],
        e.version,
        {
            "plan_id": e.data["plan_id"],
            "version": e.version,
            "status": PLAN.leads_to[e.type],
            "partial": e.data["partial"],
            "outcomes": as_json(e.data["channels"]),
            "opportunities": as_json(e.data["opportunities"]),
            "phases": as_json(e.data["phases"]),
            "phases_left": as_json(numbers_left(e.data["phases"])),
            "changed_at": recorded.recorded_at,
            "body": None,
            "opportunity_count": None,
            "worth_brl": None,
        },
    )


def _decided(e: PlanDecision, recorded: Recorded) -> Row:
    status = PLAN.leads_to[e.type]
    return plan_decided(
        e.data["plan_id"],
        e.version,
        {
            "plan_id": e.data["plan_id"],
            "version": e.version,
            "status": status,
            "reason": e.data["reason"],
            "decided_by": e.actor,
            "decided_at": at(e.occurred_at),
            "ended_at": recorded.recorded_at if status in PLAN.final else None,
            "changed_at": recorded.recorded_at,
        },
    )


def _phase1(e: PlanPhase1Created, recorded: Recorded) -> Row:
    return plan_phase1(
        e.data["plan_id"],
        e.version,
        {
            "plan_id": e.data["plan_id"],
            "version": e.version,
            "status": PLAN.leads_to[e.type],
            "phase1": as_json({name: value for name, value in e.data.items() if name != "plan_id"}),
            "phase1_at": recorded.recorded_at,
            "changed_at": recorded.recorded_at,
        },
    )


def _completed(e: PlanCompleted, recorded: Recorded) -> Row:
    return plan_completed(
        e.data["plan_id"],
        e.version,
        {
            "plan_id": e.data["plan_id"],
            "version": e.version,
            "status": PLAN.leads_to[e.type],
            "ended_at": recorded.recorded_at,
            "changed_at": recorded.recorded_at,
        },
    )


def _erased(e: PlanErased) -> Row:
    plan_id = e.data["plan_id"]
    named = nameless(plan_id)
    if e.data.get("names_only"):
        unnamed: PlanUnnamedRow = {"plan_id": plan_id, "title": named["title"], "filename": named["filename"]}
        return plan_unnamed(plan_id, e.version, unnamed)
    return plan_erased(
        plan_id,
        e.version,
        {
            "plan_id": plan_id,
            "title": named["title"],
            "filename": named["filename"],
            "erased_at": at(e.occurred_at),
            "erased_by": e.actor,
        },
    )


def _started(e: PlanPhaseStarted, recorded: Recorded) -> tuple[Row, Row]:
    plan_id, number = e.data["plan_id"], e.data["phase"]
    phase = plan_phase(
        f"{plan_id}.{number}",
        e.version,
        {
            "plan_id": plan_id,
            "number": number,
            "version": e.version,
            "name": e.data["name"],
            "weeks": e.data["weeks"],
            "investment": e.data["investment"],
            "expected_impact": e.data["expected_impact"],
            "tasks": as_json(e.data["tasks"]),
            "started_by": e.actor,
            "started_at": at(e.occurred_at),
        },
    )
    of_plan = plan_goes_on(
        plan_id,
        e.version,
        {
            "plan_id": plan_id,
            "version": e.version,
            "number": number,
            "status": PLAN.leads_to[e.type],
            "changed_at": recorded.recorded_at,
        },
    )
    return phase, of_plan
