"""Phase 1 before there is one: shown as an approval would make it, taken from a person only if it fits the plan."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.access.roles import Principal, Role
from gateway.commands import phase1
from gateway.problems.problem import Problem
from gateway.shapes.phase1 import GivenPhase1
from projections.plans import reads as plans
from tests.unit.gateway.commands.a_plan import PLAN_ID, phase, plan, result

OPERATOR = Principal("k", "ana", Role.OPERATOR)
ANALYST = Principal("k", "bia", Role.ANALYST)


def given(*tasks: dict[str, Any], **other: Any) -> GivenPhase1:
    return GivenPhase1.model_validate({"tasks": tasks or [{"title": "Do it"}], "reason": "better", **other})


class Parts:
    """A database that knows a plan's channels and opportunities; None: no such plan."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, found: tuple[list[str], set[str]] | None) -> None:
        async def parts_of(_db: object, plan_id: object) -> Any:
            assert plan_id == PLAN_ID
            return found

        monkeypatch.setattr(plans, "parts_of", parts_of)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    Parts(monkeypatch, (["shopee", "amazon"], {"shopee-losses"}))


async def approved(reason: str, wanted: GivenPhase1 | None, principal: Principal = OPERATOR) -> dict[str, Any]:
    return await phase1.approval(None, PLAN_ID, reason, wanted, principal)  # type: ignore[arg-type] # nothing is read


async def test_an_approval_alone_has_a_reason_alone() -> None:
    assert await approved("fine", None, ANALYST) == {"reason": "fine"}


async def test_what_a_person_gives_goes_with_the_approval() -> None:
    task = {"title": "Do it", "channel": "shopee", "opportunityId": "shopee-losses", "alsoServes": ["shopee-losses"]}
    data = await approved("", given(task, {"title": "Then"}, name="Minha fase"))

    assert data["reason"] == "better"
    assert (data["phase1"]["name"], data["phase1"]["reason"]) == ("Minha fase", "better")
    first, second = data["phase1"]["tasks"]
    assert (first["channel"], first["opportunity_id"], first["also_serves"]) == (
        "shopee",
        "shopee-losses",
        ["shopee-losses"],
    )
    assert (second["channel"], second["opportunity_id"], "also_serves" in second) == ("", None, False)


async def test_the_reason_of_the_approval_goes_before_that_of_its_phase() -> None:
    assert (await approved("fine", given()))["reason"] == "fine"


async def test_an_analyst_may_approve_and_not_give_phase_1() -> None:
    with pytest.raises(Problem) as refused:
        await approved("fine", given(), ANALYST)
    assert (refused.value.kind, refused.value.extra) == ("forbidden", {"neededRole": "operator"})


async def test_all_that_the_plan_does_not_have_is_named_at_once() -> None:
    wrong = given(
        {"title": "a", "channel": "shein"},
        {"title": "b", "opportunityId": "shopee-fees", "alsoServes": ["shopee-losses", "amazon-fees"]},
    )
    with pytest.raises(Problem) as refused:
        await approved("fine", wrong)

    told = str(refused.value.body())
    assert refused.value.kind == "invalid"
    for path in ("tasks.0.channel", "tasks.1.opportunityId", "tasks.1.alsoServes.1"):
        assert f"phase1.{path}" in told
    assert "alsoServes.0" not in told


async def test_of_a_plan_that_is_not_known_the_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    Parts(monkeypatch, None)
    assert (await approved("fine", given({"title": "a", "channel": "shein"})))["phase1"]["tasks"][0]["title"] == "a"


@pytest.mark.parametrize(
    ("sources", "origin"),
    [({"shopee": "rules"}, "rules"), ({"shopee": "agent"}, "agent"), ({"shopee": "rules", "amazon": "agent"}, "rules")],
)
def test_a_preview_says_whose_phase_1_it_is_by_the_channels_that_it_is_for(
    sources: dict[str, str], origin: str
) -> None:
    results = [result(channel, source) for channel, source in sources.items()]
    made = phase1.preview(plan(phases=[phase(1, "a", "b")], channel_results=results))

    assert made is not None
    assert made.origin == origin
    assert [task["title"] for task in made.tasks] == ["a", "b"]


@pytest.mark.parametrize("status", ["analyzing", "approved", "executing", "cancelled"])
def test_there_is_a_preview_only_while_an_approval_is_awaited(status: str) -> None:
    assert phase1.preview(plan(status, phases=[phase(1, "a")])) is None


@pytest.mark.parametrize("status", list(phase1.INSTEAD))
def test_a_phase_1_that_came_too_late_is_told_what_to_do_instead(status: str) -> None:
    problem = Problem("wrong-status", "It is too late.", currentStatus=status, actions=[])

    advised = phase1.with_advice(problem, given())

    assert advised.detail == f"The plan is {status}, so it takes no other Phase 1. {phase1.INSTEAD[status]}"
    assert advised.extra == problem.extra
    assert phase1.with_advice(problem, None) is problem


@pytest.mark.parametrize(
    "problem",
    [
        Problem("wrong-status", "It is cancelled.", currentStatus="cancelled"),
        Problem("four-eyes", "Another one has to."),
    ],
)
def test_any_other_refusal_stays_as_it_is(problem: Problem) -> None:
    assert phase1.with_advice(problem, given()) is problem
