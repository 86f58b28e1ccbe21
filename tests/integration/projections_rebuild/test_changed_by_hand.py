"""Whatever column of whatever read model somebody changes by hand: it is found, but for those that a document names.

Tables and columns are asked of the database, so none that is new can be forgotten here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import asyncpg
import pytest

from projections.rebuild import compare, tables
from projections.timeline.projection import BODY
from tests.conftest import NewDatabase
from tests.support.doc_tables import names, rows

#: By type of a column: a value, and another one.
VALUES: Final = {
    "uuid": ("'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0000-0000-000000000002'"),
    "text": ("'one'", "'two'"),
    "bytea": ("'one'", "'two'"),
    "integer": ("1", "2"),
    "smallint": ("1", "2"),
    "bigint": ("1", "2"),
    "numeric": ("1.5", "2.5"),
    "double precision": ("1.5", "2.5"),
    "boolean": ("false", "true"),
    "date": ("'2026-01-01'", "'2026-01-02'"),
    "timestamp with time zone": ("'2026-01-01T00:00:00Z'", "'2026-01-02T00:00:00Z'"),
    "json": ("""'{"a": 1}'""", """'{"a": 2}'"""),
    "jsonb": ("""'{"a": 1}'""", """'{"a": 2}'"""),
    "text[]": ("'{one}'", "'{two}'"),
    "uuid[]": ("'{00000000-0000-0000-0000-000000000001}'", "'{00000000-0000-0000-0000-000000000002}'"),
    "integer[]": ("'{1}'", "'{2}'"),
    "bigint[]": ("'{1}'", "'{2}'"),
}
#: What stands apart from a row says what the row does not.
OF_ONE: Final = {
    ("plan_body", "said"): (
        """'{"opportunities": [1], "phases": [1]}'""",
        """'{"opportunities": [2], "phases": [1]}'""",
    ),
    **{(table, column): ("'[]'", "'[2]'") for table in ("plan", "plan_channel") for column in BODY},
    **{("plan_channel", column): ("'[]'", "'[2]'") for column in ("limits", "repairs", "checks")},
    ("plan_channel", "summary"): ("''", "'two'"),
    ("timeline", "stream"): ("'plan-00000000-0000-0000-0000-000000000001.one'", "'two'"),
    ("timeline", "data"): ("""'{"limits": [1]}'""", """'{"limits": [2]}'"""),
}
#: A table whose rows are compared with those that they are apart from -> the table that is named.
TOLD_BY: Final = dict.fromkeys(compare.COMPARED_WITH, "timeline")
_COLUMNS: Final = """
    select c.relname, a.attname, format_type(a.atttypid, null) as type
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'rm'::regnamespace and c.relkind in ('r', 'p') and a.attgenerated = ''
     order by 1, a.attnum"""


@pytest.fixture
async def connection(new_migrated: NewDatabase) -> AsyncIterator[asyncpg.Connection]:
    """A database whose read models have a row each, twice."""
    made = await asyncpg.connect(await new_migrated(), server_settings={"search_path": ""})
    await tables.create(made, "rm", "rm_new")
    for name, columns in (await columns_of(made)).items():
        listed = ", ".join(f'"{column}"' for column in columns)
        values = ", ".join(values_of(name, column, type_)[0] for column, type_ in columns.items())
        for schema in ("rm", "rm_new"):
            await made.execute(f'insert into {schema}."{name}" ({listed}) values ({values})')
    yield made
    await made.close()


async def columns_of(connection: asyncpg.Connection) -> dict[str, dict[str, str]]:
    """Return table -> column -> type, of all that is written and not computed."""
    found: dict[str, dict[str, str]] = {}
    for name, column, type_ in await connection.fetch(_COLUMNS):
        found.setdefault(name, {})[column] = type_
    return found


def values_of(table: str, column: str, type_: str) -> tuple[str, str]:
    return OF_ONE.get((table, column), VALUES[type_])


def left_out() -> dict[str, set[str]]:
    """Return table -> columns that are not compared, as the document says; all of a table: "*"."""
    told = rows("reliability.md", "table", "columns", "why they are not compared")
    return {name: {"*"} if columns == "all" else set(names(columns)) for [name], columns in named(told)}


def named(told: list[list[str]]) -> list[tuple[list[str], str]]:
    return [(names(table), columns) for table, columns, _ in told]


async def test_a_change_of_any_column_is_found_or_the_document_says_that_it_is_not(
    connection: asyncpg.Connection,
) -> None:
    assert [table.problems for table in await compare.compare(connection, "rm", "rm_new") if table.problems] == []
    unseen: dict[str, set[str]] = {}
    for name, columns in (await columns_of(connection)).items():
        for column, type_ in columns.items():
            changing = connection.transaction()
            await changing.start()
            one = f'ctid = (select ctid from rm."{name}" limit 1)'  # a tally has rows of the database's own, too
            try:
                await connection.execute(
                    f'update rm."{name}" set "{column}" = {values_of(name, column, type_)[1]} where {one}'
                )
            except asyncpg.CheckViolationError:  # the database takes no such row
                await changing.rollback()
                continue
            found = {table.name for table in await compare.compare(connection, "rm", "rm_new") if table.problems}
            await changing.rollback()
            if not found & {name, TOLD_BY.get(name, name)}:
                unseen.setdefault(name, set()).add(column)
    every = await columns_of(connection)
    told = {name: set(every[name]) if columns == {"*"} else columns for name, columns in left_out().items()}
    assert unseen == told


async def test_a_row_that_is_gone_or_put_in_is_found_in_every_table(connection: asyncpg.Connection) -> None:
    whole = {name for name, columns in left_out().items() if columns == {"*"}}
    for name in await columns_of(connection):
        for side in ("rm", "rm_new"):
            changing = connection.transaction()
            await changing.start()
            await connection.execute(f'delete from {side}."{name}"')
            found = {table.name for table in await compare.compare(connection, "rm", "rm_new") if table.problems}
            await changing.rollback()
            assert bool(found & {name, TOLD_BY.get(name, name)}) is (name not in whole), (name, side)
