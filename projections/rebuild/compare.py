"""Compares two sets of read models: by a checksum of each table, and by keys where it differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg

from projections.reads.told import OF_CHANNEL, by_channel, by_phase1, column
from projections.rebuild.tables import tables_of

#: Not compared: they say when and where the broker got a record, which depends on repeats and on outages (a row can be
#: made before its record is in the log), or which record of a batch came last.
RECORDED: Final[Mapping[str, frozenset[str]]] = {
    "plan": frozenset({"changed_at", "analyzed_at", "phase1_at", "ended_at", "body"}),
    "plan_channel": frozenset({"changed_at", "body"}),
    "comparison": frozenset({"changed_at"}),
    "outcome": frozenset({"changed_at"}),
    "task": frozenset({"changed_at", "created_at"}),
    "timeline": frozenset({"recorded_at", "topic", "partition", "offset", "body"}),
}
#: Columns that say where the rest of a row stands, and mean nothing by themselves.
PLACES: Final[Mapping[str, frozenset[str]]] = {"plan_channel": frozenset({"told_by"})}
#: Columns of which a part stands apart from the row, as `apart`: table -> column -> what it says in all, as jsonb. Rows
#: of an older version have all of it themselves.
_PROPOSED: Final = {name: f"coalesce(apart.said::jsonb -> '{name}', t.{name})" for name in ("opportunities", "phases")}
APART: Final[Mapping[str, Mapping[str, str]]] = {
    "timeline": {
        "data": "jsonb_build_object('plan_id', t.plan_id) || t.data::jsonb || coalesce(apart.said::jsonb, '{}')"
    },
    "plan": {
        **_PROPOSED,
        "opportunity_count": "to_jsonb(coalesce(t.opportunity_count, jsonb_array_length(t.opportunities)))",
        "worth_brl": "to_jsonb(case when t.opportunity_count is not null then t.worth_brl else (select"
        " sum((o ->> 'worth_brl')::float8) from jsonb_array_elements(t.opportunities) o) end)",
        "phase1": "coalesce(told.data::jsonb - 'plan_id', t.phase1)",
    },
    "plan_channel": _PROPOSED | {name: column(name, "t", "told.data") for name in OF_CHANNEL},
}
_APART: Final = ' left join "{schema}".plan_body apart on apart.plan_id = t.plan_id and apart.digest = t.body'
_HISTORY: Final = '"{schema}".timeline'
_TOLD: Final = {
    "plan": f" left join lateral {by_phase1('t', _HISTORY)} told (data) on true",
    "plan_channel": f" left join lateral {by_channel('t', _HISTORY)} told (data) on true",
}
_APART_AS_WRITTEN: Final = "hashtextextended(apart.said::text, 0)"
_APART_BY_MEANING: Final = "jsonb_hash_extended(jsonb_strip_nulls({said}), 0)"
#: Tables that are compared with the rows that they are apart from.
COMPARED_WITH: Final = frozenset({"plan_body"})
#: Rows that may stand on one side alone, as a condition with {schema}: a task.created is a row of its own where it was
#: read before its phase, or by an older version, and is told by its phase everywhere else. Readers see no difference
#: as long as it says what its phase says; a field that says nothing may be left out.
EITHER_WAY: Final[Mapping[str, str]] = {
    "timeline": """ where not (
        t.type = 'task.created' and t.version = 1 and exists (
            select from "{schema}".timeline p
             cross join lateral jsonb_array_elements(case when json_typeof(p.data -> 'tasks') = 'array'
                                                          then (p.data -> 'tasks')::jsonb else '[]' end) task
             where p.plan_id = t.plan_id and p.stream = 'plan-' || t.plan_id
               and p.type in ('plan.phase1.created', 'plan.phase.started')
               and t.stream = 'task-' || (task ->> 'task_id')
               and (t.actor, t.occurred_at, t.causation_id) = (p.actor, p.occurred_at, p.event_id::text)
               and not exists (
                   select from jsonb_each(t.data::jsonb) own (field, said)
                     left join jsonb_each(task || jsonb_build_object('plan_id', p.plan_id, 'phase',
                                                                     coalesce(p.data ->> 'phase', '1')::int))
                               of_phase (field, said) using (field)
                    where own.said not in ('null', '""', '[]') and own.said is distinct from of_phase.said)))"""
}
#: How far the tables are is compared by its own rule.
OFFSETS: Final = "projection_offset"
#: What the database counts of the rows of other tables, which are compared: how it is spread depends on who wrote when.
TALLY: Final = "tally"
#: Keys of differing rows that are listed for each table and kind.
LISTED: Final = 5


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands on both sides. `problems` is empty where all compared columns are equal."""

    name: str
    live: int
    rebuilt: int
    problems: tuple[str, ...]


