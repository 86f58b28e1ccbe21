"""`streams.provision grow`: each step once, in its order, whatever it is called for and wherever it was ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from schemas.process.places import MOST, growth
from schemas.process.sessions import REBUILD
from schemas.process.settings import SettingsError
from schemas.topics import PLAN_EVENTS, declared
from streams.backup.make import make
from streams.backup.restore import restore
from streams.provision import growing
from streams.provision.__main__ import run
from streams.provision.growing import NotGrown, grow
from streams.provision.provisioner import Provisioner
from streams.settings import Settings
from tests.conftest import NewDatabase
from tests.support.patience import until
from tests.support.systems import Systems
from tests.support.topics import without_topics

AT_FIRST = declared()[PLAN_EVENTS].partitions
_NOTED = "select partitions, dealt_among from flow.log_home"
_TOLD = """
    select (after ->> 'before')::int, (after ->> 'after')::int from audit.entry
     where action = 'system.grow' order by entry_id"""


@pytest.fixture
async def settings(systems: Systems, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A system of its own in which nothing works yet."""
    monkeypatch.setattr(growth, "there", 0)
    monkeypatch.setattr(growth, "dealt", 0)
    return Settings.from_env(await systems.bare())


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


async def noted(database: asyncpg.Connection) -> tuple[Any, ...]:
    row = await database.fetchrow(_NOTED)
    return (None, None) if row is None else tuple(row)


async def grown(settings: Settings) -> int:
    return await Provisioner(settings).fewest_partitions()


async def test_the_topics_grow_and_it_is_noted_and_told(settings: Settings, database: asyncpg.Connection) -> None:
    said: list[str] = []
    await grow(settings, 15, said.append)
    assert await grown(settings) == 15
    assert await noted(database) == (15, 15)
    assert len(said) == 3
    assert said[-1].startswith("new plans are dealt among 15 partitions; those that are there stay in the 12")

    await grow(settings, 16, said.append)
    assert await noted(database) == (16, 16)
    assert [tuple(row) for row in await database.fetch(_TOLD)] == [(12, 15), (15, 16)]
    assert await run("plan", settings) == 0


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (0, "among 12 partitions already"),
        (AT_FIRST, "among 12 partitions already"),
        (MOST + 1, f"{MOST} partitions at"),
    ],
)
async def test_a_number_that_makes_no_sense_changes_nothing(
    settings: Settings, database: asyncpg.Connection, wanted: int, why: str
) -> None:
    with pytest.raises(NotGrown, match=why):
        await grow(settings, wanted)
    assert (await grown(settings), await noted(database)) == (AT_FIRST, (None, None))


async def test_what_was_ended_half_way_is_done_by_the_next(
    settings: Settings, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ended(*_: object) -> None:
        raise ConnectionError("ended")

    with monkeypatch.context() as patched:
        patched.setattr(growing, "note", ended)
        with pytest.raises(ConnectionError):
            await grow(settings, 15)
    assert (await grown(settings), await noted(database)) == (15, (None, None))

    with monkeypatch.context() as patched:
        patched.setattr(growing, "_until_read", ended)
        with pytest.raises(ConnectionError):
            await grow(settings, 15)
    assert await noted(database) == (15, None)

    await grow(settings, 15)
    assert await noted(database) == (15, 15)
    assert len(await database.fetch(_TOLD)) == 1


async def test_new_plans_are_dealt_as_before_while_somebody_does_not_read_all(
    settings: Settings, database: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "READ_S", 0.0)
    await database.execute("select pg_advisory_lock(1718382455, flow.worker_start('w', 'worker', 'here', 1, 1, 'v'))")
    with pytest.raises(NotGrown, match=r"^projections and pump and runner and worker did not read all partitions"):
        await grow(settings, 15)
    assert await noted(database) == (15, None)


async def test_nothing_is_added_during_a_rebuild_or_a_backup(settings: Settings, database: asyncpg.Connection) -> None:
    await database.execute("select pg_advisory_lock_shared($1)", REBUILD)
    with pytest.raises(NotGrown, match="a rebuild or a backup is under way"):
        await grow(settings, 15)
    assert await grown(settings) == AT_FIRST


async def test_without_its_database_nothing_grows(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="MARKETPLACE_DATABASE_URL"):
        await grow(replace(settings, database_url=""), 15)


async def test_topics_that_are_not_as_declared_are_made_so_first(settings: Settings) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.brokers.servers)
    await admin.start()
    try:
        await admin.delete_topics(["projections.dlq"])
        await until(lambda: _without_letters(admin))
    finally:
        await admin.close()
    with pytest.raises(NotGrown, match=r"not all is as declared \(\+ topic projections\.dlq .*streams.provision plan"):
        await grow(settings, 15)
    assert await grown(settings) == AT_FIRST


async def _without_letters(admin: AIOKafkaAdminClient) -> bool:
    return "projections.dlq" not in await admin.list_topics()


async def test_a_restored_system_has_as_many(settings: Settings, new_database: NewDatabase, tmp_path: Path) -> None:
    await grow(settings, 15)
    made = await make(settings, tmp_path / "made")
    assert {len(topic.ends) for topic in made.manifest.topics if declared()[topic.name].grows} == {15}

    await without_topics(settings.brokers.servers)
    growth.there = growth.dealt = 0  # as in another process
    empty = replace(settings, database_url=await new_database())
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MARKETPLACE_DATABASE_URL", empty.database_url)
        await restore(empty, tmp_path / "made")
    assert await grown(empty) == 15
    restored = await asyncpg.connect(empty.database_url)
    assert await noted(restored) == (15, 15)
    await restored.close()
