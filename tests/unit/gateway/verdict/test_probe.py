"""The probe of the database: one question for all who ask at once, remembered for a moment, and never an error."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import asyncpg
import pytest

from gateway.verdict import probe
from gateway.verdict.probe import Probe
from tests.support.set_clock import SetClock


class Pool:
    """Answers, or fails as it is told; counts the questions."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails: BaseException | None = None
        self.hangs = False

    async def fetchval(self, query: str) -> int:
        self.asked += 1
        await asyncio.sleep(0)
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails is not None:
            raise self.fails
        return 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    clock = SetClock()
    monkeypatch.setattr(probe, "time", clock)
    return clock


def probe_of(pool: Pool) -> Probe:
    return Probe(cast("Any", pool))


async def test_many_who_ask_at_once_and_for_a_moment_after_are_one_question(clock: SetClock) -> None:
    pool = Pool()
    asked = probe_of(pool)
    assert await asyncio.gather(*(asked.database() for _ in range(20))) == [True] * 20
    clock.now += probe.PROBE_REMEMBERED_S
    assert await asked.database()
    assert pool.asked == 1
    clock.now += 0.01
    assert await asked.database()
    assert pool.asked == 2


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), asyncpg.InterfaceError("closing"), asyncpg.AdminShutdownError()], ids=repr
)
async def test_a_database_that_is_away_is_an_answer_and_remembered_as_long(clock: SetClock, error: Exception) -> None:
    pool = Pool()
    pool.fails = error
    asked = probe_of(pool)
    assert [await asked.database() for _ in range(3)] == [False] * 3
    assert pool.asked == 1
    pool.fails = None
    clock.now += 2 * probe.PROBE_REMEMBERED_S
    assert await asked.database()


async def test_a_database_that_hangs_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "PROBE_S", 0.01)
    pool = Pool()
    pool.hangs = True
    assert not await probe_of(pool).database()


async def test_who_asks_anew_hears_of_now(clock: SetClock) -> None:
    pool = Pool()
    asked = probe_of(pool)
    assert await asked.database()
    pool.fails = ConnectionResetError()
    assert not await asked.anew()
    assert not await asked.database(), "what is known now is remembered"
    assert pool.asked == 2


async def test_one_who_asks_no_longer_takes_the_answer_from_nobody(clock: SetClock) -> None:
    pool = Pool()
    asked = probe_of(pool)
    impatient, patient = (asyncio.create_task(asked.database()) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient
    assert pool.asked == 1
