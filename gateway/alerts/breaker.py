"""The circuit breaker of each notifier and webhook: a row in Postgres as all are.

So people see it, trip it and reset it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from gateway.alerts.routing import BREAKER
from schemas.process.database_away import DATABASE_FAILS

log = structlog.get_logger("alerts")

#: Failures in a row that open a breaker;
FAILURES: Final = 3
#: seconds after which one message may probe;
RESET_S: Final = 60.0
#: messages that have to arrive until it closes.
SUCCESSES: Final = 1
#: Seconds after which a probe without a report has lost its turn.
PROBE_S: Final = 60.0
ACTOR: Final = "system:alerts"
_NO_PROBE: Final = UUID(int=0)
_ALLOW: Final = "select allowed, retry_at, probe from flow.breaker_allow($1, $2, $3)"
_RELEASE: Final = "select flow.breaker_release($1, $2)"
_REPORT: Final = "select flow.breaker_report($1, $2, $3, $4, $5, $6, $7, $8)"


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether a message may be sent now; if not, when to ask again (None: only after a person resets the breaker)."""

    allowed: bool = True
    retry_at: datetime | None = None
    probe: UUID | None = None


class Breaker:
    """The circuit breaker of one notifier. It is closed while Postgres is away, so that this outage is reported."""

    def __init__(self, pool: asyncpg.Pool, notifier: str, kind: str = BREAKER) -> None:
        self._pool = pool
        self._name = f"{kind}{notifier}"

    async def ask(self) -> Leave:
        """Return whether a message may be sent. Never raises for an outage."""
        try:
            row = await self._pool.fetchrow(_ALLOW, self._name, PROBE_S, ACTOR)
        except DATABASE_FAILS:
            return Leave()
        assert row is not None, "the function answers with one row"
        return Leave(row["allowed"], row["retry_at"], row["probe"])

    async def report(self, leave: Leave, error: str) -> None:
        """Record the outcome of a message: `error` is empty if it arrived."""
        limits = FAILURES, RESET_S, SUCCESSES
        try:
            await self._pool.execute(
                _REPORT, self._name, not error, error[:300], *limits, ACTOR, leave.probe or _NO_PROBE
            )
        except DATABASE_FAILS as failed:
            log.warning("a breaker cannot be told", breaker=self._name, error=type(failed).__name__)

    async def release(self, leave: Leave) -> None:
        """Record that a message was not tried. If it was a probe, the next message may be one at once."""
        if leave.probe is None:
            return
        try:
            await self._pool.execute(_RELEASE, self._name, leave.probe)
        except DATABASE_FAILS as failed:  # its turn ends by itself
            log.warning("a breaker cannot be told", breaker=self._name, error=type(failed).__name__)
