"""Rows of the outbox as commands store them, such as no command would store them, too."""

from __future__ import annotations

import uuid
from typing import Any

import asyncpg
import orjson

_PUT = """
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, held_at, held_why)
    values ($1::uuid, 'plan.events', $2, 'plan.rejected', $3, $4, 1, 'c', $2, 'ana', $5::jsonb,
            case when $6 then now() end, $7)
    returning seq
"""


def rejection(plan: str, **data: Any) -> dict[str, Any]:
    """The data of a plan.rejected, with whatever is to be wrong in it."""
    return {"plan_id": plan, "reason": "r", **data}


async def put_rejection(
    pool: asyncpg.Pool | asyncpg.Connection,
    plan: str,
    version: int,
    *,
    set_aside: bool = False,
    why: str | None = None,
    **data: Any,
) -> int:
    """Store a plan.rejected; return its seq. `set_aside`: as if the relay had done it, `why` saying what is wrong."""
    made: int = await pool.fetchval(
        _PUT,
        str(uuid.uuid4()),
        plan,
        f"plan-{plan}",
        version,
        orjson.dumps(rejection(plan, **data)).decode(),
        set_aside,
        why,
    )
    return made
