"""Chooses the earlier plan that a channel is compared with, and makes the data of plan.channel.compared. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.facts import ChannelFacts
from schemas.lifecycle import APPROVED, PlanStatus
from schemas.plan import ChannelAnalysis
from schemas.typed.parts import NotComparedData, OpportunityOutcomeData, PlanBridgeData, PlanProofData
from schemas.typed.plan import PlanChannelComparedData
from streams.analysis.proof.bridge import Bridge, bridge
from streams.analysis.proof.months import last_months
from streams.analysis.proof.outcome import Outcome, TaskState, measure
from streams.analysis.proof.periods import Period, alike, comparable, overlap


@dataclass(frozen=True, slots=True)
class Earlier:
    """A plan whose document has days of the channel."""

    plan_id: str
    period: Period
    status: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The plan whose document is compared, and the plan whose opportunities are measured; often the same.

    `last`: the latest document before, whatever its days; it says what is compared where none is of like days.
    """

    bridge: Earlier | None
    proof: Earlier | None
    last: Earlier | None = None

    @property
    def plans(self) -> list[str]:
        return list(dict.fromkeys(e.plan_id for e in (self.bridge, self.proof, self.last) if e is not None))


def choose(own: Period, earlier: Sequence[Earlier]) -> Choice:
    """Choose among earlier plans, the latest period first. Only an approved plan promised anything."""
    known = [e for e in earlier if e.status != PlanStatus.CANCELLED]
    fit = [e for e in known if comparable(e.period, own)]
    return Choice(
        next((e for e in fit if alike(e.period, own)), None),
        next((e for e in fit if e.status in APPROVED), None),
        known[0] if known else None,
    )


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier plan's channel. `analysis`: None if it failed."""

    facts: ChannelFacts
    analysis: ChannelAnalysis | None
    tasks: Sequence[TaskState]


def compared(
    plan_id: str, own: ChannelFacts, period: Period, choice: Choice, before: dict[str, Before]
) -> PlanChannelComparedData | None:
    """Return the data of the event; None without a comparison. `before`: by plan."""
    told, unlike = _changed(own, period, choice, before)
    proof: PlanProofData | None = None
    if choice.proof is not None and choice.proof.plan_id in before:
        proof = _proof(choice.proof, period, own, before[choice.proof.plan_id])
    if told is None and proof is None and unlike is None:
        return None
    return {
        "plan_id": plan_id,
        "channel": own.channel,
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        "bridge": told,
        "proof": proof,
        "not_compared": unlike,
    }


def _changed(
    own: ChannelFacts, period: Period, choice: Choice, before: dict[str, Before]
) -> tuple[PlanBridgeData | None, NotComparedData | None]:
    """Return the bridge, and why it is not one between the documents as they are."""
    earlier = choice.bridge or choice.last
    if earlier is None or earlier.plan_id not in before:
        return None, None
    then = before[earlier.plan_id].facts
    if choice.bridge is not None:
        found = bridge(then, own)
        if found is not None:
            return _bridge(earlier, period, found), None
        return None, _not_compared(earlier, period, "revenue" if then.currency == own.currency else "currency")
    unlike = _not_compared(earlier, period, "days")
    months = last_months(then, earlier.period, own, period)
    if months is None:
        return None, unlike
    by_month, was, now = months
    return {**_bridge(earlier, period, by_month), "month_before": was, "month_after": now}, unlike


def _not_compared(earlier: Earlier, period: Period, why: str) -> NotComparedData:
    return {
        "plan_id": earlier.plan_id,
        "first_day": earlier.period.first.isoformat(),
        "last_day": earlier.period.last.isoformat(),
        "days_in_both": overlap(earlier.period, period),
        "why": why,
    }


def _bridge(earlier: Earlier, period: Period, found: Bridge) -> PlanBridgeData:
    return {
        "plan_id": earlier.plan_id,
        "first_day": earlier.period.first.isoformat(),
        "last_day": earlier.period.last.isoformat(),
        "days_in_both": overlap(earlier.period, period),
        "currency": found.currency,
        "revenue_before": found.revenue_before,
        "revenue_after": found.revenue_after,
        "before": found.before,
        "after": found.after,
        "steps": [
            {
                "kind": step.kind,
                "amount": step.amount,
                "others": step.others,
                "parts": [{"sku": p.sku, "title": p.title, "amount": p.amount} for p in step.parts],
            }
            for step in found.steps
        ],
    }


def _proof(earlier: Earlier, period: Period, own: ChannelFacts, before: Before) -> PlanProofData | None:
    analysis = before.analysis
    if analysis is None or not analysis.opportunities:
        return None
    return {
        "plan_id": earlier.plan_id,
        "first_day": earlier.period.first.isoformat(),
        "last_day": earlier.period.last.isoformat(),
        "days_in_both": overlap(earlier.period, period),
        "source": analysis.source,
        "model": analysis.model,
        "outcomes": [_outcome(measure(o, before.facts, own, before.tasks)) for o in analysis.opportunities],
    }


def _outcome(found: Outcome) -> OpportunityOutcomeData:
    data: OpportunityOutcomeData = {
        "opportunity_id": found.opportunity_id,
        "title": found.title,
        "metric": found.metric,
        "skus": found.skus,
        "unit": found.unit,
        "baseline": found.baseline,
        "target": found.target,
        "current": found.current,
        "verdict": found.verdict,
        "why": found.why or "",
        "promised": found.promised,
        "came": found.came,
        "acted": found.acted,
        "tasks": found.tasks,
        "tasks_done": found.tasks_done,
    }
    return data
