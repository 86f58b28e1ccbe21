"""Partitions that have a leader name it; a record is read at its place, or the next one there is."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.api import Request

from schemas.process import kafka
from schemas.process.kafka import Brokers
from streams.broker.leaders import Place, leaders_of, records_at
from streams.broker.protocol import Metadata, MetadataAnswer

NO_LEADER = 5
BROKERS = cast("Brokers", object())


def partition(number: int, leader: int, epoch: int, error: int = 0) -> tuple[Any, ...]:
    return error, number, leader, epoch, [1], [1], []


class Admin:
    """A client of a broker that says this of its topics."""

    def __init__(self, *topics: tuple[Any, ...]) -> None:
        self._versions = {Metadata.API_KEY: (0, MetadataAnswer.API_VERSION)}
        self._topics = list(topics)

    async def _send_request(self, request: Request[Any], node: int | None) -> MetadataAnswer:
        return MetadataAnswer(0, [], "cluster", 1, self._topics, 0)


async def test_the_leader_and_its_epoch_are_told_of_partitions_that_have_one() -> None:
    admin = Admin(
        (0, "plan.events", False, [partition(0, 1, 7), partition(1, -1, 7), partition(2, 1, 8, NO_LEADER)], 0),
        (3, "task.events", False, [partition(0, 1, 1)], 0),
    )

    assert await leaders_of(cast("AIOKafkaAdminClient", admin)) == {("plan.events", 0): (1, 7)}


class Consumer:
    """A consumer that gets these records in these goes, then nothing."""

    def __init__(self, *goes: dict[TopicPartition, list[str]]) -> None:
        self._goes = list(goes)
        self.places: dict[Place, int] = {}
        self.stopped = False

    async def start(self) -> None:
        assert not self.places

    def assign(self, partitions: list[TopicPartition]) -> None:
        self.assigned = partitions

    def seek(self, partition: TopicPartition, offset: int) -> None:
        assert partition in self.assigned
        self.places[(partition.topic, partition.partition)] = offset

    async def getmany(self, timeout_ms: int) -> dict[TopicPartition, list[str]]:
        await asyncio.sleep(0)
        return self._goes.pop(0) if self._goes else {}

    async def stop(self) -> None:
        self.stopped = True


def given(monkeypatch: pytest.MonkeyPatch, consumer: Consumer) -> Consumer:
    monkeypatch.setattr(kafka, "reader", lambda *_, **__: consumer)
    return consumer


async def test_the_first_record_from_each_place_on_is_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = TopicPartition("plan.events", 0), TopicPartition("plan.events", 1)
    consumer = given(monkeypatch, Consumer({one: ["a", "b"]}, {}, {one: ["c"], two: ["d"]}))
    places = {("plan.events", 0): 40, ("plan.events", 1): 7}

    assert await records_at(BROKERS, "test", places) == {("plan.events", 0): "a", ("plan.events", 1): "d"}
    assert consumer.places == places
    assert consumer.stopped


async def test_a_place_without_a_record_is_waited_for_and_no_longer_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = given(monkeypatch, Consumer())

    with pytest.raises(TimeoutError):
        await records_at(BROKERS, "test", {("plan.events", 0): 40}, 0.01)
    assert consumer.stopped


async def test_nobody_is_asked_for_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "reader", lambda *_, **__: pytest.fail("a consumer was made"))
    assert await records_at(BROKERS, "test", {}) == {}
