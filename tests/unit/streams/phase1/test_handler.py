"""plan.approved -> plan.phase1.created and a task.created for each task: the same on every run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

from schemas.events import derive_id
from schemas.typed.plan import PlanApproved
from schemas.wire import check, from_record
from streams.phase1.handler import handle
from tests.contract.golden import golden
from tests.support.events import PLAN, approved, given_phase1, opportunity, phase, phase_task


def test_a_task_for_each_task_of_the_phase() -> None:
    source = approved(phases=[phase(1, [phase_task(1), phase_task(2, opportunity_id="mercado_livre-1")])])
    created, *tasks = handle(source)
    assert created.type == "plan.phase1.created"
    assert (created.stream, created.version) == (f"plan-{PLAN}", source.version + 1)
    assert (created.data["origin"], created.data["rule"]) == ("agent", "phase-number-1")
    assert [t.type for t in tasks] == ["task.created"] * 2
    assert [t.data["title"] for t in tasks] == ["Tarefa 1", "Tarefa 2"]
    assert [t.data["position"] for t in tasks] == [1, 2]
    assert tasks[1].data["opportunity_id"] == "mercado_livre-1"


def test_a_task_keeps_the_other_opportunities_that_it_serves() -> None:
    created, *tasks = handle(approved(phases=[phase(1, [phase_task(1, also_serves=["shopee-1"]), phase_task(2)])]))
    assert created.data["tasks"][0]["also_serves"] == tasks[0].data["also_serves"] == ["shopee-1"]
    assert "also_serves" not in created.data["tasks"][1]
    assert not tasks[1].data.get("also_serves")


def test_a_task_has_the_day_that_the_weeks_of_its_phase_give_and_none_where_they_are_not_plain() -> None:
    source = approved(phases=[{**phase(1), "weeks": "Semanas 1-2"}])
    _, *tasks = handle(source)
    day = (datetime.fromtimestamp(source.occurred_at / 1e6, UTC) + timedelta(days=14)).date()
    assert tasks[0].data["due_on"] == day.isoformat()
    _, *tasks = handle(approved(phases=[{**phase(1), "weeks": "logo"}]))
    assert "due_on" not in tasks[0].data


def test_the_tasks_are_those_that_the_phase_lists() -> None:
    created, *tasks = handle(approved(opportunities=[opportunity(n) for n in range(7)]))
    listed = [t["task_id"] for t in created.data["tasks"]]
    assert len(listed) == len(set(listed)) == 5
    assert [t.data["task_id"] for t in tasks] == listed
    assert [t.stream for t in tasks] == [f"task-{task_id}" for task_id in listed]
    assert {(t.version, t.data["phase"]) for t in tasks} == {(1, 1)}


def test_every_output_fits_its_schema_and_hangs_on_its_cause() -> None:
    source = approved()
    created, *tasks = handle(source)
    for output in (created, *tasks):
        check(output)
        assert output.correlation_id == PLAN
        assert output.occurred_at == source.occurred_at
        assert output.actor == "system:phase1"
    assert created.causation_id == source.event_id
    assert {t.causation_id for t in tasks} == {created.event_id}


def test_twice_handled_twice_the_same() -> None:
    source = approved(opportunities=[opportunity(n) for n in range(3)])
    assert handle(source) == handle(source)
    ids = [e.event_id for e in handle(source)]
    assert len(ids) == len(set(ids))


def test_ids_hang_on_the_approval_alone() -> None:
    created, *tasks = handle(approved(phases=[phase(1)]))
    source = approved()
    assert created.event_id == derive_id(source.event_id, "phase1", 0)
    assert [task.data["task_id"] for task in tasks] == [derive_id(source.event_id, "task", 1)]


def test_a_phase_1_that_a_person_gave_becomes_tasks_and_says_who_gave_it() -> None:
    source = approved(phases=[phase(1)], phase1=given_phase1([phase_task(5), phase_task(6, channel="")]))
    created, *tasks = handle(source)
    assert (created.data["origin"], created.data["rule"]) == ("operator", "set-by:ana.souza")
    assert [(t.data["title"], t.data["channel"]) for t in tasks] == [
        ("Tarefa 5", "mercado_livre"),
        ("Tarefa 6", "mercado_livre"),
    ]
    assert [t.data["task_id"] for t in tasks] == [derive_id(source.event_id, "task", n) for n in (1, 2)]
    for output in (created, *tasks):
        check(output)
    assert handle(source) == (created, *tasks)


def test_what_was_in_the_log_as_version_2_is_handled() -> None:
    """The golden event is what a gateway wrote: its Phase 1 is made as it stands."""
    source = cast("PlanApproved", from_record("plan.approved", golden("plan.approved", 2).record))
    created, *tasks = handle(source)
    assert created.data["rule"] == "set-by:ana.souza"
    assert created.data["name"] == "Fase 1 - Só a garrafa"
    assert created.data["expected_impact"].startswith("Até R$ 3.750,25")
    assert [t.data["channel"] for t in tasks] == ["mercado_livre", "mercado_livre"]
