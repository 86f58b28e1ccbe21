"""The recovery log: stalls with their cause, recovery and outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where, from_json


@dataclass(frozen=True, slots=True)
class Recovery:
    """A step of the recovery log, from plan.stalled to plan.recovered or plan.escalated.

    `evidence` of plan.recovery.requested says who asked (`by`), `how`, why (`reason`) and for which `channels`.
    """

    plan_id: UUID
    title: str
    version: int
    type: str
    at: datetime
    state: str
    cause: str
    action: str
    attempt: int
    due_at: datetime | None
    stalled_ms: int | None
    evidence: dict[str, str]
    recommendation: str


_RECOVERIES = """
    select r.plan_id, coalesce(p.title, '') as title, r.version, r.type, r.at, r.state, r.cause, r.action, r.attempt,
           r.due_at, r.stalled_ms, r.evidence, r.recommendation"""
_LOG = Order(
    "at", (Key("r.at", "timestamptz", True), Key("r.plan_id", "uuid", True), Key("r.version", "integer", True))
)


async def find(
    db: Reader, *, plan_id: UUID | None = None, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[Recovery]:
    """Return a page of the recovery log, newest first. Raises BadCursor."""
    where = Where()
    if plan_id is not None:
        where.add(f"r.plan_id = {where.arg(plan_id)}")
    if cursor is not None:
        _LOG.start_after(cursor, where)
    rows = await db.fetch(
        f"{_RECOVERIES}, {_LOG.columns()} from rm.recovery r left join rm.plan p on p.plan_id = r.plan_id"
        f" {where.sql()} {_LOG.order_by()}"
        f" limit {limit + 1:d}",
        *where.args,
    )
    return page_of(rows, limit, _LOG, [_recovery(r) for r in rows], None)


def _recovery(r: Any) -> Recovery:
    return Recovery(
        r["plan_id"],
        r["title"],
        r["version"],
        r["type"],
        r["at"],
        r["state"],
        r["cause"],
        r["action"],
        r["attempt"],
        r["due_at"],
        r["stalled_ms"],
        from_json(r["evidence"]),
        r["recommendation"],
    )
