"""The publisher among several callers: a producer is replaced by whom it failed, and by nobody a second time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, NoReturn

import pytest

from schemas import headers as h
from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.signing import parse
from streams.broker import publisher as publisher_module
from streams.broker.publisher import SMALL, Publisher
from streams.broker.records import Outgoing


class Batch:
    """A batch of at most three records."""

    def __init__(self) -> None:
        self.values: list[bytes | None] = []

    def append(self, *, value: bytes | None, **_: object) -> int | None:
        if len(self.values) == 3:
            return None
        self.values.append(value)
        return len(self.values)

    def close(self) -> None:
        """Nothing more goes in."""


class Producer:
    """A producer whose records are acknowledged as `acknowledge` says, until it is stopped."""

    made: ClassVar[list[Producer]] = []
    starting: ClassVar[asyncio.Event]
    acknowledge: ClassVar[Callable[[Producer, list[bytes | None]], Awaitable[None]]]

    def __init__(self, **_: object) -> None:
        self.number = len(self.made)
        self.started = self.stopped = False
        self.acknowledged: list[bytes | None] = []
        self.made.append(self)

    async def start(self) -> None:
        await self.starting.wait()
        self.started = True

    async def stop(self) -> None:
        self.stopped = True

    async def partitions_for(self, _: str) -> set[int]:
        return {0}

    def create_batch(self) -> Batch:
        return Batch()

    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> asyncio.Future[None]:
        if self.stopped:
            raise RuntimeError("the producer is closed")

        async def delivered() -> None:
            await type(self).acknowledge(self, batch.values)
            if self.stopped:
                raise RuntimeError("the producer was closed")
            self.acknowledged += batch.values

        return asyncio.ensure_future(delivered())


@pytest.fixture(autouse=True)
def producers(monkeypatch: pytest.MonkeyPatch) -> list[Producer]:
    Producer.made = []
    Producer.starting = asyncio.Event()
    Producer.starting.set()
    monkeypatch.setattr(kafka, "AIOKafkaProducer", Producer)
    return Producer.made


def record(value: bytes) -> Outgoing:
    return Outgoing("topic", b"key", value, [])


def acknowledging(rule: Callable[[Producer, Any], Awaitable[None]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Producer, "acknowledge", staticmethod(rule), raising=False)


async def test_a_late_failure_leaves_the_successor_to_those_who_use_it(
    producers: list[Producer], monkeypatch: pytest.MonkeyPatch
) -> None:
    late, second, late_again = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def rule(producer: Producer, values: list[bytes | None]) -> None:
        if producer.number == 0:
            if values == [b"late"]:
                await late.wait()
            raise RuntimeError("the first producer is broken")
        if values == [b"early"]:
            second.set()
            await late_again.wait()  # it is under way while the late one fails
        else:
            late_again.set()

    acknowledging(rule, monkeypatch)
    publisher = Publisher(Brokers("broker"), "test")
    calls = [asyncio.create_task(publisher.publish([record(value)])) for value in (b"early", b"late")]
    await second.wait()
    late.set()
    await asyncio.gather(*calls)

    assert len(producers) == 2
    assert producers[0].stopped
    assert not producers[1].stopped
    assert sorted(producers[1].acknowledged, key=str) == [b"early", b"late"]


async def test_closing_reaches_a_producer_that_is_being_started(
    producers: list[Producer], monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledging(lambda *_: asyncio.sleep(0.05), monkeypatch)
    Producer.starting.clear()
    publisher = Publisher(Brokers("broker"), "test")
    publishing = asyncio.create_task(publisher.publish([record(b"1")]))
    await asyncio.sleep(0)
    closing = asyncio.create_task(publisher.close())
    await asyncio.sleep(0.01)
    Producer.starting.set()
    await closing
    assert [producer.stopped for producer in producers] == [True]

    await publishing  # by a fresh one
    await publisher.close()

    assert producers[-1].acknowledged == [b"1"]
    assert [producer.stopped for producer in producers] == [True, True]


async def test_nothing_is_lost_while_others_close(producers: list[Producer], monkeypatch: pytest.MonkeyPatch) -> None:
    acknowledging(lambda *_: asyncio.sleep(0.02), monkeypatch)
    publisher = Publisher(Brokers("broker"), "test")
    wanted = [b"%d" % number for number in range(30)]
    calls = [asyncio.create_task(publisher.publish([record(value)])) for value in wanted]
    for _ in range(5):
        await asyncio.sleep(0.01)
        await publisher.close()
    await asyncio.gather(*calls)
    await publisher.close()

    taken = [value for producer in producers for value in producer.acknowledged]
    assert sorted(taken, key=str) == sorted(wanted, key=str)
    assert all(producer.stopped for producer in producers)


def test_an_event_that_was_made_here_goes_as_it_is_and_a_copy_is_sealed() -> None:
    keys = parse("k1 " + "ab" * 32)
    publisher = Publisher(Brokers("broker"), "test", keys=keys)
    headers = [("ce_id", b"1"), (h.TAKEN_AT, b"2")]
    made = Outgoing("topic", b"key", b"v", headers, event=True)
    assert publisher._portable(made) is made
    copy = publisher._portable(Outgoing("topic", b"key", b"v", [*headers, (h.ATTEMPT, b"1")]))
    assert h.raw(copy.headers, h.SEAL) is not None


def test_a_large_event_is_cut_to_what_a_broker_takes_as_any_record() -> None:
    publisher = Publisher(Brokers("broker"), "test")
    headers = [("ce_source", b"x" * 100_000)]
    sent = publisher._portable(Outgoing("topic", b"key", b"v" * (SMALL + 1), headers, event=True))
    assert [(name, len(value)) for name, value in sent.headers] == [("ce_source", h.MESSAGE_LIMIT)]


async def test_what_fills_a_batch_goes_ahead_of_what_follows_in_the_order_of_the_records(
    producers: list[Producer], monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[list[bytes | None]] = []

    async def rule(_: Producer, values: list[bytes | None]) -> None:
        batches.append(values)

    acknowledging(rule, monkeypatch)
    publisher = Publisher(Brokers("broker"), "test")
    wanted = [b"%d" % number for number in range(7)]
    await publisher.publish([record(value) for value in wanted])

    assert batches == [wanted[:3], wanted[3:6], wanted[6:]]
    assert publisher.sent == {"topic": 7}


async def test_nothing_to_publish_starts_no_producer(producers: list[Producer]) -> None:
    await Publisher(Brokers("broker"), "test").publish([])
    assert producers == []


class GivenUpError(Exception):
    """Stands for the end of the process."""


async def test_without_an_acknowledgement_the_process_ends(
    producers: list[Producer], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> None:
        raise RuntimeError("the broker takes nothing")

    def end() -> NoReturn:
        raise GivenUpError

    acknowledging(refused, monkeypatch)
    monkeypatch.setattr(publisher_module, "GIVE_UP_S", -1.0)
    publisher = Publisher(Brokers("broker"), "test", give_up=end)
    with pytest.raises(GivenUpError):
        await publisher.publish([record(b"1")])

    assert [producer.stopped for producer in producers] == [True]
    assert publisher.sent == {}


async def test_a_producer_that_cannot_be_started_is_let_go(
    producers: list[Producer], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deaf(_: Producer) -> None:
        raise RuntimeError("no broker answers")

    monkeypatch.setattr(Producer, "start", deaf)
    monkeypatch.setattr(publisher_module, "GIVE_UP_S", -1.0)

    def end() -> NoReturn:
        raise GivenUpError

    with pytest.raises(GivenUpError):
        await Publisher(Brokers("broker"), "test", give_up=end).publish([record(b"1")])
    assert [producer.stopped for producer in producers] == [True]
