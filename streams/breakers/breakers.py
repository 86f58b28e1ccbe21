"""The circuit breakers in Postgres. While the database is away, work waits here, and no breaker is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from schemas import headers as h
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.named import named
from schemas.process.rounds import Round
from streams.breakers.errors import BreakerOpen
from streams.breakers.settings import Limits

log = structlog.get_logger("breaker")

_ALLOW: Final = """
    select n.name, a.allowed, a.retry_at, a.probe
      from unnest($1::text[]) n (name), lateral flow.breaker_allow(n.name, $2, $3) a
"""
_RELEASE: Final = """
    select flow.breaker_release(p.name, p.probe) from unnest($1::text[], $2::uuid[]) p (name, probe)
"""
_MAKE_KNOWN: Final = "insert into flow.breaker (name) select unnest($1::text[]) on conflict do nothing"
#: How soon a database that was away is asked again, in seconds.
AGAIN_S: Final = 1.0
#: What a call reports that was no probe.
_NO_PROBE: Final = UUID(int=0)

#: The breakers of which a call is the probe, each with the token that says so.
Probes = Mapping[str, UUID]


class Breakers:
    """Breakers with the same limits, asked by one kind of caller (`actor`, such as system:runner).

    `probe_s`: a probe that has not been reported by then has lost its turn.
    """

    def __init__(self, pool: asyncpg.Pool, actor: str, limits: Limits, *, probe_s: float = 90.0) -> None:
        self._pool = pool
        self._actor = actor
        self._limits = limits
        self._probe_s = probe_s

    async def make_known(self, names: Sequence[str]) -> None:
        """Write closed rows for these where there are none: people can look them up, and trip them by name.

        Retries until the database answers, so do not wait for it.
        """
        while True:
            with Round("breakers", _not_known, *DATABASE_FAILS) as this:
                await self._pool.execute(_MAKE_KNOWN, list(names))
            if this.error is None:
                return
            await asyncio.sleep(AGAIN_S)

    async def demand(self, names: Sequence[str]) -> Probes:
        """Ask every one of these breakers for a call; return its probes. Raises BreakerOpen if one refuses.

        The call is the probe of the returned breakers, so report its outcome to them.
        """
        try:
            rows = await self._pool.fetch(_ALLOW, list(names), self._probe_s, self._actor)
            probes = {row["name"]: row["probe"] for row in rows if row["probe"] is not None}
            refused = next((row for row in rows if not row["allowed"]), None)
            if refused is not None:
                await self.release(probes)
        except DATABASE_FAILS as error:
            log.warning("breakers cannot be asked", error=f"{type(error).__name__}: {error}"[:200])
            return {}
        if refused is not None:
            raise BreakerOpen(refused["name"], refused["retry_at"])
        return probes

    async def report(self, name: str, error: BaseException | None, probes: Probes) -> None:
        """Report the outcome of a call; `error` None: it succeeded. `probes`: what `demand` returned."""
        # it may quote an agent, which may say anything: what no database stores must not keep its failure from counting
        reason = "" if error is None else h.storable_text(named(error, 300))
        try:
            await self._pool.execute(
                "select flow.breaker_report($1, $2, $3, $4, $5, $6, $7, $8)",
                name,
                error is None,
                reason,
                self._limits.failures,
                self._limits.reset_s,
                self._limits.successes,
                self._actor,
                probes.get(name, _NO_PROBE),
            )
        except DATABASE_FAILS as away:
            log.warning("a breaker cannot be told", breaker=name, error=f"{type(away).__name__}: {away}"[:200])

    async def release(self, probes: Probes) -> None:
        """Release probes that were not made, for other callers. Probes of other processes stay."""
        if not probes:
            return
        try:
            await self._pool.execute(_RELEASE, list(probes), list(probes.values()))
        except DATABASE_FAILS as error:
            log.warning("a probe's turn is not given back", error=f"{type(error).__name__}: {error}"[:200])


def _not_known(error: Exception) -> None:
    log.warning("breakers cannot be made known", error=named(error, 200))
