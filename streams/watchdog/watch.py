"""The watchdog's loop: a tick twice a second, more often where something is late; outages waited out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog

from schemas import metrics as measured
from schemas import outbox_seal
from schemas.causes import CAUSES
from schemas.process import database, metrics
from schemas.process.database_away import DATABASE_AWAY
from schemas.process.log_context import job
from schemas.process.named import named
from schemas.process.outbox_seals import Seals
from schemas.process.rest import rest
from schemas.process.rounds import Round
from schemas.process.sessions import LOCK_HOLDER
from schemas.signing import NO_KEYS, Keys
from streams.settings import Settings
from streams.watchdog import unannounced
from streams.watchdog.actions import Actions
from streams.watchdog.backlog import groups, tell
from streams.watchdog.broker import BrokerView
from streams.watchdog.care import ACTOR, Care
from streams.watchdog.disks import ServerDisks
from streams.watchdog.housekeeping import keep_house
from streams.watchdog.log_reach import LogReach
from streams.watchdog.processes import Processes
from streams.watchdog.registry import RegistryView
from streams.watchdog.settings import Patience
from streams.watchdog.view import SystemView

log = structlog.get_logger("watchdog")

JOB: Final = "watchdog"
HOUSEKEEPING_S: Final = 600.0
#: Missed deadlines are looked at for so long in one go.
ROUNDS_S: Final = 0.4
#: How often plans are looked for whose tasks ended before Phase 1 was readable, and how many are completed in one go.
COMPLETE_S: Final = 5.0
COMPLETE_MOST: Final = 200
#: How often all plans are looked at for that, not only those that changed within a day.
COMPLETE_ALL_S: Final = 3600.0
COMPLETE_MORE_S: Final = 60.0
#: Nobody waits for longer for that: the watchdog has plans to look at.
COMPLETE_WITHIN_S: Final = 3.0


class Watch:
    """Watches until stopped."""

    def __init__(self, settings: Settings, patience: Patience, pool: asyncpg.Pool) -> None:
        self._settings = settings
        self._patience = patience
        self._broker = BrokerView(settings.brokers)
        self._view = SystemView(patience, self._broker)
        self._processes = Processes(self._view, self._broker, patience, settings.longest_waits_s)
        self._reach = LogReach(settings.brokers, pool, self._broker)
        self._disks = ServerDisks(settings.brokers, pool)
        self._registry = RegistryView(settings.registry_url)
        seals = Seals(settings.signing)
        self._seals = seals
        self._care = Care(self._view, patience, Actions(pool, self._processes, seals), seals)
        self._stopping = asyncio.Event()
        self._kept_house_at = time.monotonic()
        self._looked_at = time.monotonic()
        self._completed_at = time.monotonic()
        self._completed_all_at = -COMPLETE_ALL_S
        self._rounds = 0

    def stop(self) -> None:
        """End `run` after the round under way."""
        self._stopping.set()

    def on_turn(self, turned: Callable[[], None]) -> None:
        """Call `turned` when `progress` begins or ceases to say that broker or registry are away, or a disk is full."""
        for view in (self._broker, self._disks, self._registry):
            view.turned = turned

    def progress(self) -> dict[str, Any]:
        """Return short facts for the watchdog's own row."""
        return {
            "handled": self._rounds,
            "stalled": self._care.stalled,
            "recovered": self._care.recovered,
            "escalated": self._care.escalated,
            "gone": self._processes.gone,
            "ended": self._processes.ended,
            "idle_s": round(time.monotonic() - self._looked_at, 1),
            "broker_away_s": round(self._broker.away_s, 1),
            "broker_error": self._broker.error.replace("\0", "") if self._broker.away_s else "",
            "registry_away_s": round(self._registry.away_s, 1),
            "registry_error": self._registry.error,
            "groups": groups(self._view, self._broker, self._settings.longest_waits_s),
            "server_disks": self._disks.seen,
            "disks_unseen": self._disks.unseen,
        }

    async def run(self) -> None:
        """Work until stopped; never raises for an outage."""
        loop = asyncio.get_running_loop()
        looks = (self._broker.run(), self._reach.run(), self._disks.run(), self._registry.run())
        beside = [loop.create_task(look) for look in looks]
        tell(self._broker)
        for cause in CAUSES:  # a counter that begins with 1 rose by nothing, as Prometheus counts
            for metric in (measured.STALLED, measured.RECOVERED, measured.ESCALATED):
                metrics.count(metric, cause, by=0)
        away_since: float | None = None
        try:
            while not self._stopping.is_set():
                with Round(JOB, _failed) as this:
                    connection = await connect(self._settings.database_url, self._settings.signing.own)
                    try:
                        if away_since is not None:
                            log.warning("the database is back", away_s=round(time.monotonic() - away_since, 1))
                            away_since = None
                        await self._session(connection)
                    finally:
                        with suppress(Exception):
                            await connection.close(timeout=1)
                if isinstance(this.error, DATABASE_AWAY):
                    away_since = away_since or time.monotonic()
                    await rest(self._stopping, 0.3)
                elif this.error is not None:
                    await rest(self._stopping, 1.0)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _session(self, connection: asyncpg.Connection) -> None:
        self._processes.begin()
        while not self._stopping.is_set():
            with job(JOB):
                rest_s = await self._round(connection)
            await rest(self._stopping, rest_s)

    async def _round(self, connection: asyncpg.Connection) -> float:
        """Look at everything once; return for how long to rest."""
        began = time.monotonic()
        await self._view.look(connection)
        await self._processes.see_to(connection, self._view.off)
        rounds_began = time.monotonic()
        while self._view.missed and await self._care.round(connection) and not self._stopping.is_set():
            # rows come due again while others are looked at: everything else must have its turn, too
            if time.monotonic() - rounds_began > ROUNDS_S:
                break
        cared_s = time.monotonic() - rounds_began
        if began - self._completed_at > COMPLETE_S:
            self._completed_at = began
            await self._complete(connection)
            await unannounced.announce(connection, self._seals)
        self._rounds += 1
        self._looked_at = time.monotonic()
        if began - self._kept_house_at > HOUSEKEEPING_S:
            self._kept_house_at = began
            await keep_house(connection, ACTOR)
        patience = self._patience
        tick_s = patience.tick_s if self._view.missed or self._processes.unsure else patience.quiet_s
        # when thousands wait, looking at them must not take the time that would get them done
        return max(0.02, tick_s - (time.monotonic() - began), 2 * cared_s)

    async def _complete(self, connection: asyncpg.Connection) -> None:
        """Complete plans whose tasks have ended: recent ones, and once an hour those that were missed."""
        all_of_them = time.monotonic() - self._completed_all_at > COMPLETE_ALL_S
        if all_of_them:
            self._completed_all_at = time.monotonic()
        try:
            looked = await connection.fetchval(
                "select decide.complete_waiting($1, $2, $3)",
                COMPLETE_MOST,
                ACTOR,
                all_of_them,
                timeout=COMPLETE_WITHIN_S,
            )
        except TimeoutError:
            log.warning("plans whose tasks have ended are looked for later", all=all_of_them)
            return
        if all_of_them and looked == COMPLETE_MOST:  # there may be more: soon, and not at once
            self._completed_all_at -= COMPLETE_ALL_S - COMPLETE_MORE_S


def _failed(error: Exception) -> None:
    if isinstance(error, DATABASE_AWAY):
        log.warning("the database is away, waiting", error=named(error, 200))
    else:  # a bug: said, and tried again, since others wait for us
        log.error("a round failed", error=repr(error)[:300], exc_info=error)


async def connect(database_url: str, keys: Keys = NO_KEYS) -> asyncpg.Connection:
    """Return the connection of a watchdog; what its transactions lock is free soon after its host vanished.

    `keys` seal what it decides.
    """
    return await database.connect(database_url, "watchdog", session={**LOCK_HOLDER, **outbox_seal.session(keys)})
