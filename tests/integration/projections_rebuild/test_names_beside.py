"""A name that is erased goes from the tables, too, that a swap has kept, or that a rebuild left when it was killed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from projections.rebuild import tables
from projections.rows import Row
from projections.run.writer import Position, rows_of, start_positions, write
from schemas.topics import PLAN_EVENTS
from schemas.wire import from_record
from tests.conftest import NewDatabase
from tests.contract.golden import golden
from tests.support.marked import tables_with
from tests.unit.projections.run.test_mapping import recorded

NAME = "maria-da-silva"


@pytest.fixture
async def url(new_migrated: NewDatabase) -> str:
    return await new_migrated()


@pytest.fixture
async def connection(url: str) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(url, server_settings={"search_path": "rm"})
    yield made
    await made.close()


def erased(plan: str, *, names_only: bool) -> list[Row]:
    told = recorded("plan.erased", 2)
    record = {**golden("plan.erased", 2).record, "plan_id": plan, "correlation_id": plan, "names_only": names_only}
    record |= {"event_id": str(uuid4()), "stream": f"erasure-{plan}"}
    return rows_of(told._replace(event=from_record("plan.erased", record), offset=1))


async def named(connection: asyncpg.Connection, *schemas: str) -> tuple[str, str]:
    """Make two plans that have a name, in each of these sets of tables."""
    plan, other = str(uuid4()), str(uuid4())
    for schema in schemas:
        for one, name in ((plan, NAME), (other, "others")):
            await connection.execute(
                f"insert into {schema}.plan (plan_id, version, status, title, filename, changed_at)"
                " values ($1::uuid, 2, 'awaiting_approval', $2, $3, now())",
                one,
                f"Vendas de {name}",
                f"{name}.csv",
            )
    return plan, other


async def project(connection: asyncpg.Connection, rows: list[Row], plan: str) -> None:
    [(place, at)] = (await start_positions(connection, [(PLAN_EVENTS, 0)])).items()
    await write(connection, rows, [Position(*place, at, at + 1)], [plan])


@pytest.mark.parametrize("names_only", [True, False])
@pytest.mark.parametrize("beside", [(), ("rm_old",), ("rm_new",), ("rm_old", "rm_new")])
async def test_no_set_of_tables_has_the_name(
    connection: asyncpg.Connection, beside: tuple[str, ...], names_only: bool
) -> None:
    for schema in beside:
        await tables.create(connection, "rm", schema)
    plan, other = await named(connection, "rm", *beside)

    await project(connection, erased(plan, names_only=names_only), plan)

    assert await tables_with(connection, NAME) == []
    for schema in ("rm", *beside):
        titles = f"select title, filename from {schema}.plan where plan_id = $1::uuid"
        assert tuple(await connection.fetchrow(titles, plan) or ()) == (plan[:8], "")
        assert tuple(await connection.fetchrow(titles, other) or ()) == ("Vendas de others", "others.csv")


async def test_a_rebuild_at_work_is_not_waited_for(connection: asyncpg.Connection, url: str) -> None:
    """It has the row, and comes to the event itself."""
    await tables.create(connection, "rm", "rm_new")
    plan, _ = await named(connection, "rm", "rm_new")
    rebuild = await asyncpg.connect(url)
    try:
        async with rebuild.transaction():
            await rebuild.execute("update rm_new.plan set version = 3 where plan_id = $1::uuid", plan)
            await project(connection, erased(plan, names_only=True), plan)
    finally:
        await rebuild.close()
    assert await tables_with(connection, NAME) == ["rm_new.plan"]
