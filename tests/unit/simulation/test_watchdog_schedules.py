"""Two watchdogs whose sessions end and whose rounds fail, under thousands of schedules: what is missed is cared for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final, cast

import asyncpg
import detangle
import pytest

from schemas.process.kafka import Brokers
from streams.settings import Settings
from streams.watchdog import watch as module
from streams.watchdog.settings import Patience
from streams.watchdog.watch import Watch
from tests.support.schedules import a_moment, found_in, holds

SETTINGS: Final = Settings(Brokers("b"), "r", "", 6.0, 4, None, None)
DEADLINES: Final = 4
#: Virtual seconds from the last outage until all that was missed is cared for.
SOON_S: Final = 4.0


@dataclass
class Database:
    """Deadlines: when each is missed, and which are cared for. A row is one transaction's at a time."""

    due: list[float]
    cared: set[int] = field(default_factory=set)
    locked: set[int] = field(default_factory=set)
    sessions: list[Session] = field(default_factory=list)
    away: bool = False

    async def connect(self, _url: str, _keys: object) -> Session:
        await a_moment()
        if self.away:
            raise ConnectionRefusedError
        self.sessions.append(Session(self))
        return self.sessions[-1]

    def missed(self) -> set[int]:
        return {n for n, at in enumerate(self.due) if at <= detangle.now()} - self.cared - self.locked


@dataclass(eq=False)
class Session:
    database: Database
    alive: bool = True
    closed: bool = False

    async def turn(self) -> None:
        await a_moment()
        if not self.alive:
            raise asyncpg.ConnectionDoesNotExistError("the session has ended")

    async def fetchval(self, *_: Any, **__: Any) -> int:
        await self.turn()
        return 0

    async def close(self, timeout: float) -> None:
        await a_moment()
        self.closed = True


@dataclass
class Parts:
    """What stands in for the watchdog's view, its care and all that it looks at beside."""

    database: Database
    missed: set[int] = field(default_factory=set)
    off: frozenset[str] = frozenset()
    away_s: float = 0.0
    unsure: bool = False

    async def run(self) -> None:
        await asyncio.sleep(1e6)

    def begin(self) -> None: ...

    async def see_to(self, session: Session, _off: object) -> None:
        await session.turn()

    async def look(self, session: Session) -> None:
        await session.turn()
        self.missed = self.database.missed()

    async def round(self, session: Session) -> int:
        """Care for one deadline in a transaction, which commits or leaves nothing."""
        await session.turn()
        free = self.database.missed()
        if not free:
            return 0
        row = min(free)
        self.database.locked.add(row)
        try:
            await session.turn()
            if detangle.flip(0.1):
                raise ValueError("a bug in a round")
            await session.turn()
            assert row not in self.database.cared, "two cared for one deadline"
            self.database.cared.add(row)
        finally:
            self.database.locked.discard(row)
        return 1


@dataclass
class World:
    patch: pytest.MonkeyPatch
    watch: type[Watch] = Watch

    async def live(self) -> None:
        """Lose sessions and the database for a while; then everything that was missed is cared for soon."""
        database = Database([detangle.uniform(0.0, 4.0, 5) for _ in range(DEADLINES)])
        self.patch.setattr(module, "connect", database.connect)
        self.patch.setattr(module, "tell", lambda _: None)
        watches = [self.made(database) for _ in range(2)]
        working = [asyncio.create_task(one.run()) for one in watches]
        for _ in range(4):
            await asyncio.sleep(detangle.choice([0.1, 0.5, 1.0]))
            database.away = detangle.flip(0.3)
            for session in database.sessions:
                session.alive = session.alive and not database.away and not detangle.flip(0.3)
        database.away = False
        await asyncio.sleep(max(0.0, max(database.due) - detangle.now()) + SOON_S)
        assert database.cared == set(range(DEADLINES)), "a missed deadline was left"
        for one in watches:
            one.stop()
        async with asyncio.timeout(3):
            await asyncio.gather(*working)
        assert all(session.closed for session in database.sessions), "a connection was left open"

    def made(self, database: Database) -> Watch:
        one, parts = self.watch(SETTINGS, Patience(), cast("asyncpg.Pool", SimpleNamespace())), Parts(database)
        for name in ("_broker", "_reach", "_view", "_processes", "_care"):
            setattr(one, name, parts)
        return one


class HoldsOn(Watch):
    """Waits for a session that has ended."""

    async def _round(self, connection: Any) -> float:
        try:
            return await super()._round(connection)
        except asyncpg.PostgresConnectionError:
            return 0.5


class Fragile(Watch):
    """Ends with the first round that fails."""

    async def _round(self, connection: Any) -> float:
        try:
            return await super()._round(connection)
        except ValueError:
            self.stop()
            raise


def test_what_is_missed_is_cared_for(monkeypatch: pytest.MonkeyPatch) -> None:
    holds(World(monkeypatch).live)


@pytest.mark.parametrize("bug", [HoldsOn, Fragile])
def test_a_watchdog_that_gives_up_is_found(bug: type[Watch], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "a missed deadline was left" in found_in(World(monkeypatch, bug).live)
