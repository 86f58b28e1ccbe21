"""What several events of a plan say alike has a row of its own, once no reader of an older version is left.

Until `migrate post` such readers look for all of an event in its row of the history, and for what a channel proposes in
the channel's row.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import asyncpg
import orjson

from projections.timeline.projection import BODY, digest_of
from projections.timeline.rows import plan_body, timeline_event
from schemas.process.connection import Db

#: Seconds after which a session looks again, where `migrate post` has not been done.
LOOKS_EVERY_S: Final = 60.0
#: The constraint that `migrate post` made last: whoever reads channels knows of bodies, and whoever reads the history.
_READ: Final = """
    select exists (select from pg_constraint
                    where conname = 'plan_channel_body_read' and conrelid = to_regclass('plan_channel'))
"""
_NOTHING: Final = "[]"
Folded = Mapping[str, Sequence[Mapping[str, Any]]]

#: Session -> when it looks again; infinity: never, since what a migration has done stays.
_looks_at: WeakKeyDictionary[asyncpg.Connection, float] = WeakKeyDictionary()


async def as_read(connection: Db, folded: Folded, of_channels: str) -> Folded:
    """Return rows as every process that reads them can: each event whole, until rows may be apart.

    `of_channels`: the statement whose rows have what an event of the history says in columns of the same names.
    """
    if not folded.get(plan_body.name):
        return folded
    return apart(folded, of_channels) if await _may_be_apart(connection) else whole(folded)


async def _may_be_apart(connection: Db) -> bool:
    if isinstance(connection, asyncpg.pool.PoolConnectionProxy):  # another session the next time
        return bool(await connection.fetchval(_READ))
    now = time.monotonic()
    looks_at = _looks_at.get(connection, 0.0)
    if looks_at <= now:
        read: bool = await connection.fetchval(_READ)
        looks_at = _looks_at[connection] = float("inf") if read else now + LOOKS_EVERY_S
    return looks_at == float("inf")


def apart(folded: Folded, of_channels: str) -> Folded:
    """Return the same rows; those of channels say nothing that a body of these rows says for them."""
    kept = {(row["plan_id"], row["digest"]) for row in folded[plan_body.name]}
    channels: list[Mapping[str, Any]] = []
    for row in folded.get(of_channels, ()):
        said = "{" + ",".join(f'"{name}":{row[name]}' for name in BODY) + "}"
        digest = digest_of(said.encode())
        known = (row["plan_id"], digest) in kept
        channels.append({**row, **dict.fromkeys(BODY, _NOTHING), "body": digest} if known else row)
    return {**folded, of_channels: channels} if channels else folded


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
