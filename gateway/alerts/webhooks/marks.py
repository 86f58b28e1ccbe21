"""Which numbers without a source are in the tasks that an event tells of, for webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from projections.reads import unsourced
from projections.reads.rows import Reader
from projections.reads.unsourced import Strange
from schemas.events import Event
from schemas.phase_tasks import PHASES, is_phase

#: The events that tell what an agent wrote of tasks; what people wrote (task.added, task.changed) is not looked up.
TELLING = PHASES | {"task.created"}


async def strange_of(db: Reader, events: Sequence[tuple[UUID, str]]) -> dict[UUID, Strange]:
    """Return what agents wrote without a source of the plans whose events (plan, type) tell of tasks."""
    plans = {plan_id for plan_id, type_ in events if type_ in TELLING}
    return await unsourced.of_plans(db, sorted(plans)) if plans else {}


def marks(event: Event, strange: Strange | None) -> list[str]:
    """Return the numbers without a source in the titles and texts of the tasks that an event tells, each once."""
    if strange is None or event.type not in TELLING:
        return []
    told = event.data["tasks"] if is_phase(event) else [event.data]
    phase = 1 if event.type == "plan.phase1.created" else event.data.get("phase", 1)
    found = [
        number
        for task in told
        for number in strange.in_text(task["channel"], phase, f"{task['title']}\n{task['what']}")
    ]
    return list(dict.fromkeys(found))
