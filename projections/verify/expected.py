"""The contents of the read models that a log implies, and the gaps of the log itself. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from projections.recoveries.projection import TYPES as RECOVERIES
from schemas.events import Event
from schemas.lifecycle import PLAN, TASK
from schemas.phase_tasks import PhaseEvent, created_by, is_phase, is_whole

#: Problems of one kind that are listed; all are counted.
LISTED: Final = 20
#: Gaps of one stream that are told one by one, each with its first and last version; beyond it they are one finding.
GAPS_OF_A_STREAM: Final = 20

#: What is wrong, such as (gap, plan-1 v3) -> the sentence about it. Found again, the same has the same key.
Found = dict[tuple[str, str], str]


@dataclass(slots=True)
class Report:
    """The result of a comparison. `problems` is empty where log and read models agree."""

    records: int = 0
    events: int = 0
    repeats: int = 0
    poison: int = 0
    letters: int = 0
    plans: int = 0
    tasks: int = 0
    audited: int = 0  # entries of who did what that are in the chain
    audit_head: str = ""  # the last place of the chain and its hash
    problems: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, what: str) -> None:
        """Note a problem."""
        self.counts[kind] += 1
        if self.counts[kind] <= LISTED:
            self.problems.append(f"{kind}: {what}")

    @property
    def ok(self) -> bool:
        return not self.counts


@dataclass(frozen=True, slots=True)
class Said:
    """The contents of a task.created as one number, because a log has millions. `due_on` None: the phase has none."""

    number: int
    due_on: str | None


@dataclass(slots=True)
class Expected:
    """The contents of the read models that the log implies."""

    ids: dict[tuple[str, int], str] = field(default_factory=dict)  # (stream, version) -> event id
    plans: dict[str, tuple[int, str]] = field(default_factory=dict)  # plan -> version, status
    tasks: dict[str, tuple[int, str, str]] = field(default_factory=dict)  # task -> version, status, plan
    approved: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    phase1: dict[str, list[str]] = field(default_factory=dict)  # plan -> ids of its tasks
    later: dict[str, list[str]] = field(default_factory=dict)  # plan -> ids of the tasks of its later phases
    created: Counter[str] = field(default_factory=Counter)  # task -> distinct task.created
    told: dict[str, Said] = field(default_factory=dict)  # task -> its task.created as its phase tells it
    said: dict[str, Said] = field(default_factory=dict)  # task -> its task.created as it stands
    recoveries: dict[str, str] = field(default_factory=dict)  # plan and version -> event id
    # id of the letter that there must be of what nobody can read -> what is not believed, and why ("" if unreadable)
    unread: dict[str, str] = field(default_factory=dict)
    letters: dict[str, bool] = field(default_factory=dict)  # id -> whether it is recent enough to be asked for


def take(event: Event, expected: Expected, report: Report) -> None:
    """Fold one event into the expected contents."""
    place = (event.stream, event.version)
    seen = expected.ids.get(place)
    if seen == event.event_id:
        report.repeats += 1
        return
    if seen is not None:
        report.add("conflict", f"{event.stream} version {event.version} is {seen} and {event.event_id}")
        return
    expected.ids[place] = event.event_id
    report.events += 1
    kind, plan = event.type.partition(".")[0], event.correlation_id
    if event.type in RECOVERIES:
        expected.recoveries.setdefault(f"{plan} v{event.version}", event.event_id)
    if kind == "plan" and event.stream == f"plan-{plan}":
        _take_plan(event, plan, expected)
    elif kind == "task":
        task = event.data["task_id"]
        if event.type == "task.created":
            expected.created[task] += 1
            expected.said.setdefault(task, _said(event))
        version, status, _ = expected.tasks.get(task, (0, "", plan))
        if event.version > version:
            after = str(
                event.data["status"] if event.type == "task.assigned" else TASK.leads_to.get(event.type, status)
            )
            expected.tasks[task] = (event.version, after, plan)


def _take_plan(event: Event, plan: str, expected: Expected) -> None:
    version, status = expected.plans.get(plan, (0, ""))
    if event.version > version:
        expected.plans[plan] = (event.version, str(PLAN.leads_to.get(event.type, status)))
    if event.type == "plan.approved":
        expected.approved.add(plan)
    elif event.type == "plan.cancelled":
        expected.cancelled.add(plan)
    elif is_phase(event):
        _take_phase(event, plan, expected)


def _take_phase(event: PhaseEvent, plan: str, expected: Expected) -> None:
    tasks = [task["task_id"] for task in event.data["tasks"]]
    if event.type == "plan.phase1.created":
        expected.phase1[plan] = tasks
    else:
        expected.later.setdefault(plan, []).extend(tasks)
    whole = is_whole(event)
    for made in created_by(event):
        task = made.data["task_id"]
        expected.told[task] = _said(made, whole=whole)
        if whole:  # it is shown before its own event is there
            expected.tasks.setdefault(task, (1, str(TASK.leads_to[made.type]), plan))


def _said(event: Event, *, whole: bool = True) -> Said:
    data = event.data
    also, due_on = data.get("also_serves") or [], data.get("due_on") or ""
    texts = [data.get(name) for name in ("plan_id", "title", "what", "channel", "priority", "opportunity_id")]
    place = (data.get("position"), data.get("phase"), event.event_id, event.stream, event.version, event.correlation_id)
    return Said(hash((*place, *texts, *also)), due_on if whole else None)


def _gaps(expected: Expected) -> Found:
    """Return the versions that streams lack before their last one, those that stand together as one.

    An event may claim any version, 2,147,483,647 too. A gap is known by what follows it: it can only become smaller.
    """
    found: Found = {}
    known: dict[str, list[int]] = {}
    for stream, version in expected.ids:
        known.setdefault(stream, []).append(version)
    for stream, versions in known.items():
        # version 2 of a plan is kept for plan.analyzed, which a cancelled plan never gets
        if stream.startswith("plan-") and stream.removeprefix("plan-") in expected.cancelled:
            continue
        there = sorted({0, *(version for version in versions if version > 0)})
        gaps = [(before + 1, after) for before, after in pairwise(there) if after > before + 1]
        for first, after in gaps[:GAPS_OF_A_STREAM]:
            lacks = f"version {first}" if first == after - 1 else f"versions {first} to {after - 1}"
            found["gap", f"{stream} before v{after}"] = f"{stream} has no {lacks}, but {there[-1]}"
        if more := gaps[GAPS_OF_A_STREAM:]:
            missing = sum(after - first for first, after in more)
            found["gap", f"{stream} and on"] = f"{stream} lacks {missing} more versions from {more[0][0]} on"
    return found


def check_log(expected: Expected) -> Found:
    """Return the gaps of the log itself. Some may close while the log is still written."""
    found = _gaps(expected)
    for plan in sorted(expected.approved - expected.cancelled):
        tasks = expected.phase1.get(plan)
        if tasks is None:
            found["lost", f"phase1 {plan}"] = f"plan {plan} is approved and has no Phase 1"
            continue
        for task in (*tasks, *expected.later.get(plan, ())):
            if expected.created[task] != 1:
                kind = "lost" if not expected.created[task] else "duplicate"
                found[kind, f"task {task}"] = f"task {task} of plan {plan}"
    for task, said in expected.said.items():
        told = expected.told.get(task)
        if told is not None and (said.number != told.number or told.due_on not in (None, said.due_on)):
            found["conflict", f"task {task}"] = f"the task.created of task {task} says other than its phase does"
    known = {task for made in (expected.phase1, expected.later) for tasks in made.values() for task in tasks}
    for task in sorted(set(expected.created) - known):
        found["duplicate", f"task {task}"] = f"task {task} belongs to no phase that has begun"
    return found
