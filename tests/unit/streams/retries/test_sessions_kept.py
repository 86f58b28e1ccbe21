"""The index of waiting records keeps its sessions: those that fail go back to the pool, which replaces them."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest

from schemas.process import database
from streams.retries.index import POOL, Away, PostgresParking


class Session:
    def __init__(self, number: int) -> None:
        self.number = number
        self.closed = self.taken_back = False
        self.error: BaseException | None = None

    async def fetch(self, *_: Any) -> list[Any]:
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return []

    def is_closed(self) -> bool:
        self._ours()
        return self.closed

    def terminate(self) -> None:
        self._ours()
        self.closed = True

    def _ours(self) -> None:
        if self.taken_back:  # as asyncpg does, where the server has ended it and the pool has noticed
            raise asyncpg.InterfaceError("cannot call it: it has been released back to the pool")


class Pool:
    """A pool of so many sessions, as the real one."""

    def __init__(self) -> None:
        self.lent: list[Session] = []
        self.returned: list[int] = []
        self._free = asyncio.Semaphore(POOL)

    async def acquire(self) -> Session:
        await self._free.acquire()
        self.lent.append(Session(len(self.lent)))
        return self.lent[-1]

    async def release(self, session: Session) -> None:
        self._free.release()
        self.returned.append(session.number)

    def terminate(self) -> None:
        for session in self.lent:
            session.terminate()


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Pool:
    pool = Pool()

    async def made(*_: Any, **__: Any) -> Pool:
        return pool

    monkeypatch.setattr(database, "pool", made)
    return pool


async def asked(parking: PostgresParking) -> None:
    await parking.look("agents", ["a"], [])


async def test_one_session_answers_one_question_after_another(pool: Pool) -> None:
    parking = PostgresParking("postgresql://")
    for _ in range(3):
        await asked(parking)
    assert (len(pool.lent), pool.returned) == (1, [])


async def test_more_questions_than_sessions_are_all_answered(pool: Pool) -> None:
    parking = PostgresParking("postgresql://")
    for _ in range(3):
        await asyncio.gather(*(asked(parking) for _ in range(4 * POOL)))
    assert len(pool.lent) - len(pool.returned) == 1, "one is kept"


@pytest.mark.parametrize("noticed", [False, True])
async def test_a_session_that_the_server_has_ended_goes_back_and_another_one_is_asked(
    pool: Pool, *, noticed: bool
) -> None:
    parking = PostgresParking("postgresql://")
    await asked(parking)
    pool.lent[0].terminate()
    pool.lent[0].taken_back = noticed
    await asked(parking)
    assert (len(pool.lent), pool.returned) == (2, [0])


async def test_a_session_whose_question_failed_goes_back(pool: Pool) -> None:
    parking = PostgresParking("postgresql://")
    await asked(parking)
    pool.lent[0].error = asyncpg.DataError("a record's own fault")
    with pytest.raises(Away):
        await asked(parking)
    await asked(parking)
    assert (len(pool.lent), pool.returned) == (2, [0])


async def test_a_session_whose_answer_is_no_longer_waited_for_is_ended(pool: Pool) -> None:
    parking = PostgresParking("postgresql://")
    await asked(parking)
    pool.lent[0].error = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await asked(parking)
    assert (pool.lent[0].closed, pool.returned) == (True, [0])
    await asked(parking)
    pool.lent[1].error = asyncio.CancelledError()
    pool.lent[1].taken_back = True
    await asked(parking)  # it is seen to have ended before it is asked
    assert len(pool.lent) == 3


async def test_a_session_that_answers_after_the_end_is_not_kept(pool: Pool) -> None:
    parking = PostgresParking("postgresql://")
    await asked(parking)
    before = pool.lent[0]

    async def answer(*_: Any) -> list[Any]:
        await parking.close()
        return []

    before.fetch = answer  # type: ignore[method-assign]
    await asked(parking)
    assert pool.returned == [0]
    await asked(parking)
    assert len(pool.lent) == 2
    await parking.close()
