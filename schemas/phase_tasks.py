"""The tasks of a phase as their own task.created say them: all of it follows from the event of the phase. Pure.

The worker makes the task.created of Phase 1 by these functions. Those of a later phase are made in the database, by
`decide.create_tasks`, and a test holds the two together. Whoever reads the event of a phase need not read them.
"""

from __future__ import annotations

from hashlib import md5
from typing import Final, TypeAlias

from typing_extensions import TypeIs

from schemas.events import Event, derive_id
from schemas.typed.parts import Phase1TaskData, StartedTaskData
from schemas.typed.plan import PlanPhase1Created, PlanPhaseStarted
from schemas.typed.task import TaskCreated, TaskCreatedData

PhaseEvent: TypeAlias = PlanPhase1Created | PlanPhaseStarted

#: The events that hold the tasks of a phase.
PHASES: Final = frozenset({"plan.phase1.created", "plan.phase.started"})
#: The name by which ids of Phase 1 are derived. Never change it: ids in the log are derived with it.
HANDLER: Final = "phase1"
#: A task.created is the first event of its stream.
VERSION: Final = 1


def is_phase(event: Event) -> TypeIs[PhaseEvent]:
    """Return whether the event holds the tasks of a phase."""
    return event.type in PHASES


def is_whole(event: PhaseEvent) -> bool:
    """Return whether the event holds all that its task.created say.

    A plan.phase1.created of version 2 or before does not say by which day a task is to be done.
    """
    return event.type == "plan.phase.started" or all(task.get("due_on") is not None for task in event.data["tasks"])


def created_by(event: PhaseEvent) -> list[TaskCreated]:
    """Return the task.created of each task, as it is in the log, in the order of the tasks."""
    return [
        Event(
            type="task.created",
            event_id=event_id,
            stream=stream,
            version=VERSION,
            occurred_at=event.occurred_at,
            causation_id=event.event_id,
            correlation_id=event.correlation_id,
            actor=event.actor,
            data=data,
        )
        for (event_id, stream), data in zip(places_of(event), data_of(event), strict=True)
    ]


def places_of(event: PhaseEvent) -> list[tuple[str, str]]:
    """Return the id and the stream of each task.created. Its version is VERSION."""
    return [(_id_of(event, task), f"task-{task['task_id']}") for task in event.data["tasks"]]


def data_of(event: PhaseEvent) -> list[TaskCreatedData]:
    """Return the data of each task.created. A field that says nothing is left out: older versions may not know it."""
    phase = 1 if event.type == "plan.phase1.created" else event.data["phase"]
    return [_data(event.data["plan_id"], phase, task) for task in event.data["tasks"]]


def _data(plan_id: str, phase: int, task: Phase1TaskData | StartedTaskData) -> TaskCreatedData:
    made: TaskCreatedData = {
        "plan_id": plan_id,
        "task_id": task["task_id"],
        "position": task["position"],
        "phase": phase,
        "title": task["title"],
        "what": task["what"],
        "channel": task["channel"],
        "priority": task["priority"],
        "opportunity_id": task.get("opportunity_id"),
    }
    if also := task.get("also_serves"):
        made["also_serves"] = also
    if due := task.get("due_on"):
        made["due_on"] = due
    return made


def _id_of(event: PhaseEvent, task: Phase1TaskData | StartedTaskData) -> str:
    if event.type == "plan.phase1.created":
        return derive_id(event.event_id, HANDLER, str(task["position"]))
    h = md5(f"{event.event_id}{task['task_id']}".encode(), usedforsecurity=False).hexdigest()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"
