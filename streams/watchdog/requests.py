"""Requests of people in the rows of deadlines: begun, and answered."""

from __future__ import annotations

import asyncpg

from schemas.process.connection import Db


async def begun(connection: Db, row: asyncpg.Record, attempts: int) -> None:
    """Store that what a person asked for was begun; it stays asked for until it was done."""
    await connection.execute(
        "update flow.deadline set attempts = $4, acted_at = clock_timestamp()"
        " where plan_id = $1::uuid and kind = $2 and channel = $3",
        row["plan_id"],
        row["kind"],
        row["channel"],
        attempts,
    )


async def answered(connection: Db, row: asyncpg.Record, in_s: float) -> None:
    """Store that a request was done. A stalled plan is checked again in `in_s`; any other gets its whole time again.

    What was asked meanwhile stays asked.
    """
    await connection.execute(
        "update flow.deadline set requested = null, requested_channels = '{}', check_from = clock_timestamp()"
        " + case when stalled_at is null then interval '0' else make_interval(secs => $6::float8) end"
        " where plan_id = $1::uuid and kind = $2 and channel = $3 and requested = $4"
        " and requested_channels = $5::text[]",
        row["plan_id"],
        row["kind"],
        row["channel"],
        row["requested"],
        row["requested_channels"],
        in_s,
    )
