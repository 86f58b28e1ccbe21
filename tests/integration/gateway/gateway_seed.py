"""Rows as the projections and decisions leave them, for tests of what people see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson

from schemas.encryption import decrypted

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)

OPPORTUNITY = {
    "id": "shopee-returns",
    "channel": "shopee",
    "title": "Reduzir devoluções",
    "what": "Rever as fotos do SKU 1",
    "priority": "high",
    "evidence": [{"metric": "return_rate", "value": 0.2, "unit": "ratio", "text": "20 %", "skus": ["1"]}],
    "worth_brl": 1200.5,
}
PHASE = {
    "number": 1,
    "name": "Fase 1",
    "weeks": "Semanas 1-4",
    "tasks": [
        {
            "title": "Fotos",
            "what": "Trocar",
            "channel": "shopee",
            "priority": "high",
            "opportunity_id": "shopee-returns",
        }
    ],
    "investment": "",
    "expected_impact": "menos devoluções",
}


async def add_plan(
    db: asyncpg.Connection | asyncpg.Pool,
    *,
    status: str = "awaiting_approval",
    version: int = 2,
    title: str = "Relatório de abril",
    channels: tuple[str, ...] = ("shopee",),
    priority: str = "normal",
    uploaded_at: datetime = NOW,
    head: bool = True,
    plan_id: UUID | None = None,
) -> UUID:
    """A plan as the read model shows it, and (with `head`) as decisions know it."""
    plan_id = plan_id or uuid4()
    await db.execute(
        """insert into rm.plan (plan_id, version, status, title, filename, media_type, size_bytes, sha256, document_id,
                channels, priority, outcomes, opportunities, phases, uploaded_by, uploaded_at, analyzed_at, changed_at)
           values ($1, $2, $3, $4, 'abril.csv', 'text/csv', 1234, 'ab', $1, $5, $6, '[]', $7, $8, 'ana', $9, $9, $9)""",
        plan_id,
        version,
        status,
        title,
        list(channels),
        priority,
        orjson.dumps([OPPORTUNITY]).decode(),
        orjson.dumps([PHASE]).decode(),
        uploaded_at,
    )
    if head:
        await db.execute(
            "insert into decide.head (stream, kind, plan_id, status, version, reserved)"
            " values ('plan-' || $1::uuid, 'plan', $1, $2, $3, $4)",
            plan_id,
            status,
            version,
            1 if status == "analyzing" else 0,
        )
    return plan_id


async def add_channel(db: asyncpg.Connection | asyncpg.Pool, plan_id: UUID, channel: str) -> None:
    await db.execute(
        """insert into rm.plan_channel (plan_id, channel, version, status, source, model, summary, opportunities,
                phases, repairs, limits, changed_at)
           values ($1, $2, 1, 'analyzed', 'rules', 'rules-1', 'ok', $3, $4, '[]', '["sem custos"]', $5)""",
        plan_id,
        channel,
        orjson.dumps([OPPORTUNITY]).decode(),
        orjson.dumps([PHASE]).decode(),
        NOW,
    )


async def add_task(db: asyncpg.Connection | asyncpg.Pool, plan_id: UUID, *, position: int = 1, **fields: Any) -> UUID:
    task_id = uuid4()
    values = {
        "title": "Trocar as fotos",
        "what": "SKU 1",
        "channel": "shopee",
        "priority": "high",
        "status": "open",
        "assignee": "",
        "created_at": NOW + timedelta(minutes=1),
        "due_on": None,
        **fields,
    }
    await db.execute(
        """insert into rm.task (task_id, plan_id, version, position, title, what, channel, priority, status, assignee,
                created_at, changed_at, due_on)
           values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)""",
        task_id,
        plan_id,
        position,
        *values.values(),
    )
    return task_id


async def add_comment(db: asyncpg.Connection | asyncpg.Pool, task_id: UUID, plan_id: UUID, comment: str) -> None:
    await db.execute(
        "insert into rm.task_comment (event_id, task_id, plan_id, actor, comment, at)"
        " values ($1, $2, $3, 'ana', $4, $5)",
        uuid4(),
        task_id,
        plan_id,
        comment,
        NOW,
    )


async def add_event(db: asyncpg.Connection | asyncpg.Pool, plan_id: UUID, version: int, kind: str) -> UUID:
    event_id = uuid4()
    await db.execute(
        """insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor,
                causation_id, trace_id, topic, partition, "offset", data)
           values ($1, $2, $3, 'plan-' || $2::uuid, $4::integer, $5, $5, 'ana', 'c', null, 'plan.events', 0,
                   $4::integer, $6)""",
        event_id,
        plan_id,
        kind,
        version,
        NOW + timedelta(seconds=version // 3),
        orjson.dumps({"plan_id": str(plan_id)}).decode(),
    )
    return event_id


async def upload_of(pool: asyncpg.Pool, plan_id: UUID | str) -> dict[str, Any]:
    """Return the data of a plan's plan.uploaded as it goes to the log, with its names as people read them."""
    row = await pool.fetchrow(
        "select o.data, k.key from decide.outbox o join decide.data_key k on k.plan_id::text = o.key"
        " where o.key = $1 and o.type = 'plan.uploaded'",
        str(plan_id),
    )
    assert row is not None
    return decrypted(orjson.loads(row["data"]), row["key"])
