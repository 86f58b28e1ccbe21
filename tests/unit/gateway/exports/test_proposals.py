"""What a plan proposes as a table: steps below their opportunity, and what an agent made up marked."""

from __future__ import annotations

from typing import Any, cast

from gateway.exports.proposals import ProposalLine, of_plan
from projections.plans.parts import ChannelResult
from projections.plans.reads import Plan


def opportunity(id_: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "channel": "shopee",
        "title": id_.upper(),
        "what": "w",
        "priority": "high",
        "evidence": [],
    } | more


def step(title: str, serves: str | None, *also: str) -> dict[str, Any]:
    made = {"title": title, "what": "w", "channel": "shopee", "priority": "normal", "opportunity_id": serves}
    return {**made, "also_serves": list(also)}


def phase(number: int | None, *steps: dict[str, Any]) -> dict[str, Any]:
    return {"number": number, "name": f"F{number}", "weeks": "1-4", "tasks": list(steps)}


async def lines(**parts: Any) -> list[ProposalLine]:
    plan = Plan.__new__(Plan)
    whole = {"plan_id": "p", "opportunities": [], "phases": [], "phase1": None, "channel_results": []} | parts
    for name, value in whole.items():
        object.__setattr__(plan, name, value)
    page = await of_plan(plan).find(None, 100)
    return cast("list[ProposalLine]", page.items)


async def test_steps_stand_below_the_first_opportunity_they_serve_and_name_all_of_them() -> None:
    found = await lines(
        opportunities=[opportunity("a", worth_brl=10.0), opportunity("b")],
        phases=[phase(1, step("s1", "b"), step("s2", "a", "b")), phase(None, step("s3", None), step("s4", "gone"))],
    )
    told = [(one.row, one.title, one.phase, one.opportunity, one.worth_brl) for one in found]
    assert told == [
        ("opportunity", "A", None, "", 10.0),
        ("step", "s2", 1, "A; B", None),
        ("opportunity", "B", None, "", None),
        ("step", "s1", 1, "B", None),
        ("step", "s3", None, "", None),
        ("step", "s4", None, "", None),
    ]


async def test_phase_1_is_told_as_it_became_tasks() -> None:
    made = {"name": "Made", "weeks": "1-2", "tasks": [step("made", "a")]}
    found = await lines(
        opportunities=[opportunity("a")],
        phases=[phase(1, step("as analysed", "a")), phase(2, step("later", "a"))],
        phase1=made,
    )
    assert [(one.title, one.phase, one.phase_name) for one in found[1:]] == [("made", 1, "Made"), ("later", 2, "F2")]


async def test_who_wrote_it_and_which_numbers_have_no_source_are_told() -> None:
    by_agent = ChannelResult("shopee", "analyzed", "agent", "gpt-x", unmatched=[{"path": "x", "number": "R$ 900"}])
    (agents,) = await lines(opportunities=[opportunity("a", what="ganhe R$ 900")], channel_results=[by_agent])
    assert (agents.written_by, agents.without_source) == ("gpt-x", "R$ 900")
    (rules,) = await lines(
        opportunities=[opportunity("a", what="ganhe R$ 900", evidence=[{"text": "x"}, {"text": "y"}])],
        channel_results=[ChannelResult("shopee", "analyzed", "rules")],
    )
    assert (rules.written_by, rules.without_source, rules.evidence) == ("rules", "", "x; y")
