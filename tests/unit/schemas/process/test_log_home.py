"""A process works on the log that belongs to its database, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from schemas import prefix
from schemas.process import log_home
from schemas.process.settings import SettingsError
from tests.support.patience import PATIENCE_S

ENV = {"MARKETPLACE_DATABASE_URL": "postgresql://somewhere"}


class Database:
    """A database that answers as it is told, once for each connection."""

    def __init__(self, *answers: object) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def connect(self, *_: object, **__: object) -> Database:
        self.asked += 1
        if isinstance(self._answers[0], OSError):
            raise self._answers.pop(0)  # type: ignore[misc] # it is one
        return self

    async def fetchval(self, _: str) -> object:
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self, **_: object) -> None:
        """Nothing is left open."""


@pytest.fixture(autouse=True)
def north() -> Iterator[None]:
    prefix.use("north.")
    yield
    prefix.use("")


def there(monkeypatch: pytest.MonkeyPatch, *answers: object) -> Database:
    made = Database(*answers)
    monkeypatch.setattr(log_home, "connect", made.connect)
    return made


@pytest.mark.parametrize(
    "answer",
    [
        "north.",
        None,
        asyncpg.UndefinedTableError("none"),
        asyncpg.InvalidSchemaNameError("none"),
        asyncpg.InsufficientPrivilegeError("none"),
    ],
)
def test_the_same_prefix_or_none_that_is_noted_lets_it_begin(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    there(monkeypatch, answer)
    log_home.demand_same(ENV)


def test_another_prefix_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    there(monkeypatch, "")
    with pytest.raises(SettingsError, match=r"is 'north\.', and the log of this database is under '': set it to ''"):
        log_home.demand_same(ENV)


def test_without_a_database_there_is_nothing_to_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    database = there(monkeypatch)
    log_home.demand_same({})
    assert database.asked == 0


async def test_a_database_that_is_away_is_asked_again_and_ends_the_process_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there(monkeypatch, OSError("away"), OSError("away"), "south.")
    monkeypatch.setattr(log_home, "AGAIN_S", 0.0)
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()
    await asyncio.to_thread(
        log_home.demand_same, ENV, lambda status: loop.call_soon_threadsafe(ended.set_result, status)
    )
    async with asyncio.timeout(PATIENCE_S):
        assert await ended == log_home.REFUSED


async def test_a_database_that_comes_back_with_the_same_prefix_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    database = there(monkeypatch, OSError("away"), "north.")
    monkeypatch.setattr(log_home, "AGAIN_S", 0.0)
    ended: list[int] = []
    await asyncio.to_thread(log_home.demand_same, ENV, ended.append)
    async with asyncio.timeout(PATIENCE_S):
        while database.asked < 2:
            await asyncio.sleep(0.01)
    assert ended == []
