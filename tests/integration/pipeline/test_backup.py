"""A backup of a system at work, and a restore into empty servers: the same rows, the same log, the same offsets."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from projections.run.runner import Runner
from projections.settings import Settings as OfProjections
from projections.verify.verify import verify
from schemas.process import kafka
from schemas.process.database_away import DATABASE_FAILS
from schemas.topics import AGENTS, PLAN_EVENTS, SYSTEM_EVENTS, declared
from schemas.wire import Codec
from streams.backup import files, log, moment, restore
from streams.backup.files import Folder
from streams.backup.make import make
from streams.backup.manifest import NAME, Manifest, NotRestorable
from streams.backup.restore import Restored
from streams.settings import Settings
from tests.conftest import NewDatabase
from tests.integration.pipeline.conftest import Bare
from tests.integration.pipeline.test_verify import System, load
from tests.support.patience import PATIENCE_S
from tests.support.topics import without_topics

#: So many of the system's oldest events are over in partition 1, all of them in partition 2.
OVER = 40_000
TABLES = ("decide.head", "decide.outbox", "rm.plan", "rm.task", "rm.timeline", "rm.tally", "rm.projection_offset")
#: The log had lost its end once, and is whole.
CUT = """
    insert into flow.log_cut (topic, partition, epoch, kept, reached, since, whole_at)
    values ('plan.events', 0, 1, 3, 9, now(), now());"""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
#: Two go on, one was paused long ago.
HOOKS = """
    insert into flow.webhook (webhook_id, name, url, secret, types, created_by, paused_at)
    select gen_random_uuid(), name, 'https://' || name, 's', '{plan.*}', 'us', paused_at
      from (values ('erp', null), ('crm', null), ('old', timestamptz '2026-01-01 00:00Z')) v (name, paused_at)"""
#: The last event that was decided, and whether somebody waits to write one.
WRITING = """
    select (select max(seq) from decide.outbox) as last,
           exists (select from pg_locks where relation = 'decide.outbox'::regclass and not granted) as waits"""
#: What the test's system decides: it is in the outbox before it is in the log.
DECIDED = {"plan.uploaded", "plan.approved", "plan.stalled", "plan.recovered"}

Records = dict[tuple[str, int], list[tuple[Any, ...]]]


async def records(brokers: str) -> tuple[Records, dict[tuple[str, int], tuple[int, int]]]:
    """Return all that the log has, and where each partition begins and ends."""
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers)
    await consumer.start()
    try:
        places = [TopicPartition(t.name, p) for t in declared().values() for p in range(t.partitions)]
        starts, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        found: Records = {}
        left = {tp for tp in places if starts[tp] < ends[tp]}
        while left:
            for tp, some in (await consumer.getmany(*left, timeout_ms=500)).items():
                kept = found.setdefault((tp.topic, tp.partition), [])
                kept += [(r.offset, r.timestamp, r.key, r.value, tuple(r.headers)) for r in some]
            left = {tp for tp in left if await consumer.position(tp) < ends[tp]}
        return found, {(tp.topic, tp.partition): (starts[tp], ends[tp]) for tp in places}
    finally:
        await consumer.stop()


async def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    connection = await asyncpg.connect(url)
    try:
        return {
            table: sorted(tuple(map(str, r)) for r in await connection.fetch(f"select * from {table}"))
            for table in TABLES
        }
    finally:
        await connection.close()


async def fill(brokers: str) -> None:
    """Put records of nothing where the system's events are."""
    producer = AIOKafkaProducer(bootstrap_servers=brokers, linger_ms=5, enable_idempotence=True)
    await producer.start()
    for partition, count in ((1, OVER + 2), (2, 5)):
        await log._fill(producer, TopicPartition(SYSTEM_EVENTS, partition), count)
    await producer.stop()


async def forget(brokers: str, partition: int, before: int) -> None:
    """Let the oldest records go, as they do when their time is over."""
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    await admin.delete_records({TopicPartition(SYSTEM_EVENTS, partition): RecordsToDelete(before)})
    await admin.close()


async def commit(brokers: str, group: str, at: dict[TopicPartition, int]) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, group_id=group, enable_auto_commit=False)
    await consumer.start()
    consumer.assign(list(at))
    await consumer.commit(at)
    await consumer.stop()


