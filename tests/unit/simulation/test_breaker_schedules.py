"""Callers of one agent under thousands of schedules: an open breaker holds, one probe goes, and no turn is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

import asyncpg
import detangle

from streams.analysis.agents.errors import AgentError
from streams.analysis.protected import guarded
from streams.breakers import breakers as module
from streams.breakers.breakers import Breakers, Probes
from streams.breakers.errors import BreakerOpen
from streams.breakers.settings import Limits
from tests.support.schedules import a_moment, found_in, holds

NAMES: Final = ("agent", "agent:shopee")
LIMITS: Final = Limits(failures=2, reset_s=2.0, successes=1)
PROBE_S: Final = 5.0


@dataclass
class Row:
    """A breaker as the database keeps it. Times are of the loop's clock, in seconds."""

    state: str = "closed"
    failures: int = 0
    retry_at: float = 0.0
    probe: UUID | None = None
    probe_until: float = 0.0


@dataclass
class Pool:
    """The database's side of breakers: what flow.breaker_allow, _report and _release do, each at one moment."""

    rows: dict[str, Row] = field(default_factory=lambda: {name: Row() for name in NAMES})
    tokens: int = 0

    async def fetch(self, _query: str, names: Sequence[str], probe_s: float, _actor: str) -> list[dict[str, Any]]:
        await a_moment()
        found = [{"name": name, **self._allow(self.rows[name], probe_s)} for name in names]
        await a_moment()
        return found

    def _allow(self, row: Row, probe_s: float) -> dict[str, Any]:
        now, refused = detangle.now(), {"allowed": False, "retry_at": datetime.now(UTC), "probe": None}
        if row.state == "closed":
            return {"allowed": True, "retry_at": None, "probe": None}
        if now < (row.retry_at if row.state == "open" else row.probe_until):
            return refused
        self.tokens += 1
        row.state, row.probe, row.probe_until = "half_open", UUID(int=self.tokens), now + probe_s
        return {"allowed": True, "retry_at": None, "probe": row.probe}

    async def execute(self, query: str, *values: Any) -> None:
        await a_moment()
        if query is module._RELEASE:
            for name, probe in zip(*values, strict=True):
                if self.rows[name].probe == probe:
                    self.rows[name].probe_until = 0.0
            return
        name, ok, _, failures, reset_s, _, _, probe = values
        row = self.rows[name]
        if row.state == "open" or (row.state == "half_open" and probe != row.probe):
            return
        if ok:
            self.rows[name] = Row()
            return
        row.failures += 1
        if row.state == "half_open" or row.failures >= failures:
            self.rows[name] = Row("open", row.failures, detangle.now() + reset_s)


@dataclass
class World:
    """Four callers of an agent that fails at first. `breakers`: through what they ask."""

    breakers: Callable[..., Breakers] = Breakers
    well: bool = False
    calls: list[str] = field(default_factory=list)

    async def live(self) -> None:
        """Call until the agent is well and the breakers are closed again."""
        pool = Pool()
        breakers = self.breakers(cast("asyncpg.Pool", pool), "system:test", LIMITS, probe_s=PROBE_S)
        self.well, self.calls, probing = False, [], set[UUID]()

        async def call() -> str:
            half_open = pool.rows["agent"].state == "half_open"
            token = pool.rows["agent"].probe
            if half_open and token is not None:
                assert token not in probing, "two calls had one turn"
                probing.add(token)
            await a_moment()
            if not self.well:
                raise AgentError("away")
            return "well"

        async def caller() -> None:
            while not (self.well and pool.rows["agent"].state == "closed"):
                with suppress(AgentError, BreakerOpen, TimeoutError):
                    asked = guarded(breakers, NAMES, call)
                    impatient = not self.well and detangle.flip(0.1)
                    await (asyncio.wait_for(asked, 0.05) if impatient else asked)
                await asyncio.sleep(0.5)

        callers = [asyncio.create_task(caller()) for _ in range(3)]
        await asyncio.sleep(6)
        self.well, since = True, detangle.now()
        await asyncio.gather(*callers)
        # a probe that was lost on its way costs its time, once for each breaker
        assert detangle.now() - since <= 2 * (LIMITS.reset_s + PROBE_S) + 2


class Mute(Breakers):
    """Tells nobody what became of a probe."""

    async def report(self, name: str, error: BaseException | None, probes: Probes) -> None:
        if name not in probes:
            await super().report(name, error, probes)


def test_a_breaker_opens_holds_and_closes_again() -> None:
    holds(World().live)


def test_a_probe_of_which_nobody_hears_is_found() -> None:
    assert "virtual time exceeded" in found_in(World(Mute).live)
