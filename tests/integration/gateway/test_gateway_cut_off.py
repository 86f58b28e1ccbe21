"""The database ends all sessions, over and over, in the middle of what people do: each is done once, asked often.

So does a server that is restarted; here it comes back at once, which leaves more moments to be hit.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_erasure import uploaded
from tests.integration.gateway.test_gateway_retries import new_plan
from tests.support.letters import add_letter, upload_of
from tests.support.patience import PATIENCE_S

PLANS = "/api/marketplace/analysis"
#: Done of each at a time, beside each other.
MANY = 5
#: Then they are let be: what is done within one of these times is done, and the rest after them.
CUTS = 40
_END_ALL = """
    select count(pg_terminate_backend(pid)) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""
Ask = Callable[[], Awaitable[httpx.Response]]


@asynccontextmanager
async def cut_off(database_url: str, drawn: random.Random) -> AsyncIterator[None]:
    """End everybody's sessions a few times a second."""
    connection = await asyncpg.connect(database_url)

    async def cut() -> None:
        for _ in range(CUTS):
            await asyncio.sleep(drawn.uniform(0.02, 0.3))
            await connection.execute(_END_ALL)

    cutting = asyncio.get_running_loop().create_task(cut())
    try:
        yield
    finally:
        cutting.cancel()
        await asyncio.gather(cutting, return_exceptions=True)
        await connection.close()


async def until_done(ask: Ask, seen: list[int]) -> httpx.Response:
    """Ask again as a client does, with the same key, until it is done."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            answer = await ask()
            seen.append(answer.status_code)
            if answer.status_code != 503:
                return answer
            await asyncio.sleep(0.02)


def upload(api: httpx.AsyncClient) -> Ask:
    body = f"SKU;Quantidade;Valor\nA;1;{uuid4().int % 10**9},00\n".encode()
    key = {"Idempotency-Key": str(uuid4())}
    return lambda: api.post(
        f"{PLANS}/upload", files={"file": ("v.csv", body)}, data={"channels": "shopee"}, headers=key
    )


def approve(api: httpx.AsyncClient, plan_id: UUID) -> Ask:
    key = {"Idempotency-Key": str(uuid4())}
    return lambda: api.patch(f"{PLANS}/{plan_id}", json={"action": "approve"}, headers=key)


async def count(gateway: Running, sql: str, *given: object) -> int:
    found: int = await gateway.pool.fetchval(sql, *given)
    return found


@pytest.fixture
def drawn() -> random.Random:
    seed = secrets.randbelow(1 << 32)
    print(f"seed: {seed}")
    return random.Random(seed)


async def test_an_upload_makes_one_plan(
    gateway: Running, api: httpx.AsyncClient, database_url: str, drawn: random.Random
) -> None:
    seen: list[int] = []
    async with cut_off(database_url, drawn):
        answers = await asyncio.gather(*(until_done(upload(api), seen) for _ in range(MANY)))

    assert {one.status_code for one in answers} <= {200, 202}, set(seen)
    plans = {one.json()["planId"] for one in answers}
    assert len(plans) == MANY
    for table in ("decide.document where plan_id", "decide.head where plan_id"):
        assert await count(gateway, f"select count(*) from {table} = any ($1::uuid[])", list(plans)) == MANY
    events = "select count(*) from decide.outbox where type = 'plan.uploaded' and key = any ($1::text[])"
    assert await count(gateway, events, list(plans)) == MANY
    told = "select count(*) from audit.entry where action = 'plan.upload' and target = any ($1::text[])"
    assert await count(gateway, told, list(plans)) >= MANY


async def test_an_approval_is_one_event(
    gateway: Running, api: httpx.AsyncClient, database_url: str, drawn: random.Random
) -> None:
    plans, seen = [await seed.add_plan(gateway.pool) for _ in range(MANY)], list[int]()
    async with cut_off(database_url, drawn):
        answers = await asyncio.gather(*(until_done(approve(api, one), seen) for one in plans))

    assert {one.status_code for one in answers} <= {200, 202}, set(seen)
    for plan_id in plans:
        events = "select count(*) from decide.outbox where type = 'plan.approved' and stream = 'plan-' || $1::uuid"
        assert await count(gateway, events, plan_id) == 1
        assert await count(gateway, "select version from decide.head where plan_id = $1", plan_id) == 4


async def test_a_letter_is_sent_again_once(
    gateway: Running, api: httpx.AsyncClient, database_url: str, drawn: random.Random
) -> None:
    letters, seen = [await add_letter(gateway.pool, event=upload_of(new_plan())) for _ in range(MANY)], list[int]()
    async with cut_off(database_url, drawn):
        asked = [lambda one=one: api.post(f"/api/dead-letters/{one}/replay", json={}) for one in letters]
        answers = await asyncio.gather(*(until_done(ask, seen) for ask in asked))

    # one that was sent, and whose answer was lost, is out already
    assert {one.status_code for one in answers} <= {200, 409}, set(seen)
    for one in letters:
        sent = "select count(*) from decide.outbox where stream like 'raw-%' and raw_headers::text like $1"
        place = await gateway.pool.fetchrow("select * from rm.dead_letter where record_id = $1", one)
        assert place is not None
        assert await count(gateway, "select replays from flow.dead_head where record_id = $1", one) == 1
        events = "select count(*) from decide.outbox where type = 'deadletter.replayed' and stream = $1"
        assert await count(gateway, events, f"deadletter-{one}") == 1
        assert await count(gateway, sent, f'%"x-orig-offset", "{place["orig_offset"]}"%') >= 1


async def test_an_erasure_is_one_and_whole(
    gateway: Running, api: httpx.AsyncClient, database_url: str, drawn: random.Random
) -> None:
    plans, seen = [await uploaded(gateway, api) for _ in range(MANY)], list[int]()
    async with cut_off(database_url, drawn):
        asked = [lambda one=one: api.post(f"{PLANS}/{one}/erasure", json={"reason": "pedido"}) for one in plans]
        answers = await asyncio.gather(*(until_done(ask, seen) for ask in asked))

    assert {one.status_code for one in answers} <= {200, 202}, set(seen)
    for plan_id in plans:
        events = "select count(*) from decide.outbox where type = 'plan.erased' and stream = 'erasure-' || $1::uuid"
        assert await count(gateway, events, plan_id) == 1
        row = await gateway.pool.fetchrow("select key, erased_at from decide.data_key where plan_id = $1", plan_id)
        assert row is not None
        assert (row["key"], row["erased_at"] is None) == (None, False)
        assert await count(gateway, "select count(*) from decide.document where plan_id = $1", plan_id) == 0
