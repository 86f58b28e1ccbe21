"""A row has the place of an event of the system itself: whoever announces goes on, and the event follows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from schemas import outbox_seal
from schemas.belief import Mode
from schemas.process.outbox_seals import Seals
from schemas.process.signing import Signing
from schemas.signing import parse
from streams.watchdog.unannounced import announce

KEYS = parse("k1 " + "a1" * 32)
TRIP = "select flow.breaker_trip($1, 'a reason', 60, 'ana')"
_PLANT = """
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, published_at)
    values ($1, 'system.events', 'k', 'breaker.closed', $2, $3, 1, 'c', 'k', 'mallory', '{}', 'infinity') returning seq
"""


@pytest.fixture
async def db(new_migrated: Any) -> AsyncIterator[asyncpg.Connection]:
    """A session of a process that decides."""
    connection = await asyncpg.connect(await new_migrated(), server_settings=outbox_seal.session(KEYS))
    yield connection
    await connection.close()


async def unsealed(db: asyncpg.Connection, statement: str, *args: Any) -> Any:
    """Do something as a session without the key."""
    before = await db.fetchval("select current_setting('marketplace.outbox_seal')")
    await db.execute("select set_config('marketplace.outbox_seal', '', false)")
    try:
        return await db.fetchval(statement, *args)
    finally:
        await db.execute("select set_config('marketplace.outbox_seal', $1, false)", before)


async def told(db: asyncpg.Connection, name: str) -> list[tuple[str, int, str]]:
    rows = await db.fetch("select type, version, actor from decide.outbox where stream = $1", f"breaker-{name}")
    return [(row["type"], row["version"], row["actor"]) for row in rows]


@pytest.mark.parametrize("by_id", [False, True])
async def test_it_is_kept_while_a_planted_row_is_judged_and_follows_when_that_is_out(
    db: asyncpg.Connection, by_id: bool
) -> None:
    name, seals = f"agent:{uuid4().hex}", Seals(Signing(KEYS, Mode.REQUIRE))
    made = await db.fetchval("select md5($1)::uuid", f"breaker-{name}|1|breaker.opened")
    stream = f"x-{name}" if by_id else f"breaker-{name}"
    seq = await unsealed(db, _PLANT, made if by_id else uuid4(), stream, 1)

    await db.execute(TRIP, name)
    assert await db.fetchval("select state from flow.breaker where name = $1", name) == "open"
    await announce(db, seals)

    assert await db.fetchval("select published_at is null from decide.outbox where seq = $1", seq)
    assert ("breaker.opened", 1, "ana") not in await told(db, name)

    await db.execute("delete from decide.outbox where seq = $1", seq)  # an operator takes it out
    await announce(db, seals)
    assert await told(db, name) == [("breaker.opened", 1, "ana")]
    row = await db.fetchrow("select * from decide.outbox where stream = $1", f"breaker-{name}")
    assert row is not None
    seals.check(row)  # by the seal of who decided it
    assert await db.fetchval("select count(*) from flow.unannounced") == 0


async def test_what_nobody_decided_is_not_sealed_by_the_way(db: asyncpg.Connection) -> None:
    seals = Seals(Signing(KEYS, Mode.REQUIRE))
    await unsealed(
        db,
        "insert into flow.unannounced (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data) values ($1, 'plan.events', 'k', 'plan.approved', 'plan-k', 3, 1, 'c', 'k',"
        " 'mallory', '{}')",
        uuid4(),
    )

    await announce(db, seals)

    assert await db.fetchval("select count(*) from decide.outbox where actor = 'mallory'") == 0
    assert await db.fetchval("select count(*) from flow.unannounced") == 0
