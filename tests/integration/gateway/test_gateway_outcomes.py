"""What came of plans, over HTTP and on the pages, as the read model has it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson
import pytest

from projections.rows import Recorded
from projections.run.connections import connect
from projections.run.writer import rows_of, write
from schemas.events import Event
from tests.contract.golden import EXAMPLES
from tests.integration.gateway.gateway_seed import NOW, add_channel, add_plan

EXAMPLE: dict[str, Any] = orjson.loads((EXAMPLES / "plan.channel.compared.v1.json").read_bytes())
ENVELOPE = ("event_id", "stream", "version", "occurred_at", "causation_id", "correlation_id", "actor")


@pytest.fixture
async def pair(database_url: str, pool: asyncpg.Pool) -> tuple[UUID, UUID]:
    """A plan that was completed, and the one whose document measured it."""
    before, after = [await add_plan(pool, status=status) for status in ("completed", "awaiting_approval")]
    data = {name: value for name, value in EXAMPLE.items() if name not in ENVELOPE} | {"plan_id": str(after)}
    data["bridge"] = data["bridge"] | {"plan_id": str(before)}
    data["proof"] = data["proof"] | {"plan_id": str(before)}
    event = Event(
        "plan.channel.compared", str(uuid4()), f"comparison-{after}.mercado_livre", 1, 1, "c", str(after), "a", data
    )
    connection = await connect(database_url, "rm")
    try:
        await write(connection, rows_of(Recorded(event, "plan.events", 0, 0, NOW, None)), [], [])
    finally:
        await connection.close()
    return before, after


async def test_both_plans_tell_what_came_of_the_first(api: httpx.AsyncClient, pair: tuple[UUID, UUID]) -> None:
    before, after = pair
    earlier, later = [
        (await api.get(f"/api/marketplace/analysis/{plan}/outcomes")).raise_for_status().json() for plan in pair
    ]

    assert (earlier["changes"], earlier["earlier"], earlier["awaited"]) == ([], [], [])
    assert earlier["later"] == later["earlier"]
    assert [(o["verdict"], o["planId"], o["measuredBy"]) for o in later["earlier"]] == [
        ("improved", str(before), str(after)),
        ("unknown", str(before), str(after)),
    ]
    [change] = later["changes"]
    assert change["bridge"]["steps"][5] == {"kind": "shipping", "amount": None, "others": None, "parts": []}
    rates = (await api.get("/api/marketplace/hit-rates")).raise_for_status().json()["items"]
    assert {r["analyst"]: r["rate"] for r in rates} == {"returns": 1.0, "price-gap": None}


async def test_a_plan_that_nobody_knows_has_none(api: httpx.AsyncClient) -> None:
    answer = await api.get(f"/api/marketplace/analysis/{uuid4()}/outcomes")
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (404, "not-found")


async def test_an_approved_plan_says_from_when_on_it_can_be_measured(
    api: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    plan = await add_plan(pool, status="executing")
    await add_channel(pool, plan, "shopee")
    await pool.execute(
        "insert into decide.channel_period (plan_id, channel, first_day, last_day) values ($1, 'shopee', $2, $3)",
        plan,
        date(2026, 4, 1),
        date(2026, 4, 30),
    )
    found = (await api.get(f"/api/marketplace/analysis/{plan}/outcomes")).json()
    assert found["awaited"] == [{"channel": "shopee", "lastDay": "2026-04-30", "checkFrom": "2026-05-30"}]
