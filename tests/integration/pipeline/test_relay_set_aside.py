"""Rows that the relay cannot publish are set aside with their stream, and stop nobody."""

from __future__ import annotations

import asyncio
import uuid

import asyncpg
import pytest

from gateway.outbox import set_aside as relay_set_aside
from gateway.outbox.pending import BATCH
from projections.reads import overview
from projections.settings import Settings
from projections.verify.expected import Report
from projections.verify.verify import check_set_aside
from schemas.events import Event
from schemas.wire import Codec
from tests.integration.pipeline.test_relay import INSERT, one_works, published, row, working
from tests.support.log_readers import reader_of
from tests.support.patience import PATIENCE_S


class Counting(Codec):
    """A codec that counts what it is asked to encode."""

    def __init__(self, codec: Codec) -> None:
        self.__dict__.update(codec.__dict__)
        self.asked = 0

    def encode(self, topic: str, event: Event) -> bytes:
        self.asked += 1
        return super().encode(topic, event)


async def clear(pool: asyncpg.Pool) -> None:
    await pool.execute("delete from decide.outbox")


async def set_aside(pool: asyncpg.Pool, plan: str) -> list[tuple[int, str | None]]:
    rows = await pool.fetch(
        "select version, held_why from decide.outbox where key = $1 and held_at is not null order by version", plan
    )
    return [(row["version"], row["held_why"]) for row in rows]


async def test_a_row_that_does_not_fit_holds_its_own_stream_only(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_set_aside, "REVIEW_S", 0.2)
    bad, good = str(uuid.uuid4()), str(uuid.uuid4())
    await pool.execute(INSERT, *row(bad, 1, '{"plan_id": 7}'))
    await pool.execute(INSERT, *row(bad, 2))
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec) as relay:
        assert await published(pool, good, 1)
        await pool.execute(INSERT, *row(bad, 3))  # comes when the stream waits already
        relay.wake()
        async with asyncio.timeout(PATIENCE_S):
            while len(await set_aside(pool, bad)) < 3:
                await asyncio.sleep(0.05)
        assert await published(pool, bad, 0)
        (one, why), *behind = await set_aside(pool, bad)
        assert (one, behind) == (1, [(2, None), (3, None)])
        assert "plan_id" in (why or "")
        # mended by a person, it goes, and what waits behind it goes after it
        await pool.execute(
            "update decide.outbox set data = jsonb_build_object('plan_id', key, 'reason', 'r') where key = $1", bad
        )
        assert await published(pool, bad, 3)
        assert await set_aside(pool, bad) == []
    assert await versions(settings, codec, f"plan-{bad}") == [1, 2, 3]


async def test_more_rows_that_do_not_fit_than_a_batch_holds_stop_nobody(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_set_aside, "REVIEW_S", 3600.0)  # a review is waited for by nobody here
    await clear(pool)
    bad = [str(uuid.uuid4()) for _ in range(BATCH + 20)]
    await pool.executemany(INSERT, [row(plan, 1, '{"plan_id": 7}') for plan in bad])
    good = str(uuid.uuid4())
    await pool.execute(INSERT, *row(good, 1))

    counting = Counting(codec)
    async with working(settings, counting) as relay:
        assert await published(pool, good, 1)
        async with asyncio.timeout(PATIENCE_S):  # a plan of another priority goes out before the last of them was seen
            while await pool.fetchval("select count(*) from decide.outbox where held_why is not null") < len(bad):
                await asyncio.sleep(0.05)
        # and none of them costs those that come later anything: they alone are looked at
        looked_at = counting.asked
        for n in range(1, 4):
            later = str(uuid.uuid4())
            await pool.execute(INSERT, *row(later, 1))
            relay.wake()
            assert await published(pool, later, 1)
            assert counting.asked == looked_at + n
    assert await pool.fetchval("select count(*) from decide.outbox where held_why is not null") == len(bad)
    assert (await overview.read(pool)).outbox.set_aside == len(bad)

    # a relay to which they all fit, such as one of a newer version, does not take its time with them
    await pool.execute("update decide.outbox set data = jsonb_build_object('plan_id', key, 'reason', 'r')")
    async with working(settings, codec) as newer:
        assert await one_works(newer)
        async with asyncio.timeout(PATIENCE_S):
            while await pool.fetchval("select count(*) from decide.outbox where published_at is null"):
                await asyncio.sleep(0.05)
    await clear(pool)


