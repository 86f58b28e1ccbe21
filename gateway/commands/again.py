"""Requests another analysis of one channel of a plan, from the stored figures: for the API and for the pages."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from starlette.requests import Request

from gateway.commands import deciding
from gateway.commands.answer import Answer
from gateway.commands.deciding import Asked
from gateway.problems.problem import Problem, not_found
from projections.plans import reads as plans
from schemas.channels import channel_name
from schemas.lifecycle import ChannelAction
from schemas.plan import Source

COMMAND: Final = f"plan.channel.{ChannelAction.ANALYSE_AGAIN}"


async def analyse_again(request: Request, asked: Asked, plan_id: UUID, channel: str, analyst: Source) -> Answer:
    """Decide the command: accepted, or unchanged if the same analysis is already under way.

    The answer may be a refusal. Raises Problem 404 if the plan, or that channel of it, does not exist.
    """
    parts = await plans.parts_of(request.state.services.reader, plan_id)
    if parts is not None and channel not in parts[0]:
        raise not_found(f"channel of plan {plan_id}", f"'{channel[:40]}': it has {', '.join(parts[0])}")
    return await deciding.decide(request, asked, COMMAND, plan_id, {"channel": channel, "analyst": analyst})


def refusal(answer: Answer, plan_id: UUID, channel: str) -> Problem | None:
    """Return why the command was refused; None if it was not."""
    if answer.outcome == "not_found":
        return not_found("plan with kept figures", plan_id)
    if answer.outcome == "wrong_status":
        why = f": {channel_name(channel)} is analysed again only while it awaits approval."
        return deciding.wrong_status(answer, "plan", why)
    return deciding.refusal(answer, "plan", plan_id, ChannelAction.ANALYSE_AGAIN)
