"""A topic is kept up to the moment and not beyond, and comes back to the same offsets, or the reason is said."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition

from schemas.process.places import partitions_of
from streams.backup import log
from streams.backup.files import Folder
from streams.backup.manifest import NotRestorable, Topic
from streams.backup.moment import Moment, NoMoment

TOPIC = "goods.events"
PLACES = [(TOPIC, partition) for partition in range(partitions_of(TOPIC))]
FIRST = PLACES[0]


def record(offset: int, key: bytes | None = b"k", value: bytes | None = b"v") -> Any:
    headers = (("ce_id", b"\xff"), ("empty", None))
    return SimpleNamespace(partition=FIRST[1], offset=offset, timestamp=1000, key=key, value=value, headers=headers)


class Consumer:
    """Gives the records of the first partition, two at a time, as long as there are any."""

    def __init__(self, *records: Any) -> None:
        self._records = list(records)
        self._at: dict[TopicPartition, int] = {}
        self.assigned: set[TopicPartition] = set()

    def assign(self, places: set[TopicPartition]) -> None:
        self.assigned = set(places)

    def seek(self, place: TopicPartition, offset: int) -> None:
        self._at[place] = offset

    async def getmany(self, *_places: TopicPartition, timeout_ms: int, max_records: int) -> dict[TopicPartition, Any]:
        assert timeout_ms > 0
        assert max_records > 0
        place = TopicPartition(*FIRST)
        given = [one for one in self._records if one.offset >= self._at[place]][:2]
        if given:
            self._at[place] = given[-1].offset + 1
        else:
            self._at[place] = 99  # what is left are the marks of a transaction
        return {place: given}

    async def position(self, place: TopicPartition) -> int:
        return self._at[place]


def moment(start: int, end: int) -> Moment:
    starts, ends = dict.fromkeys(PLACES, 0) | {FIRST: start}, dict.fromkeys(PLACES, 0) | {FIRST: end}
    return Moment(1.0, 0.0, starts, ends, {})


async def kept(folder: Path | None, consumer: Consumer, start: int, end: int) -> Topic:
    """Keep the topic in a folder; None: nowhere."""
    nowhere = cast("Any", SimpleNamespace(packing=lambda _name: SimpleNamespace(write=lambda _data: None)))
    return await log._keep(
        cast("Any", consumer), TOPIC, moment(start, end), nowhere if folder is None else Folder(folder)
    )


async def test_what_came_after_the_moment_is_not_kept(tmp_path: Path) -> None:
    consumer = Consumer(*map(record, range(2, 9)))

    topic = await kept(tmp_path, consumer, 2, 5)

    assert (topic.starts[FIRST[1]], topic.ends[FIRST[1]], topic.file.rows) == (2, 5, 3)
    assert consumer.assigned == {TopicPartition(*FIRST)}


async def test_what_was_over_since_the_moment_is_where_the_topic_begins(tmp_path: Path) -> None:
    topic = await kept(tmp_path, Consumer(*map(record, range(4, 6))), 2, 6)
    assert (topic.starts[FIRST[1]], topic.file.rows) == (4, 2)


async def test_a_topic_of_which_all_is_over_begins_at_its_end(tmp_path: Path) -> None:
    topic = await kept(tmp_path, Consumer(), 2, 6)
    assert (topic.starts[FIRST[1]], topic.ends[FIRST[1]], topic.file.rows) == (6, 6, 0)


@pytest.mark.parametrize(
    ("offsets", "end", "why"),
    [((0, 1, 3), 4, "has nothing at 2, and 3 after it"), ((0, 1), 4, "ends with a hole at 2")],
)
async def test_a_hole_in_the_log_is_no_moment(offsets: tuple[int, ...], end: int, why: str) -> None:
    with pytest.raises(NoMoment, match=f"{TOPIC}/0 {why}"):
        await kept(None, Consumer(*map(record, offsets)), 0, end)


class Producer:
    """Takes records; `at` is the offset that the next one gets."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.sent: list[tuple[Any, ...]] = []

    def _came(self, *what: Any) -> asyncio.Future[Any]:
        self.sent.append(what)
        came: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        came.set_result(SimpleNamespace(offset=self.at))
        self.at += 1
        return came

    async def send(self, topic: str, value: Any, *, key: Any, partition: int, timestamp_ms: int, headers: Any) -> Any:
        return self._came(topic, partition, key, value, timestamp_ms, headers)

    def create_batch(self) -> Any:
        held: list[Any] = []

        def append(*, key: Any, value: Any, timestamp: int, headers: Any = ()) -> Any:
            if len(held) == 2:
                return None
            held.append((key, value, timestamp, headers))
            return len(held)

        return SimpleNamespace(append=append, held=held)

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> asyncio.Future[Any]:
        return self._came(topic, partition, *batch.held)


async def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    topic = await kept(tmp_path, Consumer(record(0), record(1, b"", None), record(2, None, None)), 0, 3)
    producer = Producer()

    await log._bring_back(cast("Any", producer), topic, Folder(tmp_path))

    headers = [("ce_id", b"\xff"), ("empty", None)]
    assert producer.sent == [
        (TOPIC, 0, b"k", b"v", 1000, headers),
        (TOPIC, 0, b"", None, 1000, headers),
        (TOPIC, 0, (None, None, 1000, headers)),
    ]


async def test_a_record_that_comes_to_another_offset_ends_the_restore(tmp_path: Path) -> None:
    topic = await kept(tmp_path, Consumer(record(0), record(1)), 0, 2)

    with pytest.raises(NotRestorable, match=f"{TOPIC}/0: the record of 0 came to 1. Somebody else writes there"):
        await log._bring_back(cast("Any", Producer(1)), topic, Folder(tmp_path))


@pytest.mark.parametrize(("start", "batches"), [(0, []), (1, [1]), (5, [2, 2, 1])])
async def test_a_partition_is_filled_up_to_where_its_log_begins(start: int, batches: list[int]) -> None:
    producer = Producer()

    await log._fill(cast("Any", producer), TopicPartition(TOPIC, 0), start)

    assert [len(sent) - 2 for sent in producer.sent] == batches
    assert {one[:2] for sent in producer.sent for one in sent[2:]} <= {(None, None)}
