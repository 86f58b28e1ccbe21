"""No plan belongs to a closed team: an upload at the moment of closing comes before it, or is refused."""

from __future__ import annotations

import asyncio
import uuid

import asyncpg
import pytest

from gateway.access.teams import Teams
from gateway.audit.writing import Who
from gateway.commands.calling import NoRelay
from gateway.commands.commands import Commands
from schemas.process.connection import Db

from .conftest import locked_out, upload_of

BY = Who("ana")


@pytest.fixture
async def team(pool: asyncpg.Pool) -> str:
    return str(await Teams(pool).make(f"team {uuid.uuid4()}", BY))


async def kept(pool: asyncpg.Pool, plan: str) -> list[int]:
    """Return how many rows there are of a plan, by table."""
    return [
        await pool.fetchval(f"select count(*) from decide.{table} where plan_id = $1::uuid", plan)
        for table in ("head", "document", "plan_team", "data_key")
    ]


async def test_an_upload_waits_for_whoever_closes_its_team_and_is_refused(pool: asyncpg.Pool, team: str) -> None:
    plan, key = str(uuid.uuid4()), uuid.uuid4().hex
    asked = upload_of(plan, key=key, request_hash="1", facts={"team": team})
    async with pool.acquire() as other:
        await other.execute("begin")
        await other.execute("update access.team set closed_at = now() where team_id = $1::uuid", team)
        waiting = asyncio.create_task(Commands(pool, NoRelay()).upload(asked))
        await locked_out(pool, 1)
        await other.execute("commit")
    answer = await waiting

    assert (answer.outcome, await kept(pool, plan)) == ("team_closed", [0, 0, 0, 0])
    assert (
        await pool.fetchval("select count(*) from decide.idempotency where key = $1", key) == 0
    )  # it may be sent anew
    told = await pool.fetchval("select outcome from audit.entry where target = $1 and action = 'plan.upload'", plan)
    assert told == "team_closed"


async def test_whoever_closes_a_team_waits_for_an_upload_that_is_under_way(pool: asyncpg.Pool, team: str) -> None:
    plan = str(uuid.uuid4())
    closing: list[asyncio.Task[bool]] = []

    async def meanwhile(db: Db) -> None:
        closing.append(asyncio.create_task(Teams(pool).close(uuid.UUID(team), BY)))
        await locked_out(pool, 1)

    answer = await Commands(pool, NoRelay()).upload(upload_of(plan, facts={"team": team}), meanwhile)

    assert (answer.outcome, await closing[0]) == ("accepted", True)
    assert await kept(pool, plan) == [1, 1, 1, 1]
