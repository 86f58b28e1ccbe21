"""Log lines of requests, of decided commands and of replays name the request, plan and trace they belong to."""

from __future__ import annotations

import uuid
from typing import Any

import asyncpg
import httpx
import pytest
import structlog

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands
from gateway.operations.replaying import AWAY_S, _turn
from gateway.settings import Settings
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.support.log_lines import ids_of, log_lines, the_line
from tests.support.patience import PATIENCE_S

TRACE = "a" * 32
TRACEPARENT = f"00-{TRACE}-{'1' * 16}-01"


async def test_a_request_that_cannot_be_served() -> None:
    plan = str(uuid.uuid4())
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:1/none", limits=OFF)
    asked = {"authorization": f"Bearer mrs_x_{'y' * 32}", "x-request-id": "request-1", "traceparent": TRACEPARENT}
    with log_lines() as lines:
        async with (
            serving(settings) as (url, _),
            httpx.AsyncClient(base_url=url, headers=asked, timeout=PATIENCE_S) as api,
        ):
            answer = await api.get(f"/api/marketplace/analysis/{plan}")
            assert (answer.status_code, answer.headers["x-request-id"]) == (503, "request-1")
            answer = await api.get("/api/channels", headers={"x-request-id": "request-2"})
            assert answer.status_code == 503
    said = [ids_of(line) for line in lines if line["event"] == "not available"]
    assert said == [("request-1", plan, TRACE), ("request-2", None, TRACE)]


async def test_a_request_without_ids_is_given_some() -> None:
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:1/none", limits=OFF)
    with log_lines() as lines:
        async with serving(settings) as (url, _), httpx.AsyncClient(base_url=url) as api:
            answer = await api.get("/api/channels", headers={"authorization": f"Bearer mrs_x_{'y' * 32}"})
    request_id, plan_id, trace_id = ids_of(the_line(lines, "not available"))
    assert (request_id, plan_id) == (answer.headers["x-request-id"], None)
    assert len(trace_id) == 32


async def test_commands_that_are_decided_together_say_all_of_them() -> None:
    """Commands of many requests are decided in one call, which must not log as if it belonged to the first alone."""

    class Pool:
        async def fetchval(self, *_: Any) -> Any:
            structlog.get_logger("test").warning("deciding")
            raise TimeoutError

    plans = [str(uuid.uuid4()) for _ in range(2)]
    commands = [Command("plan.cancel", plan, "a", "a", {}, causation_id=f"r-{plan[:8]}") for plan in plans]
    commands += [Command("task.start", str(uuid.uuid4()), "a", "a", {}, causation_id="r-task", traceparent=TRACEPARENT)]
    with log_lines() as lines, pytest.raises(TimeoutError):
        await Commands(Pool(), NoRelay()).run_many(commands)  # type: ignore[arg-type] # a pool that is away
    assert ids_of(the_line(lines, "deciding")) == ([f"r-{plans[0][:8]}", f"r-{plans[1][:8]}", "r-task"], plans, TRACE)


async def test_a_turn_of_replays_says_who_asked_for_them(gateway: Running) -> None:
    job_id = str(uuid.uuid4())
    await gateway.pool.execute(
        "insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total, traceparent)"
        " values ($1::uuid, 'ids', 'request-3', '{}', false, 1, 1, $2)",
        job_id,
        TRACEPARENT,
    )

    class Pool:
        async def fetch(self, sql: str) -> list[asyncpg.Record]:
            return await gateway.pool.fetch(sql + " and actor = 'ids'")

        async def fetchval(self, _sql: str) -> int:
            raise asyncpg.DeadlockDetectedError("a deadlock")

    try:
        with log_lines() as lines:
            assert await _turn(Pool(), lambda: None) == AWAY_S  # type: ignore[arg-type] # a pool that fails half-way
    finally:
        await gateway.pool.execute("delete from flow.replay_job where job_id = $1::uuid", job_id)
    line = the_line(lines, "replays wait for the database")
    assert (line["job"], *ids_of(line)) == ("replay", "request-3", None, TRACE)
