"""Where signing begins, and where a retired key ends: noted once, by what the log holds then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from schemas.belief import NO_KEY, Mode
from schemas.process import audited, signing
from schemas.process.outbox_seals import OUTBOX
from schemas.process.signing import Signing, believed_until, keep_learning
from schemas.topics import PLAN_EVENTS, declared
from streams.provision.__main__ import retire, run
from streams.settings import Settings
from tests.integration.pipeline.conftest import Bare
from tests.support.patience import PATIENCE_S

KEYS = f"two {'02' * 32}, one {'01' * 32}"
ALL = sum(topic.partitions for topic in declared().values())


def told(bare: Bare, **more: str) -> Settings:
    return Settings.from_env({**bare.env, "MARKETPLACE_SIGNING_KEYS": KEYS, **more})


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not so():
            await asyncio.sleep(0.02)


async def put(bare: Bare) -> int:
    """Write a record; return the offset after it."""
    async with AIOKafkaProducer(bootstrap_servers=bare.env["MARKETPLACE_BROKERS"]) as producer:
        written = await producer.send_and_wait(PLAN_EVENTS, b"x", partition=3)
    return int(written.offset) + 1


async def test_signing_begins_once_and_a_retired_key_ends(
    bare: Bare, database_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        end = await put(bare)
        for mode in ("off", "warn"):  # nothing is asked for yet
            assert await run("apply", told(bare, MARKETPLACE_SIGNING=mode)) == 0
        assert await run("plan", told(bare)) == 0
        assert await believed_until(connection) == {}

        assert await run("apply", told(bare)) == 0
        began = await believed_until(connection)
        assert len(began) == ALL
        assert began[NO_KEY, PLAN_EVENTS, 3] == end

        later = await put(bare)
        assert await run("apply", told(bare)) == 0
        assert await believed_until(connection) == began  # it does not begin again

        for key in ("two", "three"):  # the one that signs, and one that nobody knows
            assert await retire(key, told(bare)) == 2
        assert await believed_until(connection) == began
        assert await retire("one", told(bare)) == 0
        later_too = await believed_until(connection)
        assert later_too["one", PLAN_EVENTS, 3] == later
        assert later_too["one", OUTBOX, 0] == 1, "nothing was ever there"
        out = capsys.readouterr().out
        assert "is not a key that can be retired" in out
        assert "leave one among the keys" in out
        told_of = await connection.fetch(
            "select action, target, actor, (after ->> 'partitions')::int from audit.entry"
            " where action in ('system.signing', 'system.retire') order by entry_id"
        )
        by = audited.actor()
        assert [tuple(row) for row in told_of] == [
            ("system.signing", NO_KEY, by, ALL),
            ("system.retire", "one", by, ALL),
        ], "each once"

        monkeypatch.setattr(signing, "RETIRED_S", 0.1)
        belief = Signing.from_env({"MARKETPLACE_SIGNING_KEYS": KEYS}).belief(None)
        assert belief.mode is Mode.REQUIRE
        learning = asyncio.create_task(keep_learning(belief, database_url))
        await until(lambda: belief.until == later_too)
        await connection.execute("delete from flow.believed_until where key_id = 'one'")
        await until(lambda: belief.until == began)  # what changes is learnt while it runs
        learning.cancel()
    finally:
        await connection.close()
