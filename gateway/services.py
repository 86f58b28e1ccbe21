"""What the routes work with: made when the application starts, ended when it stops."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import asyncpg
import structlog

from gateway.access.authenticate import Access
from gateway.access.keys import ApiKeys
from gateway.access.roles import Role
from gateway.access.sessions import Sessions
from gateway.commands import Commands
from gateway.housekeeping import keep_house
from gateway.limits import RateLimiter
from gateway.live import Live
from gateway.metrics import Metrics
from gateway.publishing import Publishing
from gateway.replaying import carry_on
from gateway.settings import Settings
from gateway.upload_folder import sweep_upload_folders
from schemas.process.database_away import DATABASE_AWAY
from schemas.process.liveness import Connection, Liveness
from schemas.process.sessions import LOCK_HOLDER

T = TypeVar("T")
log = structlog.get_logger("gateway")

HOUSEKEEPING_S: Final = 600.0
#: A probe of the database that takes longer has failed; its result is good for a moment.
PROBE_S: Final = 2.0
PROBE_REMEMBERED_S: Final = 0.5


class Probe:
    """Whether the database answers, asked at most twice a second however often this is."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._asked: asyncio.Task[bool] | None = None
        self._good_until = 0.0

    async def database(self) -> bool:
        """Return whether a trivial query was answered in time; never raises for an outage."""
        if self._asked is None or (self._asked.done() and time.monotonic() > self._good_until):
            self._asked = _task(self._ask())
        return await asyncio.shield(self._asked)

    async def _ask(self) -> bool:
        try:
            async with asyncio.timeout(PROBE_S):
                await self._pool.fetchval("select 1")
        except DATABASE_AWAY:
            return False
        finally:
            self._good_until = time.monotonic() + PROBE_REMEMBERED_S
        return True


@dataclass(slots=True)
class Streams:
    """How many browsers listen to this gateway."""

    open: int = 0


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    pool: asyncpg.Pool
    commands: Commands
    live: Live
    access: Access
    limiter: RateLimiter
    metrics: Metrics
    publishing: Publishing
    streams: Streams
    probe: Probe


class Exposed(RuntimeError):  # noqa: N818 - it says what it is
    """The gateway would listen to the network with nobody able to sign in: it does not start."""


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Services]:
    """Start the services, with the database there or not, and end them."""
    async with asyncpg.create_pool(
        settings.database_url,
        min_size=0,
        max_size=settings.pool_size,
        timeout=settings.connect_timeout,
        command_timeout=settings.database_timeout,
        max_inactive_connection_lifetime=120,
        # Statements are planned once, when the tables are still empty, and a plan for an empty table reads it all.
        server_settings={"application_name": "gateway", "enable_seqscan": "off"},
    ) as pool:
        publishing = Publishing(settings)
        live = Live(settings.database_url, pool)
        limiter = RateLimiter(settings.limits)
        access = Access(ApiKeys(pool), Sessions(pool), limiter)
        services = Services(
            settings,
            pool,
            Commands(pool, publishing.wake),
            live,
            access,
            limiter,
            Metrics(),
            publishing,
            Streams(),
            Probe(pool),
        )
        if not settings.loopback:
            await _see_to_keys(settings, access.keys)
        liveness = liveness_of(settings, publishing)
        patient = [_task(live.run()), _task(publishing.run()), _task(liveness.run())]
        others = [_task(_keep_house(services)), _task(carry_on(pool, publishing.wake))]
        if settings.loopback:
            others.append(_task(_see_to_keys(settings, access.keys)))
            await asyncio.wait(others[-1:], timeout=settings.connect_timeout)  # but serve without the database, too
        try:
            yield services
        finally:
            live.stop()
            publishing.stop()
            await liveness.stop("told to stop")
            await asyncio.wait(patient, timeout=5)
            for task in (*patient, *others):
                task.cancel()
            await asyncio.gather(*patient, *others, return_exceptions=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(pool.close(), 5)


def liveness_of(settings: Settings, publishing: Publishing) -> Liveness:
    """Return the liveness of this process. It has a connection of its own: requests cannot hold it up."""

    def connect() -> Awaitable[Connection]:
        application = {"application_name": "liveness-gateway", **LOCK_HOLDER}
        return asyncpg.connect(
            settings.database_url,
            timeout=settings.connect_timeout,
            command_timeout=settings.database_timeout,
            server_settings=application,
        )

    return Liveness(
        connect,
        "gateway",
        lambda: {
            "handled": publishing.published,
            "relay": publishing.state(),
            "failing_s": round(publishing.failing_seconds(), 1),
        },
        deaf_after_s=settings.deaf_after,
        say=structlog.get_logger("liveness").warning,
    )


def _task(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    return asyncio.get_running_loop().create_task(work)


async def _see_to_keys(settings: Settings, keys: ApiKeys) -> None:
    """Store the bootstrap key, and refuse to be exposed without any key. Waits for the database as long as it takes."""
    if settings.loopback and not settings.bootstrap_key:
        return
    while True:
        try:
            if settings.bootstrap_key and await keys.ensure(settings.bootstrap_key, "bootstrap", Role.ADMIN):
                log.info("bootstrap key stored")
            if settings.loopback or await keys.any_active():
                return
            break
        except DATABASE_AWAY as error:
            log.warning("waiting for the database", error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(0.5)
    raise Exposed(
        f"The gateway would listen on {settings.host} and no API key exists. Make one first: "
        "python -m gateway.access.keys create --name <who> --role admin"
    )


async def _keep_house(services: Services) -> None:
    while True:
        await asyncio.to_thread(sweep_upload_folders)  # first of all: one who begins may follow one who was killed
        await asyncio.sleep(HOUSEKEEPING_S)
        await keep_house(services.pool)
        with suppress(*DATABASE_AWAY):
            await services.access.sessions.sweep()
