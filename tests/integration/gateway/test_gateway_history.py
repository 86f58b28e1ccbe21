"""A plan at any event of its history: of one moment, and not of many plans at a time."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from gateway.services import LOOKS_BACK
from projections.past import reads as past
from projections.timeline import reads as timeline
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running


async def plan_with(gateway: Running, events: int) -> Any:
    plan_id = await seed.add_plan(gateway.pool)
    for version in range(1, events + 1):
        await seed.add_event(gateway.pool, plan_id, version, "plan.of.tomorrow")
    return plan_id


@pytest.mark.parametrize("left", [2, 0])
async def test_events_that_go_while_the_page_is_made_are_on_it(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    """As when the read models are rebuilt."""
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
