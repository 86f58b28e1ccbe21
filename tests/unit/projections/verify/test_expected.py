"""What a log says must be true, and what it lacks by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from projections.verify.expected import LISTED, Expected, Report, check_log, take
from schemas.events import Event

PLAN, TASK = "p1", "t1"


def event(type_: str, version: int, *, stream: str = "", id_: str = "", data: Mapping[str, Any] | None = None) -> Event:
    """Return an event of the plan, or of its task, with as much as is read of it."""
    kind = type_.partition(".")[0]
    data = {"task_id": TASK} if data is None else data
    stream = stream or (f"task-{TASK}" if kind == "task" else f"plan-{PLAN}")
    return Event(type_, id_ or f"{stream}.{version}.{type_}", stream, version, 0, "cause", PLAN, "ana", data)


def phase1(version: int, *tasks: str) -> Event:
    return event("plan.phase1.created", version, data={"tasks": [{"task_id": task} for task in tasks]})


def created(task: str, version: int = 1) -> Event:
    return event("task.created", version, stream=f"task-{task}", data={"task_id": task})


def fold(*events: Event) -> tuple[Expected, Report]:
    expected, report = Expected(), Report()
    for one in events:
        take(one, expected, report)
    return expected, report


UPLOADED, ANALYZED, APPROVED = event("plan.uploaded", 1), event("plan.analyzed", 2), event("plan.approved", 3)
CANCELLED = event("plan.cancelled", 4)
WHOLE = (UPLOADED, ANALYZED, APPROVED, phase1(4, TASK), created(TASK))


def lacks(*events: Event) -> set[tuple[str, str]]:
    return set(check_log(fold(*events)[0]))


def test_a_whole_log_lacks_nothing() -> None:
    expected, report = fold(*WHOLE)

    assert check_log(expected) == {}
    assert expected.plans == {PLAN: (4, "executing")}
    assert expected.tasks == {TASK: (1, "open", PLAN)}
    assert (report.events, report.repeats, report.ok) == (5, 0, True)


def test_a_repeat_is_counted_and_changes_nothing() -> None:
    expected, report = fold(*WHOLE, *WHOLE)

    assert expected == fold(*WHOLE)[0]
    assert (report.events, report.repeats, report.ok) == (5, 5, True)


def test_a_version_that_is_far_away_is_one_finding_beyond_those_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.verify.expected.GAPS_NAMED", 3)
    far, also = event("plan.stalled", 2**31 - 1), event("task.started", 2**31 - 1, stream="task-t2")

    found = check_log(fold(*WHOLE, far, also)[0])

    assert [key for key in found if key[0] == "gap"] == [
        ("gap", "plan-p1 v5"),
        ("gap", "plan-p1 v6"),
        ("gap", "plan-p1 v7"),
        ("gap", "plan-p1 and on"),
        ("gap", "task-t2 and on"),
    ]
    assert found["gap", "plan-p1 and on"] == "plan-p1 has 2147483639 versions less than its last one, 2147483647"


@pytest.mark.parametrize("version", [0, -5])
def test_a_version_that_no_stream_has_hides_no_gap(version: int) -> None:
    assert ("gap", "plan-p1 v2") in lacks(UPLOADED, event("plan.stalled", version), event("plan.approved", 3))


def test_two_events_at_one_version_are_a_conflict() -> None:
    expected, report = fold(UPLOADED, event("plan.rejected", 1, id_="other"))

    assert report.problems == [f"conflict: plan-p1 version 1 is {UPLOADED.event_id} and other"]
    assert not report.ok
    assert expected.plans == {PLAN: (1, "analyzing")}


@pytest.mark.parametrize(
    ("type_", "status"),
    [
        ("plan.analyzed", "awaiting_approval"),
        ("plan.approved", "approved"),
        ("plan.rejected", "rejected"),
        ("plan.cancelled", "cancelled"),
        ("plan.completed", "completed"),
        ("plan.channel.analyzed", "analyzing"),
    ],
)
def test_a_plan_has_the_status_that_its_last_event_gives_it(type_: str, status: str) -> None:
    expected, _ = fold(UPLOADED, event(type_, 2))
    assert expected.plans == {PLAN: (2, status)}


def test_an_event_of_another_stream_leaves_the_plan_as_it_is() -> None:
    expected, _ = fold(UPLOADED, event("plan.stalled", 9, stream=f"recovery-{PLAN}"))
    assert expected.plans == {PLAN: (1, "analyzing")}


@pytest.mark.parametrize(
    ("type_", "status"),
    [
        ("task.started", "started"),
        ("task.completed", "completed"),
        ("task.failed", "failed"),
        ("task.retried", "open"),
        ("task.cancelled", "cancelled"),
        ("task.rescheduled", "open"),
        ("task.commented", "open"),
    ],
)
def test_a_task_has_the_status_that_its_last_event_gives_it(type_: str, status: str) -> None:
    expected, _ = fold(created(TASK), event(type_, 2))
    assert expected.tasks == {TASK: (2, status, PLAN)}


def test_a_task_that_is_assigned_has_the_status_that_the_event_tells() -> None:
    expected, _ = fold(created(TASK), event("task.assigned", 2, data={"task_id": TASK, "status": "started"}))
    assert expected.tasks == {TASK: (2, "started", PLAN)}


def test_an_older_event_that_comes_late_changes_no_status() -> None:
    expected, _ = fold(UPLOADED, APPROVED, ANALYZED, event("task.completed", 2), created(TASK))

    assert expected.plans == {PLAN: (3, "approved")}
    assert expected.tasks == {TASK: (2, "completed", PLAN)}


def test_a_recovery_is_known_by_its_plan_and_version() -> None:
    stalled = event("plan.stalled", 3, stream=f"recovery-{PLAN}")
    expected, _ = fold(stalled, event("system.started", 1, stream="system"))
    assert expected.recoveries == {f"{PLAN} v3": stalled.event_id}


def test_a_version_that_is_missing_is_a_gap() -> None:
    found = check_log(fold(UPLOADED, event("plan.rejected", 3))[0])
    assert found == {("gap", "plan-p1 v2"): "plan-p1 has no version 2, but 3"}


def test_a_cancelled_plan_may_lack_its_analysis() -> None:
    """Its version is kept for it, and it never comes."""
    assert lacks(UPLOADED, event("plan.cancelled", 3)) == set()


def test_an_approved_plan_without_phase_1_is_lost() -> None:
    assert lacks(UPLOADED, ANALYZED, APPROVED) == {("lost", f"phase1 {PLAN}")}


def test_a_plan_that_was_cancelled_after_its_approval_needs_no_phase_1() -> None:
    assert lacks(UPLOADED, ANALYZED, APPROVED, CANCELLED) == set()


def test_a_task_of_phase_1_that_was_never_created_is_lost() -> None:
    assert lacks(UPLOADED, ANALYZED, APPROVED, phase1(4, TASK, "t2"), created(TASK)) == {("lost", "task t2")}


def test_a_task_that_was_created_twice_is_a_duplicate() -> None:
    assert lacks(*WHOLE, created(TASK, 2)) == {("duplicate", f"task {TASK}")}


def test_a_task_of_no_phase_1_is_a_duplicate() -> None:
    assert lacks(*WHOLE, created("stray")) == {("duplicate", "task stray")}


def test_of_many_problems_of_a_kind_the_first_are_listed_and_all_are_counted() -> None:
    report = Report()
    for n in range(LISTED + 5):
        report.add("gap", f"version {n}")
    report.add("lost", "one")

    assert len(report.problems) == LISTED + 1
    assert report.counts == {"gap": LISTED + 5, "lost": 1}


def started(version: int, *tasks: str) -> Event:
    return event("plan.phase.started", version, data={"phase": 2, "tasks": [{"task_id": task} for task in tasks]})


def test_a_later_phase_has_its_tasks_once_each_and_its_plan_goes_on() -> None:
    begun = (*WHOLE, event("plan.completed", 5), started(6, "t2", "t3"))
    whole = (*begun, created("t2"), created("t3"))
    assert lacks(*whole) == set()
    assert fold(*whole)[0].plans == {PLAN: (6, "executing")}
    assert lacks(*begun, created("t2")) == {("lost", "task t3")}
    assert lacks(*whole, created("t3", 2)) >= {("duplicate", "task t3")}
