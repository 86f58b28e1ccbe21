"""Secrets of webhooks are encrypted in the database once there is a key, and again with each newer key."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from gateway.alerts.webhooks import telling
from gateway.alerts.webhooks.telling import Webhooks
from gateway.webhooks.types import place_of
from projections.reads import webhooks as reads
from schemas.sealing import unseal
from schemas.signing import NO_KEYS, Keys, parse
from tests.support.patience import PATIENCE_S
from tests.support.receivers import HttpReceiver
from tests.support.webhooks import HERE, SOURCE, History, registered

OLD, NEW = f"old {'01' * 32}", f"new {'02' * 32}"
SECRET = "select secret from flow.webhook"


@asynccontextmanager
async def running(pool: asyncpg.Pool, keys: Keys) -> AsyncIterator[Webhooks]:
    webhooks = Webhooks(pool, SOURCE, HERE, keys)
    task = asyncio.create_task(webhooks.run())
    try:
        yield webhooks
    finally:
        webhooks.stop()
        await task


async def asked(pool: asyncpg.Pool, condition: str, *arguments: object) -> None:
    """Wait until the one webhook is so."""
    async with asyncio.timeout(PATIENCE_S):
        while not await pool.fetchval(f"select {condition} from flow.webhook", *arguments):
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "LOOK_S", 0.05)


async def test_what_is_plain_is_encrypted_and_signs_as_before_also_by_another_key(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    told = await registered(pool, hook.url)
    assert await reads.plain_secrets(pool) == 1
    for number, (keys, own) in enumerate(((parse(OLD), "old"), (parse(f"{NEW}, {OLD}"), "new")), start=1):
        async with running(pool, keys):
            await asked(pool, "secret like $1", f"sealed:{own}:%")
            await history.event("plan.uploaded", uuid4())
            await asked(pool, "(select count(*) from flow.webhook_delivery where state = 'sent') = $1", number)
        assert unseal(await pool.fetchval(SECRET), keys, place_of(told.webhook_id)) == told.secret
    assert await reads.plain_secrets(pool) == 0
    assert len(hook.got) == 2
    for sent in hook.got:
        stamped = f"{sent.headers['X-Marketplace-Timestamp']}.".encode() + sent.body
        proof = hmac.new(told.secret.encode(), stamped, hashlib.sha256).hexdigest()
        assert sent.headers["X-Marketplace-Signature"] == f"v1={proof}"


async def test_without_its_key_nothing_is_sent_and_it_is_said_why(
    pool: asyncpg.Pool, history: History, hook: HttpReceiver
) -> None:
    await registered(pool, hook.url)
    async with running(pool, parse(OLD)):
        await asked(pool, "secret like $1", "sealed:%")
    await history.event("plan.uploaded", uuid4())
    async with running(pool, NO_KEYS):
        await asked(pool, "exists (select from flow.webhook_attempt where outcome = $1)", "failed")
    error = await pool.fetchval("select error from flow.webhook_delivery where state = 'waiting'")
    assert error.startswith("not called: its secret cannot be read: it is encrypted with the key 'old'")
    assert hook.got == []
