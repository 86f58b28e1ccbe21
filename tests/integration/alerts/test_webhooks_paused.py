"""A receiver that is away costs no event, and is paused after days, until a person lets it go on."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest

from gateway.alerts.webhooks.queue import PAUSE_DAYS
from gateway.alerts.webhooks.telling import TRIES
from gateway.operations import webhooks as operations
from projections.reads import webhooks as reads
from tests.support.receivers import HttpReceiver
from tests.support.webhooks import History, Told, registered, told_of_two

WAITS = [("plan.uploaded", "waiting"), ("plan.analyzed", "waiting")]
DAYS_AGO = """
    update flow.webhook set failing_since = now() - make_interval(days => $1),
    failed_at = now() - make_interval(hours => $2)"""


@pytest.fixture
async def told(pool: asyncpg.Pool, history: History, hook: HttpReceiver) -> Told:
    """Return a webhook whose breaker has opened, with two events of one plan that wait."""
    made = await told_of_two(pool, history, hook.url)
    hook.answers = [(503, "later")]
    for _ in range(3):
        await made.send()
        await made.due()
    return made


async def probe(told: Told) -> int:
    """Let the breaker try now; return how many calls came of it."""
    await told.due()
    await told.pool.execute("update flow.breaker set retry_at = now() - interval '1 s'")
    await told.pool.execute("update flow.webhook set held_until = null")
    return await told.send()


@pytest.mark.parametrize("answer", [503, 404, 410])
async def test_no_probe_of_an_open_breaker_gives_an_event_up(told: Told, hook: HttpReceiver, answer: int) -> None:
    await told.pool.execute("update flow.webhook_delivery set attempts = $1 where attempts > 0", len(TRIES.again_s) + 2)
    hook.answers = [(answer, "no")]
    assert await probe(told) >= 1
    assert await told.states() == WAITS
    hook.answers = [(200, "ok")]
    await probe(told)
    assert {state for _, state in await told.states()} == {"sent"}


async def test_a_webhook_that_took_nothing_for_days_is_paused_with_all_that_waits(told: Told) -> None:
    await told.pool.execute(DAYS_AGO, PAUSE_DAYS, 1)
    await probe(told)
    (webhook,) = await reads.every(told.pool)
    assert webhook.paused_at is not None
    assert webhook.paused_for.startswith("HTTP 503")
    assert await told.states() == WAITS
    audited = await told.pool.fetchrow("select actor, action, target, reason from audit.entry")
    assert tuple(audited or ())[:3] == ("system:alerts", "webhook.change", "erp")
    (queue,) = await reads.queues(told.pool)
    assert (queue.paused_for, queue.failing_since) == (webhook.paused_for, webhook.failing_since)
    assert await told.send() == 0
    await told.pool.execute(operations._CHANGE, told.webhook_id, None, None, False)
    (webhook,) = await reads.every(told.pool)
    assert (webhook.paused_at, webhook.paused_for, webhook.failing_since) == (None, "", None)


@pytest.mark.parametrize(("days", "hours"), [(PAUSE_DAYS - 1, 1), (PAUSE_DAYS, 25)])
async def test_one_that_fails_for_less_or_was_not_tried_for_a_day_goes_on(told: Told, days: int, hours: int) -> None:
    await told.pool.execute(DAYS_AGO, days, hours)
    await probe(told)
    (webhook,) = await reads.every(told.pool)
    assert webhook.paused_at is None


async def test_one_event_that_is_taken_says_that_it_works(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    await history.event("plan.uploaded", uuid4())
    await told.take()
    hook.answers = [(503, "later"), (200, "ok")]
    await told.send()
    (failing,) = await reads.every(pool)
    assert failing.failing_since is not None
    await told.due()
    await told.send()
    (works,) = await reads.every(pool)
    assert works.failing_since is None
