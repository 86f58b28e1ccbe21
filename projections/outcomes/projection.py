"""What changed since the document before, and what became of earlier opportunities. Pure."""

from __future__ import annotations

from datetime import date, datetime

from projections.outcomes.rows import channel_compared, opportunity_measured
from projections.rows import Recorded, Row, as_json
from schemas.typed.parts import OpportunityOutcomeData, PlanProofData
from schemas.typed.plan import PlanChannelCompared
from schemas.typed.unions import PlanEvent


def project(recorded: Recorded[PlanEvent]) -> tuple[Row, ...]:
    """Return the rows of a comparison: of every other event none."""
    e = recorded.event
    if e.type != "plan.channel.compared":
        return ()
    proof, unlike = e.data["proof"], e.data.get("not_compared")
    outcomes = [] if proof is None else list(enumerate(proof["outcomes"]))
    return (
        channel_compared(
            f"{e.data['plan_id']}.{e.data['channel']}",
            e.version,
            {
                "plan_id": e.data["plan_id"],
                "channel": e.data["channel"],
                "version": e.version,
                "first_day": date.fromisoformat(e.data["first_day"]),
                "last_day": date.fromisoformat(e.data["last_day"]),
                "bridge": None if e.data["bridge"] is None else as_json(e.data["bridge"]),
                "not_compared": None if unlike is None else as_json(unlike),
                "changed_at": recorded.recorded_at,
            },
        ),
        *(_measured(e, proof, n, one, recorded.recorded_at) for n, one in outcomes if proof is not None),
    )


def _measured(
    e: PlanChannelCompared, proof: PlanProofData, position: int, one: OpportunityOutcomeData, at: datetime
) -> Row:
    return opportunity_measured(
        f"{proof['plan_id']}.{one['opportunity_id']}.{e.data['plan_id']}",
        e.version,
        {
            "plan_id": proof["plan_id"],
            "channel": e.data["channel"],
            "opportunity_id": one["opportunity_id"],
            "measured_by": e.data["plan_id"],
            "version": e.version,
            "position": position,
            "first_day": date.fromisoformat(proof["first_day"]),
            "last_day": date.fromisoformat(proof["last_day"]),
            "measured_from": date.fromisoformat(e.data["first_day"]),
            "measured_to": date.fromisoformat(e.data["last_day"]),
            "days_in_both": proof["days_in_both"],
            "source": proof["source"],
            "model": proof["model"],
            "title": one["title"],
            "metric": one["metric"],
            "skus": as_json(one["skus"]),
            "unit": one["unit"],
            "baseline": one["baseline"],
            "target": one["target"],
            "current": one["current"],
            "verdict": one["verdict"],
            "why": one["why"],
            "promised": one["promised"],
            "came": one["came"],
            "acted": one["acted"],
            "tasks": one["tasks"],
            "tasks_done": one["tasks_done"],
            "changed_at": at,
        },
    )
