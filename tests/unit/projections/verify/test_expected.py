"""What a log says must be true, and what it lacks by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from projections.verify.expected import GAPS_OF_A_STREAM, LISTED, Expected, Report, check_log, take
from schemas.events import Event
from schemas.phase_tasks import created_by, is_phase

PLAN, TASK = "p1", "t1"


def event(type_: str, version: int, *, stream: str = "", id_: str = "", data: Mapping[str, Any] | None = None) -> Event:
    """Return an event of the plan, or of its task, with as much as is read of it."""
    kind = type_.partition(".")[0]
    data = {"task_id": TASK} if data is None else data
    stream = stream or (f"task-{TASK}" if kind == "task" else f"plan-{PLAN}")
    return Event(type_, id_ or f"{stream}.{version}.{type_}", stream, version, 0, "cause", PLAN, "ana", data)


def told(tasks: Iterable[str], due_on: str | None = "") -> dict[str, Any]:
    """Return a phase of a plan; with `due_on` None one of an older version."""
    said = {"title": "t", "what": "w", "channel": "c", "priority": "high", "opportunity_id": None, "due_on": due_on}
    return {
        "plan_id": PLAN,
        "tasks": [{**said, "task_id": task, "position": n} for n, task in enumerate(tasks, 1)],
    }


def phase1(version: int, *tasks: str, due_on: str | None = "") -> Event:
    return event("plan.phase1.created", version, data=told(tasks, due_on))


def created(task: str, version: int = 1, *, by: Event | None = None, **other: Any) -> Event:
    """Return the task.created of a task of a phase, or of none; `other`: what it says otherwise."""
    phase = by or phase1(4, task)
    assert is_phase(phase)
    (made,) = [one for one in created_by(phase) if one.data["task_id"] == task]
    id_ = made.event_id if version == 1 else f"{made.event_id}.{version}"
    data: Mapping[str, Any] = made.data
    return Event(made.type, id_, made.stream, version, 0, made.causation_id, PLAN, made.actor, {**data, **other})


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


def test_versions_that_are_missing_together_are_one_finding_however_many() -> None:
    far, also = event("plan.stalled", 2**31 - 1), event("task.started", 2**31 - 1, stream="task-t2")

    found = check_log(fold(*WHOLE, far, also)[0])

    assert {key: text for key, text in found.items() if key[0] == "gap"} == {
        ("gap", "plan-p1 before v2147483647"): "plan-p1 has no versions 5 to 2147483646, but 2147483647",
        ("gap", "task-t2 before v2147483647"): "task-t2 has no versions 1 to 2147483646, but 2147483647",
    }


def test_a_gap_that_becomes_smaller_is_the_same_finding() -> None:
    before = lacks(UPLOADED, event("plan.stalled", 9))
    assert before == {("gap", "plan-p1 before v9")}
    assert before & lacks(UPLOADED, ANALYZED, event("plan.stalled", 9)) == before


def test_of_many_gaps_of_a_stream_the_rest_is_one_finding() -> None:
    holes = [event("plan.stalled", version) for version in range(1, 4 * GAPS_OF_A_STREAM, 2)]
    found = check_log(fold(*holes)[0])
    assert len(found) == GAPS_OF_A_STREAM + 1
    first = 2 * GAPS_OF_A_STREAM + 2
    assert found["gap", "plan-p1 and on"] == f"plan-p1 lacks {GAPS_OF_A_STREAM - 1} more versions from {first} on"


@pytest.mark.parametrize("version", [0, -5])
def test_a_version_that_no_stream_has_hides_no_gap(version: int) -> None:
    assert ("gap", "plan-p1 before v3") in lacks(UPLOADED, event("plan.stalled", version), event("plan.approved", 3))


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
        ("task.changed", "open"),
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
    assert found == {("gap", "plan-p1 before v3"): "plan-p1 has no version 2, but 3"}


def test_a_cancelled_plan_may_lack_its_analysis() -> None:
    """The version of the analysis stays reserved, though no analysis comes any more."""
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
    return event("plan.phase.started", version, data={"phase": 2, **told(tasks)})


def test_a_later_phase_has_its_tasks_once_each_and_its_plan_goes_on() -> None:
    phase = started(6, "t2", "t3")
    begun = (*WHOLE, event("plan.completed", 5), phase)
    whole = (*begun, created("t2", by=phase), created("t3", by=phase))
    assert lacks(*whole) == set()
    assert fold(*whole)[0].plans == {PLAN: (6, "executing")}
    assert lacks(*begun, created("t2", by=phase)) == {("lost", "task t3")}
    assert lacks(*whole, created("t3", 2)) >= {("duplicate", "task t3")}


def test_a_task_is_there_with_its_phase() -> None:
    assert fold(UPLOADED, ANALYZED, APPROVED, phase1(4, TASK))[0].tasks == {TASK: (1, "open", PLAN)}
    assert fold(event("task.started", 2), phase1(4, TASK))[0].tasks == {TASK: (2, "started", PLAN)}


def test_a_task_of_a_phase_of_an_older_version_is_there_with_its_own_event() -> None:
    older = phase1(4, TASK, due_on=None)
    assert fold(older)[0].tasks == {}
    assert fold(older, created(TASK, by=older))[0].tasks == {TASK: (1, "open", PLAN)}


@pytest.mark.parametrize(
    "other",
    [{"title": "x"}, {"what": "x"}, {"position": 2}, {"phase": 2}, {"due_on": "2026-04-07"}, {"also_serves": ["o"]}],
    ids=str,
)
@pytest.mark.parametrize("first", [True, False], ids=["first", "then"])
def test_a_task_whose_own_event_says_other_than_its_phase_is_a_conflict(other: dict[str, Any], first: bool) -> None:
    phase, own = phase1(4, TASK), created(TASK, **other)
    events = (own, phase) if first else (phase, own)
    assert lacks(UPLOADED, ANALYZED, APPROVED, *events) == {("conflict", f"task {TASK}")}


def test_a_task_created_under_another_id_is_a_conflict() -> None:
    forged = replace(created(TASK), event_id="forged")
    assert lacks(UPLOADED, ANALYZED, APPROVED, phase1(4, TASK), forged) == {("conflict", f"task {TASK}")}


def test_an_older_phase_does_not_say_the_day_and_everything_else() -> None:
    older = phase1(4, TASK, due_on=None)
    before = (UPLOADED, ANALYZED, APPROVED, older)
    assert lacks(*before, created(TASK, by=older, due_on="2026-04-07")) == set()
    assert lacks(*before, created(TASK, by=older, title="x")) == {("conflict", f"task {TASK}")}
