"""A process works on the log that belongs to its database, or not at all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from schemas import prefix
from schemas.process import log_home
from schemas.process.places import Growth
from schemas.process.settings import SettingsError
from tests.support.patience import PATIENCE_S

ENV = {"MARKETPLACE_DATABASE_URL": "postgresql://somewhere"}


class Database:
    """A database that answers as it is told, once for each connection."""

    def __init__(self, *answers: object) -> None:
        self._answers = list(answers)
        self.grown: Any = None
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

    async def fetchrow(self, _: str) -> Any:
        if isinstance(self.grown, Exception):
            raise self.grown
        return self.grown

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


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The threads that were begun: what each is for."""
    found: list[tuple[Any, ...]] = []

    def thread(*, target: Callable[..., object], args: tuple[Any, ...], name: str, daemon: bool) -> Any:
        assert (name, daemon) == ("log-home", True)
        return SimpleNamespace(start=lambda: found.append((target, *args)))

    monkeypatch.setattr(threading, "Thread", thread)
    return found


def test_the_same_prefix_lets_it_begin(monkeypatch: pytest.MonkeyPatch, begun: list[tuple[Any, ...]]) -> None:
    there(monkeypatch, "north.")
    log_home.demand_same(ENV)
    assert begun == []


@pytest.mark.parametrize(
    "answer",
    [
        None,
        asyncpg.UndefinedTableError("none"),
        asyncpg.InvalidSchemaNameError("none"),
        asyncpg.InsufficientPrivilegeError("none"),
    ],
)
def test_where_none_is_noted_yet_it_begins_and_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, begun: list[tuple[Any, ...]], answer: object
) -> None:
    there(monkeypatch, answer)
    log_home.demand_same(ENV)
    assert [what for what, *_ in begun] == [log_home._keep_asking]


@pytest.mark.parametrize(("noted", "ended"), [("north.", []), ("south.", [log_home.REFUSED])])
def test_it_is_asked_until_one_is_noted_more_and_more_seldom(
    monkeypatch: pytest.MonkeyPatch, noted: str, ended: list[int]
) -> None:
    there(monkeypatch, None, OSError("away"), *[None] * 6, noted)
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    found: list[int] = []
    log_home._keep_asking("postgresql://somewhere", found.append)
    assert found == ended
    assert waited == [1, 2, 4, 8, 16, 32, 60, 60]


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
    monkeypatch.setattr(log_home, "AGAIN_S", (0.0, 0.0))
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()
    await asyncio.to_thread(
        log_home.demand_same, ENV, lambda status: loop.call_soon_threadsafe(ended.set_result, status)
    )
    async with asyncio.timeout(PATIENCE_S):
        assert await ended == log_home.REFUSED


async def test_a_database_that_comes_back_with_the_same_prefix_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    database = there(monkeypatch, OSError("away"), "north.")
    monkeypatch.setattr(log_home, "AGAIN_S", (0.0, 0.0))
    ended: list[int] = []
    await asyncio.to_thread(log_home.demand_same, ENV, ended.append)
    async with asyncio.timeout(PATIENCE_S):
        while database.asked < 2:
            await asyncio.sleep(0.01)
    assert ended == []


@pytest.mark.parametrize(
    ("grown", "learned"),
    [
        (None, (0, 0)),
        ({"partitions": None, "dealt_among": None}, (0, 0)),
        ({"partitions": 24, "dealt_among": None}, (24, 0)),
        ({"partitions": 24, "dealt_among": 24}, (24, 24)),
        (asyncpg.UndefinedColumnError("of an earlier version"), (0, 0)),
        (asyncpg.InsufficientPrivilegeError("not yours"), (0, 0)),
    ],
)
def test_a_process_learns_how_many_partitions_there_are_before_it_begins(
    monkeypatch: pytest.MonkeyPatch, begun: list[tuple[Any, ...]], grown: Any, learned: tuple[int, int]
) -> None:
    known = Growth()
    monkeypatch.setattr(log_home, "growth", known)
    there(monkeypatch, "north.").grown = grown
    log_home.demand_same(ENV)
    assert (known.there, known.dealt) == learned
    assert begun == []
