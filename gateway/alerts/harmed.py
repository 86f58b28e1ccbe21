"""Says in a recovery notice what was late or failed while the alert lasted. No message waits for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import asyncpg

from gateway.alerts.alert import Alert
from gateway.verdict.words import harm as words
from gateway.verdict.words.speech import Speech
from projections.reads import harm
from schemas.process.connection import Db

#: Seconds that the counting may take; after that the harm is unknown.
COUNTS: Final = "set local statement_timeout = '1s'"


async def told(connection: Db, alert: Alert, speech: Speech) -> str:
    """Return the harm in a sentence; "" for an alert without a count. It leaves the caller's transaction as it was."""
    if not words.counted(alert.kind):
        return ""
    reading = connection.transaction()
    await reading.start()
    try:
        await connection.execute(COUNTS)
        found = await harm.during(connection, alert.began, alert.resolved_at or datetime.now(UTC))
    except asyncpg.PostgresError:  # it took too long, or a rebuild swaps the tables
        found = None
    finally:
        await reading.rollback()  # the limit of time goes with it
    return words.said(found, alert.kind, alert.subject, speech)
