"""Show a plan as it was at any event of its history, and what that event changed.

The projections' own mappings and statements make it, on temporary tables that are like the live ones and that nobody
else sees: there is no second set of rules that could say something else. The transaction is rolled back, so nothing of
it stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from projections import plans as of_plans
from projections import tasks as of_tasks
from projections.plans import reads as plans
from projections.plans.projection import project as project_plan
from projections.reads.rows import from_json
from projections.reads.written import Shown
from projections.rows import Recorded, Row, fold, of_plan, of_task
from projections.run.sql import load
from projections.run.writer import put
from projections.tasks import reads as tasks
from projections.tasks.projection import BY_IDS, LAST_COUNTS, project_phase
from projections.tasks.projection import project as project_task
from projections.timeline import reads as timeline
from schemas.process.connection import Db

#: Events that are folded at most. A plan has some tens; comments alone could make more than this of it.
MOST_EVENTS: Final = 5_000
#: What the folded events may hold in all, in bytes: one of a channel has tens of thousands. As they are read: where
#: they are stored, they are compressed.
MOST_BYTES: Final = 64 * 1024 * 1024
#: For how long one statement may take, in milliseconds.
STATEMENT_MS: Final = 5_000

_WRITTEN: Final = re.compile(r"^(?:insert into|update) (\w+)", re.MULTILINE)
_STATEMENTS: Final = load(of_plans.__name__, of_tasks.__name__)
#: The tables that the statements of plans and tasks write.
TABLES: Final = tuple(sorted({name for sql in _STATEMENTS.values() for name in _WRITTEN.findall(sql)}))
_KEYS: Final = """
    select c.relname as name, pg_get_constraintdef(k.oid) as key, array(
               select a.attname from unnest(k.conkey) with ordinality n (number, place)
                 join pg_attribute a on a.attrelid = c.oid and a.attnum = n.number order by n.place) as columns
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace s on s.oid = c.relnamespace
     where s.nspname = 'rm' and k.contype = 'p' and c.relname = any ($1::text[])"""
#: Events of a plan, and bytes where they are stored, up to which all are measured without putting them in their order.
#: What stands beside rows is not read for it.
_FEW: Final = 200
_STORED: Final = 2 * 1024 * 1024
_MEASURED: Final = """
    select coalesce(sum(octet_length(data::text) + case when body is null then 0 else coalesce((
               select octet_length(b.said::text) from rm.plan_body b where b.plan_id = $1 and b.digest = d.body), 0)
           end), 0)::bigint
      from rm.timeline d where plan_id = $1"""
_WHOLE: Final = f"""
    select case when number <= {_FEW} or number <= {MOST_EVENTS} and stored <= {_STORED} then ({_MEASURED}) end
      from (select count(*) as number, sum(pg_column_size(data)) as stored
              from (select data from rm.timeline where plan_id = $1 limit {MOST_EVENTS + 1}) every) d"""  # noqa: S608 - constants
#: The live tables in a read's text, which is ours.
_LIVE: Final = re.compile(r"\brm\.(?=[a-z])")


class TooMuch(Exception):  # noqa: N818 - says what is so
    """The events until there are more, or larger, than are folded for a look."""


class Unreadable(Exception):  # noqa: N818 - says what is so
    """An event does not have the form that the mappings of this version know: its cause says what is missing."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that an event changed: its columns with what they were and became. `before` None: the row is new.

    `row` is the whole row after the event.
    """

    table: str
    row: dict[str, Any]
    before: dict[str, Any] | None
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A plan after the `number`-th event of its history, counted from 1. `plan` None: its upload came later."""

    number: int
    event: timeline.Event
    plan: plans.Plan | None
    tasks: list[tasks.Task]
    changed: list[Changed]


