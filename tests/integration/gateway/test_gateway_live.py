"""What is told without an event of a plan, and that nothing is asked where nobody listens."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_system import frames
from tests.support.letters import add_letter, add_waiting


async def test_health_and_what_moves_without_a_plan_are_told(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Health comes with its time, and a mark that changes with what is wrong; the rest when it changes."""
    monkeypatch.setattr("gateway.operations.watching.LOOK_S", 0.05)
    pool = gateway.pool
    async with asyncio.timeout(30), api.stream("GET", "/api/events") as answer:
        heard = frames(answer, without="")

        async def until(*names: str) -> dict[str, dict[str, Any]]:
            found: dict[str, dict[str, Any]] = {}
            while not set(names) <= set(found):
                name, data = await anext(heard)
                found[name] = orjson.loads(data)
            return found

        before = (await until("health"))["health"]
        again = (await until("health"))["health"]
        assert (again["mark"], again["since"]) == (before["mark"], before["since"])
        assert datetime.fromisoformat(again["asOf"]) > datetime.fromisoformat(before["asOf"])
        await add_letter(pool, code="told")
        told = await until("letters", "health")
        assert set(told) <= {"letters", "health", "all"}
        assert told["health"]["mark"] != before["mark"]
        assert told["health"]["since"] > again["asOf"]
        await add_waiting(pool, plan=str(uuid4()), offset=31)
        assert set(await until("retries")) <= {"retries", "health", "all"}
        await pool.execute("select flow.breaker_trip('agent:x/told', 'no', 600, 'system:runner')")
        assert set(await until("breakers")) <= {"breakers", "health", "all"}
        job = uuid4()
        await pool.execute(
            "insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total)"
            " values ($1, 'a', 'r', '{}', false, 1, 0)",
            job,
        )
        await until("replays")
        await pool.execute("update flow.replay_job set state = 'done', ended_at = now() where job_id = $1", job)
        assert set(await until("replays")) <= {"replays", "health", "all"}


async def test_nobody_looks_where_nobody_listens(gateway: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking costs the database something: a gateway without an open page asks nothing."""
    monkeypatch.setattr("gateway.operations.watching.LOOK_S", 0.01)
    live = gateway.app.state.services.live
    waiting = asyncio.ensure_future(live.listened())
    heard = live.subscribe()
    first = asyncio.ensure_future(anext(heard))
    await waiting
    assert await first
    await heard.aclose()
    again = asyncio.ensure_future(live.listened())
    done, _ = await asyncio.wait({again}, timeout=0)
    assert not done
    again.cancel()
