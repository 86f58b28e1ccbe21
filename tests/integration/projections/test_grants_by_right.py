"""What no process has to do with a table, its user may not do: each right is tried, on each table, as each user."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from schemas.database.grants import PROCESSES, rights, statements, user_of

ALL = [process for found in PROCESSES.values() for process in found]
RIGHTS = ("select", "insert", "update", "delete")
#: What is tried: it touches no row, and Postgres asks for the right before all else.
TRIED = {
    "select": "select from {table} where false",
    "insert": "insert into {table} default values",
    "update": "update {table} set {column} = default where false",
    "delete": "delete from {table} where false",
}
_TABLES = """
    select n.nspname || '.' || c.relname as table, min(a.attname) as column
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and a.attgenerated = '' and not a.attisdropped
     where c.relkind = 'r' and n.nspname in ('access', 'audit', 'decide', 'flow', 'rm', 'public') group by 1
"""


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """The owner of a database whose users have their rights; they are of the whole server, and stay."""
    connection = await asyncpg.connect(database_url)
    for statement in statements():
        await connection.execute(statement)
    yield connection
    await connection.execute("reset role")
    await connection.close()


def has(process: str, right: str, table: str) -> bool:
    may = rights(process)
    return table in (may.read if right == "select" else may.changed[right])


async def allowed(owner: asyncpg.Connection, statement: str) -> bool:
    """Return whether the user of the session may execute a statement, whatever else is wrong with it."""
    trying = owner.transaction()
    await trying.start()
    try:
        await owner.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return False
    except asyncpg.PostgresError:
        return True  # a row without anything in it is no row of this table
    finally:
        await trying.rollback()
    return True


@pytest.mark.parametrize("process", ALL)
async def test_each_user_may_do_what_its_process_does_and_nothing_else(owner: asyncpg.Connection, process: str) -> None:
    tables = [(row["table"], row["column"]) for row in await owner.fetch(_TABLES)]
    await owner.execute(f"set role {user_of(process)}")

    found = {
        (right, table)
        for table, column in tables
        for right in RIGHTS
        if await allowed(owner, TRIED[right].format(table=table, column=column))
    }

    assert found == {(right, table) for table, _ in tables for right in RIGHTS if has(process, right, table)}
    assert len(tables) > 60


_ROW = """
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data{column})
    {beside}
    values (gen_random_uuid(), 'plan.events', 'k', 'plan.approved', 's', 1, 1, 'c', 'k', 'mallory', '{{}}'{value})
"""


@pytest.mark.parametrize("process", ALL)
async def test_nobody_says_of_a_row_that_it_was_sent(owner: asyncpg.Connection, process: str) -> None:
    """The relay looks at no row that was, and asks for no seal of a number from before there were seals."""
    await owner.execute(f"set role {user_of(process)}")
    said = {
        column: await allowed(owner, _ROW.format(column=f", {column}", value=f", {value}", beside=beside))
        for column, value, beside in (
            ("published_at", "'infinity'", ""),
            ("held_at", "now()", ""),
            ("stored_at", "now()", ""),
            ("seq", "7", "overriding system value"),
        )
    }

    assert said == dict.fromkeys(said, False)
    assert await allowed(owner, _ROW.format(column="", value="", beside=""))
