"""Deletes the deadlines that an event of the log has met. Pure."""

from __future__ import annotations

from typing import assert_never

from projections.deadlines.rows import deadline_analysis, deadline_phase1
from projections.rows import Recorded, Row
from schemas.typed.unions import PlanEvent, is_plan_decision


def project(recorded: Recorded[PlanEvent]) -> tuple[Row, ...]:
    """Return one row for an event that ends a wait."""
    e = recorded.event
    plan_id = e.correlation_id
    if is_plan_decision(e):
        return ()  # the decider has ended what nobody needs any more
    match e.type:
        case "plan.analyzed":
            return (deadline_analysis(plan_id, e.version, {"plan_id": plan_id}),)
        case "plan.phase1.created":
            return (deadline_phase1(plan_id, e.version, {"plan_id": plan_id, "tasks": len(e.data["tasks"])}),)
        case (
            "plan.uploaded"
            | "plan.channel.analyzed"
            | "plan.channel.failed"
            | "plan.channel.requested_again"
            | "plan.channel.kept"
            | "plan.channel.compared"
            | "plan.stalled"
            | "plan.recovery.requested"
            | "plan.recovery.started"
            | "plan.recovered"
            | "plan.escalated"
            | "plan.completed"
            | "plan.phase.started"
            | "plan.erased"
        ):
            return ()
        case _:
            assert_never(e.type)
