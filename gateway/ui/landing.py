"""Waits, for a moment at most, until the read models show an accepted command, so that people read their own writes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from starlette.requests import Request

from gateway.commands.answer import Answer
from projections.tasks import reads as tasks

PATIENCE: Final = 1.5
_PAUSE: Final = 0.03


async def plan_seen(request: Request, plan_id: UUID | str, answer: Answer, patience: float = PATIENCE) -> bool:
    """Return whether the read model shows the plan at the answer's version, after at most `patience` seconds."""
    if answer.outcome != "accepted":
        return True
    seen: bool = await request.state.services.live.wait_version(str(plan_id), answer.version, patience)
    return seen


async def task_seen(request: Request, task_id: UUID, answer: Answer, patience: float = PATIENCE) -> bool:
    """Return whether the read model shows the task at the answer's version, after at most `patience` seconds."""
    if answer.outcome != "accepted":
        return True
    deadline = time.monotonic() + patience
    while True:
        task = await tasks.get(request.state.services.shown, task_id)
        if task is not None and task.version >= answer.version:
            return True
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(_PAUSE)


async def many_seen(request: Request, kind: str, answers: Sequence[tuple[UUID, Answer]]) -> None:
    """Wait for the last accepted one of many. The log has no order between plans, so this is a good guess."""
    accepted = [(one, answer) for one, answer in answers if answer.outcome == "accepted"]
    if accepted:
        wait = plan_seen if kind == "plan" else task_seen
        await wait(request, *accepted[-1])
