"""The engine makes alerts and notices: it reads the verdict every second or two, and whenever something changes.

One engine is active, by a lock on a session of its own, like the gateways' relay; the others stand by. It writes
through that session alone, so an engine that lost its lock cannot write.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
import structlog

from gateway.alerts import core, store
from gateway.alerts.alert import Alert
from gateway.alerts.core import Change, Known, Look, Memory
from gateway.alerts.history import History
from gateway.alerts.memory_queue import MemoryQueue
from gateway.alerts.patience import DATABASE
from gateway.alerts.pulse import PULSE_S, QUIET, Pulse
from gateway.alerts.regular import Regular
from gateway.alerts.routing import Gathering, Notice, notices
from gateway.alerts.settings import Settings
from gateway.verdict.causes import REFUSES
from gateway.verdict.disks import refused_alone
from gateway.verdict.families import key_of
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.reading import Verdicts
from projections.reads.disks import Disk
from schemas import outbox_seal
from schemas.process import database
from schemas.process.crashpoints import crashpoint
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.log_context import job, raised_in
from schemas.process.named import named
from schemas.process.rest import rest
from schemas.process.rounds import Round
from schemas.process.sessions import never_frozen

log = structlog.get_logger("alerts")

JOB: Final = "alerts"
_LOCK: Final = 0x616C7274
#: Seconds between looks while something is wrong, or an alert is open.
TICK_S: Final = 1.0
#: Least seconds between two looks.
SOON_S: Final = 0.1
#: After so many seconds without a new session, Postgres counts as away, whatever older sessions can still do.
NO_SESSION_S: Final = 1.0
#: Seconds between two tries of a standby for the lock.
STANDBY_S: Final = 0.5
#: Seconds after which an engine that was never active reports an outage of the database, too: nobody else can have.
STANDBY_TELLS_S: Final = 30.0
CONNECT_S: Final = 2.0
STATEMENT_S: Final = 5.0


class Engine:
    """The alert engine. `active`: this one decides and sends; `away`: it cannot write to Postgres."""

    def __init__(self, settings: Settings, verdicts: Verdicts, memory: MemoryQueue, wake: Callable[[], None]) -> None:
        self._settings = settings
        self._routing = settings.routing
        self._verdicts = verdicts
        self._told_from_memory = memory
        self._wake = wake
        self._regular = Regular(settings)
        self._acknowledging = [name for name, one in settings.notifiers.items() if one.acknowledges]
        self._memory = Memory(datetime.now(UTC))
        self._history = History(opened=False)
        self._pulse = Pulse(settings.notifiers)
        self._gathering = Gathering()
        self._stopping = asyncio.Event()
        self._was_active = False
        self._let_in = False
        self._kept: frozenset[str] = frozenset()
        self._stored = memory.stored
        self._away_since: float | None = None
        self.active = False
        self.looks = 0
        self.looked_at = time.monotonic()

    @property
    def away(self) -> bool:
        return self._away_since is not None

    @property
    def works(self) -> bool:
        """Return whether alerts would be sent: the engine looks, and an outage of Postgres has been reported."""
        fresh = time.monotonic() - self.looked_at < 10 * TICK_S
        told = not self.away or self._told_from_memory.told or self._stored.told or not self._settings.notifiers
        return fresh and told and (self.active or self.away)

    def stop(self) -> None:
        """End `run` after the present look."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until stopped; never raises for an outage."""
        while not self._stopping.is_set():
            with Round(JOB, _failed) as work:
                await self._session()
            last = work
            if isinstance(work.error, DATABASE_FAILS):
                with Round(JOB, _failed) as last:
                    await self._without_database(named(work.error, 200))
            self.active = False
            if last.error is not None:
                await rest(self._stopping, TICK_S)

    async def _session(self) -> None:
        self._let_in = False
        connection = await connect(self._settings)
        self._let_in = True
        try:
            while not await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK):
                await self._back(connection)
                self._works()
                self._was_active, self.looked_at = False, time.monotonic()
                self._history.rest()
                await rest(self._stopping, STANDBY_S)
                if self._stopping.is_set():
                    return
            if not self._was_active:
                log.info("active: this engine decides what is told", started_at=time.time())
            self.active = self._was_active = True
            await self._history.begin(connection)
            while not self._stopping.is_set():
                began = time.monotonic()
                with job(JOB):
                    await self._back(connection)
                    quiet = await self._look(connection)
                self._works()
                self.looks += 1
                self.looked_at = time.monotonic()
                await self._until_next(connection, began + (QUIET if quiet else 1) * TICK_S)
        finally:
            with suppress(Exception):
                await connection.close(timeout=2)

    def _works(self) -> None:
        """Note that Postgres stored the last look, unless messages of an outage still wait to be written."""
        if self._told_from_memory.empty:
            self._away_since = None

    async def _until_next(self, connection: asyncpg.Connection, next_at: float) -> None:
        """Return when the next look is due: something changed, or a finding has lasted long enough."""
        if self._memory.next_at is not None:
            left_s = (self._memory.next_at - datetime.now(UTC)).total_seconds()
            next_at = min(next_at, time.monotonic() + max(SOON_S, left_s))
        turned = False
        while not turned and not self._stopping.is_set() and (left := next_at - time.monotonic()) > 0:
            await rest(self._stopping, max(0.01, min(PULSE_S, left)))
            if next_at - time.monotonic() > SOON_S:
                turned, due = await self._pulse.turned(connection)
                if due:
                    self._wake()

    async def _look(self, connection: asyncpg.Connection) -> bool:
        verdict = await self._verdicts.now()
        seen, memory = core.look(verdict, self._memory)
        known = await store.load(connection)
        self._kept = frozenset(alert.key for alert in known.alerts)
        self._stored = await store.stored(connection, DATABASE, known.alerts)
        await self._told_from_memory.remember(self._stored)
        after, changes = self._step(memory, seen, known)
        self._memory = replace(after, past=memory.past)  # what was not written was not told
        seen_to = await store.acknowledged(connection, self._acknowledging, seen.at)
        if changes or seen_to:
            async with connection.transaction():
                await self._write(connection, changes, seen.at)
                await store.put(connection, seen_to)
            self._wake()
        self._memory = after
        if await self._regular.look(connection, seen.at):
            self._wake()
        self._history.look(verdict)
        if self._history.due:
            await self._write_down(connection)
        return not self._kept and not seen.findings  # nothing is open, and nothing wrong

    def _step(self, memory: Memory, seen: Look, known: Known) -> tuple[Memory, tuple[Change, ...]]:
        routing = self._routing
        return core.step(memory, seen, known, routing.patience, routing.escalates, routing.covers)

    async def _write_down(self, connection: asyncpg.Connection) -> None:
        """Write the figures for charts. A failure is logged and delays no alert."""
        try:
            await self._history.write(connection)
        except DATABASE_FAILS:
            raise
        except Exception as error:
            with raised_in(error):
                log.exception("the figures of a minute are not written", error=repr(error)[:300])

    async def _write(self, connection: asyncpg.Connection, changes: tuple[Change, ...], at: datetime) -> None:
        known_to = await store.told(connection, [change.alert.alert_id for change in changes])
        due_at = self._due(changes, at)
        for change in changes:
            if not await store.write(connection, change):
                continue
            told = known_to.get(change.alert.alert_id, {})
            mine = notices(change, self._routing, told, due_at, self._settings.notifiers.keys())
            await store.put(connection, list(mine))
            if change.what != "changed":
                log.info("alert", what=change.what, key=change.alert.key, alert=str(change.alert.alert_id))

    def _due(self, changes: tuple[Change, ...], at: datetime) -> datetime:
        """Return when the messages about these changes are due."""
        return at if all(change.what == "changed" for change in changes) else self._gathering.due(at)

    async def _back(self, connection: asyncpg.Connection) -> None:
        """Write the messages of an outage to Postgres, once none of them is in flight."""
        if not self._told_from_memory.empty and not self._told_from_memory.in_flight:
            with self._told_from_memory.handing_over():
                async with connection.transaction():
                    written = await self._told_from_memory.write_down(connection)
                    stored = await store.stored(connection, DATABASE, written)
                crashpoint("alerts.written_down")
                self._stored = stored
                self._told_from_memory.clear()
                await self._told_from_memory.remember(stored)

    async def _without_database(self, why: str) -> None:
        """Look once while Postgres is away, or stores nothing, and report that alone: all else waits for it."""
        self._away_since = self._away_since or time.monotonic()
        began = time.monotonic()
        verdict = await self._verdicts.now()
        seen, memory = core.look(verdict, self._memory)
        self.looked_at = time.monotonic()
        if self._was_active:
            self._history.look(verdict)
        away_s = began - self._away_since
        waited = self._was_active or away_s >= STANDBY_TELLS_S
        if seen.whole and away_s >= NO_SESSION_S:
            seen = self._as_it_is(seen, why, verdict.snapshot.operations.disks)
            since = dict.fromkeys(seen.findings, seen.at - timedelta(seconds=away_s))
            memory = replace(memory, seen={**since, **memory.seen})
        if not seen.whole and waited:
            if self._told_from_memory.take_up():
                self._stored = self._told_from_memory.stored
            with self._told_from_memory.handing_over():  # what goes out is kept before
                self._memory, changes = self._step(memory, seen, Known(self._open(seen)))
                due_at = self._due(changes, seen.at)
                for change in changes:
                    self._told_from_memory.put(change.alert, self._from_memory(change, due_at))
                await self._told_from_memory.remember()
        self._wake()
        # the end of this session alone is no outage: the next session comes at once
        tick_s = 0.0 if seen.whole and away_s < NO_SESSION_S else TICK_S
        await rest(self._stopping, max(SOON_S, tick_s - (time.monotonic() - began)))

    def _open(self, seen: Look) -> list[Alert]:
        """Return the open alerts that this process knows: from its memory, and from Postgres before the outage.

        The sent ones of these are not sent again. The others are sent from here by the same notices, so that they count
        as sent once they are written.
        """
        stored, memory = self._stored.alert, self._told_from_memory
        if stored is None or any(alert.key == stored.key for alert in memory.alerts):
            return memory.alerts
        if not self._stored.told:
            memory.put(stored, self._from_memory(Change("opened", stored), seen.at))
        return [*memory.alerts, stored] if self._stored.told else memory.alerts

    def _as_it_is(self, seen: Look, why: str, disks: Sequence[Disk]) -> Look:
        """Return the findings to report while the database can be read but not written.

        An open connection may still read while nobody else is let in. Or everybody is let in, and nothing is stored.
        """
        if not self._let_in:
            return Look(seen.at, {DATABASE: Finding(Kind.DATABASE_AWAY, {})}, whole=False)
        said = next((one for one in seen.findings.values() if one.kind in REFUSES), None)
        refuses = refused_alone(why if said is None else str(said.values["reason"]), disks)
        key = key_of(refuses)
        return Look(seen.at, {} if key in self._kept else {key: refuses}, whole=False)

    def _from_memory(self, change: Change, at: datetime) -> list[Notice]:
        known = self._told_from_memory.told_of(change.alert.alert_id)
        return list(notices(change, self._routing, known, at, self._settings.notifiers.keys()))


def _failed(error: Exception) -> None:
    if isinstance(error, DATABASE_FAILS):
        log.warning("Postgres cannot be used", error=named(error, 200))
    else:  # a mistake of ours: said, and looked at again, since people rely on it
        log.error("a look failed", error=repr(error)[:300], exc_info=error)


async def connect(settings: Settings) -> asyncpg.Connection:
    """Return the session that holds the engine's lock. Its events are sealed."""
    url, own = settings.database_url, never_frozen() | outbox_seal.session(settings.signing.own)
    return await database.connect(url, "alerts", connect_s=CONNECT_S, statement_s=STATEMENT_S, session=own)
