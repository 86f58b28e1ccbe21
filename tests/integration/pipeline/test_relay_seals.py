"""Who writes to the outbox without the key of those who decide has nothing signed and sent."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import settings as drawing
from hypothesis import strategies as st

from gateway.outbox import set_aside as relay_set_aside
from gateway.outbox.relay import Relay
from projections.reads.set_aside import SEALED
from projections.settings import Settings
from schemas import outbox_seal
from schemas.belief import Mode
from schemas.process.outbox_seals import OUTBOX, Seals
from schemas.process.signing import Signing
from schemas.signing import Keys, parse
from schemas.wire import Codec
from streams.provision.signing_begins import _ROWS
from tests.integration.pipeline.test_relay import INSERT, published, row
from tests.integration.pipeline.test_relay import working as relay_working
from tests.integration.pipeline.test_relay_set_aside import set_aside
from tests.support.patience import until

KEYS = parse("k2 " + "b2" * 32 + ", k1 " + "a1" * 32)
OLD = parse("k1 " + "a1" * 32)
HOURS = 24
CHANGED = "Forged: it is not as it was sealed: it was changed since"
NOBODY = "Forged: nobody has sealed it"


def working(settings: Settings, codec: Codec, mode: Mode = Mode.REQUIRE) -> AbstractAsyncContextManager[Relay]:
    return relay_working(settings, codec, Seals(Signing(KEYS, mode), HOURS))


@asynccontextmanager
async def deciding(settings: Settings, keys: Keys = KEYS) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection as those have that decide."""
    connection = await asyncpg.connect(settings.database_url, server_settings=outbox_seal.session(keys))
    try:
        yield connection
    finally:
        await connection.close()


