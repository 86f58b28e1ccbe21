"""Read models of what the outbox holds, as the projections would make them of the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson

from projections.rows import Recorded
from projections.run.connections import connect
from projections.run.writer import rows_of, write
from schemas.events import ENVELOPE, Event
from schemas.wire import as_read


async def recorded(pool: asyncpg.Pool, plan: str) -> list[Recorded]:
    """Return the events of a plan as the log would give them, each a second after the one before."""
    rows = await pool.fetch(
        "select type, event_id::text, stream, version, occurred_at, causation_id, correlation_id, actor, data, topic"
        " from decide.outbox where key = $1 order by seq",
        plan,
    )
    return [
        Recorded(
            as_read(Event(**{name: row[name] for name in ENVELOPE}, type=row["type"], data=orjson.loads(row["data"]))),
            row["topic"],
            0,
            n,
            datetime.fromtimestamp(1_770_000_000 + n, UTC),
            None,
        )
        for n, row in enumerate(rows)
    ]


async def project(url: str, events: Sequence[Recorded], schema: str = "rm") -> None:
    """Write the rows of these events, in one batch."""
    connection = await connect(url, schema)
    try:
        await write(connection, [row for one in events for row in rows_of(one)], [], [])
    finally:
        await connection.close()


async def show(pool: asyncpg.Pool, url: str, plan: str) -> None:
    """Make the read models show a plan as it stands."""
    await project(url, await recorded(pool, plan))


async def contents(pool: asyncpg.Pool, plan: str) -> dict[str, Any]:
    """Return all that the read models say of a plan."""
    found = {"plan": await pool.fetch("select to_jsonb(p) from rm.plan p where plan_id = $1::uuid", plan)}
    for table, order in (("plan_channel", "channel"), ("timeline", "stream, version")):
        sql = f"select to_jsonb(t) from rm.{table} t where plan_id = $1::uuid order by {order}"
        found[table] = await pool.fetch(sql, plan)
    return {name: [orjson.loads(row[0]) for row in rows] for name, rows in found.items()}
