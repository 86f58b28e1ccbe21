"""What several events of a plan say alike is kept once, and read as it was said: once every reader knows of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from projections.migrate import migrate
from projections.plans import reads as plans
from projections.rebuild import compare, tables
from projections.rows import Recorded
from projections.run.writer import rows_of, write
from projections.timeline import apart, reads
from schemas.wire import from_record
from streams.watchdog.outbox_events import cause_of
from tests.conftest import NewDatabase
from tests.contract.golden import golden
from tests.unit.projections.run.test_mapping import recorded

TYPES = ("plan.uploaded", "plan.channel.analyzed", "plan.analyzed", "plan.approved")
SIZES = "select array[count(*), count(*) filter (where body is not null)] from timeline"
CHANNEL = "select body is null, opportunities, phases from plan_channel where plan_id = $1::uuid"

PLAN = CHANNEL.replace("plan_channel", "plan")


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


async def channel(connection: asyncpg.Connection, plan: str) -> list[Any]:
    """Return whether the only channel of a plan has no body, and what its row itself says."""
    [row] = await connection.fetch(CHANNEL, plan)
    return list(row)


def phase1(plan: str) -> Recorded:
    """Return the Phase 1 of a plan whose history is that one."""
    type_ = "plan.phase1.created"
    record = {**golden(type_, 1).record, "plan_id": plan, "correlation_id": plan, "event_id": str(uuid4())}
    record |= {"stream": f"plan-{plan}", "version": 5}
    return recorded(type_)._replace(event=from_record(type_, record), offset=5)


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
    said = events[1].event.data
    alone, *parts = await channel(connection, plan)
    assert (alone, *map(json.loads, parts)) == (True, said["opportunities"], said["phases"])
    [(alone, *parts)] = await connection.fetch(PLAN, plan)
    assert (alone, *map(json.loads, parts)) == (True, said["opportunities"], said["phases"])

    await migrate(url, ["post"])
    monkeypatch.setattr(apart, "_looked", {connection: (0.0, frozenset())})  # a minute is over
    other = str(uuid4())
    await written(connection, history(other))

    assert await connection.fetchval(SIZES) == [8, 3]
    assert await connection.fetchval("select count(*) from plan_body") == 1
    assert await channel(connection, other) == [False, "[]", "[]"]
    assert [list(row) for row in await connection.fetch(PLAN, other)] == [[False, "[]", "[]"]]


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
    cause = await cause_of(connection, plan, "plan.approved")  # the watchdog makes a Phase 1 of it
    assert cause is not None
    assert cause[0].data == events[3].event.data
    assert await channel(connection, plan) == [False, "[]", "[]"]
    assert [list(row) for row in await connection.fetch(PLAN, plan)] == [[False, "[]", "[]"]]
    found = await plans.get(connection, UUID(plan))
    assert found is not None
    said = events[2].event.data
    assert (found.opportunities, found.phases) == (said["opportunities"], said["phases"])
    assert await plans.parts_of(connection, UUID(plan)) == (
        found.channels,
        {one["id"] for one in said["opportunities"]},
    )
    [listed] = (await plans.find(connection, plans.PlanFilter())).items
    worth = [one["worth_brl"] for one in said["opportunities"] if one["worth_brl"] is not None]
    for one in (found, listed):
        assert (one.opportunity_count, one.worth_brl) == (len(said["opportunities"]), sum(worth))
    [result] = [one for one in found.channel_results if one.channel == events[1].event.data["channel"]]
    assert {"opportunities": result.opportunities, "phases": result.phases}.items() <= events[1].event.data.items()


SHORTER = "select array_agg(data order by version) from timeline where plan_id = $1::uuid"


async def test_what_an_event_has_in_columns_is_left_out_of_its_data_once_every_reader_knows(
    url: str, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(url, ["post"])
    await connection.execute("alter table plan_channel drop constraint plan_channel_short_read")
    plan, other = str(uuid4()), str(uuid4())
    await written(connection, history(plan))
    upload, *rest = map(json.loads, await connection.fetchval(SHORTER, plan))
    assert upload == history(plan)[0].event.data
    assert [(one["plan_id"], one["opportunities"], one["phases"]) for one in rest] == [(plan, [], [])] * 3

    await connection.execute("alter table plan_channel add constraint plan_channel_short_read check (true)")
    monkeypatch.setattr(apart, "_looked", {connection: (0.0, frozenset())})  # a minute is over
    await written(connection, history(other))
    found = [json.loads(one) for one in await connection.fetchval(SHORTER, other)]
    assert not {"plan_id", "opportunities", "phases"} & {name for one in found for name in one}
    for whose in (plan, other):
        shown = await reads.first(connection, UUID(whose), 10)
        assert [list(one.data.items()) for one in shown] == [list(one.event.data.items()) for one in history(whose)]
        of_database = await connection.fetch(
            "select decide.whole_data(plan_id, data, body) from timeline where plan_id = $1::uuid order by version",
            UUID(whose),
        )
        assert [json.loads(one[0]) for one in of_database] == [one.event.data for one in history(whose)]


async def test_a_channel_that_is_analysed_again_says_what_it_says_now(url: str, connection: asyncpg.Connection) -> None:
    await migrate(url, ["post"])
    plan = str(uuid4())
    events = history(plan)
    again = events[1].event
    other = {**again.data, "phases": again.data["phases"][:1], "summary": "again"}
    later = events[1]._replace(event=replace(again, event_id=str(uuid4()), version=9, data=other), offset=9)
    nothing = {**again.data, "opportunities": [], "phases": []}
    last = events[1]._replace(event=replace(again, event_id=str(uuid4()), version=10, data=nothing), offset=10)
    for one, said in ((later, other), (last, nothing)):
        await written(connection, [*events, one])
        found = await plans.get(connection, UUID(plan))
        assert found is not None
        assert [
            (r.summary, r.opportunities, r.phases) for r in found.channel_results if r.channel == other["channel"]
        ] == [(said["summary"], said["opportunities"], said["phases"])]


async def test_both_ways_are_the_same_to_a_rebuild(url: str, connection: asyncpg.Connection) -> None:
    plan = str(uuid4())
    events = history(plan)
    await written(connection, events)  # as an older version has left them
    await migrate(url, ["post"])
    await tables.create(connection, "rm", "rm_new")
    await connection.execute("set search_path = rm_new")
    apart._looked.clear()
    await written(connection, events)
    assert await connection.fetchval(SIZES) == [4, 3]

    found = {one.name: one for one in await compare.compare(connection, "rm", "rm_new")}
    assert found["timeline"].problems == found["plan_channel"].problems == found["plan"].problems == ()
    assert "plan_body" not in found

    await connection.execute("update rm_new.plan_body set said = jsonb_set(said::jsonb, '{phases}', '[]')::json")
    changed = {one.name: one.problems[0] for one in await compare.compare(connection, "rm", "rm_new") if one.problems}
    assert set(changed) == {"timeline", "plan_channel", "plan"}
    assert "3 different" in changed["timeline"]
    assert "1 different" in changed["plan_channel"]
    assert "1 different" in changed["plan"]


SHORT = """
    select told_by, summary, limits::text, checks::text, p.phase1::text
      from plan_channel c join plan p using (plan_id) where plan_id = $1::uuid"""


async def test_channel_and_phase1_leave_to_the_history_what_it_says(url: str, connection: asyncpg.Connection) -> None:
    await migrate(url, ["post"])
    plan = str(uuid4())
    found, of_channel = history(plan), golden("plan.channel.analyzed", 1).record
    event = found[1].event
    stream = f"plan-{plan}.{event.data['channel']}"
    channel_event = found[1]._replace(event=replace(event, stream=stream, version=1))
    made = phase1(plan)
    await written(connection, [found[0], channel_event, *found[2:], made])

    [(told_by, summary, limits, checks, short)] = await connection.fetch(SHORT, plan)
    assert (told_by, summary, limits, checks) == (1, "", "[]", "[]")
    channels = [task["channel"] for task in made.event.data["tasks"]]
    said = json.loads(short)
    assert {**said, "tasks": len(said["tasks"])} == {
        "origin": made.event.data["origin"],
        "told_by": 5,
        "tasks": len(channels),
    }
    assert sorted(task["channel"] for task in said["tasks"] if task) == sorted({*channels})
    ids = [one[0] for one in await connection.fetch("select decide.tasks_made($1::uuid)::text", plan)]
    assert ids == [task["task_id"] for task in made.event.data["tasks"]]
    shown = await plans.get(connection, UUID(plan))
    assert shown is not None
    assert shown.phase1 == {name: value for name, value in made.event.data.items() if name != "plan_id"}
    [result] = [one for one in shown.channel_results if one.channel == event.data["channel"]]
    for name in ("summary", "limits", "repairs", "checks"):
        assert getattr(result, name) == event.data.get(name, []), name
    assert of_channel["summary"] == result.summary


async def test_an_older_reader_finds_all_of_a_phase1_in_its_plan(url: str, connection: asyncpg.Connection) -> None:
    plan = str(uuid4())
    made = phase1(plan)
    await written(connection, [*history(plan), made])
    assert (await connection.fetch(SHORT, plan))[0][0] is None
    whole = json.loads(await connection.fetchval("select phase1 from plan where plan_id = $1::uuid", plan))
    assert {**whole, "plan_id": plan} == {**made.event.data, "plan_id": plan}
    ids = [one[0] for one in await connection.fetch("select decide.tasks_made($1::uuid)::text", plan)]
    assert ids == [task["task_id"] for task in made.event.data["tasks"]]
    await migrate(url, ["post"])
    await tables.create(connection, "rm", "rm_new")
    await connection.execute("set search_path = rm_new")
    apart._looked.clear()
    await written(connection, [*history(plan), made])
    assert json.loads((await connection.fetch(SHORT, plan))[0][4])["told_by"] == 5
    assert {one.name: one.problems for one in await compare.compare(connection, "rm", "rm_new")}["plan"] == ()
    await connection.execute("update plan set phase1 = jsonb_set(phase1, '{told_by}', '4')")
    assert {one.name: one.problems for one in await compare.compare(connection, "rm", "rm_new")}["plan"] != ()


COMPRESSED = "select type, pg_column_size(data) < 0.9 * octet_length(data::text) from timeline order by version"


async def test_data_of_some_size_is_compressed_and_says_the_same(url: str, connection: asyncpg.Connection) -> None:
    await migrate(url, ["post"])
    plan = str(uuid4())
    made = phase1(plan)
    tasks = made.event.data["tasks"] * 2
    made = made._replace(event=replace(made.event, data={**made.event.data, "tasks": tasks}))
    assert 800 < len(json.dumps(made.event.data, ensure_ascii=False, separators=(",", ":")).encode()) < 1_900
    await written(connection, [*history(plan)[:1], made])
    assert [tuple(row) for row in await connection.fetch(COMPRESSED)] == [
        ("plan.uploaded", False),
        ("plan.phase1.created", True),
    ]
    last = (await reads.first(connection, UUID(plan), 10))[1]
    assert (last.type, last.data) == ("plan.phase1.created", made.event.data)
