"""The phases after Phase 1: which comes next, and the tasks that it becomes. Pure.

They begin one after the other, each by a person's word once all tasks of the one before have ended. A phase without a
number has no place in that order, and one without tasks is nothing to begin.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.events import derive_id
from schemas.typed.parts import PhaseData, StartedTaskData
from schemas.weeks import due_on


def next_phase(phases: Sequence[PhaseData], begun: int) -> PhaseData | None:
    """Return the phase that comes after number `begun`, None where there is none."""
    later = [p for p in phases if p["number"] is not None and p["number"] > begun and p["tasks"]]
    return min(later, key=lambda p: p["number"] or 0, default=None)


def numbers_left(phases: Sequence[PhaseData], begun: int = 1) -> list[int]:
    """Return the numbers of the phases that can still begin after number `begun`, in the order of their turn."""
    left: list[int] = []
    while (following := next_phase(phases, begun)) is not None:
        begun = following["number"] or 0
        left.append(begun)
    return left


def tasks_of(plan_id: str, phase: PhaseData, begun_at: int) -> list[StartedTaskData]:
    """Return the tasks of a phase that begins at `begun_at` (microseconds since 1970 UTC).

    Their ids derive from the plan and the phase: begun twice, they are the same tasks.
    """
    due = due_on(phase["weeks"], begun_at)
    made: list[StartedTaskData] = []
    for n, task in enumerate(phase["tasks"], start=1):
        one: StartedTaskData = {
            "task_id": derive_id(plan_id, f"phase-{phase['number']}", n),
            "position": n,
            "title": task["title"],
            "what": task["what"],
            "channel": task["channel"],
            "priority": task["priority"],
            "opportunity_id": task["opportunity_id"],
        }
        if also := task.get("also_serves"):
            one["also_serves"] = also
        if due:
            one["due_on"] = due
        made.append(one)
    return made
