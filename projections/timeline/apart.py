"""What is said several times is kept once, as soon as no reader of an older version is left.

What several events of a plan say alike has a row of its own. Channels and Phase 1 leave to the history what their event
says. Until `migrate post` readers of older versions look for all of an event in its row of the history, and for all of
a channel, plan or Phase 1 in its own row.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import asyncpg
import orjson

from projections.reads.told import OF_CHANNEL
from projections.timeline.projection import BODY, filled
from projections.timeline.rows import plan_body, timeline_event
from projections.timeline.whole import whole
from schemas.process.connection import Db

#: Seconds after which a session looks again, where `migrate post` has not been done.
LOOKS_EVERY_S: Final = 60.0
#: Constraints that `migrate post` made. By the first, whoever reads channels or the history knows of bodies; by the
#: second, whoever reads plans does, and of what the history tells; by the third, whoever reads the history knows what
#: of an event it has in columns.
_BODIES: Final = "plan_channel_body_read"
_TOLD: Final = "plan_channel_told_read"
_ALL: Final = "plan_channel_short_read"
_READ: Final = f"""
    select array(select conname::text from pg_constraint
                  where conname in ('{_BODIES}', '{_TOLD}', '{_ALL}') and conrelid = to_regclass('plan_channel'))
"""  # noqa: S608 - constants
_NOTHING: Final = "[]"
#: What a column of a channel has in the place of what its event says, where that is no list.
_EMPTY: Final[Mapping[str, str]] = {"summary": ""}
Folded = Mapping[str, Sequence[Mapping[str, Any]]]

#: Session -> when it looks again, and the constraints that it found; infinity: never, since what a migration has done
#: stays.
_looked: WeakKeyDictionary[asyncpg.Connection, tuple[float, frozenset[str]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Statements:
    """Those whose rows repeat what an event of the history says."""

    channels: str
    plans: str
    phase1: tuple[str, ...]


async def as_read(connection: Db, folded: Folded, of: Statements) -> Folded:
    """Return rows as every process that reads them can: each event whole, until rows may be apart."""
    if not folded.get(timeline_event.name):
        return folded
    may = await _may_be_apart(connection)
    if _BODIES not in may:
        return _all_said(folded)
    found = apart(folded, of.channels)
    if _TOLD in may:
        found = told(apart(found, of.plans), of)
    return found if _ALL in may else _named_in_data(found)


async def _may_be_apart(connection: Db) -> frozenset[str]:
    if isinstance(connection, asyncpg.pool.PoolConnectionProxy):  # another session the next time
        return frozenset(await connection.fetchval(_READ))
    now = time.monotonic()
    looks_at, may = _looked.get(connection, (0.0, frozenset()))
    if looks_at <= now:
        may = frozenset(await connection.fetchval(_READ))
        _looked[connection] = float("inf") if _ALL in may else now + LOOKS_EVERY_S, may
    return may


def apart(folded: Folded, of: str) -> Folded:
    """Return the same rows; those of a statement say nothing that a body of these rows says for them."""
    kept = {(row["plan_id"], row["said"]): row["digest"] for row in folded.get(plan_body.name, ())}
    rows = folded.get(of)
    return {**folded, of: [_counted(row, _named(row, kept)) for row in rows]} if rows and kept else folded


def told(folded: Folded, of: Statements) -> Folded:
    """Return the same rows; those of channels and Phase 1 leave out what the event says of which they are made."""
    known = {(row["plan_id"], row["stream"], row["version"]) for row in folded[timeline_event.name]}
    changed = {
        name: [short(row) if (row["plan_id"], _stream(row), row["version"]) in known else row for row in folded[name]]
        for name, short in ((of.channels, _channel), *((name, _phase1) for name in of.phase1))
        if folded.get(name)
    }
    return {**folded, **changed}


def _stream(row: Mapping[str, Any]) -> str:
    return ".".join((f"plan-{row['plan_id']}", *([row["channel"]] if "channel" in row else [])))


def _channel(row: Mapping[str, Any]) -> Mapping[str, Any]:
    if row["told_by"] is not None or row["status"] != "analyzed":
        return row
    return {**row, **{name: _EMPTY.get(name, _NOTHING) for name in OF_CHANNEL}, "told_by": row["version"]}


def _phase1(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the row with what statements look for in a Phase 1: how many tasks it has, and of which channels."""
    made = orjson.loads(row["phase1"])
    if "told_by" in made:
        return row
    tasks: list[dict[str, str]] = [{} for _ in made["tasks"]]
    for number, channel in enumerate(dict.fromkeys(task["channel"] for task in made["tasks"])):
        tasks[number]["channel"] = channel  # each once
    short = {"origin": made["origin"], "told_by": row["version"], "tasks": tasks}
    return {**row, "phase1": orjson.dumps(short).decode()}


def _named(row: Mapping[str, Any], kept: Mapping[tuple[str, str], str]) -> Mapping[str, Any]:
    """Return a row with the name of the body that says what it proposes, unless none does."""
    said = "{" + ",".join([f'"{name}":{row[name]}' for name in BODY]) + "}"
    digest = kept.get((row["plan_id"], said))
    return row if digest is None else {**row, **dict.fromkeys(BODY, _NOTHING), "body": digest}


def _counted(row: Mapping[str, Any], named: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the row of a plan with what lists say of opportunities that stand apart."""
    if named is row or "opportunity_count" not in row:
        return named
    found = orjson.loads(row["opportunities"])
    worth = [one["worth_brl"] for one in found if one.get("worth_brl") is not None]
    return {**named, "opportunity_count": len(found), "worth_brl": sum(worth) if worth else None}


def _all_said(folded: Folded) -> Folded:
    """Return the same rows without any apart: each event says all that it has said."""
    said = {(row["plan_id"], row["digest"]): orjson.loads(row["said"]) for row in folded.get(plan_body.name, ())}
    history = [
        {**row, "body": None, "data": _with(row, said.get((row["plan_id"], row["body"])))}
        for row in folded[timeline_event.name]
    ]
    return {**folded, plan_body.name: [], timeline_event.name: history}


def _named_in_data(folded: Folded) -> Folded:
    """Return the same rows; each event names its plan, and what stands apart is an empty list in it."""
    empty: dict[str, list[object]] = {name: [] for name in BODY}
    history = [
        {**row, "data": filled(_with(row, None if row["body"] is None else empty).encode()).decode()}
        for row in folded[timeline_event.name]
    ]
    return {**folded, timeline_event.name: history}


def _with(row: Mapping[str, Any], said: Mapping[str, Any] | None) -> str:
    return orjson.dumps(whole(row["type"], row["plan_id"], orjson.loads(row["data"]), said)).decode()
