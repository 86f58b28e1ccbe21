"""Why a plan waits: that it only takes a moment is said where nothing is wrong, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest

from gateway.verdict.judge import judge
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.plan import VALUES, WRONG, PlanKind, PlanVerdict, judge_plan, waits_for_the_system
from gateway.verdict.traits import Effect
from gateway.verdict.words.plans import say_plan
from projections.plans.reads import Plan, TaskCount
from projections.reads.operations import StalledPlan, Wait
from schemas.lifecycle import PLAN, PlanStatus
from tests.unit.gateway.verdict.examples import EXAMPLES, NOW, WELL

STALLED = StalledPlan(uuid4(), "t", "phase1", "approved", NOW, NOW, 4.0, "worker-gone", "", 0, None, {})
IN_TRANSIT = PLAN.waiting_for_system


def plan(status: str, **values: Any) -> Plan:
    counts = TaskCount(values.pop("total", 5), values.pop("tasks", {}), values.pop("overdue", 0))
    channels = [SimpleNamespace(status="waiting"), SimpleNamespace(status="analyzed")]
    known = {"decided_by": "Ana", "reason": "", "partial": False, "opportunity_count": 3, "phase1": None}
    known |= {"phase": 1, "next_phase": None}
    return cast("Plan", SimpleNamespace(status=status, tasks=counts, channel_results=channels, **(known | values)))


def kind_of(status: str) -> str:
    return "analysis" if status == "analyzing" else "phase1"


def judged(
    status: str, stalled: StalledPlan | None = None, waited_s: float = 0.5, system: Any = WELL, **more: Any
) -> PlanVerdict:
    waits = [Wait(kind_of(status), waited_s, stalled)]
    return judge_plan(plan(status, **more), NOW, waits, judge(system))


@pytest.mark.parametrize(
    ("status", "values", "kind"),
    [
        ("analyzing", {}, PlanKind.ANALYZING),
        ("approved", {}, PlanKind.PHASE1),
        ("awaiting_approval", {}, PlanKind.AWAITS_DECISION),
        ("awaiting_approval", {"partial": True}, PlanKind.AWAITS_PARTIAL),
        ("awaiting_approval", {"opportunity_count": 0}, PlanKind.AWAITS_EMPTY),
        ("executing", {"tasks": {"completed": 1, "cancelled": 1}}, PlanKind.EXECUTING),
        ("executing", {"tasks": {"failed": 2}, "overdue": 1}, PlanKind.TASKS_FAILED),
        ("executing", {"overdue": 1}, PlanKind.TASKS_OVERDUE),
        ("completed", {}, PlanKind.COMPLETED),
        ("completed", {"next_phase": {"number": 2}}, PlanKind.PHASE_ENDED),
        ("rejected", {}, PlanKind.REJECTED),
        ("cancelled", {}, PlanKind.CANCELLED),
        ("from-the-future", {}, PlanKind.UNKNOWN),
    ],
)
def test_where_nothing_is_wrong_its_status_says_it(status: str, values: dict[str, Any], kind: PlanKind) -> None:
    found = judged(status, **values)

    assert found.kind is kind
    assert found.values.keys() == VALUES[kind].keys()
    assert found.wrong is (kind in (PlanKind.TASKS_FAILED, PlanKind.TASKS_OVERDUE))


@pytest.mark.parametrize("status", PlanStatus)
def test_every_status_of_this_version_is_known(status: PlanStatus) -> None:
    assert judged(status).kind is not PlanKind.UNKNOWN


@pytest.mark.parametrize("status", IN_TRANSIT)
@pytest.mark.parametrize(
    ("stalled", "kind"),
    [
        (STALLED, PlanKind.STALLED),
        (replace(STALLED, attempts=2, action="make-phase1"), PlanKind.RECOVERING),
        (replace(STALLED, cause="processing-off"), PlanKind.PAUSED),
        (replace(STALLED, attempts=4, escalated_at=NOW), PlanKind.ESCALATED),
        (replace(STALLED, cause="processing-off", escalated_at=NOW), PlanKind.ESCALATED),
    ],
)
def test_a_plan_that_is_stalled_says_so_whatever_else_is_known(
    status: str, stalled: StalledPlan, kind: PlanKind
) -> None:
    found = judged(status, stalled, waited_s=99.0, system=EXAMPLES[Kind.BROKER_AWAY])
    said = say_plan(found)

    assert (found.kind, found.wrong, found.since) == (kind, True, NOW)
    assert "moment" not in said.advice
    if kind is not PlanKind.PAUSED:
        assert "stalled" in said.text
    assert "4 s ago" in said.evidence


@pytest.mark.parametrize("status", IN_TRANSIT)
@pytest.mark.parametrize("kind", [k for k in Kind if TRAITS[k].effect in (Effect.DOWN, Effect.DEGRADED)])
def test_whatever_is_wrong_with_the_system_a_moment_is_not_promised(status: str, kind: Kind) -> None:
    found = judged(status, system=EXAMPLES[kind])

    assert found.wrong
    assert found.because is not None
    assert found.because.kind is kind
    said = say_plan(found)
    assert said.evidence.startswith("The system is not well meanwhile: ")
    assert "moment" not in said.advice


@pytest.mark.parametrize("status", IN_TRANSIT)
@pytest.mark.parametrize("kind", [k for k in Kind if TRAITS[k].effect in (Effect.NOTICE, Effect.NOTE)])
def test_what_only_asks_for_a_person_holds_up_no_plan(status: str, kind: Kind) -> None:
    assert not judged(status, system=EXAMPLES[kind]).wrong


@pytest.mark.parametrize(("status", "late_s"), [("analyzing", 120.0), ("approved", 3.0)])
def test_what_takes_too_long_is_told_before_anybody_knows_why(status: str, late_s: float) -> None:
    assert not judged(status, waited_s=late_s - 0.1).wrong
    late = judged(status, waited_s=late_s + 0.1)
    assert late.kind in (PlanKind.ANALYSIS_LATE, PlanKind.PHASE1_LATE)
    assert late.wrong


def test_tasks_that_are_not_there_yet_are_waited_for() -> None:
    """Phase 1 is readable and a task is not: the plan is stalled. With all tasks there, an old wait says nothing."""
    phase1: dict[str, Any] = {"tasks": [{}, {}, {}]}
    assert judged("executing", STALLED, phase1=phase1, total=2).kind is PlanKind.STALLED
    assert judged("executing", STALLED, phase1=phase1, total=3).kind is PlanKind.EXECUTING


@pytest.mark.parametrize("status", PlanStatus)
def test_the_verdict_on_the_system_is_asked_for_where_it_matters(status: str) -> None:
    one = plan(status)
    if waits_for_the_system(one):
        with pytest.raises(ValueError, match="needs that on the system"):
            judge_plan(one, NOW)
    else:
        assert judge_plan(one, NOW).as_of == NOW


def test_every_wrong_kind_can_come_about() -> None:
    """Each kind that a plan can show is reached by some plan; no kind is left over."""
    found = {judged(s, stalled).kind for s in IN_TRANSIT for stalled in (STALLED, replace(STALLED, attempts=1))}
    found |= {judged("approved", replace(STALLED, escalated_at=NOW)).kind}
    found |= {judged("approved", replace(STALLED, cause="processing-off")).kind}
    found |= {judged(s, waited_s=999.0).kind for s in IN_TRANSIT}
    found |= {judged(s, system=EXAMPLES[Kind.RELAY_OFF]).kind for s in IN_TRANSIT}
    found |= {judged("executing", tasks={"failed": 1}).kind, judged("executing", overdue=1).kind}
    assert found == WRONG
