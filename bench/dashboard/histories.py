"""What happened to each plan of a filled database: its events, as the log would have them.

Plans 1 to `MODELS` differ in how they went; every later one went as one of these did, with ids, names and times of its
own, so that SQL can copy it (fill_plans.sql). Plan 0 is the newest: a large one under way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import md5
from itertools import count
from typing import Any, Final
from uuid import UUID

from projections.rows import Recorded
from schemas.events import Event
from schemas.lifecycle import PlanStatus, TaskStatus
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, declared

#: So many plans are written by the projections' own code; the later ones are copies of them.
MODELS: Final = 200
#: From one upload to the next.
APART: Final = timedelta(minutes=5)
#: From an event to its record in the log.
RECORDED: Final = timedelta(milliseconds=4)
LARGE_TASKS: Final = 200
#: Each fails, is tried again and is started so often, in plan 0.
LARGE_ROUNDS: Final = 5
PARTITIONS: Final = declared()[PLAN_EVENTS].partitions
_PEOPLE: Final = ("ana", "ben", "carla")
#: Where tasks of a plan under way are, one after the other.
_UNDER_WAY: Final = (*(one for one in TaskStatus if one is not TaskStatus.CANCELLED), TaskStatus.OPEN, TaskStatus.OPEN)

Said = Mapping[str, Mapping[str, Any]]
#: What happens next: type, stream, time, and what its data differ in from what is said otherwise
_Step = tuple[str, str, timedelta, dict[str, Any]]


def model(number: int) -> int:
    """Return the number of a plan with the same course, among those that the projections' own code writes."""
    return (number - 1) % MODELS + 1 if number else 0


def status(number: int) -> PlanStatus:
    """Return where a plan is: few are with the system or a person, three in ten under way, most are done."""
    at = model(number)
    if at % 200 == 1:
        return PlanStatus.ANALYZING
    if at % 50 == 2:
        return PlanStatus.AWAITING_APPROVAL
    if at % 10 == 3:
        return PlanStatus.REJECTED
    return PlanStatus.EXECUTING if at % 3 == 0 else PlanStatus.COMPLETED


def plan_id(number: int) -> str:
    """Return the id of a plan."""
    return _uuid(f"plan{number}")


def task_id(number: int, position: int) -> str:
    """Return the id of a task of a plan."""
    return _uuid(f"task{number} {position}")


def history(number: int, latest: datetime, said: Said) -> list[Recorded]:
    """Return the events of a plan; plan 0 was uploaded at `latest`, each other one APART before the one before it.

    `said`: the data of each type of event, where a plan's own words do not stand in them.
    """
    uploaded = latest - number * APART
    versions: dict[str, Iterator[int]] = {}
    found: list[Recorded] = []
    for place, (type_, stream, after, own) in enumerate(_steps(number, uploaded)):
        happened = uploaded + after
        version = next(versions.setdefault(stream, count(2 if stream.startswith("task-") else 1)))
        event = Event(
            type=type_,
            event_id=_uuid(f"{stream} {version}"),
            stream=stream,
            version=version,
            occurred_at=round(happened.timestamp()) * 1_000_000,
            causation_id="",
            correlation_id=plan_id(number),
            actor="ana",
            data={**said[type_], "plan_id": plan_id(number), **own},
        )
        topic = TASK_EVENTS if type_.startswith("task.") else PLAN_EVENTS
        found.append(Recorded(event, topic, number % PARTITIONS, number * 10_000 + place, happened + RECORDED, None))
    return found


