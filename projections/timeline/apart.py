"""What several events of a plan say alike has a row of its own, once no reader of an older version is left.

Until `migrate post` such readers look for all of an event in its row of the history, and for what a channel or a plan
proposes in its own row.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import asyncpg
import orjson

from projections.timeline.projection import BODY, digest_of
from projections.timeline.rows import plan_body, timeline_event
from schemas.process.connection import Db

#: Seconds after which a session looks again, where `migrate post` has not been done.
LOOKS_EVERY_S: Final = 60.0
#: The constraints that `migrate post` made: whoever reads channels knows of bodies, as does whoever reads the history;
#: and whoever reads plans.
_READ: Final = """
    select array(select r.relname::text from pg_constraint k join pg_class r on r.oid = k.conrelid
                  where (k.conname = 'plan_channel_body_read' and k.conrelid = to_regclass('plan_channel'))
                     or (k.conname = 'plan_apart_read' and k.conrelid = to_regclass('plan')))
"""
_ALL: Final = frozenset({"plan", "plan_channel"})
_NOTHING: Final = "[]"
Folded = Mapping[str, Sequence[Mapping[str, Any]]]

#: Session -> when it looks again, and the tables whose rows may be apart; infinity: never, since what a migration has
#: done stays.
_looked: WeakKeyDictionary[asyncpg.Connection, tuple[float, frozenset[str]]] = WeakKeyDictionary()


async def as_read(connection: Db, folded: Folded, of_channels: str, of_plans: str) -> Folded:
    """Return rows as every process that reads them can: each event whole, until rows may be apart.

    `of_channels`, `of_plans`: the statements whose rows have what an event of the history says in columns of the same
    names.
    """
    if not folded.get(plan_body.name):
        return folded
    may = await _may_be_apart(connection)
    if "plan_channel" not in may:
        return whole(folded)
    return apart(folded, of_channels, of_plans if "plan" in may else None)


async def _may_be_apart(connection: Db) -> frozenset[str]:
    if isinstance(connection, asyncpg.pool.PoolConnectionProxy):  # another session the next time
        return frozenset(await connection.fetchval(_READ))
    now = time.monotonic()
    looks_at, may = _looked.get(connection, (0.0, frozenset()))
    if looks_at <= now:
        may = frozenset(await connection.fetchval(_READ))
        _looked[connection] = float("inf") if may == _ALL else now + LOOKS_EVERY_S, may
    return may


def apart(folded: Folded, of_channels: str, of_plans: str | None) -> Folded:
    """Return the same rows; those of channels and plans say nothing that a body of these rows says for them."""
    kept = {(row["plan_id"], row["digest"]) for row in folded[plan_body.name]}
    changed: dict[str, Sequence[Mapping[str, Any]]] = {
        of_channels: [_named(row, kept) for row in folded.get(of_channels, ())]
    }
    if of_plans is not None:
        changed[of_plans] = [_counted(row, _named(row, kept)) for row in folded.get(of_plans, ())]
    return {**folded, **{name: rows for name, rows in changed.items() if rows}}


def _named(row: Mapping[str, Any], kept: Collection[tuple[str, str]]) -> Mapping[str, Any]:
    """Return a row with the name of the body that says what it proposes, unless none does."""
    said = "{" + ",".join(f'"{name}":{row[name]}' for name in BODY) + "}"
    digest = digest_of(said.encode())
    known = (row["plan_id"], digest) in kept
    return {**row, **dict.fromkeys(BODY, _NOTHING), "body": digest} if known else row


def _counted(row: Mapping[str, Any], named: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the row of a plan with what lists say of opportunities that stand apart."""
    if named is row:
        return row
    found = orjson.loads(row["opportunities"])
    worth = [one["worth_brl"] for one in found if one.get("worth_brl") is not None]
    return {**named, "opportunity_count": len(found), "worth_brl": sum(worth) if worth else None}


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
