"""What a person wrote goes out in the clear, and stays encrypted in what alerts and webhooks keep."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

import asyncpg
import pytest

from gateway.alerts.notifiers.slack import Slack
from gateway.alerts.queue import PostgresQueue, Why
from gateway.alerts.routes_file import usual
from gateway.alerts.settings import Settings
from gateway.alerts.webhooks import telling
from gateway.alerts.webhooks.telling import Webhooks
from gateway.audit.texts import key_of
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from schemas.written import encrypted
from tests.integration.alerts.driving import PAGES, Driver
from tests.support.marked import tables_with
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


async def tripped(url: str, pool: asyncpg.Pool, slack: HttpReceiver) -> tuple[Driver, str]:
    """Let a person trip a breaker for a reason in secret; return what sends it to Slack, and the encrypted reason."""
    notifiers = {"slack": Slack(f"{slack.url}/services/T/B/s3cret")}
    driver = Driver(pool, Settings(url, PAGES, notifiers, usual(tuple(notifiers))))
    why = encrypted(WHY, await key_of(pool, "ana"))
    finding = Finding(Kind.BREAKER_TRIPPED, {"name": "agent:x", "reason": why, "until": None}, subject="agent:x")
    for _ in range(3):
        await driver.look(finding, seconds=600)
    return driver, why


async def test_a_message_says_why_and_nothing_that_is_kept_of_it_does(
    url: str, pool: asyncpg.Pool, slack: HttpReceiver
) -> None:
    driver, why = await tripped(url, pool, slack)
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


async def test_what_a_receiver_of_messages_quotes_is_kept_nowhere(
    url: str, pool: asyncpg.Pool, slack: HttpReceiver
) -> None:
    driver, _ = await tripped(url, pool, slack)
    slack.answers = [(500, f"cannot show {WHY}"), (200, f"ok: {WHY}")]
    await driver.send("slack")
    await driver.due()
    await driver.send("slack")

    details = await pool.fetch("select detail from flow.alert_attempt order by at, attempt")
    assert [row["detail"] for row in details][:2] == ["HTTP 500", "HTTP 200"]
    assert await tables_with(pool, "Maria") == []


async def test_what_a_receiver_of_events_quotes_is_kept_nowhere(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    why, told = encrypted(WHY, await key_of(pool, "ana")), await registered(pool, hook.url)
    await history.event("plan.rejected", plan := uuid4(), data={"plan_id": str(plan), "reason": why})
    names = {"plan_id": str(plan), "title": "Vendas da Maria", "filename": "maria.csv"}
    await history.event("plan.uploaded", named := uuid4(), data={**names, "plan_id": str(named)})
    await told.take()
    hook.answers = [(400, f"cannot read {WHY}, of maria.csv")]
    for _ in range(3):
        await told.send()
        await told.due()
        await pool.execute("update flow.breaker set state = 'closed', failures = 0")

    details = await pool.fetch("select detail from flow.webhook_attempt")
    assert [row["detail"] for row in details] == ["HTTP 400"] * 6
    assert [state for _, state in await told.states()] == ["failed", "failed"]
    quoting = await tables_with(pool, "Maria")
    assert set(quoting) == {"rm.timeline", "flow.webhook_delivery"}  # the name of the upload alone
    assert not await pool.fetchval("select bool_or(error ~* 'maria') from flow.webhook_delivery")


async def test_what_says_nothing_of_anybody_is_kept_with_the_receivers_words(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    await history.event("plan.completed", plan := uuid4(), data={"plan_id": str(plan)})
    await told.take()
    hook.answers = [(400, "no such field")]
    await told.send()
    assert await pool.fetchval("select detail from flow.webhook_attempt") == "HTTP 400: no such field"


async def test_a_summary_that_another_notifier_takes_over_is_kept_without_it(pool: asyncpg.Pool) -> None:
    why, first = encrypted(WHY, await key_of(pool, "ana")), uuid4()
    body = {"message_id": str(first), "title": "Day", "severity": "info", "text": f"open: {why}", "items": []}
    put = "insert into flow.alert_message (message_id, notifier, body, due_at, fallback) values ($1, $2, $3, now(), $4)"
    await pool.execute(put, first, "slack", json.dumps(body), ["mail"])
    queue = PostgresQueue(pool, PAGES)
    claimed = await queue.claim("slack", gathers=True)
    assert claimed is not None
    assert WHY in claimed.message.text
    await queue.ended(claimed, 0.1, Why("HTTP 500"), pass_on=True)

    passed = await queue.claim("mail", gathers=True)

    assert passed is not None
    assert (passed.message.text, passed.message.message_id != str(first)) == (f"open: {WHY}", True)
    assert await tables_with(pool, "Maria") == []