async def test_what_was_decided_goes_out_by_whichever_key_of_ours(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    plan = str(uuid.uuid4())
    for version, keys in ((1, OLD), (2, KEYS)):
        async with deciding(settings, keys) as db:
            await db.execute(INSERT, *row(plan, version))
            await db.execute(
                "select flow.put_raw('plan.events', $1, 't', 'bytes', '[]', 'r', 'ana', null)", f"raw-{plan}"
            )

    async with working(settings, codec):
        assert await published(pool, plan, 2)
        assert await published(pool, f"raw-{plan}", 2)


@pytest.mark.parametrize(
    "change",
    [
        "type = 'plan.cancelled'",
        'data = data || \'{"reason": "mine"}\'',
        "actor = 'somebody else'",
        "key = gen_random_uuid()::text, correlation_id = correlation_id || ''",
        "raw = 'mine', raw_headers = '[]'",
        "occurred_at = 2",
    ],
)
async def test_a_row_that_was_changed_while_it_waited_is_not_sent(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, change: str
) -> None:
    plan = str(uuid.uuid4())
    async with deciding(settings) as db:
        await db.execute(INSERT, *row(plan, 1))
    await pool.execute(f"update decide.outbox set {change} where stream = $1", f"plan-{plan}")

    async with working(settings, codec):
        why = "select held_why from decide.outbox where stream = $1"
        assert await until(lambda: pool.fetchval(why, f"plan-{plan}")) == CHANGED
    assert await pool.fetchval("select published_at is null from decide.outbox where stream = $1", f"plan-{plan}")


async def test_one_that_was_changed_and_sealed_away_is_not_sent_either(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    plan = str(uuid.uuid4())
    async with deciding(settings) as db:
        await db.execute(INSERT, *row(plan, 1))
    await pool.execute("update decide.outbox set actor = 'mine', seal = null where key = $1", plan)

    async with working(settings, codec):
        await until(lambda: _aside(pool, plan, NOBODY))


async def test_a_row_that_nobody_decided_is_not_sent_and_what_is_put_right_is(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_set_aside, "REVIEW_S", 0.2)
    mine, plan = str(uuid.uuid4()), str(uuid.uuid4())
    await pool.execute(INSERT, *row(mine, 1))
    async with deciding(settings) as db:
        await db.execute(INSERT, *row(plan, 1))
        await pool.execute("update decide.outbox set actor = 'mine' where key = $1", plan)

    async with working(settings, codec):
        await until(lambda: _aside(pool, mine, NOBODY))
        await until(lambda: _aside(pool, plan, CHANGED))
        await pool.execute("update decide.outbox set actor = 'ana' where key = $1", plan)
        assert await published(pool, plan, 1)
    assert await set_aside(pool, mine) == [(1, NOBODY)]


async def test_rows_of_before_the_upgrade_go_out(pool: asyncpg.Pool, settings: Settings, codec: Codec) -> None:
    """For as long as the outbox keeps them: a log that lost its end gets them again."""
    old, late = str(uuid.uuid4()), str(uuid.uuid4())
    await pool.execute(INSERT, *row(old, 1))
    await pool.execute("update decide.outbox_sealed set seq = (select max(seq) from decide.outbox)")
    await pool.execute(INSERT, *row(late, 1))
    try:
        async with working(settings, codec):
            assert await published(pool, old, 1)
            await until(lambda: _aside(pool, late, NOBODY))
            await pool.execute("update decide.outbox_sealed set began_at = now() - make_interval(hours => $1)", HOURS)
            await pool.execute("update decide.outbox set published_at = null where key = $1", old)
            await until(lambda: _aside(pool, old, NOBODY))
    finally:
        await pool.execute("update decide.outbox_sealed set seq = 0")


@pytest.mark.parametrize("noted", [True, False])
async def test_a_retired_key_seals_nothing_that_comes_later(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, noted: bool
) -> None:
    """It may have leaked, which is why it was retired. `noted`: with the row that was the last then."""
    before, later = str(uuid.uuid4()), str(uuid.uuid4())
    async with deciding(settings, OLD) as db:
        await db.execute(INSERT, *row(before, 1))
        note = (
            "insert into flow.believed_until (key_id, topic, partition, next_offset) values ('k1', 'plan.events', 3, 9)"
        )
        await pool.execute(note)
        if noted:
            await pool.execute(_ROWS, "k1", OUTBOX)
        await db.execute(INSERT, *row(later, 1))
    try:
        async with working(settings, codec):
            await until(lambda: _aside(pool, later, "Forged: it is sealed by a key that was retired before: k1"))
            if noted:
                assert await published(pool, before, 1)
    finally:
        await pool.execute("delete from flow.believed_until")
        await pool.execute("delete from decide.outbox where key = any ($1::text[])", [before, later])


async def test_where_doubts_are_only_told_a_row_goes_out(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = str(uuid.uuid4())
    await pool.execute(INSERT, *row(plan, 1))

    async with working(settings, codec, Mode.WARN):
        assert await published(pool, plan, 1)
    assert "a row of the outbox is doubted" in capsys.readouterr().out


async def test_what_the_owner_of_the_key_mends_is_sealed_anew(pool: asyncpg.Pool, settings: Settings) -> None:
    plan = str(uuid.uuid4())
    async with deciding(settings, OLD) as db:
        await db.execute(INSERT, *row(plan, 1, "{}"))
    seq = await pool.fetchval(
        "update decide.outbox set held_at = now(), held_why = 'w' where key = $1 returning seq", plan
    )
    async with deciding(settings) as db:
        mend = "select decide.mend_outbox($1, $2::jsonb, null, 'r', 'q', 'a')"
        assert json.loads(await db.fetchval(mend, seq, '{"plan_id": 1}'))["outcome"] == "accepted"
        outbox_seal.check(KEYS, (await db.fetch(SEALED, seq))[0])
    await pool.execute("delete from decide.outbox where seq = $1", seq)


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)


def test_postgres_seals_what_is_asked_for(settings: Settings) -> None:
    """Whatever stands in a row: both make the same bytes of it."""
    with asyncio.Runner() as runner:
        db = runner.run(asyncpg.connect(settings.database_url, server_settings=outbox_seal.session(KEYS)))

        @drawing(max_examples=100, deadline=None)
        @given(texts=st.lists(_TEXT, min_size=6, max_size=6), data=_DATA, raw=st.none() | st.binary(max_size=20))
        def both(texts: list[str], data: Any, raw: bytes | None) -> None:
            runner.run(_sealed(db, texts, json.dumps(data), raw))

        both()
        runner.run(db.close())


async def _sealed(db: asyncpg.Connection, texts: list[str], data: str, raw: bytes | None) -> None:
    change = db.transaction()
    await change.start()
    seq = await db.fetchval(
        """
        insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,
                                   correlation_id, actor, data, raw, raw_headers)
        values (gen_random_uuid(), $1, $2, $3, $4, 7, -5, $5, $6, $1, $7::jsonb, $8, $9::jsonb)
        returning seq
        """,
        *texts,
        data,
        raw,
        None if raw is None else data,
    )
    outbox_seal.check(KEYS, (await db.fetch(SEALED, seq))[0])
    await change.rollback()


async def _aside(pool: asyncpg.Pool, plan: str, why: str) -> bool:
    return await set_aside(pool, plan) == [(1, why)]
