"""Operators delete an event from the outbox that nobody of this system decided, so that its version is free again.

An event is dropped in no other way. The audit keeps what was taken out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import asyncpg
import orjson
from starlette.requests import Request

from gateway.audit.texts import text
from gateway.audit.writing import Entry, audited
from gateway.operations import mending
from gateway.problems.problem import Problem, not_found
from gateway.services.services import Services
from projections.reads import set_aside
from schemas.belief import Mode
from schemas.outbox_seal import Forged
from schemas.process.connection import Db
from schemas.process.outbox_seals import Seals

Outcome = Literal["accepted", "genuine", "decided", "unasked", "not_found"]

#: The most characters of an event's data that the audit keeps; of longer data it keeps the length.
MOST_KEPT: Final = 4000
#: Why an event stays in the outbox.
_REFUSED: Final = {
    "genuine": "A process of this system decided it as it stands, and what follows counts on it: it is mended instead.",
    "decided": (
        "An event with this version was decided, and the log does not have it: this one is that event, and somebody"
        " changed it. The database's owner puts it back as it was (runbook set-aside-events)."
    ),
    "unasked": "MARKETPLACE_SIGNING does not require signatures here, so no event is refused for its seal.",
}
#: Whether a decision assigned a row's version, and the history lacks that event: then the row is that event, however it
#: was changed. A reserved version counts once `analyzed` of the head says that it was written. The first event of a
#: task that was made with its phase has no row in the history.
_DECIDED: Final = """
    select exists (select from decide.head h where h.stream = $1 and $2 > 0
                      and ($2 <= h.version - h.reserved or (h.analyzed and $2 = 2)))
       and not exists (select from rm.timeline t where t.stream = $1 and t.version = $2
                          and t.plan_id = (select h.plan_id from decide.head h where h.stream = $1))
       and not exists (select from rm.task k where $2 = 1 and k.created_at is not null
                          and k.task_id = case when $1 ~ '^task-[0-9a-f-]{36}$' then substr($1, 6)::uuid end)
"""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """An event that was deleted from the outbox, and what was wrong with it."""

    seq: int
    type: str
    stream: str
    version: int
    wrong: str


async def take_out(request: Request, seq: str, reason: str) -> TakenOut:
    """Delete a row that waits in the outbox and that nobody of this system decided. Raises Problem 404, 409."""
    services: Services = request.state.services
    reason = await text(request, reason)
    number = mending.number_of(seq)
    async with audited(request) as telling:
        row = await telling.db.fetchrow(set_aside.SEALED, number) if number else None
        outcome, wrong = await _judged(services, telling.db, row)
        if row is not None and outcome == "accepted":
            await telling.db.execute("delete from decide.outbox where seq = $1", number)
        kept: dict[str, Any] = {}
        if row is not None:
            kept |= {"type": row["type"], "stream": row["stream"], "version": row["version"], "by": row["actor"]}
            kept |= {"state": wrong, "given": _data(row), "given_characters": len(row["data"])}
        telling.tell(Entry("outbox.remove", "event", str(number), None, outcome, kept, None, reason))
    if row is None or outcome == "not_found":
        raise not_found("event that waits in the outbox", f"'{seq[:40]}'")
    if outcome != "accepted":
        raise Problem("wrong-status", _REFUSED[outcome], currentStatus=outcome)
    services.publishing.wake()
    return TakenOut(number, row["type"], row["stream"], row["version"], wrong)


async def _judged(services: Services, db: Db, row: asyncpg.Record | None) -> tuple[Outcome, str]:
    """Judge whether a row may be deleted, and say what is wrong with it."""
    if row is None or row["published_at"] is not None:
        return "not_found", ""
    signing = services.settings.signing
    if signing.mode is not Mode.REQUIRE:
        return "unasked", ""
    seals = Seals(signing, services.settings.outbox_hours)
    await seals.learn(db, [row])
    try:
        seals.check(row)
    except Forged as forged:
        decided: bool = await db.fetchval(_DECIDED, row["stream"], row["version"])
        return "decided" if decided else "accepted", str(forged)
    return "genuine", ""


def _data(row: asyncpg.Record) -> Any:
    """Return the data of a row for the audit, None where it is too long for that."""
    data: str = row["data"]
    return orjson.loads(data) if len(data) <= MOST_KEPT else None