async def compare(connection: asyncpg.Connection, live: str, rebuilt: str) -> list[Table]:
    """Compare every table, as the connection's transaction sees it."""
    return [
        await _table(connection, live, rebuilt, name)
        for name in await tables_of(connection, live)
        if name not in (OFFSETS, TALLY) and name not in COMPARED_WITH
    ]


async def _table(connection: asyncpg.Connection, live: str, rebuilt: str, name: str) -> Table:
    # rows that the projections made of the same records are the same byte by byte: what JSON means is worked out, for
    # many times as much, only where something differs
    one, other = (0, 0), (0, 1)
    for exact in (True, False):
        if one != other:
            compared = ", ".join(await _columns(connection, live, name, exact=exact))
            one = await _checksum(connection, live, name, compared, exact=exact)
            other = await _checksum(connection, rebuilt, name, compared, exact=exact)
    problems = () if one == other else tuple(await _differences(connection, live, rebuilt, name, compared))
    return Table(name, one[0], other[0], problems)


async def _checksum(
    connection: asyncpg.Connection, schema: str, table: str, compared: str, *, exact: bool
) -> tuple[int, int]:
    """Return the number of rows, and a sum that does not depend on their order."""
    row = await connection.fetchrow(
        "select count(*) as n, coalesce(sum(hashtextextended(row("  # noqa: S608 - names of our own tables
        f"{compared})::text, 0)::numeric), 0) as digest from {_rows(schema, table, exact=exact)}"
    )
    assert row is not None
    return row["n"], int(row["digest"])


def _rows(schema: str, table: str, *, exact: bool = False) -> str:
    """Return the rows of a table that are compared; `exact`: what the history tells of a row is compared there."""
    join = _APART + ("" if exact else _TOLD.get(table, "")) if table in APART else ""
    return f'"{schema}"."{table}" t' + (join + EITHER_WAY.get(table, "")).format(schema=schema)


async def _columns(connection: asyncpg.Connection, schema: str, table: str, *, exact: bool) -> list[str]:
    """Return the expressions that a comparison of rows selects: of JSON what it means, or just as it is written."""
    rows = await connection.fetch(
        "select column_name, data_type from information_schema.columns where table_schema = $1 and table_name = $2"
        " order by ordinal_position",
        schema,
        table,
    )
    as_written = {"json": 'hashtextextended(t."{}"::text, 0)', "jsonb": 'jsonb_hash_extended(t."{}", 0)'}
    # by its meaning: a row that was made from the outbox has other spaces, another order of names, 2 for 2.0; one that
    # an older version made lacks a field that it did not know, which has no value now
    meant = dict.fromkeys(as_written, 'jsonb_hash_extended(jsonb_strip_nulls(t."{}"::jsonb), 0)')
    apart = APART.get(table, {})
    left_out = RECORDED.get(table, frozenset()) | (frozenset() if exact else PLACES.get(table, frozenset()))
    found = [
        _APART_BY_MEANING.format(said=apart[name])
        if name in apart and not exact
        else (as_written if exact else meant).get(row["data_type"], 't."{}"').format(name)
        for row in rows
        if (name := row["column_name"]) not in left_out
    ]
    return [*found, _APART_AS_WRITTEN] if apart and exact else found  # once, whatever columns it is a part of


async def _differences(connection: asyncpg.Connection, live: str, rebuilt: str, table: str, compared: str) -> list[str]:
    """Say how many rows differ in which way, with the first keys of each."""
    key = await connection.fetch(
        "select a.attname from pg_constraint k, unnest(k.conkey) n, pg_attribute a"
        " where k.conrelid = to_regclass(format('%I.%I', $1::text, $2::text)) and k.contype = 'p'"
        "   and a.attrelid = k.conrelid and a.attnum = n",
        live,
        table,
    )
    columns = ", ".join(f't."{row["attname"]}"' for row in key)
    side = "select row({})::text as k, row({})::text as v from {}"
    rows = await connection.fetch(
        f"with a as ({side.format(columns, compared, _rows(live, table))}),"  # noqa: S608 - names of our own tables
        f" b as ({side.format(columns, compared, _rows(rebuilt, table))}),"
        " d as (select coalesce(a.k, b.k) as k,"
        " case when b.k is null then 'only live' when a.k is null then 'only rebuilt' else 'different' end as how"
        " from a full join b using (k) where a.v is distinct from b.v)"
        " select how, count(*) as n, (array_agg(k order by k))[1:$1] as first from d group by how order by how",
        LISTED,
    )
    return [f"{table}: {row['n']} {row['how']}: {', '.join(row['first'])}" for row in rows]
