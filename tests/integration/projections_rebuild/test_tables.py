"""The second set of tables is like the first in everything that a statement or a migration can see."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from hashlib import md5
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from projections.rebuild import compare, tables
from tests.conftest import NewDatabase

SHAPE = {
    "columns": "select table_name, ordinal_position, column_name, data_type, udt_name, is_nullable, column_default"
    " from information_schema.columns where table_schema = $1 order by 1, 2",
    "indexes": "select tablename, indexname, replace(indexdef, ' ON ' || $1 || '.', ' ON ') from pg_indexes"
    " where schemaname = $1 order by 1, 2",
    "constraints": "select relname, conname, contype, pg_get_constraintdef(k.oid) from pg_constraint k"
    " join pg_class c on c.oid = conrelid where connamespace = to_regnamespace($1) order by 1, 2",
    "options": "select relname, reloptions from pg_class where relnamespace = to_regnamespace($1) and relkind = 'r'"
    " order by 1",
    "rights": "select relname, relacl::text from pg_class where relnamespace = to_regnamespace($1)"
    " and relkind = 'r' order by 1",
}


@pytest.fixture
async def connection(new_migrated: NewDatabase) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(await new_migrated(), server_settings={"search_path": ""})
    yield made
    await made.close()


async def shape(connection: asyncpg.Connection, schema: str) -> dict[str, list[tuple[Any, ...]]]:
    return {name: [tuple(r) for r in await connection.fetch(query, schema)] for name, query in SHAPE.items()}


async def test_the_new_tables_are_like_the_live_ones(connection: asyncpg.Connection) -> None:
    live = await shape(connection, "rm")
    assert {row[0] for row in live["columns"]} >= {"plan", "plan_channel", "task", "timeline", "projection_offset"}
    assert ("plan", ["toast_tuple_target=512"]) in live["options"]
    assert len(live["indexes"]) > len(await tables.tables_of(connection, "rm"))

    await tables.create(connection, "rm", "rm_new")

    assert await shape(connection, "rm_new") == live


async def test_indexes_that_no_key_makes_can_come_later(connection: asyncpg.Connection) -> None:
    live = await shape(connection, "rm")
    await tables.create(connection, "rm", "rm_new", keys_alone=True)
    keys = await shape(connection, "rm_new")
    assert keys["constraints"] == live["constraints"]
    assert 0 < len(keys["indexes"]) < len(live["indexes"])

    await tables.index(connection, "rm", "rm_new")

    assert await shape(connection, "rm_new") == live


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("alter table rm.plan add column later text", "column plan.later text"),
        ("create table rm.later (id integer)", "column later.id integer"),
        ("create index later on rm.plan (title)", "index CREATE INDEX later ON plan USING btree (title)"),
        ("alter table rm.task add constraint later check (attempt > 0)", "constraint task.later CHECK ((attempt > 0))"),
    ],
)
async def test_what_a_migration_changes_is_a_difference(connection: asyncpg.Connection, change: str, what: str) -> None:
    await tables.create(connection, "rm", "rm_new")
    assert await tables.differences(connection, "rm", "rm_new") == []

    await connection.execute(change)

    assert await tables.differences(connection, "rm", "rm_new") == [what]


async def test_a_changed_type_or_default_is_a_difference(connection: asyncpg.Connection) -> None:
    await tables.create(connection, "rm", "rm_new")

    await connection.execute("alter table rm.plan alter column title set default 'x'")

    assert len(await tables.differences(connection, "rm", "rm_new")) == 2


async def test_what_a_table_computes_for_itself_is_no_binding(connection: asyncpg.Connection) -> None:
    await connection.execute(
        "alter table rm.task add column late boolean generated always as (ended_at > created_at) stored,"
        " add check (attempt > 0)"
    )

    await tables.check_bindings(connection, "rm")
    await tables.create(connection, "rm", "rm_new")

    assert await shape(connection, "rm_new") == await shape(connection, "rm")


async def test_a_default_from_a_sequence_is_a_binding(connection: asyncpg.Connection) -> None:
    await connection.execute("alter table rm.task add column n bigserial")

    with pytest.raises(tables.Bound, match="default value for column n"):
        await tables.check_bindings(connection, "rm")


async def test_rights_come_along(connection: asyncpg.Connection) -> None:
    role = f"reader_{id(connection)}"
    await connection.execute(
        f"create role {role}; grant usage on schema rm to {role}; grant select on rm.plan to {role} with grant option"
    )
    try:
        await tables.create(connection, "rm", "rm_new")

        assert await connection.fetchval("select has_schema_privilege($1, 'rm_new', 'usage')", role)
        assert await connection.fetchval(
            "select has_table_privilege($1, 'rm_new.plan', 'select with grant option')", role
        )
        assert not await connection.fetchval("select has_table_privilege($1, 'rm_new.task', 'select')", role)
    finally:
        await connection.execute(f"drop owned by {role}; drop role {role}")


async def test_what_a_crash_left_behind_is_replaced(connection: asyncpg.Connection) -> None:
    await connection.execute("create schema rm_new; create table rm_new.plan (leftover int)")

    await tables.create(connection, "rm", "rm_new")

    assert await shape(connection, "rm_new") == await shape(connection, "rm")


@pytest.mark.parametrize(
    ("binding", "named"),
    [
        ("create view public.v as select plan_id from rm.plan", "view public.v"),
        ("create table public.t (id uuid references rm.plan)", "constraint"),
        (
            "create function public.f() returns bigint language sql begin atomic select count(*) from rm.plan; end",
            "function public.f()",
        ),
        ("create function public.g(p rm.plan) returns uuid language sql as 'select p.plan_id'", "function public.g"),
        (
            (
                "create function public.h() returns trigger language plpgsql as 'begin return new; end';"
                " create trigger stamp before insert on rm.plan for each row execute function public.h()"
            ),
            "trigger stamp",
        ),
    ],
)
async def test_what_would_stay_with_the_old_tables_is_refused(
    connection: asyncpg.Connection, binding: str, named: str
) -> None:
    await tables.check_bindings(connection, "rm")
    await connection.execute(binding)

    with pytest.raises(tables.Bound, match=named.replace("(", r"\(").replace(")", r"\)")):
        await tables.check_bindings(connection, "rm")


async def test_statements_and_functions_find_the_new_tables_after_a_swap(connection: asyncpg.Connection) -> None:
    await tables.create(connection, "rm", "rm_new")
    await connection.execute(
        "insert into rm.plan (plan_id, version, status, changed_at) values (gen_random_uuid(), 1, 'old', now());"
        "insert into rm_new.plan (plan_id, version, status, changed_at) values (gen_random_uuid(), 1, 'new', now());"
        "create function public.status() returns text language plpgsql as"
        " 'begin return (select status from rm.plan); end'"
    )
    prepared = await connection.prepare("select status from rm.plan")
    assert await prepared.fetchval() == "old"
    assert await connection.fetchval("select public.status()") == "old"

    async with connection.transaction():
        await tables.swap(connection, "rm", "rm_new", "rm_old")

    assert await prepared.fetchval() == "new"
    assert await connection.fetchval("select public.status()") == "new"
    assert await connection.fetchval("select status from rm_old.plan") == "old"


async def test_two_sets_change_places_and_back(connection: asyncpg.Connection) -> None:
    await tables.create(connection, "rm", "rm_old")
    await insert_plan(connection, "rm", "00000000-0000-0000-0000-000000000001", "rebuilt", "2026-01-01")
    await insert_plan(connection, "rm_old", "00000000-0000-0000-0000-000000000001", "before", "2026-01-01")

    for title in ("before", "rebuilt"):
        async with connection.transaction():
            await tables.exchange(connection, "rm", "rm_old", "rm_new")
        assert await connection.fetchval("select title from rm.plan") == title
    assert not await tables.exists(connection, "rm_new")
    assert await connection.fetchval("select title from rm_old.plan") == "before"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("alter table rm.task add column colour text", "task.colour text"),
        ("alter table rm.task alter column title drop not null", "task.title text"),
        ("alter table rm.task alter column title set default 'x'", "task.title text not null default 'x'::text"),
        ("alter table rm.task add constraint few check (version < 9)", "constraint task.few CHECK"),
        ("create index task_by_title on rm.task (title)", "INDEX task_by_title ON"),
        ("create table rm.colour (name text)", "colour.name text"),
        ("drop index rm.{index}", "INDEX {index} ON"),
        ("drop index rm.{index}; create index {index} on rm.task (title desc)", "INDEX {index} ON task USING"),
    ],
)
async def test_what_was_changed_in_one_set_only_is_named(
    connection: asyncpg.Connection, change: str, named: str
) -> None:
    await tables.create(connection, "rm", "rm_old")
    assert await tables.differences(connection, "rm", "rm_old") == []
    index = await connection.fetchval(
        "select i.relname from pg_class i join pg_index x on x.indexrelid = i.oid"
        " where i.relnamespace = 'rm'::regnamespace and not x.indisunique order by 1 limit 1"
    )

    await connection.execute(change.format(index=index))

    assert named.format(index=index) in "; ".join(await tables.differences(connection, "rm", "rm_old"))


async def insert_plan(connection: asyncpg.Connection, schema: str, plan: str, title: str, changed: str) -> None:
    await connection.execute(
        f"insert into {schema}.plan (plan_id, version, status, title, changed_at)"
        " values ($1::uuid, 1, 'analyzing', $2, $3::text::timestamptz)",
        plan,
        title,
        changed,
    )


async def test_a_comparison_tells_rows_apart_and_forgives_when_the_broker_got_them(
    connection: asyncpg.Connection,
) -> None:
    await tables.create(connection, "rm", "rm_new")
    same, other, missing, extra = (f"00000000-0000-0000-0000-00000000000{n}" for n in range(4))
    await insert_plan(connection, "rm", same, "t", "2026-01-01")
    await insert_plan(connection, "rm_new", same, "t", "2026-02-02")
    found = {t.name: t for t in await compare.compare(connection, "rm", "rm_new")}
    assert [t for t in found.values() if t.problems] == []
    assert (found["plan"].live, found["plan"].rebuilt) == (1, 1)
    assert compare.OFFSETS not in found

    await insert_plan(connection, "rm", other, "one", "2026-01-01")
    await insert_plan(connection, "rm_new", other, "other", "2026-01-01")
    await insert_plan(connection, "rm", missing, "t", "2026-01-01")
    await insert_plan(connection, "rm_new", extra, "t", "2026-01-01")

    (plan,) = [t for t in await compare.compare(connection, "rm", "rm_new") if t.problems]
    assert (plan.live, plan.rebuilt) == (3, 3)
    assert plan.problems == (
        f"plan: 1 different: ({other})",
        f"plan: 1 only live: ({missing})",
        f"plan: 1 only rebuilt: ({extra})",
    )


async def test_json_is_compared_by_its_meaning(connection: asyncpg.Connection) -> None:
    await tables.create(connection, "rm", "rm_new")
    row = (
        "insert into {}.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor,"
        " causation_id, topic, partition, \"offset\", data) values ('00000000-0000-0000-0000-000000000001',"
        " '00000000-0000-0000-0000-000000000002', 'plan.uploaded', 'plan-2', 1, '2026-01-01', {}, 'ana', 'c',"
        " 'plan.events', 1, {}, '{}')"
    )
    await connection.execute(row.format("rm", "'2026-01-01'", 5, '{"a": 2, "b": [1.0]}'))
    await connection.execute(row.format("rm_new", "'2026-02-02'", -1, '{"b":[1],"a":2.0}'))
    assert [t for t in await compare.compare(connection, "rm", "rm_new") if t.problems] == []

    await connection.execute('update rm_new.timeline set data = \'{"a": 2, "b": [1, 1]}\'')

    assert [t.name for t in await compare.compare(connection, "rm", "rm_new") if t.problems] == ["timeline"]


async def test_a_field_that_an_older_version_did_not_know_is_no_difference(connection: asyncpg.Connection) -> None:
    sides = {"rm_older": '{"tasks": [{"n": 1}]}', "rm_newer": '{"tasks": [{"n": 1, "due_on": null}]}'}
    put = (
        "insert into {}.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor,"
        " causation_id, topic, partition, \"offset\", data) values (md5('e')::uuid, md5('p')::uuid, 't', 's', 1,"
        " 'epoch', 'epoch', 'a', 'c', 'x', 0, 0, $1)"
    )
    for schema, data in sides.items():
        await tables.create(connection, "rm", schema)
        await connection.execute(put.format(schema), data)

    async def problems() -> list[str]:
        return [problem for table in await compare.compare(connection, *sides) for problem in table.problems]

    assert await problems() == []
    await connection.execute('update rm_newer.timeline set data = \'{"tasks": [{"n": 1, "due_on": "2026-04-07"}]}\'')
    assert [problem.partition(":")[0] for problem in await problems()] == ["timeline"]
    for schema in sides:
        await tables.drop(connection, schema)


TASK = {"task_id": "t", "title": "one", "position": 1}


@pytest.mark.parametrize(
    ("own", "actor", "differs"),
    [
        ({**TASK, "phase": 1, "due_on": None, "also_serves": []}, "ana", False),
        ({**TASK, "phase": 1, "title": "other"}, "ana", True),
        ({**TASK, "phase": 2}, "ana", True),
        ({**TASK, "phase": 1, "due_on": "2026-04-07"}, "ana", True),
        ({**TASK, "phase": 1}, "bia", True),
    ],
)
async def test_a_task_created_is_told_by_its_phase_alone_if_it_says_the_same(
    connection: asyncpg.Connection, own: dict[str, Any], actor: str, differs: bool
) -> None:
    await tables.create(connection, "rm", "rm_new")
    put = (
        "insert into {}.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor,"
        " causation_id, topic, partition, \"offset\", data) values (md5($1)::uuid, md5('p')::uuid, $1, $2, 1,"
        " 'epoch', 'epoch', $3, $4, 'x', 0, 0, $5)"
    )
    plan, phase = (str(UUID(bytes=md5(of, usedforsecurity=False).digest())) for of in (b"p", b"plan.phase1.created"))
    for schema in ("rm", "rm_new"):
        tasks = json.dumps({"plan_id": plan, "tasks": [TASK]})
        await connection.execute(put.format(schema), "plan.phase1.created", f"plan-{plan}", "ana", "c", tasks)
    made = json.dumps({**own, "plan_id": plan})
    await connection.execute(put.format("rm"), "task.created", "task-t", actor, phase, made)

    found = [problem for table in await compare.compare(connection, "rm", "rm_new") for problem in table.problems]
    assert [problem.partition(": (")[0] for problem in found] == ["timeline: 1 only live"] * differs
