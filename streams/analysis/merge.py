"""Makes one plan of the results of its channels. Pure."""

from __future__ import annotations

from typing import Final, Literal, TypedDict

from schemas.typed.parts import ChannelOutcomeData, PhaseData
from schemas.typed.plan import PlanAnalyzedData, PlanChannelAnalyzedData, PlanChannelFailedData
from streams.analysis.same_finding import as_one


class Analyzed(TypedDict):
    """A kept plan.channel.analyzed."""

    type: Literal["plan.channel.analyzed"]
    data: PlanChannelAnalyzedData


class Failed(TypedDict):
    """A kept plan.channel.failed."""

    type: Literal["plan.channel.failed"]
    data: PlanChannelFailedData


_RANK: Final = {"high": 0, "normal": 1, "low": 2}


def merge(plan_id: str, results: list[Analyzed | Failed]) -> PlanAnalyzedData:
    """Return the data of plan.analyzed.

    `results` are in the order of the plan's channels. Opportunities come most urgent first, then by worth; phases with
    the same number become one, and so do their tasks where they say the same.
    """
    analyzed = [r["data"] for r in results if r["type"] == "plan.channel.analyzed"]
    return {
        "plan_id": plan_id,
        "partial": len(analyzed) < len(results),
        "channels": [_outcome(r) for r in results],
        "opportunities": sorted(
            (o for a in analyzed for o in a["opportunities"]),
            key=lambda o: (_RANK.get(o["priority"], 1), -(o["worth_brl"] or 0.0)),
        ),
        "phases": as_one(_merge_phases(analyzed), analyzed),
    }


def _outcome(result: Analyzed | Failed) -> ChannelOutcomeData:
    channel = result["data"]["channel"]
    if result["type"] == "plan.channel.analyzed":
        return {"channel": channel, "outcome": "analyzed", "source": result["data"]["source"], "reason": ""}
    return {"channel": channel, "outcome": "failed", "source": "none", "reason": result["data"]["reason"]}


def _merge_phases(analyzed: list[PlanChannelAnalyzedData]) -> list[PhaseData]:
    numbered: dict[int, PhaseData] = {}
    without_number: list[PhaseData] = []
    for analysis in analyzed:
        for phase in analysis["phases"]:
            number = phase["number"]
            if number is None:
                without_number.append(phase)
            elif number not in numbered:
                numbered[number] = {**phase, "tasks": list(phase["tasks"])}
            else:
                merged = numbered[number]
                merged["tasks"] += phase["tasks"]
                merged["investment"] = _joined(merged["investment"], phase["investment"])
                merged["expected_impact"] = _joined(merged["expected_impact"], phase["expected_impact"])
    return [numbered[n] for n in sorted(numbered)] + without_number


def _joined(left: str, right: str) -> str:
    """Join two texts for people, without saying the same thing twice."""
    if not right or right in left:
        return left
    return f"{left}; {right}" if left else right
