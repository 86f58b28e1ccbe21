"""A delivery is given up for the receiver's answers, never for its age; a changed webhook begins with all tries."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import asyncpg
import pytest

from gateway.alerts.queue import Claimed
from gateway.alerts.webhooks.queue import Deliveries, Delivery
from gateway.alerts.webhooks.telling import TRIES
from gateway.operations import webhooks as operations
from tests.support.receivers import HttpReceiver
from tests.support.webhooks import History, told_of_two

WAITS = "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
BOTH_WAIT = [("plan.uploaded", "waiting"), ("plan.analyzed", "waiting")]

Marks = Callable[[Deliveries, Claimed[Delivery]], Awaitable[None]]


async def test_what_has_waited_for_weeks_is_tried_as_often_as_all_else(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await told_of_two(pool, history, hook.url)
    await pool.execute("update flow.webhook_delivery set asked_at = now() - interval '30 days'")
    hook.answers = [(500, "not now")]
    assert await told.send() == 1
    assert await told.states() == BOTH_WAIT, "one that failed"
    await pool.execute("select flow.breaker_trip('webhook:erp', 'a test', null, 'test')")
    await told.due()
    assert await told.send() == 1
    assert await told.states() == BOTH_WAIT, "one that its breaker kept from being tried"


async def test_a_change_gives_what_waits_all_of_its_tries_anew(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await told_of_two(pool, history, hook.url)
    hook.answers = [(422, "no")]
    for _ in range(2):
        assert await told.send() == 1
        await told.due()
    tried = len(TRIES.again_s)  # the next would be the last
    await pool.execute("update flow.webhook_delivery set attempts = $1 where attempts > 0", tried)
    await pool.execute(operations._ANEW, told.webhook_id)
    assert await told.send() == 1
    assert await told.states() == BOTH_WAIT
    assert await pool.fetchval("select max(attempts) from flow.webhook_delivery") == tried + 1


async def test_one_that_was_changed_while_it_could_not_be_tried_begins_with_its_first_try(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await told_of_two(pool, history, hook.url)
    deliveries = Deliveries(pool, told.webhook_id)
    claimed = await deliveries.claim("", gathers=False)
    assert claimed is not None
    await pool.execute(operations._ANEW, told.webhook_id)
    await deliveries.put_off(claimed, datetime.now(UTC), "its circuit breaker is open")
    await pool.execute("update flow.webhook set held_until = null")
    again = await deliveries.claim("", gathers=False)
    assert again is not None
    assert (again.message.message_id, again.attempt) == (claimed.message.message_id, 1)


async def sent(deliveries: Deliveries, claimed: Claimed[Delivery]) -> None:
    await deliveries.sent(claimed, 0.1, "HTTP 200")


async def put_off(deliveries: Deliveries, claimed: Claimed[Delivery]) -> None:
    await deliveries.put_off(claimed, datetime.now(UTC), "a test")


@pytest.mark.parametrize(("marks", "state"), [(sent, "sent"), (put_off, "waiting")])
async def test_a_change_and_what_becomes_of_a_try_wait_for_each_other_in_one_order(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, marks: Marks, state: str
) -> None:
    told = await told_of_two(pool, history, hook.url)
    claimed = await Deliveries(pool, told.webhook_id).claim("", gathers=False)
    assert claimed is not None
    await pool.execute("update flow.webhook set held_until = now()")
    async with pool.acquire() as changing:
        async with changing.transaction():
            await changing.fetch(operations._FIND, told.webhook_id)
            marking = asyncio.ensure_future(marks(Deliveries(pool, told.webhook_id), claimed))
            while not await pool.fetchval(WAITS):
                await asyncio.sleep(0.01)
            await changing.execute(operations._ANEW, told.webhook_id)
        await marking
    assert await told.states() == [("plan.uploaded", state), ("plan.analyzed", "waiting")]
