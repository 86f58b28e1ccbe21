"""Starts what the routes work with and what goes on in the background, and ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeVar

import asyncpg
import structlog

from gateway.access.api_keys import ApiKeys
from gateway.access.authenticate import Access
from gateway.access.identities import Company, Identities
from gateway.access.limits import RateLimiter
from gateway.access.links import Links
from gateway.access.people import People
from gateway.access.roles import Role
from gateway.access.sign_ins import SignIns
from gateway.access.upload_bytes import Budget
from gateway.audit.expiring import drop_expired
from gateway.audit.reading import Readings
from gateway.audit.sealing import keep_sealing
from gateway.audit.texts import Writers
from gateway.commands.commands import Commands
from gateway.exports.download_limit import Places
from gateway.intake.reader import Confinement
from gateway.live.changes import Live
from gateway.live.streams import Streams
from gateway.operations.housekeeping import keep_house
from gateway.operations.replaying import carry_on
from gateway.operations.system_changes import watch
from gateway.outbox.publishing import Publishing
from gateway.services.metrics import Metrics
from gateway.services.services import Services
from gateway.settings import Settings
from gateway.uploads.upload_folder import sweep_upload_folders
from gateway.verdict.reading import Verdicts, as_this_gateway, refused_now
from schemas import outbox_seal
from schemas.process import sign_of_life
from schemas.process.bounded_pool import BoundedPool
from schemas.process.database import FOUR_EYES, PLANNED_EMPTY, bounded_pool
from schemas.process.database import pool as pool_of
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.heartbeat import heartbeat
from schemas.process.liveness import Liveness
from schemas.process.named import named
from schemas.process.rounds import Round

T = TypeVar("T")
log = structlog.get_logger("gateway")

HOUSEKEEPING_S: Final = 600.0
#: Connections of the health report: one for what is seen, one for whether the database answers at all.
HEALTH_POOL: Final = 2


class Exposed(RuntimeError):  # noqa: N818 - it says what it is
    """The gateway refuses to listen to the network while there is no key to sign in with."""


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Services]:
    """Start the services, with the database there or not, and end them."""
    signs = _task(sign_of_life.keep_giving())
    async with _pool(settings) as pool, _health_pool(settings) as health_pool:
        confinement = Confinement()
        services = _services(settings, pool, health_pool, confinement)
        if not settings.loopback:
            await _see_to_keys(settings, services.access.keys)
        _see_to_proxies(settings)
        liveness = _heartbeat(services, pool)
        patient = [_task(services.live.run()), _task(services.publishing.run()), _task(liveness.run())]
        others = [
            _task(_keep_house(services)),
            _task(carry_on(pool, services.publishing.wake)),
            _task(watch(services)),
            _task(keep_sealing(pool)),
            _task(confinement.find()),
        ]
        if settings.loopback:
            others.append(_task(_see_to_keys(settings, services.access.keys)))
            await asyncio.wait(others[-1:], timeout=settings.connect_timeout)  # but serve without the database, too
        try:
            yield services
        finally:
            services.live.stop()
            services.publishing.stop()
            signs.cancel()
            await liveness.stop("told to stop")
            await asyncio.wait(patient, timeout=5)
            for task in (*patient, *others):
                task.cancel()
            await asyncio.gather(*patient, *others, return_exceptions=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(pool.close(), 5)


def _pool(settings: Settings) -> BoundedPool:
    return bounded_pool(
        settings.database_url,
        "gateway",
        settings.pool_size,
        wait_s=settings.pool_wait,
        connect_s=settings.connect_timeout,
        statement_s=settings.database_timeout,
        session={
            **PLANNED_EMPTY,
            **(FOUR_EYES if settings.four_eyes else {}),
            **outbox_seal.session(settings.signing.own),
        },
    )


def _health_pool(settings: Settings) -> asyncpg.Pool:
    """Return the pool of what says how things are: it does not wait for those who ask for other things."""
    return pool_of(
        settings.database_url,
        "gateway-health",
        HEALTH_POOL,
        connect_s=settings.connect_timeout,
        statement_s=settings.database_timeout,
        session=PLANNED_EMPTY,
        idle_s=120,
    )


def _services(settings: Settings, pool: BoundedPool, health_pool: asyncpg.Pool, confinement: Confinement) -> Services:
    publishing = Publishing(settings)
    live = Live(settings.database_url, pool)
    limiter = RateLimiter(settings.limits)
    access = Access(
        ApiKeys(pool),
        People(pool),
        SignIns(pool),
        Links(pool),
        limiter,
        company=_company(settings, pool),
        proxied=bool(settings.trusted_proxies),
    )
    commands = Commands(pool, publishing)
    return Services(
        settings,
        pool,
        commands,
        live,
        access,
        limiter,
        Metrics(),
        publishing,
        Streams(),
        Verdicts(
            health_pool,
            as_this_gateway(publishing, commands, live, confinement, pool),
            settings.database_limit,
            settings.decision_due_s,
            settings.transaction_due_s,
            shown=True,
        ),
        Readings(),
        Writers(pool),
        Places(settings.downloads, settings.downloads_of_one),
        Budget(settings.upload_bytes_at_once, settings.upload_bytes_of_one),
    )


def _company(settings: Settings, pool: asyncpg.Pool) -> Company | None:
    if settings.oidc is None:
        return None
    from gateway.access.oidc import Provider  # noqa: PLC0415 - authlib is for those who have such a provider

    return Company(Provider(settings.oidc), Identities(pool, settings.oidc))


def _heartbeat(services: Services, pool: BoundedPool) -> Liveness:
    settings, publishing = services.settings, services.publishing
    return heartbeat(
        settings.database_url,
        "gateway",
        lambda: {
            "handled": publishing.published,
            "relay": publishing.state(),
            "failing_s": round(publishing.failing_seconds(), 1),
            "refused": refused_now(services.commands).replace("\0", ""),
            "unheard_s": round(services.live.unheard_seconds(), 1),
            "pool_full_s": round(pool.full_seconds(), 1),
            "answers": services.metrics.answers.lately(),
        },
        deaf_after_s=settings.deaf_after,
        keys=settings.signing.own,
    )


def _task(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    return asyncio.get_running_loop().create_task(work)


async def _see_to_keys(settings: Settings, keys: ApiKeys) -> None:
    """Store the bootstrap key, and refuse to be exposed without any key. Waits for the database as long as it takes."""
    if settings.loopback and not settings.bootstrap_key:
        return
    while True:
        with Round("bootstrap", _waits, *DATABASE_FAILS) as this:
            if settings.bootstrap_key and await keys.ensure(settings.bootstrap_key, "bootstrap", Role.ADMIN):
                log.info("bootstrap key stored")
            if settings.loopback or await keys.any_active():
                return
        if this.error is None:
            break
        await asyncio.sleep(0.5)
    raise Exposed(
        f"The gateway would listen on {settings.host} and no API key exists. Make one first: "
        "python -m gateway.access.keys create --name <who> --role admin"
    )


def _see_to_proxies(settings: Settings) -> None:
    """Say at start that no proxy is declared: that there is one shows in an https address, which is not ours to serve.

    A proxy on this machine or in the same network cannot be told from a caller before it forwards something.
    """
    if settings.trusted_proxies:
        return
    if settings.url.startswith("https://"):
        log.warning(
            "MARKETPLACE_URL says https, so a proxy stands in front of this gateway, and none is declared: all of its"
            " callers are counted as one address; name it in MARKETPLACE_TRUSTED_PROXIES"
        )
        return
    log.info(
        "no proxy is declared: if one stands in front of this gateway, all of its callers are counted as one address;"
        " name it in MARKETPLACE_TRUSTED_PROXIES"
    )


def _waits(error: Exception) -> None:
    log.warning("waiting for the database", error=named(error))


async def _keep_house(services: Services) -> None:
    while True:
        await asyncio.to_thread(sweep_upload_folders)  # first of all: one who begins may follow one who was killed
        await asyncio.sleep(HOUSEKEEPING_S)
        settings = services.settings
        await keep_house(services.pool, settings.outbox_hours, settings.letter_days, settings.document_days)
        with suppress(*DATABASE_FAILS):
            await services.access.sign_ins.sweep()
            await services.access.links.sweep()
            await drop_expired(services.pool, services.settings.audit_days)
