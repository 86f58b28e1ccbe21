"""The lifecycle is whole: each status is reached, each rule leads somewhere, and the decider's model agrees."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.catalogue import versions
from schemas.lifecycle import OF, PLAN, RULES, TASK, PlanAction, PlanStatus, TaskAction, TaskStatus
from schemas.rules import Bar, Lifecycle, Role, Rule, Waits, Words, barred
from tests.integration.decide import model

LIVES: list[Lifecycle[Any, Any]] = list(OF.values())
each_life = pytest.mark.parametrize("life", LIVES, ids=lambda life: life.kind)


@each_life
def test_every_status_and_every_action_stands_in_it(life: Lifecycle[Any, Any]) -> None:
    statuses, actions = (PlanStatus, PlanAction) if life is PLAN else (TaskStatus, TaskAction)

    assert list(life.states) == list(statuses)
    assert list(life.rules) == list(actions)


@each_life
def test_every_status_is_reached(life: Lifecycle[Any, Any]) -> None:
    said_by_the_event = {"assigned"} if life is TASK else set()

    assert set(life.leads_to.values()) | said_by_the_event == set(life.states)


@each_life
def test_from_what_is_final_nothing_goes_on(life: Lifecycle[Any, Any]) -> None:
    leaving = {(s, rule.to) for rule in life.rules.values() for s in rule.needs if rule.to not in {s, None}}

    assert {to for status, to in leaving if status in life.final} <= life.final
    assert {status for status, _ in leaving} - life.final | set(life.waiting_for_system) == set(life.going)
    assert life.given_up < life.final


@each_life
def test_a_command_that_was_given_before_changes_nothing(life: Lifecycle[Any, Any]) -> None:
    for rule in life.rules.values():
        assert set(rule.already).isdisjoint(rule.needs)
        assert rule.to is None or rule.to in rule.already


@each_life
def test_events_are_known_and_belong_to_the_kind(life: Lifecycle[Any, Any]) -> None:
    events = [*life.by_system, *(rule.event for rule in life.rules.values())]

    assert len(events) == len(set(events))
    assert {type_.partition(".")[0] for type_ in events} == {life.kind}
    assert set(events) <= set(versions())


@each_life
def test_a_rule_names_a_field_of_its_event_for_what_a_person_writes(life: Lifecycle[Any, Any]) -> None:
    for rule in life.rules.values():
        assert bool(rule.field) == (rule.words is not Words.NONE)
        fields = {field["name"] for field in versions()[rule.event][-1].raw["fields"]}
        assert not rule.field or rule.field in fields


def test_versions_are_reserved_exactly_where_the_system_owes_the_next_step() -> None:
    """decide.current_head looks at the log for as long as a version is reserved."""
    after = {rule.to for rule in PLAN.rules.values() if rule.reserves} | {PLAN.leads_to["plan.uploaded"]}

    assert after == set(PLAN.waiting_for_system)
    assert not any(state.waits is Waits.SYSTEM for state in TASK.states.values())


def test_the_model_of_the_decider_says_the_same() -> None:
    """The model is written out by hand, apart from here: two pens, one lifecycle."""
    here = {name: (set(r.needs), set(r.already), r.to or "", r.event) for name, r in RULES.items()}

    assert here == {name: (set(r.needs), set(r.already), r.to, r.type) for name, r in model.RULES.items()}
    assert dict(PLAN.leads_to) == model.STATUS
    assert TASK.final == set(model.ENDED)


def test_actions_by_status_and_role() -> None:
    assert PLAN.actions("awaiting_approval") == (PlanAction.APPROVE, PlanAction.REJECT, PlanAction.CANCEL)
    assert TASK.actions("failed", Role.ANALYST) == (
        TaskAction.RETRY,
        TaskAction.CANCEL,
        TaskAction.RESCHEDULE,
        TaskAction.COMMENT,
    )
    assert TASK.actions("failed", Role.VIEWER) == ()
    assert PLAN.actions("archived") == ()
    assert (PLAN.role, TASK.role) == (Role.ANALYST, Role.ANALYST)


def test_words_are_insisted_on_where_somebody_reads_them_later() -> None:
    insisting = {action for life in LIVES for action, rule in life.rules.items() if rule.insists}
    assert insisting >= {
        PlanAction.REJECT,
        PlanAction.CANCEL,
        TaskAction.ASSIGN,
        TaskAction.FAIL,
        TaskAction.CANCEL,
        TaskAction.COMMENT,
    }
    assert insisting.isdisjoint({PlanAction.APPROVE, TaskAction.START, TaskAction.COMPLETE, TaskAction.RETRY})


def test_a_reason_explains_the_status_that_it_led_to() -> None:
    assert PLAN.explained >= {PlanStatus.APPROVED, PlanStatus.REJECTED, PlanStatus.CANCELLED}
    unexplained = {PlanStatus.ANALYZING, PlanStatus.AWAITING_APPROVAL, PlanStatus.EXECUTING, PlanStatus.COMPLETED}
    assert PLAN.explained.isdisjoint(unexplained)
    assert TASK.explained == {TaskStatus.FAILED, TaskStatus.CANCELLED}


def test_what_ends_a_plan_or_task_leads_from_what_goes_on_to_what_is_final() -> None:
    assert PLAN.ends == ("plan.completed", "plan.rejected", "plan.cancelled")
    assert TASK.ends == ("task.completed", "task.cancelled")
    aside = Rule("plan.archived", needs=(PlanStatus.COMPLETED,), to=PlanStatus.CANCELLED)
    assert Lifecycle("plan", PLAN.states, {PlanAction.CANCEL: aside}, PLAN.by_system).ends == ("plan.completed",)


def test_a_role_includes_those_before_it() -> None:
    roles = [Role.VIEWER, Role.ANALYST, Role.OPERATOR, Role.ADMIN]

    assert [[one.includes(other) for other in roles] for one in roles] == [
        [place <= at for place in range(4)] for at in range(4)
    ]


def test_the_lesser_of_two_roles_is_the_one_that_may_do_less() -> None:
    assert Role.ADMIN.lesser(Role.VIEWER) is Role.VIEWER
    assert Role.VIEWER.lesser(Role.ADMIN) is Role.VIEWER
    assert Role.ANALYST.lesser(Role.ANALYST) is Role.ANALYST


@pytest.mark.parametrize(
    ("actor", "people", "bar"),
    [
        ("ana", [], Bar.OWN),
        ("ana", ["ana", "eva"], Bar.OWN),
        ("laptop", ["ana", "eva"], Bar.NOBODYS),
        ("eva", ["ana", "eva"], None),
        ("laptop", [], None),  # without people names of keys are compared
    ],
)
def test_four_eyes_are_of_two_and_of_people_where_there_are_any(actor: str, people: list[str], bar: Bar | None) -> None:
    assert barred(actor, "ana", people) is bar