async def test_the_next_relay_keeps_what_waits_behind_a_row_that_is_set_aside(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    await clear(pool)
    bad = str(uuid.uuid4())
    await pool.execute(INSERT, *row(bad, 1, '{"plan_id": 7}'))
    async with working(settings, codec):
        while not await set_aside(pool, bad):
            await asyncio.sleep(0.02)
    await pool.execute(INSERT, *row(bad, 2))
    good = str(uuid.uuid4())
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)

    assert [version for version, _ in await set_aside(pool, bad)] == [1, 2]
    report = Report()
    connection = await asyncpg.connect(settings.database_url)
    await check_set_aside(connection, report)
    await connection.close()
    assert [problem.partition(" is set aside")[0] for problem in report.problems] == [
        f"set-aside: plan-{bad} version 1 (plan.rejected)",
        f"set-aside: plan-{bad} version 2 (plan.rejected)",
    ]
    seq = await pool.fetchval("select seq from decide.outbox where key = $1 and version = 1", bad)
    assert report.problems[0].endswith(f"`marketplace outbox edit {seq}`")
    assert report.problems[1].endswith("it waits behind one that is")
    await clear(pool)


async def test_a_record_that_no_broker_takes_stops_nobody(pool: asyncpg.Pool, settings: Settings, codec: Codec) -> None:
    good = str(uuid.uuid4())
    await pool.execute(
        "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data, raw, raw_headers) values (gen_random_uuid(), 'agents.dlq', 'k', 't', 'raw-1', 1,"
        " 1, 'c', 'k', 'ana', '{}', $1, '[]')",
        b"x" * 1_048_576,
    )
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)

    [(_, why)] = await set_aside(pool, "k")
    assert "1048576 bytes" in (why or "")
    await clear(pool)


async def test_a_record_that_no_broker_takes_with_its_key_stops_nobody(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    good = str(uuid.uuid4())
    put = "select flow.put_raw('agents.dlq', $1, 't', $2, '[]', 'r', 'ana', null)"
    await pool.execute(put, "k" * 100_000, b"x" * 1_000_000)
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)

    [(_, why)] = await set_aside(pool, "k" * 100_000)
    assert "1000000 bytes" in (why or "")
    await clear(pool)


async def test_a_record_without_key_and_value_stops_nobody(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    good = str(uuid.uuid4())
    await pool.execute("select flow.put_raw('agents.dlq', '', 't', null, '[]', 'r', 'ana', null)")
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)
        assert await published(pool, "", 1)

    await clear(pool)


async def test_a_record_for_a_topic_that_does_not_exist_stops_nobody(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    good, raw = str(uuid.uuid4()), str(uuid.uuid4())
    put = "select flow.put_raw($1, $2, 't', 'bytes', '[]', 'r', 'ana', null)"
    await pool.execute(put, "of.nobody", raw)
    await pool.execute(put, "", raw)
    await pool.execute(put, "agents.dlq", raw)  # of the same plan: raw records are no stream, none waits for another
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)
        assert await published(pool, raw, 1)

    assert [why for _, why in await set_aside(pool, raw)] == [
        "Invalid: there is no topic 'of.nobody'",
        "Invalid: there is no topic ''",
    ]
    await clear(pool)


async def versions(settings: Settings, codec: Codec, stream: str) -> list[int]:
    """Return the versions of a stream in the order in which they stand in the log."""
    async with reader_of(settings, codec) as log:
        await log.read_to(await log.ends())
        return [version for name, version in log.expected.ids if name == stream]