def _steps(number: int, uploaded: datetime) -> Iterator[_Step]:
    ended, at = status(number), model(number)
    plan, name = f"plan-{plan_id(number)}", f"loja {number:06d}"
    channels = ["shopee", ("amazon", "shein", "own_store")[at % 3]]
    yield "plan.uploaded", plan, timedelta(0), _upload(number, name, channels)
    if ended is PlanStatus.ANALYZING:
        return
    partial = ended is PlanStatus.AWAITING_APPROVAL and at % 100 == 2
    outcomes = ["analyzed", "failed" if partial else "analyzed"]
    for channel, outcome in zip(channels, outcomes, strict=True):
        yield f"plan.channel.{outcome}", f"{plan}.{channel}", timedelta(seconds=2), {"channel": channel}
    yield "plan.analyzed", plan, timedelta(seconds=3), {"partial": partial, "channels": _ended(channels, outcomes)}
    if ended is PlanStatus.REJECTED:
        yield "plan.rejected", plan, timedelta(hours=1), {}
    if ended in (PlanStatus.AWAITING_APPROVAL, PlanStatus.REJECTED):
        return
    positions = range(1, 1 + (6 if at % 7 else 5)) if number else range(1, 1 + LARGE_TASKS)
    yield "plan.approved", plan, timedelta(hours=1), {"channels": channels}
    tasks = [_task(number, position, name, uploaded) for position in positions]
    yield "plan.phase1.created", plan, timedelta(hours=1), {"tasks": tasks}
    for position in positions:
        yield from _moves(number, position, ended)
    if ended is PlanStatus.COMPLETED:
        done = {"tasks_completed": len(tasks), "tasks_cancelled": 0}
        yield "plan.completed", plan, timedelta(days=2), done


def _ended(channels: list[str], outcomes: list[str]) -> list[dict[str, str]]:
    both = zip(channels, outcomes, strict=True)
    return [{"channel": channel, "outcome": outcome, "source": "rules", "reason": ""} for channel, outcome in both]


def _upload(number: int, name: str, channels: list[str]) -> dict[str, Any]:
    return {
        "document_id": plan_id(number),
        "title": f"Vendas de março da {name}",
        "filename": f"vendas da {name}.xlsx",
        "sha256": plan_id(number).replace("-", "") * 2,
        "channels": channels,
        "priority": ("high", "normal", "normal", "low")[model(number) % 4],
    }


def _task(number: int, position: int, name: str, uploaded: datetime) -> dict[str, Any]:
    at = model(number) * 6 + position
    return {
        "task_id": task_id(number, position),
        "position": position,
        "title": f"Rever anúncio {position} da {name} com fotos",
        "what": "Trocar as fotos e medidas",
        "channel": "shopee",
        "priority": ("high", "normal", "low")[at % 3],
        "opportunity_id": None,
        "also_serves": [],
        "due_on": (uploaded + timedelta(days=30)).date().isoformat() if at % 3 else "",
    }


def _moves(number: int, position: int, plan: PlanStatus) -> Iterator[_Step]:
    """Yield what people did about a task; that of a plan that is done is completed."""
    own = {"task_id": task_id(number, position)}
    stream, at = f"task-{own['task_id']}", model(number) * 6 + position
    if number == 0:
        for round_ in range(LARGE_ROUNDS):
            for place, type_ in enumerate(("task.started", "task.failed", "task.retried")):
                tried = {"attempt": round_ + 2} if type_ == "task.retried" else {}
                yield type_, stream, timedelta(hours=2, minutes=3 * round_ + place), own | tried
        return
    ends = TaskStatus.COMPLETED if plan is PlanStatus.COMPLETED else _UNDER_WAY[at % len(_UNDER_WAY)]
    if at % 2 or ends is TaskStatus.ASSIGNED:
        yield (
            "task.assigned",
            stream,
            timedelta(hours=2),
            {**own, "assignee": _PEOPLE[at // 2 % 3], "status": "assigned"},
        )
    if ends in (TaskStatus.STARTED, TaskStatus.FAILED):
        yield "task.started", stream, timedelta(hours=3), own
    if at % 10 == 0:
        yield "task.commented", stream, timedelta(hours=4), own
    if ends in (TaskStatus.COMPLETED, TaskStatus.FAILED):
        yield f"task.{ends}", stream, timedelta(hours=5), own


def _uuid(name: str) -> str:
    return str(UUID(md5(name.encode(), usedforsecurity=False).hexdigest()))
