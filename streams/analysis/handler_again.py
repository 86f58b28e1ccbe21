"""Asks for another analysis of one channel, where a person wants one. Pure."""

from __future__ import annotations

from schemas.events import follow
from schemas.typed.analysis import AnalysisRequested
from schemas.typed.plan import PlanChannelRequestedAgain
from streams.analysis.handler import HANDLER


def handle(event: PlanChannelRequestedAgain) -> list[AnalysisRequested]:
    """Return the analysis.requested for a plan.channel.requested_again, in a stream beside the first ones."""
    plan_id, channel = event.data["plan_id"], event.data["channel"]
    return [
        follow(
            event,
            handler=HANDLER,
            n=channel,
            type_="analysis.requested",
            stream=f"again-{plan_id}.{channel}",
            version=event.version,
            data={
                "plan_id": plan_id,
                "document_id": event.data["document_id"],
                "channel": channel,
                "priority": event.data["priority"],
                "analyst": event.data["analyst"],
            },
        )
    ]
