"""The load follows each plan to its end, stubbornly, and says what it gave up on."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

import pytest

from local.chaos import traffic as module
from local.chaos.histories import Histories
from local.chaos.one_plan import Shown
from local.chaos.traffic import Traffic
from tests.support.patience import PATIENCE_S
from tests.support.set_clock import SetClock


class System:
    """A system in memory that stands in for the load's: uploads are ready at once, approvals done at once."""

    def __init__(self) -> None:
        self.ready: set[str] = set()
        self.done: set[str] = set()
        self.uploaded: list[str] = []
        self.approved: list[str] = []
        self.away = False
        self.analyses = True
        self.makes_tasks = True
        self.histories = Histories()

    @property
    def pool(self) -> System:
        return self

    async def upload(self, count: int) -> list[str]:
        if self.away:
            raise ConnectionRefusedError
        made = [str(uuid.uuid4()) for _ in range(count)]
        self.uploaded += made
        return made

    async def approve(self, plans: list[str], *, within_s: float) -> None:
        deadline = time.monotonic() + within_s
        while self.away:
            if time.monotonic() > deadline:
                raise TimeoutError("refused all the time")
            await asyncio.sleep(0.01)
        self.approved += plans

    async def fetch(self, _query: str, plans: list[str]) -> list[dict[str, Any]]:
        if self.away:
            raise ConnectionRefusedError
        if self.analyses:
            self.ready.update(self.uploaded)
        if self.makes_tasks:
            self.done.update(self.approved)
        return [self._row(plan) for plan in plans]

    def _row(self, plan: str) -> dict[str, Any]:
        ready, done = plan in self.ready, plan in self.done
        version = 1 + ready + 2 * done
        return {"plan_id": plan, "ready": ready, "done": done, "status": f"at {version}", "version": version}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    made = SetClock()
    monkeypatch.setattr(module, "time", made)
    return made


@pytest.fixture
def system() -> System:
    return System()


async def started(system: System, *, rate: float = 100, stock: int = 5) -> Traffic:
    traffic = Traffic(system, rate)  # type: ignore[arg-type] # as much of a load as it needs
    await traffic.start(stock, within_s=PATIENCE_S)
    return traffic


async def test_everything_that_was_begun_is_seen_through(system: System) -> None:
    traffic = await started(system)
    await traffic.reach(40, within_s=PATIENCE_S)

    await traffic.stop(within_s=PATIENCE_S)

    assert traffic.uploaded >= 40
    assert sorted(system.approved) == sorted(system.uploaded)
    assert traffic.open == {}
    assert traffic.failed == []
    assert traffic.slowest() > 0
    read = {op.output for of in system.histories._of.values() for op in of}
    assert read == {Shown("at 2", 2), Shown("at 4", 4)}  # what is news, and no more


async def test_a_system_that_is_away_is_asked_again(system: System) -> None:
    traffic = await started(system)
    system.away = True
    while len(traffic.undone(time.monotonic())) < 5:  # the stock is asked for, and nobody answers
        await asyncio.sleep(0.01)
    asked = time.monotonic()

    system.away = False
    await traffic.stop(within_s=PATIENCE_S)

    assert traffic.undone(asked) == []
    assert sorted(system.approved) == sorted(system.uploaded)


async def test_a_refusal_is_part_of_the_answers_time_and_a_wait_ends_where_it_was_told(
    system: System, clock: SetClock
) -> None:
    traffic = Traffic(system, rate=1)  # type: ignore[arg-type] # as much of a load as it needs
    (plan,) = await system.upload(1)
    traffic._took(plan, clock.now)
    system.away = True
    asking = asyncio.create_task(traffic._approve(plan))
    await asyncio.sleep(0.05)  # it is refused
    clock.now += 0.4
    system.away = False
    await asking
    clock.now += 1.0

    assert traffic.slowest_answer() == pytest.approx(0.4)
    assert traffic.slowest() == pytest.approx(1.0)
    assert traffic.slowest(clock.now - 0.2, clock.now - 0.1) == pytest.approx(0.1)
    assert traffic.slowest(clock.now, clock.now - 1.0) == 0.0
    assert traffic.slowest(clock.now) == 0.0  # what was waited for before is not counted


async def test_what_was_asked_for_later_is_not_owed_for_then(system: System) -> None:
    traffic = await started(system)
    before = time.monotonic()
    system.makes_tasks = False
    await traffic.reach(20, within_s=PATIENCE_S)
    while not traffic.undone(time.monotonic()) or traffic.slowest() <= 0.1:
        await asyncio.sleep(0.01)

    assert [p for p in traffic.undone(before) if traffic.open[p].uploaded > before] == []
    waited = traffic.slowest()
    assert traffic.slowest(time.monotonic()) < waited  # what was waited for before is not counted
    with pytest.raises(TimeoutError, match="plans lack their tasks"):
        await traffic.stop(within_s=0.3)


async def test_analyses_that_do_not_come_are_said(system: System) -> None:
    traffic = await started(system)
    system.analyses = False
    await traffic.reach(10, within_s=PATIENCE_S)

    with pytest.raises(TimeoutError, match="not analysed"):
        await traffic.stop(within_s=0.3)


async def test_a_client_that_gives_up_is_told_of(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    traffic = await started(system)
    system.away = True
    for told in ("upload was refused", "could not be approved"):
        while not any(told in text for text in traffic.failed):
            await asyncio.sleep(0.01)
    await traffic.abandon()


async def test_a_follower_that_fails_is_not_waited_for(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    traffic = await started(system)

    async def broken(*_: object) -> list[Any]:
        raise RuntimeError("no such column")

    monkeypatch.setattr(system, "fetch", broken)
    with pytest.raises(RuntimeError, match="no such column"):
        await traffic.stop(within_s=3600)