async def committed(brokers: str, group: str) -> dict[TopicPartition, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    try:
        return {tp: at.offset for tp, at in (await admin.list_consumer_group_offsets(group)).items()}
    finally:
        await admin.close()


@pytest.fixture(scope="module")
def streams(bare: Bare) -> Settings:
    return Settings.from_env(bare.env)


@pytest.fixture(scope="module")
async def system(pool: asyncpg.Pool, settings: OfProjections, codec: Codec) -> AsyncIterator[System]:
    """A system that decides and publishes; projections work where a test lets them."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.brokers.servers, enable_idempotence=True)
    await producer.start()
    try:
        yield System(pool, producer, codec)
    finally:
        await producer.stop()


@asynccontextmanager
async def projecting(settings: OfProjections, codec: Codec) -> AsyncIterator[None]:
    """Let the projections work until the end of the block, whatever becomes of it: others use the same topics."""
    runner = Runner(settings, codec)
    working = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        runner.stop()
        await working


def outbox_of(folder: Path, manifest: Manifest) -> tuple[set[str], set[str]]:
    """Return the events of the outbox in a backup, and those of them that it calls published."""
    table = next(table for table in manifest.tables if table.name == "decide.outbox")
    found = [
        dict(zip(table.columns, line.decode().rstrip("\n").split("\t"), strict=True))
        for line in Folder(folder).lines(table.file.name)
    ]
    assert len(found) == table.file.rows
    return {row["event_id"] for row in found}, {row["event_id"] for row in found if row["published_at"] != r"\N"}


def log_of(folder: Path, manifest: Manifest) -> dict[str, str]:
    """Return the events of the log in a backup: id -> type."""
    said = [
        {name: log._data(value) for name, value in orjson.loads(line)["h"]}
        for topic in manifest.topics
        for line in Folder(folder).lines(topic.file.name)
    ]
    return {(one["ce_id"] or b"").decode(): (one["ce_type"] or b"").decode() for one in said if "ce_id" in one}


def wait_after_the_ends(monkeypatch: pytest.MonkeyPatch, database_url: str) -> list[bool]:
    """After the backup has asked where the log ends, wait until somebody wants to write; say whether he has to wait."""
    build, held = kafka.reader, []

    def reader(*given: Any, **more: Any) -> AIOKafkaConsumer:
        consumer = build(*given, **more)
        ask = consumer.end_offsets

        async def ends(partitions: Any) -> Any:
            found = await ask(partitions)
            looking = await asyncpg.connect(database_url)  # those of the pool may all be waiting
            [before] = await looking.fetch(WRITING)
            now = before
            while now["last"] == before["last"] and not now["waits"]:
                await asyncio.sleep(0.01)
                [now] = await looking.fetch(WRITING)
            await looking.close()
            held.append(now["waits"])
            return found

        consumer.end_offsets = ends
        return consumer

    monkeypatch.setattr(kafka, "reader", reader)
    return held


async def test_it_shows_one_moment_of_a_system_at_work(
    streams: Settings,
    settings: OfProjections,
    system: System,
    codec: Codec,
    pool: asyncpg.Pool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is called published is in the log of the backup; what is in it was decided; nobody had read further."""
    monkeypatch.setattr(moment, "LONGEST_S", 60.0)  # on a busy machine somebody may want to write late
    held = wait_after_the_ends(monkeypatch, settings.database_url)
    async with projecting(settings, codec), load(system):
        mades = [await make(streams, tmp_path / str(number)) for number in range(3)]
    assert held == [True] * 3
    seen = set()
    for number, made in enumerate(mades):
        manifest = files.read(tmp_path / str(number))
        assert manifest == made.manifest
        known, published = outbox_of(tmp_path / str(number), manifest)
        in_log = log_of(tmp_path / str(number), manifest)
        assert published <= in_log.keys()
        assert {id_ for id_, type_ in in_log.items() if type_ in DECIDED} <= known
        at = next(table for table in manifest.tables if table.name == "rm.projection_offset")
        ends = {topic.name: topic.ends for topic in manifest.topics}
        for line in Folder(tmp_path / str(number)).lines(at.file.name):
            row = dict(zip(at.columns, line.decode().split("\t"), strict=True))
            assert int(row["next_offset"]) <= ends[row["topic"]][int(row["partition"])]
        seen.add(len(known))
    assert len(seen) == 3  # the system went on between them
    told = "select target, after ->> 'made_at' from audit.entry where action = 'system.backup' order by entry_id"
    assert [row[0] for row in await pool.fetch(told)][-3:] == ["0", "1", "2"], "each is a reading of everything"


async def test_one_that_is_frozen_while_all_wait_lets_them_go_on(
    streams: Settings, settings: OfProjections, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends its session: who decides meanwhile waits for no longer than that."""
    monkeypatch.setattr(moment, "LONGEST_S", 1.0)
    went_on = []

    async def decide() -> None:
        connection = await asyncpg.connect(settings.database_url)
        await connection.execute("update decide.outbox set published_at = published_at where seq < 0")
        await connection.close()

    other = threading.Thread(target=lambda: asyncio.run(decide()), daemon=True)

    async def freeze(*_: object) -> None:
        other.start()
        other.join(PATIENCE_S)  # nothing else of this process goes on
        went_on.append(not other.is_alive())

    monkeypatch.setattr(AIOKafkaConsumer, "end_offsets", freeze)
    with pytest.raises(DATABASE_FAILS):
        await make(streams, tmp_path / "frozen")
    assert went_on == [True]
    assert not (tmp_path / "frozen").exists()


async def refused(used: Settings, empty: Settings, folder: Path) -> None:
    """Try a database that is in use, and a broker that is."""
    with pytest.raises(NotRestorable, match=r"the database is not empty: audit\.entry has rows"):
        await restore.restore(used, folder)
    with pytest.raises(NotRestorable, match=r"the broker is not empty: plan\.events has had records"):
        await restore.restore(empty, folder)


async def damaged(empty: Settings, folder: Path) -> None:
    """Try a backup with one wrong bit: nothing is changed."""
    file = folder / "topic-plan.events.gz"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(NotRestorable, match="does not fit its checksum"):
        await restore.restore(empty, folder)
    assert await nothing_is_there(empty)
    file.write_bytes(whole)


async def is_a_copy(url: str) -> None:
    """Look at what a restored database has of its own: numbers go on, nobody is called, the audit tells of it."""
    connection = await asyncpg.connect(url)
    assert not await connection.fetchval("select count(*) from flow.log_cut")  # of leaders that are no more
    given = await connection.fetchval("select nextval('decide.outbox_seq_seq')")
    assert given > await connection.fetchval("select max(seq) from decide.outbox")
    with pytest.raises(asyncpg.RestrictViolationError, match="only added to"):
        await connection.execute("truncate audit.entry")  # triggers are at work again
    told = (await connection.fetch("select action, target, after from audit.entry order by entry_id"))[-1]
    assert (told["action"], told["target"]) == ("system.restore", "made")
    assert orjson.loads(told["after"])["webhooks_paused"] == ["crm", "erp"]
    rows = await connection.fetch("select name, paused_at from flow.webhook order by name")
    crm, erp, old = (row["paused_at"] for row in rows)
    assert crm == erp > old == LONG_AGO
    await connection.close()


async def test_a_restored_system_is_the_one_that_was(
    bare: Bare,
    streams: Settings,
    settings: OfProjections,
    system: System,
    codec: Codec,
    new_database: NewDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows, records, offsets, positions: all are there, in a broker and a database that had nothing."""
    brokers = streams.brokers.servers
    await fill(brokers)
    await forget(brokers, 1, OVER)
    await system.plan()
    await system.rest()
    async with projecting(settings, codec):
        assert (await verify(settings)).problems == []
    await forget(brokers, 2, 5)
    await system.plan()  # the read models have not seen it
    await system.rest()
    at = {TopicPartition(SYSTEM_EVENTS, 1): OVER + 1, TopicPartition(PLAN_EVENTS, 4): 0}
    await commit(brokers, AGENTS, at)
    await system._pool.execute(CUT + HOOKS)
    made = await make(streams, tmp_path / "made")
    before, (old, bounds) = await rows(settings.database_url), await records(brokers)

    env = {**bare.env, "MARKETPLACE_DATABASE_URL": await new_database()}
    empty = Settings.from_env(env)
    await refused(streams, empty, tmp_path / "made")
    assert await records(brokers) == (old, bounds)
    await without_topics(brokers)
    await damaged(empty, tmp_path / "made")

    for name, value in env.items():  # the tables are made by a command of its own
        monkeypatch.setenv(name, value)
    assert await restore.restore(empty, tmp_path / "made") == Restored(made.manifest, ("crm", "erp"))
    assert await rows(empty.database_url) == before
    now, ends = await records(brokers)
    assert now == old
    assert ends == bounds
    assert (ends[SYSTEM_EVENTS, 1], ends[SYSTEM_EVENTS, 2]) == ((OVER, OVER + 2), (5, 5))
    assert await committed(brokers, AGENTS) == at
    await is_a_copy(empty.database_url)

    after = replace(settings, database_url=empty.database_url)
    async with projecting(after, codec):
        report = await verify(after, contents=True)
    assert report.problems == []
    assert report.plans == system.plans


async def nothing_is_there(settings: Settings) -> bool:
    connection = await asyncpg.connect(settings.database_url)
    tables = await connection.fetchval("select count(*) from pg_tables where schemaname in ('public', 'decide', 'rm')")
    await connection.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.brokers.servers)
    await admin.start()
    topics = set(await admin.list_topics()) & set(declared())
    await admin.close()
    return not tables and not topics


async def test_one_that_was_killed_is_no_backup(bare: Bare, pool: asyncpg.Pool, tmp_path: Path) -> None:
    """It is killed while it waits for a table; nothing that looks like a backup is left, and nobody waits for it."""
    folder, part = tmp_path / "killed", tmp_path / "killed.partial"
    async with pool.acquire() as connection:
        async with connection.transaction():
            await connection.execute("lock table decide.outbox in row exclusive mode")
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "streams.backup", "make", str(folder), env={**os.environ, **bare.env}
            )
            while not part.exists():
                assert process.returncode is None
                await asyncio.sleep(0.05)
            process.kill()
            await process.wait()
        await connection.execute("update decide.outbox set published_at = published_at where seq < 0")
    assert not folder.exists()
    assert not (part / NAME).exists()
    with pytest.raises(NotRestorable, match="no backup, or one that was not finished"):
        files.read(part)
