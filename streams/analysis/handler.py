"""Asks for the analysis of each channel of an uploaded plan. Pure."""

from __future__ import annotations

from schemas.events import follow
from schemas.typed.analysis import AnalysisRequested
from schemas.typed.plan import PlanUploaded

HANDLER = "analysis"


def handle(event: PlanUploaded) -> list[AnalysisRequested]:
    """Return one analysis.requested for each channel of a plan.uploaded."""
    plan_id = event.data["plan_id"]
    return [
        follow(
            event,
            handler=HANDLER,
            n=channel,
            type_="analysis.requested",
            stream=f"work-{plan_id}.{channel}",
            version=1,
            data={
                "plan_id": plan_id,
                "document_id": event.data["document_id"],
                "channel": channel,
                "priority": event.data["priority"],
            },
        )
        for channel in event.data["channels"]
    ]
