"""A small batch that is written by one question leaves what the same batch leaves that is written by many."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from projections.rows import Row
from projections.run.writer import Fenced, Position, prepare, rows_of, start_positions, write
from schemas.topics import PLAN_EVENTS, TASK_EVENTS
from schemas.wire import from_record
from tests.contract.golden import golden
from tests.unit.projections.run.test_mapping import recorded

TABLES = ("plan", "task", "timeline", "slo_hour", "slo_missed", "projection_offset")
#: What the moment of writing says, and not the batch.
OF_THE_MOMENT = {"projection_offset": "changed_at"}


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(database_url, server_settings={"search_path": "rm"})
    await start_positions(made, [(PLAN_EVENTS, 0), (TASK_EVENTS, 0)])
    yield made
    await made.close()


def rows(plan: str, *types: str) -> list[Row]:
    """Return the rows of events of one plan, the first of which is an upload."""
    made: list[Row] = []
    for version, type_ in enumerate(types, start=1):
        told = recorded(type_)
        record = {**golden(type_, 1).record, "plan_id": plan, "correlation_id": plan, "version": version}
        record |= {"event_id": str(uuid4()), "stream": f"plan-{plan}"}
        if type_ == "plan.phase1.created":
            record |= {"tasks": [{**task, "task_id": str(uuid4())} for task in record["tasks"]]}
        made += rows_of(told._replace(event=from_record(type_, record), offset=version))
    return made


async def moves(connection: asyncpg.Connection, by: int) -> list[Position]:
    now = await start_positions(connection, [(PLAN_EVENTS, 0), (TASK_EVENTS, 0)])
    return [Position(topic, partition, at, at + by) for (topic, partition), at in now.items()]


async def leaves(
    connection: asyncpg.Connection, before: Sequence[Row], batch: Sequence[Row], plans: list[str], *, at_once: bool
) -> dict[str, list[Any]]:
    """Return what a batch leaves in each table, and take it back."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await write(connection, before, await moves(connection, 1), plans)
        await write(connection, batch, await moves(connection, 3), plans, at_once=at_once)
        return {
            table: await connection.fetch(
                f"select (to_jsonb(t) - coalesce($1, ''))::text as row from {table} t order by 1",
                OF_THE_MOMENT.get(table),
            )
            for table in TABLES
        }
    finally:
        await transaction.rollback()


@pytest.mark.parametrize(
    "types",
    [
        ("plan.approved", "plan.phase1.created"),
        ("plan.approved",),
        ("plan.phase1.created",),
        ("plan.rejected",),
        (),
    ],
)
async def test_it_leaves_the_same(connection: asyncpg.Connection, types: tuple[str, ...]) -> None:
    plan, other = str(uuid4()), str(uuid4())
    whole = rows(plan, "plan.uploaded", *types)
    upload = rows(plan, "plan.uploaded")
    before, batch = (
        [*upload, *rows(other, "plan.uploaded", "plan.approved", "plan.phase1.created")],
        whole[len(upload) :],
    )
    assert await prepare(connection)

    many = await leaves(connection, before, batch, [plan], at_once=False)
    once = await leaves(connection, before, batch, [plan], at_once=True)

    assert once == many
    assert len(many["timeline"]) == 4 + len(types)


async def test_offsets_that_somebody_else_has_moved_leave_nothing(connection: asyncpg.Connection) -> None:
    plan = str(uuid4())
    await prepare(connection)
    here, there = await moves(connection, 2)
    await connection.execute("update projection_offset set next_offset = next_offset + 1 where topic = $1", there.topic)

    with pytest.raises(Fenced, match="UPDATE 1 of 2 offsets"):
        await write(connection, rows(plan, "plan.approved"), [here, there], [plan], at_once=True)

    assert await connection.fetchval("select count(*) from timeline where plan_id = $1::uuid", plan) == 0
    assert (await moves(connection, 0))[0].expected == here.expected


async def test_readers_are_told_of_the_plans(connection: asyncpg.Connection, database_url: str) -> None:
    plan, told = str(uuid4()), []
    await prepare(connection)
    listener = await asyncpg.connect(database_url)
    try:
        await listener.add_listener("projected", lambda *message: told.append(message[-1]))
        await write(connection, rows(plan, "plan.approved"), await moves(connection, 1), [plan], at_once=True)
        await listener.execute("select 1")
    finally:
        await listener.close()

    assert told == [f'{{"plans":["{plan}"],"n":1}}']


async def test_what_the_tables_refuse_is_refused_as_it_is_otherwise(connection: asyncpg.Connection) -> None:
    await prepare(connection)
    twice = rows(str(uuid4()), "plan.approved")
    bad = [row._replace(values={**row.values, "event_id": "no id"}) for row in twice if "event_id" in row.values]

    with pytest.raises(asyncpg.DataError):
        await write(connection, bad, await moves(connection, 1), [], at_once=True)


async def test_after_a_rebuild_the_tables_that_are_in_place_now_are_written(
    connection: asyncpg.Connection, database_url: str
) -> None:
    """A session knows its function's plans, which are of the tables before."""
    before, after = str(uuid4()), str(uuid4())
    await prepare(connection)
    await write(connection, rows(before, "plan.approved"), await moves(connection, 1), [], at_once=True)
    other = await asyncpg.connect(database_url)
    try:
        names = await other.fetch("select tablename from pg_tables where schemaname = 'rm'")
        made = "".join(f"create table rm_b.{name} (like rm.{name} including all);" for (name,) in names)
        await other.execute(
            f"create schema rm_b; {made} alter schema rm rename to rm_a; alter schema rm_b rename to rm"
        )
        try:
            await write(connection, rows(after, "plan.approved"), await moves(connection, 1), [], at_once=True)
            asked = "select plan_id::text from {}.timeline where plan_id = any ($1::uuid[])"
            found = [await other.fetch(asked.format(schema), [before, after]) for schema in ("rm_a", "rm")]
        finally:
            await other.execute("drop schema rm cascade; alter schema rm_a rename to rm")
    finally:
        await other.close()

    assert [[row["plan_id"] for row in each] for each in found] == [[before], [after]]


async def test_a_user_who_may_make_no_function_writes_as_before(
    connection: asyncpg.Connection, database_url: str
) -> None:
    name = await connection.fetchval("select current_database()")
    user = f"without_{uuid4().hex}"
    await connection.execute(f'create role {user} login; revoke temporary on database "{name}" from public')
    try:
        await connection.execute(f"set role {user}")
        assert not await prepare(connection)
    finally:
        await connection.execute("reset role")
        await connection.execute(f'grant temporary on database "{name}" to public; drop role {user}')
