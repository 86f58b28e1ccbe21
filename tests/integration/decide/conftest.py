"""Plans and tasks for these tests, with rows as the projections would have written them."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Commands, Upload
from tests.support.patience import PATIENCE_S

Seed = Callable[..., Awaitable[str]]


@pytest.fixture(scope="module")
def commands(pool: asyncpg.Pool) -> Commands:
    return Commands(pool, NoRelay())


def upload_of(plan_id: str, sha256: str | None = None, **more: Any) -> Upload:
    """Return an upload for one channel."""
    document_id, digest = str(uuid.uuid4()), sha256 or uuid.uuid4().hex
    data = {
        "plan_id": plan_id,
        "document_id": document_id,
        "title": "Vendas de março",
        "filename": "vendas.csv",
        "media_type": "text/csv",
        "size_bytes": 10,
        "sha256": digest,
        "channels": ["shopee"],
        "priority": "normal",
    }
    facts = more.pop("facts", {})
    return Upload(plan_id, document_id, digest, ["shopee"], facts, data, **{"actor": "ana", "scope": "ana", **more})


@pytest.fixture(scope="module")
def waiting_plan(pool: asyncpg.Pool, commands: Commands) -> Seed:
    """`await waiting_plan()` makes a plan that waits for a person; `tasks=n` one that is executing."""

    async def make(tasks: int = 0) -> str:
        plan_id = str(uuid.uuid4())
        await commands.upload(upload_of(plan_id))
        ids = [str(uuid.uuid4()) for _ in range(tasks)]
        await pool.execute(
            "insert into rm.plan (plan_id, version, status, channels, changed_at, phases, opportunities)"
            " values ($1::uuid, 2, 'awaiting_approval', '{shopee}', now(), '[{\"number\": 1}]', '[]')",
            plan_id,
        )
        if tasks:
            await pool.execute(
                "update decide.head set status = 'approved', version = 4 where stream = $1", f"plan-{plan_id}"
            )
            await pool.execute(
                "update rm.plan set version = 4, status = 'executing', phase1 = $2::jsonb where plan_id = $1::uuid",
                plan_id,
                json.dumps({"tasks": [{"task_id": t} for t in ids]}),
            )
            await pool.executemany(
                "insert into rm.task (task_id, plan_id, version, status, changed_at, created_at)"
                " values ($1::uuid, $2::uuid, 1, 'open', now(), now())",
                [(t, plan_id) for t in ids],
            )
        return plan_id

    return make


async def deadlocks(pool: asyncpg.Pool) -> int:
    """Return how many deadlocks the database has ended; each session tells of its own when it is asked to."""
    async with AsyncExitStack() as held:
        for _ in range(pool.get_max_size()):
            session = await held.enter_async_context(pool.acquire())
            await session.execute("select pg_stat_force_next_flush()")
    count: int = await pool.fetchval("select deadlocks from pg_stat_database where datname = current_database()")
    return count


async def locked_out(pool: asyncpg.Pool, count: int) -> None:
    """Return once so many sessions of this database wait for a lock."""
    async with asyncio.timeout(PATIENCE_S):
        while count > await pool.fetchval(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        ):
            await asyncio.sleep(0.01)
