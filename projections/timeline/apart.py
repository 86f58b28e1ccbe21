"""What several events of a plan say alike has a row of its own, once no reader of an older version is left.

Until `migrate post` such readers look for all of an event in its row of the history.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import asyncpg
import orjson

from projections.timeline.rows import plan_body, timeline_event
from schemas.process.connection import Db

#: Seconds after which a session looks again, where `migrate post` has not been done.
LOOKS_EVERY_S: Final = 60.0
_READ: Final = """
    select exists (select from pg_constraint where conname = 'plan_body_read' and conrelid = to_regclass('plan_body'))
"""
Folded = Mapping[str, Sequence[Mapping[str, Any]]]

#: Session -> when it looks again; infinity: never, since what a migration has done stays.
_looks_at: WeakKeyDictionary[asyncpg.Connection, float] = WeakKeyDictionary()


async def as_read(connection: Db, folded: Folded) -> Folded:
    """Return rows as every process that reads them can: each event whole, until rows may be apart."""
    if not folded.get(plan_body.name) or await _may_be_apart(connection):
        return folded
    return whole(folded)


async def _may_be_apart(connection: Db) -> bool:
    if isinstance(connection, asyncpg.pool.PoolConnectionProxy):  # another session the next time
        return bool(await connection.fetchval(_READ))
    now = time.monotonic()
    looks_at = _looks_at.get(connection, 0.0)
    if looks_at <= now:
        read: bool = await connection.fetchval(_READ)
        looks_at = _looks_at[connection] = float("inf") if read else now + LOOKS_EVERY_S
    return looks_at == float("inf")


def whole(folded: Folded) -> Folded:
    """Return the same rows without any apart: each event says all that it has said."""
    said = {(row["plan_id"], row["digest"]): orjson.loads(row["said"]) for row in folded[plan_body.name]}
    history = [
        row
        if row["body"] is None
        else {**row, "body": None, "data": _with(row["data"], said[row["plan_id"], row["body"]])}
        for row in folded[timeline_event.name]
    ]
    return {**folded, plan_body.name: [], timeline_event.name: history}


def _with(data: str, said: Mapping[str, Any]) -> str:
    return orjson.dumps({**orjson.loads(data), **said}).decode()
