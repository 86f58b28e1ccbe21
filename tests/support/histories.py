"""A plan's whole history, made of the golden examples: every type of event, in an order that happens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from projections.rows import Recorded
from schemas.events import Event, micros
from schemas.phase_tasks import created_by, is_phase, is_whole
from schemas.wire import from_record

EXAMPLES: Final = Path(__file__).parents[2] / "schemas" / "examples"
BEGINS: Final = datetime(2026, 3, 10, 13, 4, 5, 123456, tzinfo=UTC)
#: Of the golden examples.
OF_EXAMPLES: Final = "0b6f2f0e-53c1-4e0c-9a64-7f5f7c1f2a10"

#: (example, stream after the plan's id or the task's place, version in the stream, values that differ)
_STEPS: Final[tuple[tuple[str, str, int, dict[str, Any]], ...]] = (
    ("plan.uploaded.v1", "plan", 1, {"channels": ["mercado_livre", "shopee", "magalu"]}),
    ("plan.channel.analyzed.v3", "plan.mercado_livre", 1, {"channel": "mercado_livre"}),
    ("plan.channel.analyzed.v2", "plan.shopee", 1, {"channel": "shopee"}),
    ("plan.channel.analyzed.v1", "plan.shopee", 2, {"channel": "shopee", "summary": "Uma segunda leitura"}),
    ("plan.channel.failed.v1", "plan.magalu", 1, {"channel": "magalu"}),
    ("plan.analyzed.v1", "plan", 2, {}),
    ("plan.stalled.v1", "recovery", 1, {}),
    ("plan.recovery.requested.v1", "recovery", 2, {}),
    ("plan.recovery.started.v1", "recovery", 3, {}),
    ("plan.escalated.v1", "recovery", 4, {}),
    ("plan.recovered.v1", "recovery", 5, {}),
    ("plan.channel.requested_again.v1", "plan", 3, {"channel": "magalu", "result_version": 1}),
    ("plan.channel.kept.v1", "plan.magalu", 2, {"channel": "magalu"}),
    ("plan.channel.requested_again.v1", "plan", 4, {"channel": "magalu", "result_version": 2}),
    ("plan.channel.analyzed.v4", "plan.magalu", 3, {"channel": "magalu"}),
    ("plan.analyzed.v2", "plan", 5, {}),
    ("plan.channel.compared.v2", "comparison.mercado_livre", 1, {}),
    ("plan.approved.v3", "plan", 6, {}),
    ("plan.phase1.created.v2", "plan", 7, {}),
    ("task.created.v3", "task-1", 1, {}),
    ("task.cancelled.v1", "task-2", 2, {}),  # as it can come: before the task itself
    ("task.created.v2", "task-2", 1, {"position": 2, "title": "Rever a política de trocas"}),
    ("task.assigned.v1", "task-1", 2, {}),
    ("task.rescheduled.v1", "task-1", 3, {}),
    ("task.started.v1", "task-1", 4, {}),
    ("task.commented.v1", "task-1", 5, {}),
    ("task.failed.v1", "task-1", 6, {}),
    ("task.retried.v1", "task-1", 7, {}),
    ("task.completed.v1", "task-1", 8, {}),
    ("plan.completed.v1", "plan", 8, {}),
    ("plan.phase.started.v1", "plan", 9, {}),  # its tasks' own events follow from it
    ("task.added.v1", "task-3", 1, {"position": 3, "phase": 2}),
    ("task.changed.v1", "task-3", 2, {"title": "Fotos de lado"}),
    ("plan.cancelled.v1", "plan", 10, {}),
    ("plan.erased.v1", "erasure", 1, {}),
)
#: A task that is given to another one, put off, and tried a second and a third time.
_AGAIN: Final = (
    *_STEPS[:28],
    ("task.assigned.v1", "task-1", 8, {"assignee": "ana.souza"}),
    ("task.rescheduled.v1", "task-1", 9, {"due_on": ""}),
    ("task.started.v1", "task-1", 10, {}),
    ("task.failed.v1", "task-1", 11, {"reason": ""}),
    ("task.retried.v1", "task-1", 12, {"attempt": 3}),
    ("task.rescheduled.v1", "task-1", 13, {"due_on": "2027-01-31"}),
    ("task.commented.v1", "task-1", 14, {"comment": "Uma terceira vez"}),
    ("task.started.v1", "task-1", 15, {}),
    ("task.changed.v1", "task-1", 16, {}),
    ("task.changed.v1", "task-3", 2, {"title": "Fotos novas"}),  # as it can come: before the task itself
    ("task.added.v1", "task-3", 1, {"position": 3}),
    ("task.changed.v1", "task-1", 17, {"what": "Só a altura"}),
    ("task.completed.v1", "task-1", 18, {}),
)
_REJECTED: Final = (*_STEPS[:6], ("plan.rejected.v1", "plan", 3, {}))


def whole(plan_id: UUID, *, begins: datetime = BEGINS) -> list[Recorded]:
    """Return a history to the end of a second phase, as it is recorded: a second lies between two events."""
    return list(_recorded(plan_id, _STEPS, begins))


def again(plan_id: UUID, *, begins: datetime = BEGINS) -> list[Recorded]:
    """Return the history of a plan of whose tasks one was tried three times."""
    return list(_recorded(plan_id, _AGAIN, begins))


def rejected(plan_id: UUID, *, begins: datetime = BEGINS) -> list[Recorded]:
    """Return the history of a plan that was rejected."""
    return list(_recorded(plan_id, _REJECTED, begins))


def _recorded(
    plan_id: UUID, steps: tuple[tuple[str, str, int, dict[str, Any]], ...], begins: datetime
) -> Iterator[Recorded]:
    offsets = {"plan.events": 0, "task.events": 0}
    for number, (example, place, version, values) in enumerate(steps):
        at = begins + timedelta(seconds=number)
        event = _event(plan_id, example, place, version, values, at)
        told = created_by(event) if is_phase(event) and is_whole(event) else []
        for one in (event, *told):
            topic = "task.events" if one.type.startswith("task.") else "plan.events"
            offsets[topic] += 1
            yield Recorded(one, topic, 3, offsets[topic], at + timedelta(milliseconds=4), plan_id.hex)


def _event(plan_id: UUID, example: str, place: str, version: int, values: dict[str, Any], at: datetime) -> Event:
    text = (EXAMPLES / f"{example}.json").read_text("utf-8").replace(OF_EXAMPLES, str(plan_id))
    data = json.loads(text) | values
    kind, _, rest = place.partition(".")
    stream = f"{kind}-{plan_id}" + (f".{rest}" if rest else "")
    if place.startswith("task-"):
        task_id = str(uuid5(NAMESPACE_OID, f"{plan_id}|{place}"))
        data["task_id"], stream = task_id, f"task-{task_id}"
    event = from_record(example.rpartition(".")[0], data)
    event_id = str(uuid5(NAMESPACE_OID, f"{stream}|{version}"))
    return replace(event, event_id=event_id, stream=stream, version=version, occurred_at=micros(at))
