"""What a person wrote goes out in the clear, and stays encrypted in what alerts and webhooks keep."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from gateway.alerts.notifiers.slack import Slack
from gateway.alerts.routes_file import usual
from gateway.alerts.settings import Settings
from gateway.alerts.webhooks import telling
from gateway.alerts.webhooks.telling import Webhooks
from gateway.audit.texts import key_of
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from schemas.written import encrypted
from tests.integration.alerts.driving import PAGES, Driver
from tests.support.patience import PATIENCE_S
from tests.support.receivers import HttpReceiver
from tests.support.webhooks import HERE, SOURCE, History, registered

WHY = 'Maria "pediu"'
#: Every table in which alerts and deliveries are kept, and the log's outbox.
_KEPT = """
    select concat((select string_agg(a::text, ' ') from flow.alert a),
                  (select string_agg(m::text, ' ') from flow.alert_message m),
                  (select string_agg(d::text, ' ') from flow.webhook_delivery d),
                  (select string_agg(o::text, ' ') from decide.outbox o))"""


async def test_a_message_says_why_and_nothing_that_is_kept_of_it_does(
    url: str, pool: asyncpg.Pool, slack: HttpReceiver
) -> None:
    notifiers = {"slack": Slack(f"{slack.url}/services/T/B/s3cret")}
    driver = Driver(pool, Settings(url, PAGES, notifiers, usual(tuple(notifiers))))
    why = encrypted(WHY, await key_of(pool, "ana"))
    tripped = Finding(Kind.BREAKER_TRIPPED, {"name": "agent:x", "reason": why, "until": None}, subject="agent:x")

    for _ in range(3):
        await driver.look(tripped, seconds=600)
    assert await driver.send("slack") >= 1

    assert WHY in slack.got[0].json["text"]
    kept = await pool.fetchval(_KEPT)
    assert why in kept
    assert "Maria" not in kept


async def test_a_webhook_is_told_it_and_the_delivery_is_kept_without(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "LOOK_S", 0.05)
    why, plan = encrypted(WHY, await key_of(pool, "ana")), uuid4()
    await registered(pool, hook.url)
    webhooks = Webhooks(pool, SOURCE, HERE)
    task = asyncio.create_task(webhooks.run())
    try:
        await history.event("plan.rejected", plan, data={"plan_id": str(plan), "reason": why})
        async with asyncio.timeout(PATIENCE_S):
            while not await pool.fetchval("select count(*) from flow.webhook_delivery where state = 'sent'"):
                await asyncio.sleep(0.02)
    finally:
        webhooks.stop()
        await task
    assert hook.got[0].json["data"]["reason"] == WHY
    assert "Maria" not in await pool.fetchval(_KEPT)
