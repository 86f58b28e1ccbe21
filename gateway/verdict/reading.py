"""Reads what the verdict is made of, in one place: one snapshot of the database, and what this gateway knows itself."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Final, Literal

import asyncpg

from gateway.commands.commands import Commands
from gateway.live import Live
from gateway.outbox.publishing import Publishing
from gateway.verdict.finding import Verdict
from gateway.verdict.judge import judge
from gateway.verdict.probe import PROBE_S, Probe
from gateway.verdict.snapshot import Snapshot
from projections.reads import operations, overview
from schemas.process.database_away import DATABASE_FAILS

#: What takes longer to be read is not answered.
READ_S: Final = PROBE_S
#: So long a command that could not be stored is told of: one that can does not prove that the next one can, too.
REFUSED_S: Final = 3.0
#: A page shows a verdict that is at most so old, however many pages are asked for.
FRESH_S: Final = 1.0


class Verdicts:
    """The verdict of this gateway: looked at anew, or one of a moment ago."""

    def __init__(self, pool: asyncpg.Pool, publishing: Publishing, commands: Commands, live: Live) -> None:
        self._pool = pool
        self._publishing = publishing
        self._commands = commands
        self._live = live
        self._lock = asyncio.Lock()
        self._last: tuple[float, Verdict] | None = None
        self.probe = Probe(pool)

    async def now(self) -> Verdict:
        """Look, and judge. Never raises for an outage: that the database is away is a finding."""
        verdict = judge(await self._look())
        self._last = time.monotonic(), verdict
        return verdict

    async def fresh(self) -> Verdict:
        """Return a verdict that is at most `FRESH_S` old; all who ask meanwhile wait for one look."""
        async with self._lock:
            if self._last is None or time.monotonic() - self._last[0] > FRESH_S:
                return await self.now()
            return self._last[1]

    def forget(self) -> None:
        """Look anew for the next page: something was changed just now."""
        self._last = None

    async def of_database(self) -> Verdict | None:
        """Return the verdict where the database is away, None where it answers: one small question, for probes."""
        if await self.probe.database():
            return None
        return judge(self._snapshot("away", PROBE_S))

    async def _look(self) -> Snapshot:
        began = time.perf_counter()
        for _ in range(2):  # the pool's first connection may be of before an outage that is over
            try:
                read = await self._read()
            except DATABASE_FAILS as error:
                if not await self.probe.anew():
                    return self._snapshot("away", time.perf_counter() - began)
                if isinstance(error, TimeoutError):
                    break
            else:
                return self._snapshot("answers", time.perf_counter() - began, *read)
        return self._snapshot("hangs", time.perf_counter() - began)

    async def _read(self) -> tuple[overview.Overview, operations.Operations]:
        """Return one snapshot of the database."""
        async with (
            asyncio.timeout(READ_S),
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await overview.read(connection), await operations.read(connection)

    def _snapshot(
        self,
        database: Literal["answers", "hangs", "away"],
        took_s: float,
        found: overview.Overview | None = None,
        runs: operations.Operations | None = None,
    ) -> Snapshot:
        at, why = self._commands.refused or (0.0, "")
        return Snapshot(
            datetime.now(UTC),
            database,
            round(took_s, 4),
            self._publishing.state(),
            self._publishing.failing_seconds(),
            self._publishing.reaches_broker(),
            why if at and time.monotonic() - at < REFUSED_S else "",
            self._live.unheard_seconds(),
            found,
            runs or operations.Operations(),
        )
