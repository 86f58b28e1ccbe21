"""The verdict on a plan: read its deadlines, judge, and shape the answer for the API."""

from __future__ import annotations

from datetime import UTC, datetime

from gateway.services.services import Services
from gateway.shapes.plans import PlanVerdictShape
from gateway.verdict.plan import PlanVerdict, judge_plan, waits_for_the_system
from gateway.verdict.words.plans import say_plan
from projections.plans.reads import Plan
from projections.reads import operations


async def verdict_on(services: Services, plan: Plan) -> PlanVerdict:
    """Return the verdict on a plan. Its deadlines are read only in a status in which it waits for the system."""
    if not waits_for_the_system(plan):
        return judge_plan(plan, datetime.now(UTC))
    system = await services.seen_verdict()
    return judge_plan(plan, system.as_of, await operations.waits(services.reader, plan.plan_id), system)


def shape(verdict: PlanVerdict) -> PlanVerdictShape:
    """Return the verdict on a plan in the form of the API."""
    said = say_plan(verdict)
    return PlanVerdictShape(
        kind=verdict.kind,
        wrong=verdict.wrong,
        values=dict(verdict.values),
        since=verdict.since,
        text=said.text,
        evidence=said.evidence,
        advice=said.advice,
        as_of=verdict.as_of,
    )
