"""The recovery log: stalls with their cause, recovery and outcome. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, assert_never

import orjson

from projections.recoveries.rows import recovery_event
from projections.rows import Recorded, Row, at
from schemas.typed.unions import PlanEvent, is_plan_decision

TYPES: Final = frozenset(
    {"plan.stalled", "plan.recovery.requested", "plan.recovery.started", "plan.recovered", "plan.escalated"}
)


def project(recorded: Recorded[PlanEvent]) -> tuple[Row, ...]:
    """Return one row for each event of a recovery."""
    e = recorded.event
    if is_plan_decision(e):
        return ()
    match e.type:
        case "plan.stalled":
            due_at, evidence = at(e.data["due_at"]), e.data["evidence"]
            return (_row(e, state=e.data["state"], cause=e.data["cause"], due_at=due_at, evidence=evidence),)
        case "plan.recovery.requested":
            asked = {"by": e.actor, "how": e.data["how"], "reason": e.data["reason"]}
            if e.data["channels"]:
                asked["channels"] = ", ".join(e.data["channels"])
            return (_row(e, evidence=asked),)
        case "plan.recovery.started":
            return (_row(e, cause=e.data["cause"], action=e.data["action"], attempt=e.data["attempt"]),)
        case "plan.recovered":
            return (_row(e, attempt=e.data["attempt"], stalled_ms=e.data["stalled_ms"]),)
        case "plan.escalated":
            cause, recommendation = e.data["cause"], e.data["recommendation"]
            return (_row(e, cause=cause, attempt=e.data["attempts"], recommendation=recommendation),)
        case (
            "plan.uploaded"
            | "plan.channel.analyzed"
            | "plan.channel.failed"
            | "plan.channel.requested_again"
            | "plan.channel.kept"
            | "plan.channel.compared"
            | "plan.analyzed"
            | "plan.phase1.created"
            | "plan.completed"
            | "plan.phase.started"
            | "plan.erased"
        ):
            return ()
        case _:
            assert_never(e.type)


def _row(  # noqa: PLR0913 - a column each, named at the call
    e: PlanEvent,
    *,
    state: str = "",
    cause: str = "",
    action: str = "",
    attempt: int = 0,
    due_at: datetime | None = None,
    stalled_ms: int | None = None,
    evidence: Mapping[str, str] | None = None,
    recommendation: str = "",
) -> Row:
    return recovery_event(
        f"{e.correlation_id}.{e.version}",
        e.version,
        {
            "plan_id": e.correlation_id,
            "version": e.version,
            "event_id": e.event_id,
            "type": e.type,
            "at": at(e.occurred_at),
            "state": state,
            "cause": cause,
            "action": action,
            "attempt": attempt,
            "due_at": due_at,
            "stalled_ms": stalled_ms,
            "evidence": orjson.dumps(evidence or {}).decode(),
            "recommendation": recommendation,
        },
    )
