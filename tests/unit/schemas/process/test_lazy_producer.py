"""A producer that is started for the first record: once, in a context of its own, anew after a start that failed."""

from __future__ import annotations

import asyncio

import pytest
import structlog

from schemas.process import kafka
from schemas.process.kafka import Brokers, LazyProducer
from schemas.process.log_context import of_record
from tests.support.log_lines import ids_of, log_lines, the_line
from tests.unit.schemas.process.test_log_context import record


class Client:
    """A client whose task says something once it is told to."""

    def __init__(self, *, refused: bool = False) -> None:
        self.refused = refused
        self.started = self.stopped = 0
        self.speaks = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.started += 1
        if self.refused:
            raise OSError("refused")
        self.task = asyncio.create_task(self._speak())

    async def stop(self) -> None:
        self.stopped += 1

    async def _speak(self) -> None:
        await self.speaks.wait()
        structlog.get_logger("client").warning("no answer")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Client]:
    """The clients that are still to be built, in their order."""
    clients = [Client(refused=True), Client(), Client()]
    given = iter(clients)
    monkeypatch.setattr(kafka, "producer", lambda *_, **__: next(given))
    return clients


async def test_a_start_that_fails_leaves_nothing_behind_and_the_next_one_counts(made: list[Client]) -> None:
    lazy = LazyProducer(Brokers("broker"), "test")
    with pytest.raises(OSError, match="refused"):
        await lazy.get()
    assert made[0].stopped == 1

    assert await lazy.get() is await lazy.get()
    assert (made[1].started, made[1].stopped) == (1, 0)

    await lazy.let_go()
    await lazy.let_go()
    assert made[1].stopped == 1
    await lazy.get()
    assert made[2].started == 1


async def test_two_that_ask_at_once_get_the_same_one(made: list[Client]) -> None:
    lazy = LazyProducer(Brokers("broker"), "test")
    asked = [asyncio.create_task(lazy.get()) for _ in range(3)]
    await asyncio.wait(asked)
    assert isinstance(asked[0].exception(), OSError)  # the first was refused; who waited for it tries anew
    assert asked[1].result() is asked[2].result()
    assert [client.started for client in made] == [1, 1, 0]


async def test_what_its_tasks_log_later_is_not_of_the_record_that_it_was_begun_for(made: list[Client]) -> None:
    lazy = LazyProducer(Brokers("broker"), "test")
    with pytest.raises(OSError, match="refused"):
        await lazy.get()
    with of_record(record()):
        await lazy.get()
    with log_lines() as lines:
        made[1].speaks.set()
        assert made[1].task is not None
        await made[1].task
    line = the_line(lines, "no answer")
    assert line["job"] == "producer"
    assert ids_of(line)[1] is None
    assert line["request_id"].startswith("producer-")
