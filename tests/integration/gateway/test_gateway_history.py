"""A plan at any event of its history: of one moment, and not of many plans at a time."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway.services.services import LOOKS_BACK
from projections.past import reads as past
from projections.run.writer import rows_of, write
from projections.timeline import reads as timeline
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.support import histories


async def plan_with(gateway: Running, events: int) -> Any:
    plan_id = await seed.add_plan(gateway.pool)
    for version in range(1, events + 1):
        await seed.add_event(gateway.pool, plan_id, version, "plan.of.tomorrow")
    return plan_id


@pytest.mark.parametrize("left", [2, 0])
async def test_events_that_go_while_the_page_is_made_are_on_it(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    """Events can vanish for a moment when the read models are swapped after a rebuild."""
    plan_id = await plan_with(gateway, 3)
    count = timeline.count

    async def counted(db: Any, of: Any) -> int:
        total = await count(db, of)
        await gateway.pool.execute("delete from rm.timeline where plan_id = $1 and version > $2", of, left)
        return total

    monkeypatch.setattr(timeline, "count", counted)
    page = await api.get(f"/plans/{plan_id}/history")
    assert (page.status_code, "After event 3 of 3" in page.text) == (200, True)
    monkeypatch.setattr(timeline, "count", count)
    again = await api.get(f"/plans/{plan_id}/history?at=3")
    assert again.status_code == (200 if left else 404)


async def test_few_looks_are_folded_at_a_time(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_id = await plan_with(gateway, 1)
    at, going, most = past.at, 0, 0

    async def counted(*arguments: Any) -> Any:
        nonlocal going, most
        going += 1
        most = max(most, going)
        try:
            await asyncio.sleep(0.1)
            return await at(*arguments)
        finally:
            going -= 1

    monkeypatch.setattr(past, "at", counted)
    answers = await asyncio.gather(*(api.get(f"/plans/{plan_id}/history") for _ in range(6)))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert most == LOOKS_BACK


@pytest.mark.parametrize(
    ("language", "told", "else_"),
    [
        ("en", "its phase had made the task already", "Nothing of the plan itself"),
        ("pt-BR", "a fase já tinha criado a tarefa", "Nada do plano em si"),
    ],
)
async def test_a_task_that_its_phase_has_told_is_said_to_be_there_already(
    gateway: Running, api: httpx.AsyncClient, language: str, told: str, else_: str
) -> None:
    plan_id = uuid4()
    recorded = histories.whole(plan_id)
    async with gateway.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local search_path = rm")
        for one in recorded:
            await write(connection, rows_of(one), [], [])
    events = await timeline.first(gateway.pool, plan_id, 100)
    last = max(n for n, event in enumerate(events, 1) if event.type == "task.created")
    stalled = next(n for n, event in enumerate(events, 1) if event.type == "plan.stalled")
    for number, words, others in ((last, told, else_), (stalled, else_, told)):
        page = await api.get(f"/plans/{plan_id}/history?at={number}", headers={"accept-language": language})
        assert (words in page.text, others in page.text) == (True, False), events[number - 1]
