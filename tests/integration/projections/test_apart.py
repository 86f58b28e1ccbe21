"""What several events of a plan say alike is kept once, and read as it was said: once every reader knows of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest

from projections.migrate import migrate
from projections.rebuild import compare, tables
from projections.rows import Recorded
from projections.run.writer import rows_of, write
from projections.timeline import apart, reads
from schemas.wire import from_record
from tests.conftest import NewDatabase
from tests.contract.golden import golden
from tests.unit.projections.run.test_mapping import recorded

TYPES = ("plan.uploaded", "plan.channel.analyzed", "plan.analyzed", "plan.approved")
SIZES = "select array[count(*), count(*) filter (where body is not null)] from timeline"


@pytest.fixture
async def url(new_database: NewDatabase) -> str:
    """A database in which an older version may still read."""
    made = await new_database()
    await migrate(made, ["pre"])
    return made


@pytest.fixture
async def connection(url: str) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(url, server_settings={"search_path": "rm"})
    yield made
    await made.close()


def history(plan: str) -> list[Recorded]:
    """Return events of a plan whose channel, analysis and approval say the same."""
    same = {name: golden("plan.approved", 1).record[name] for name in ("opportunities", "phases")}
    made = []
    for number, type_ in enumerate(TYPES, start=1):
        told = recorded(type_)
        record = {**golden(type_, 1).record, "plan_id": plan, "correlation_id": plan, "event_id": str(uuid4())}
        record |= {"stream": f"plan-{plan}", "version": number}
        record |= same if type_ != "plan.uploaded" else {}
        made.append(told._replace(event=from_record(type_, record), offset=number))
    return made


async def written(connection: asyncpg.Connection, events: list[Recorded]) -> None:
    for one in events:
        await write(connection, rows_of(one), [], [])


async def test_an_older_reader_finds_all_of_an_event_in_its_row(
    url: str, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = str(uuid4())
    events = history(plan)
    await written(connection, events)
    assert await connection.fetchval(SIZES) == [4, 0]
    assert await connection.fetchval("select count(*) from plan_body") == 0
    rows = await connection.fetch("select version, data from timeline order by version")
    assert [json.loads(row["data"]) for row in rows] == [one.event.data for one in events]

    await migrate(url, ["post"])
    monkeypatch.setattr(apart, "_looks_at", {connection: 0.0})  # a minute is over
    other = str(uuid4())
    await written(connection, history(other))

    assert await connection.fetchval(SIZES) == [8, 3]
    assert await connection.fetchval("select count(*) from plan_body") == 1


async def test_it_is_read_as_it_was_said(url: str, connection: asyncpg.Connection) -> None:
    await migrate(url, ["post"])
    plan = str(uuid4())
    events = history(plan)
    await written(connection, [*events, *events])

    assert await connection.fetchval(SIZES) == [4, 3]
    assert await connection.fetchval("select count(*) from plan_body") == 1
    shown = await reads.first(connection, UUID(plan), 10)
    assert [one.data for one in shown[1:]] == [one.event.data for one in events[1:]]
    assert [list(one.data) for one in shown] == [list(one.event.data) for one in events]


async def test_both_ways_are_the_same_to_a_rebuild(url: str, connection: asyncpg.Connection) -> None:
    plan = str(uuid4())
    events = history(plan)
    await written(connection, events)  # as an older version has left them
    await migrate(url, ["post"])
    await tables.create(connection, "rm", "rm_new")
    await connection.execute("set search_path = rm_new")
    apart._looks_at.clear()
    await written(connection, events)
    assert await connection.fetchval(SIZES) == [4, 3]

    found = {one.name: one for one in await compare.compare(connection, "rm", "rm_new")}
    assert found["timeline"].problems == ()
    assert "plan_body" not in found

    await connection.execute("update rm_new.plan_body set said = jsonb_set(said::jsonb, '{phases}', '[]')::json")
    [changed] = [one for one in await compare.compare(connection, "rm", "rm_new") if one.problems]
    assert changed.name == "timeline"
    assert "3 different" in changed.problems[0]
