"""What a plan proposes, as a table for whoever acts on it: each opportunity, and below it the steps of each phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from pydantic import Field

from gateway.exports.columns import Columns, of
from gateway.exports.downloads import Leaving
from gateway.shapes.shape import Given
from projections.plans.reads import Plan
from projections.reads.paging import Page
from schemas.numbers import those_in
from schemas.typed.parts import OpportunityData

#: The two kinds of rows. An amount stands in rows of opportunities alone: their sum is the plan's.
OPPORTUNITY: Final = "opportunity"
STEP: Final = "step"
COLUMNS: Final[Columns] = {
    "row": of("row"),
    "channel": of("channel"),
    "priority": of("priority"),
    "title": of("title"),
    "what": of("what"),
    "worth_brl_a_month": of("worthBrl"),
    "evidence": of("evidence"),
    "phase": of("phase"),
    "phase_name": of("phaseName"),
    "weeks": of("weeks"),
    "opportunity": of("opportunity"),
    "written_by": of("writtenBy"),
    "without_source": of("withoutSource"),
}


class ProposalLine(Given):
    row: str = Field(description="opportunity or step.")
    channel: str
    priority: str
    title: str
    what: str
    worth_brl: float | None = None
    evidence: str = ""
    phase: int | None = None
    phase_name: str = ""
    weeks: str = ""
    opportunity: str = Field("", description="Of a step: the titles of the opportunities that it serves.")
    written_by: str = Field(description="rules, or the agent's model.")
    without_source: str = Field("", description="Numbers of an agent's text that are none of the document's figures.")


def of_plan(plan: Plan) -> Leaving:
    """Return the opportunities of a plan in its order, each with its steps, then the steps that serve none."""
    lines = list(_lines(plan))

    async def find(_cursor: str | None, _limit: int) -> Page[Any]:
        return Page(lines, None, None)

    told = COLUMNS, len(lines), False, find, ProposalLine
    return Leaving("export.proposals", "plan", *told, target=str(plan.plan_id), plan_id=plan.plan_id, file="proposals")


def _lines(plan: Plan) -> Iterator[ProposalLine]:
    told = _Told(plan)
    below: dict[str, list[ProposalLine]] = {}  # by the opportunity that a step serves first, if any
    for phase, step in _steps(plan):
        below.setdefault(next(iter(_serves(step)), ""), []).append(told.step(phase, step))
    for one in plan.opportunities:
        yield told.opportunity(one)
        yield from below.pop(one["id"], ())
    yield from chain.from_iterable(below.values())


def _steps(plan: Plan) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield the steps of each phase: of Phase 1 as it became tasks, where it did, and of the others as analysed."""
    made = [] if plan.phase1 is None else [{"number": 1, **plan.phase1}]
    left: Sequence[Mapping[str, Any]] = [p for p in plan.phases if not (made and p.get("number") == 1)]
    for phase in chain(made, left):
        for step in phase.get("tasks", ()):
            yield phase, step


def _serves(step: Mapping[str, Any]) -> list[str]:
    own = step.get("opportunity_id")
    return [*([own] if own else []), *step.get("also_serves", ())]


class _Told:
    """Words lines: who wrote the analysis of each channel, and which of its numbers have no source."""

    def __init__(self, plan: Plan) -> None:
        self._titles = {one["id"]: one["title"] for one in plan.opportunities}
        self._writers = {one.channel: one.model or one.source for one in plan.channel_results}
        self._strange = {
            one.channel: list(dict.fromkeys(u["number"] for u in one.unmatched)) for one in plan.channel_results
        }

    def opportunity(self, one: OpportunityData) -> ProposalLine:
        evidence = "; ".join(said["text"] for said in one["evidence"])
        return self._of(one, {"row": OPPORTUNITY, "worth_brl": one.get("worth_brl"), "evidence": evidence})

    def step(self, phase: Mapping[str, Any], step: Mapping[str, Any]) -> ProposalLine:
        served = [self._titles[id_] for id_ in _serves(step) if id_ in self._titles]
        when = {"phase": phase.get("number"), "phase_name": phase.get("name", ""), "weeks": phase.get("weeks", "")}
        return self._of(step, {"row": STEP, **when, "opportunity": "; ".join(served)})

    def _of(self, one: Mapping[str, Any] | OpportunityData, more: Mapping[str, Any]) -> ProposalLine:
        channel, title, what = one["channel"], one["title"], one["what"]
        return ProposalLine(
            channel=channel,
            priority=one["priority"],
            title=title,
            what=what,
            written_by=self._writers.get(channel, ""),
            without_source=", ".join(those_in(f"{title}\n{what}", self._strange.get(channel, ()))),
            **more,
        )
