"""The way of the first message of a run, step by step: where the seconds between a fault and its reader go."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from schemas.process.database_away import DATABASE_FAILS

#: The steps, in their order. What was told from memory while the database was away has no row of its own until later.
OPENED: Final = "the engine opens the alert"
QUEUED: Final = "its notice is queued"
BEGUN: Final = "a message of it is taken up"
MARKED: Final = "the receiver's answer is kept"
_WAY: Final = """
    select a.opened_at, n.created_at as queued_at, min(t.at) as begun_at, min(m.ended_at) as marked_at
      from flow.alert a
      left join flow.alert_notice n on n.alert_id = a.alert_id and n.about = 'opened'
      left join flow.alert_message m on m.message_id = n.message_id
      left join flow.alert_attempt t on t.message_id = m.message_id
     where a.alert_id = $1 group by 1, 2"""


async def way(env: Mapping[str, str], alert: str, fault: datetime) -> dict[str, float]:
    """Return step -> seconds after the fault for one alert, as the database keeps it; nothing where it cannot say."""
    with suppress(*DATABASE_FAILS):
        connection = await asyncpg.connect(env["MARKETPLACE_DATABASE_URL"], timeout=5)
        try:
            row = await connection.fetchrow(_WAY, UUID(alert))
        finally:
            await connection.close(timeout=5)
        return {} if row is None else steps(row, fault)
    return {}


def steps(row: Any, fault: datetime) -> dict[str, float]:
    """Return step -> seconds after the fault, of the steps that were made."""
    made = {OPENED: row["opened_at"], QUEUED: row["queued_at"], BEGUN: row["begun_at"], MARKED: row["marked_at"]}
    return {step: (at - fault).total_seconds() for step, at in made.items() if at is not None}
