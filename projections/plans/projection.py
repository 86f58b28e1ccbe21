"""Plans and the results of their channels. Pure: event -> rows for queries.sql beside this file."""

from __future__ import annotations

from typing import assert_never

import orjson

from projections.plans.rows import (
    channel_asked,
    channel_ended,
    channel_kept,
    plan_analyzed,
    plan_asked,
    plan_completed,
    plan_decided,
    plan_goes_on,
    plan_phase,
    plan_phase1,
    plan_uploaded,
)
from projections.rows import Recorded, Row, at
from schemas.lifecycle import PLAN
from schemas.typed.plan import (
    PlanAnalyzed,
    PlanChannelAnalyzed,
    PlanChannelFailed,
    PlanChannelKept,
    PlanChannelRequestedAgain,
    PlanCompleted,
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
            row = _channel(e, recorded)
        case "plan.channel.requested_again":
            return _asked(e, recorded)
        case "plan.phase.started":
            return _started(e, recorded)
        case "plan.analyzed":
            row = _analyzed(e, recorded)
        case "plan.phase1.created":
            row = _phase1(e, recorded)
        case "plan.completed":
            row = _completed(e, recorded)
        case "plan.stalled" | "plan.recovered" | "plan.escalated" | "plan.channel.compared":
            return ()
        case "plan.recovery.requested" | "plan.recovery.started":
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
            "channels": _json(e.data["channels"]),
            "priority": e.data["priority"],
            "uploaded_by": e.actor,
            "uploaded_at": at(e.occurred_at),
            "trace_id": recorded.trace_id,
            "changed_at": recorded.recorded_at,
        },
    )


def _channel(e: PlanChannelAnalyzed | PlanChannelFailed | PlanChannelKept, recorded: Recorded) -> Row:
    match e.type:
        case "plan.channel.analyzed":
            return _channel_analyzed(e, recorded)
        case "plan.channel.failed":
            return _channel_failed(e, recorded)
        case "plan.channel.kept":
            return _channel_kept(e)
        case _:
            assert_never(e.type)


def _channel_analyzed(e: PlanChannelAnalyzed, recorded: Recorded) -> Row:
    return channel_ended(
        f"{e.data['plan_id']}.{e.data['channel']}",
        e.version,
        {
            "plan_id": e.data["plan_id"],
            "channel": e.data["channel"],
            "version": e.version,
            "status": "analyzed",
            "source": e.data["source"],
            "model": e.data["model"],
            "summary": e.data["summary"],
            "opportunities": _json(e.data["opportunities"]),
            "phases": _json(e.data["phases"]),
            "repairs": _json(e.data["repairs"]),
            "limits": _json(e.data["limits"]),
            "code": "",
            "reason": "",
            "fallback": _json(e.data.get("fallback", [])),
            "unmatched": _json(e.data.get("unmatched", [])),
            "agent_use": _json(e.data.get("use", [])),
            "changed_at": recorded.recorded_at,
        },
    )


def _channel_failed(e: PlanChannelFailed, recorded: Recorded) -> Row:
    return channel_ended(
        f"{e.data['plan_id']}.{e.data['channel']}",
        e.version,
        {
            "plan_id": e.data["plan_id"],
            "channel": e.data["channel"],
            "version": e.version,
            "status": "failed",
            "source": "",
            "model": "",
            "summary": "",
            "opportunities": "[]",
            "phases": "[]",
            "repairs": "[]",
            "limits": "[]",
            "code": e.data["code"],
            "reason": e.data["reason"],
            "fallback": "[]",
            "unmatched": "[]",
            "agent_use": "[]",
            "changed_at": recorded.recorded_at,
        },
    )


def _asked(e: PlanChannelRequestedAgain, recorded: Recorded) -> tuple[Row, Row]:
    asked = {
        "version": e.version,
        "result_version": e.data["result_version"],
        "analyst": e.data["analyst"],
        "by": e.actor,
        "at": at(e.occurred_at),
    }
    of_channel = channel_asked(
        f"{e.data['plan_id']}.{e.data['channel']}",
        e.version,
        {"plan_id": e.data["plan_id"], "channel": e.data["channel"], "version": e.version, "asked": _json(asked)},
    )
    of_plan = plan_asked(
        e.data["plan_id"],
        e.version,
        {"plan_id": e.data["plan_id"], "version": e.version, "changed_at": recorded.recorded_at},
    )
    return of_channel, of_plan


def _channel_kept(e: PlanChannelKept) -> Row:
    kept = {
        "analyst": e.data["analyst"],
        "code": e.data["code"],
        "reason": e.data["reason"],
        "failures": e.data["failures"],
        "use": e.data["use"],
        "at": at(e.occurred_at),
    }
    return channel_kept(
        f"{e.data['plan_id']}.{e.data['channel']}",
        e.version,
        {"plan_id": e.data["plan_id"], "channel": e.data["channel"], "version": e.version, "kept": _json(kept)},
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
            "outcomes": _json(e.data["channels"]),
            "opportunities": _json(e.data["opportunities"]),
            "phases": _json(e.data["phases"]),
            "changed_at": recorded.recorded_at,
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
            "phase1": _json({name: value for name, value in e.data.items() if name != "plan_id"}),
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
            "tasks": _json(e.data["tasks"]),
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
            "status": PLAN.leads_to[e.type],
            "changed_at": recorded.recorded_at,
        },
    )
    return phase, of_plan


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
