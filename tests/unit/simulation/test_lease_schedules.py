"""Members that come, go and lose their sessions under thousands of schedules: no partition is two members' at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import asyncpg
import detangle
import pytest

from projections.run.leases import Leases
from tests.support.schedules import a_moment, found_in, holds

PARTITIONS: Final = {
    (topic, partition): of * 2 + partition + 1
    for of, topic in enumerate(("plan.events", "task.events"))
    for partition in range(2)
}
MEMBERS: Final = 3
SHARE: Final = 2  # of four partitions, three members


@dataclass
class Server:
    """Advisory locks of sessions: object -> session -> how often it holds it."""

    locks: dict[int, Counter[int]] = field(default_factory=dict)
    sessions: int = 0

    def holders(self, number: int) -> list[int]:
        return [session for session, times in self.locks.get(number, Counter[int]()).items() if times > 0]


@dataclass
class Session:
    """A connection, as far as leases know one."""

    server: Server
    number: int
    alive: bool = True

    async def _turn(self) -> None:
        await a_moment()
        if not self.alive:
            raise ConnectionError("the session has ended")

    def end(self) -> None:
        self.alive = False
        for holders in self.server.locks.values():
            holders.pop(self.number, None)

    async def execute(self, query: str, _class: int, number: int) -> None:
        await self._turn()
        holders = self.server.locks.setdefault(number, Counter())
        holders[self.number] += -1 if "unlock" in query else 1

    async def fetchval(self, _query: str, _class: int, member: int) -> int:
        await self._turn()
        return len(self.server.holders(member))

    async def fetch(self, _query: str, _class: int, numbers: Sequence[int]) -> list[dict[str, int]]:
        await self._turn()
        got = [n for n in numbers if self.server.holders(n) in ([], [self.number])]
        for number in got:
            self.server.locks.setdefault(number, Counter())[self.number] += 1
        return [{"n": number} for number in got]


class Unfair(Leases):
    """Gives back a lease that it goes on to use."""

    async def balance(self) -> bool:
        before = set(self.leased)
        changed = await super().balance()
        self.leased |= before
        return changed


@dataclass
class Member:
    """One process: what it leases by the session that it has. `forgetful`: it does not see that its session ended."""

    server: Server
    leases: type[Leases]
    forgetful: bool
    session: Session | None = None
    mine: Leases | None = None

    async def run(self) -> None:
        while True:
            self.server.sessions += 1
            self.session = Session(self.server, self.server.sessions)
            before = self.mine.leased if self.mine is not None and self.forgetful else set()
            self.mine = self.leases(cast("asyncpg.Connection", self.session), "reads", PARTITIONS)
            self.mine.leased |= before
            try:
                await self.mine.join()
                while True:
                    await self.mine.balance()
                    await asyncio.sleep(0.2)
            except ConnectionError:
                await a_moment()

    @property
    def writes(self) -> set[tuple[str, int]]:
        """What it can write: with its session its rows go, too."""
        if self.session is None or not self.session.alive or self.mine is None:
            return set()
        return self.mine.leased


@dataclass
class World:
    leases: type[Leases] = Leases
    forgetful: bool = False

    async def live(self) -> None:
        """Lose sessions for a while, then be left alone: every partition has its member, each its share."""
        server = Server()
        members = [Member(server, self.leases, self.forgetful) for _ in range(MEMBERS)]

        @detangle.invariant
        def no_partition_is_two_members_at_once() -> None:
            written = [place for member in members for place in member.writes]
            assert len(written) == len(set(written))

        working: list[asyncio.Task[Any]] = []
        for member in members:
            working.append(asyncio.create_task(member.run()))
            await a_moment()
        for _ in range(4):
            await asyncio.sleep(detangle.choice([0.01, 0.2, 0.5]))
            session = detangle.choice(members).session
            if session is not None and detangle.flip(0.5):
                session.end()
        await asyncio.sleep(6)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        shares = [len(member.writes) for member in members]
        assert (sum(shares), max(shares)) == (len(PARTITIONS), SHARE)
        assert all(max(server.locks[n].values()) == 1 for n in range(1, len(PARTITIONS) + 1)), "a lock is taken twice"


def test_every_partition_is_one_members() -> None:
    holds(World().live)


@pytest.mark.parametrize("world", [World(Unfair), World(forgetful=True)], ids=["given back", "lost"])
def test_a_lease_that_somebody_goes_on_to_use_is_found(world: World) -> None:
    assert "no_partition_is_two_members_at_once" in found_in(world.live)
