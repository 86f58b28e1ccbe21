"""A webhook's position in the log: it goes back if the log lost its end, and on to the end of what is shown."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from gateway.alerts.webhooks import taking
from projections.timeline import reads
from tests.support.receivers import HttpReceiver
from tests.support.webhooks import History, registered


async def test_an_event_that_has_its_place_anew_in_the_log_is_one_delivery(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    await history.event("plan.uploaded", uuid4())
    await told.take()
    await pool.execute(
        "insert into flow.log_end (topic, partition, epoch, next_offset) values ('plan.events', 0, 1, 1)"
    )
    mended = await pool.fetchrow(
        "select * from flow.mend_log('{plan.events}', '{0}', '{1}', '{2}', '{0}', '{0}', now(), '{}')"
    )
    assert mended is not None
    assert mended["lost"] == 1, "the log lost its end"
    assert await pool.fetchval("select next_offset from flow.webhook_cursor") == 0
    assert await told.take() == 0, "it has no place now"
    later = await history.event("plan.approved", uuid4(), projected=False)
    await pool.execute('update rm.timeline set "offset" = case when event_id = $1 then 0 else 1 end', later)
    await history.projected("plan.events", 0, 2)
    assert await told.take() == 2
    assert await told.states() == [("plan.uploaded", "waiting"), ("plan.approved", "waiting")]


async def cut(pool: asyncpg.Pool, reached: int, kept: int) -> None:
    """Record that the log of the first partition lost its end and was mended."""
    end = "insert into flow.log_end (topic, partition, epoch, next_offset) values ('plan.events', 0, 1, $1)"
    await pool.execute(end, reached)
    await pool.execute(
        "select * from flow.mend_log('{plan.events}', '{0}', '{1}', '{2}', array[$1::bigint], array[$1::bigint], now(),"
        " '{}')",
        kept,
    )


async def test_where_the_log_lost_its_end_what_comes_in_its_place_is_taken(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    history.ends["plan.events", 0] = 149
    await history.event("plan.uploaded", uuid4())
    assert await told.take() == 1
    assert await pool.fetchval("select next_offset from flow.webhook_cursor") == 150
    await cut(pool, 150, 80)
    history.ends["plan.events", 0] = 80
    for _ in range(3):
        await history.event("plan.approved", uuid4())
    assert await told.take() == 3
    assert [type_ for type_, _ in await told.states()] == ["plan.uploaded", *["plan.approved"] * 3]


@pytest.mark.parametrize("read", [70, 90])  # up to before what is lost, and up to within it
async def test_a_log_is_not_mended_while_events_are_taken(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch, read: int
) -> None:
    told = await registered(pool, hook.url)
    await history.projected("plan.events", 0, read)
    await told.take()
    history.ends["plan.events", 0] = 99
    await history.event("plan.uploaded", uuid4())
    put, mending = taking._put, list[asyncio.Task[None]]()

    async def meanwhile(*arguments: Any) -> None:
        mending.append(asyncio.create_task(cut(pool, 100, 80)))
        waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        while not mending[0].done() and not await pool.fetchval(waits):
            await asyncio.sleep(0.01)
        await put(*arguments)

    monkeypatch.setattr(taking, "_put", meanwhile)
    await told.take()
    await mending[0]
    monkeypatch.undo()
    assert await pool.fetchval("select next_offset from flow.webhook_cursor") == 80
    history.ends["plan.events", 0] = 80
    await history.event("plan.approved", uuid4())
    assert await told.take() == 1


async def test_a_place_that_was_taken_back_meanwhile_stays_where_it_was_put(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await registered(pool, hook.url)
    await history.projected("plan.events", 0, 90)
    await told.take()
    history.ends["plan.events", 0] = 99
    await history.event("plan.uploaded", uuid4())
    put = taking._put

    async def meanwhile(*arguments: Any) -> None:
        await pool.execute("update flow.webhook_cursor set next_offset = 80")
        await put(*arguments)

    monkeypatch.setattr(taking, "_put", meanwhile)
    await told.take()
    assert await pool.fetchval("select next_offset from flow.webhook_cursor") == 80


async def test_what_the_history_leaves_out_is_not_looked_through_again(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "BATCH", 2)
    told = await registered(pool, hook.url)
    for partition in (0, 1):
        await history.event("plan.uploaded", uuid4(), partition=partition)
        await history.projected("plan.events", partition, 40)
    await history.projected("task.events", 0, 60)  # of a phase's tasks, which have no row of their own
    places = "select topic, partition, next_offset from flow.webhook_cursor order by 1, 2"
    assert await told.take() == 2
    assert [row["next_offset"] for row in await pool.fetch(places)] == [1, 1, 0], "there may be more of each"
    assert await told.take() == 0
    assert [row["next_offset"] for row in await pool.fetch(places)] == [40, 40, 60]
    history.ends["plan.events", 1] = 40
    await history.event("plan.approved", uuid4(), partition=1)
    assert await told.take() == 1


async def test_what_follows_a_place_is_found_in_the_order_of_the_log(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("set local enable_seqscan = off; set local enable_sort = off")
        rows = await connection.fetch(f"explain {reads._UNTOLD}", uuid4(), 10)
    plan = "\n".join(row[0] for row in rows)
    found = plan.partition("using timeline_log")[2]
    assert "ascii(" in found.partition("Index Cond:")[2].splitlines()[0]