class _Past:
    """Reads the temporary tables where the text of a read names the live ones."""

    def __init__(self, connection: Db) -> None:
        self._connection = connection

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        found: list[Any] = await self._connection.fetch(_LIVE.sub("pg_temp.", query), *args)
        return found

    async def fetchrow(self, query: str, *args: Any) -> Any:
        return await self._connection.fetchrow(_LIVE.sub("pg_temp.", query), *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        return await self._connection.fetchval(_LIVE.sub("pg_temp.", query), *args)


async def at(db: asyncpg.Pool, plan_id: UUID, number: int, most_tasks: int | None = None) -> Moment | None:
    """Return a plan after its `number`-th event, None where it has fewer. Raises TooMuch, Unreadable.

    `most_tasks`: so many tasks in their order, None: all of them.
    """
    if number > MOST_EVENTS:
        raise TooMuch
    async with db.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(f"set local statement_timeout = {STATEMENT_MS}")
            return await _at(connection, plan_id, number, most_tasks)
        finally:
            await transaction.rollback()


async def _at(connection: Db, plan_id: UUID, number: int, most_tasks: int | None) -> Moment | None:
    read = (plan_id, number, LAST_COUNTS, BY_IDS)
    whole = await connection.fetchval(_WHOLE, plan_id)
    if (whole is None or whole > MOST_BYTES) and await timeline.size(connection, *read) > MOST_BYTES:
        raise TooMuch
    events, found = await timeline.until(Shown(connection), *read)
    if found < number or number < 1:
        return None
    keys = await _like_the_live_ones(connection)
    await put(connection, fold(_rows(events[:-1])))
    places = await _places(connection)
    last = connection.transaction()
    await last.start()
    await put(connection, fold(_rows(events[-1:])))
    past = _Past(connection)
    plan = await plans.get(past, plan_id)
    todo = await tasks.of_plan(past, plan_id, most_tasks)
    after = await _moved(connection, keys, places)
    await last.rollback()
    before = await _at_keys(connection, keys, after)
    known = plan if plan is not None and plan.uploaded_at is not None else None
    return Moment(number, events[-1], known, todo, list(_changed(before, after)))


async def _like_the_live_ones(connection: Db) -> dict[str, list[str]]:
    """Make the temporary tables; return the columns of each one's primary key, by which rows are told apart."""
    keys = {row["name"]: row for row in await connection.fetch(_KEYS, list(TABLES))}
    await connection.execute(
        ";".join(
            f"create temp table {name} (like rm.{name} including defaults including generated) on commit drop;"
            f"alter table pg_temp.{name} add {keys[name]['key']}"
            for name in TABLES
        )
    )
    # rows of the past say all themselves: nothing of them stands apart
    for name in ("plan_body", "timeline"):
        await connection.execute(f"create temp table {name} (like rm.{name}) on commit drop")
    await connection.execute("set local search_path = pg_temp")
    return {name: list(row["columns"]) for name, row in keys.items()}


def _rows(events: Iterable[timeline.Event]) -> list[Row]:
    """Return the rows of plans and tasks that events change."""
    rows: list[Row] = []
    for told in events:
        event = timeline.as_logged(told)
        recorded = Recorded(event, told.topic, told.partition, told.offset, told.recorded_at, told.trace_id)
        try:
            rows += _of_plans_and_tasks(recorded)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unreadable(f"{told.type} {told.event_id}") from error
    return rows


def _of_plans_and_tasks(recorded: Recorded) -> Iterable[Row]:
    if of_plan(recorded):
        return (*project_plan(recorded), *project_phase(recorded))
    return project_task(recorded) if of_task(recorded) else ()


#: Rows by table and key.
Contents = dict[str, dict[str, dict[str, Any]]]
#: Between the columns of a key.
_BETWEEN: Final = "chr(31)"


async def _places(connection: Db) -> dict[str, list[Any]]:
    """Return the physical place (ctid) of each row of the temporary tables: a row that is rewritten gets another."""
    every = (f"select '{name}' as name, array(select ctid from pg_temp.{name}) as places" for name in TABLES)  # noqa: S608 - constants
    return {row["name"]: row["places"] for row in await connection.fetch(" union all ".join(every))}


async def _moved(connection: Db, keys: dict[str, list[str]], places: dict[str, list[Any]]) -> Contents:
    """Return the rows that were inserted or rewritten."""
    every = (
        f"select '{name}' as name, {_key(keys[name])} as key, to_jsonb(t) as row from pg_temp.{name} t"  # noqa: S608 - constants
        f" where ctid <> all (${n}::tid[])"
        for n, name in enumerate(TABLES, start=1)
    )
    return _by_key(await connection.fetch(" union all ".join(every), *(places[name] for name in TABLES)))


async def _at_keys(connection: Db, keys: dict[str, list[str]], wanted: Contents) -> Contents:
    """Return the rows with the keys of others."""
    every = (
        f"select '{name}' as name, {_key(keys[name])} as key, to_jsonb(t) as row from pg_temp.{name} t"  # noqa: S608 - constants
        f" where {_key(keys[name])} = any (${n}::text[])"
        for n, name in enumerate(TABLES, start=1)
    )
    return _by_key(await connection.fetch(" union all ".join(every), *(list(wanted[name]) for name in TABLES)))


def _key(columns: list[str]) -> str:
    return f"concat_ws({_BETWEEN}, {', '.join(columns)})"


def _by_key(rows: Iterable[Any]) -> Contents:
    found: Contents = {name: {} for name in TABLES}
    for row in rows:
        found[row["name"]][row["key"]] = from_json(row["row"])
    return found


def _changed(before: Contents, after: Contents) -> Iterable[Changed]:
    for table, rows in after.items():
        for key, row in rows.items():
            was = before[table].get(key)
            columns = _differing(was, row)
            if columns:
                yield Changed(table, row, was, columns)


def _differing(was: dict[str, Any] | None, row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(column for column, value in row.items() if was is None or was[column] != value)
