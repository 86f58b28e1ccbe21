"""The log of a backup: each topic out of the broker as lines of JSON, and back to the same offsets of an empty one.

Offsets mean something: read models and groups stand at one, ids of parked records and dead letters hold one. Where the
log of a partition begins later than at 0, since its oldest records are over, it is filled up to there with records of
nothing, which are deleted before anybody reads.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Mapping
from typing import Any, Final

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import RecordsToDelete
from aiokafka.structs import OffsetAndMetadata

from schemas.process import kafka
from schemas.process.ending import ended
from schemas.process.kafka import Brokers
from schemas.process.places import partitions_of
from schemas.topics import declared
from streams.backup.files import Folder
from streams.backup.manifest import NotRestorable, Topic
from streams.backup.moment import Moment, NoMoment, Place

#: A broker that has more to give and gives nothing for so long is taken for away.
STALLED_S: Final = 30.0
STOP_S: Final = 10.0
#: Records on their way to the broker at once.
AT_ONCE: Final = 5_000
LINGER_MS: Final = 5


async def keep(brokers: Brokers, moment: Moment, folder: Folder) -> tuple[Topic, ...]:
    """Write each topic up to the moment into a file of its own. Raises NoMoment where the log has a hole."""
    consumer = kafka.reader(brokers, "backup")
    await consumer.start()
    try:
        return tuple([await _keep(consumer, name, moment, folder) for name in declared()])
    finally:
        await ended(consumer.stop(), STOP_S)


async def _keep(consumer: AIOKafkaConsumer, topic: str, moment: Moment, folder: Folder) -> Topic:
    places = [(topic, partition) for partition in range(partitions_of(topic))]
    ends = {place: moment.ends[place] for place in places}
    starts = {place: min(moment.starts[place], ends[place]) for place in places}
    following: dict[Place, int] = {}
    out, count = folder.packing(f"topic-{topic}"), 0
    left = {TopicPartition(*place) for place in places if starts[place] < ends[place]}
    consumer.assign(left)
    for tp in left:
        consumer.seek(tp, starts[tp.topic, tp.partition])
    moved = time.monotonic()
    while left:
        found = await consumer.getmany(*left, timeout_ms=500, max_records=5000)
        for tp, records in found.items():
            place = (tp.topic, tp.partition)
            for record in records:
                if record.offset >= ends[place]:
                    break
                if place not in following:  # what is over may have gone since the moment
                    starts[place] = record.offset
                elif record.offset != following[place]:
                    raise NoMoment(
                        f"{topic}/{tp.partition} has nothing at {following[place]}, and {record.offset} after it: who"
                        " wrote there uses transactions, or the topic is compacted, and offsets could not be kept"
                    )
                following[place] = record.offset + 1
                out.write(_line(record))
                count += 1
            moved = time.monotonic()
        left = {tp for tp in left if await consumer.position(tp) < ends[tp.topic, tp.partition]}
        if time.monotonic() - moved > STALLED_S:
            raise TimeoutError(f"nothing of {topic} has come for {STALLED_S:.0f} s, and there is more")
    for place in places:
        if place not in following:  # all of it is over
            starts[place] = ends[place]
        elif following[place] < ends[place]:
            raise NoMoment(f"{topic}/{place[1]} ends with a hole at {following[place]}: offsets could not be kept")
    return Topic(topic, tuple(starts.values()), tuple(ends.values()), out.close(count))


def _line(record: Any) -> bytes:
    said = {
        "p": record.partition,
        "o": record.offset,
        "t": record.timestamp,
        "k": _text(record.key),
        "v": _text(record.value),
        "h": [[name, _text(value)] for name, value in record.headers],
    }
    return orjson.dumps(said) + b"\n"


def _text(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def _data(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


async def in_use(brokers: Brokers) -> str:
    """Return the name of a topic that has had a record, "" if none has."""
    admin, consumer = kafka.admin(brokers, "restore"), kafka.reader(brokers, "restore")
    await admin.start()
    try:
        await consumer.start()
        names = [name for name in await admin.list_topics() if name in declared()]
        found = await admin.describe_topics(names) if names else []  # of none it would tell all
        places = [TopicPartition(one["topic"], part["partition"]) for one in found for part in one["partitions"]]
        ends = await consumer.end_offsets(places)
        return next((tp.topic for tp, end in sorted(ends.items()) if end), "")
    finally:
        await ended(consumer.stop(), STOP_S)
        await ended(admin.close(), STOP_S)


async def bring_back(brokers: Brokers, topics: tuple[Topic, ...], folder: Folder) -> None:
    """Write all records back to their offsets. Raises NotRestorable if somebody else writes to a topic."""
    producer = kafka.producer(brokers, "restore", linger_ms=LINGER_MS)
    await producer.start()
    try:
        for topic in topics:
            for partition, start in enumerate(topic.starts):
                await _fill(producer, TopicPartition(topic.name, partition), start)
        await _delete_filling(brokers, topics)
        for topic in topics:
            await _bring_back(producer, topic, folder)
    finally:
        await kafka.let_go(producer)


async def _fill(producer: AIOKafkaProducer, place: TopicPartition, start: int) -> None:
    left, sent = start, []
    while left:
        batch, now_ms = producer.create_batch(), int(time.time() * 1000)
        while left and batch.append(key=None, value=None, timestamp=now_ms) is not None:
            left -= 1
        sent.append(await producer.send_batch(batch, place.topic, partition=place.partition))
    for future in sent:
        await future


async def _delete_filling(brokers: Brokers, topics: tuple[Topic, ...]) -> None:
    filled = {
        TopicPartition(topic.name, partition): RecordsToDelete(start)
        for topic in topics
        for partition, start in enumerate(topic.starts)
        if start
    }
    if filled:
        admin = kafka.admin(brokers, "restore")
        await admin.start()
        try:
            await admin.delete_records(filled)
        finally:
            await admin.close()


async def _bring_back(producer: AIOKafkaProducer, topic: Topic, folder: Folder) -> None:
    under_way: list[tuple[int, int, asyncio.Future[Any]]] = []
    for line in folder.lines(topic.file.name):
        said = orjson.loads(line)
        under_way.append((said["p"], said["o"], await _send(producer, topic.name, said)))
        if len(under_way) >= AT_ONCE:
            await _arrived(topic.name, under_way)
            under_way.clear()
    await _arrived(topic.name, under_way)


async def _send(producer: AIOKafkaProducer, topic: str, said: dict[str, Any]) -> asyncio.Future[Any]:
    key, value = _data(said["k"]), _data(said["v"])
    headers = [(name, _data(text)) for name, text in said["h"]]
    sent: asyncio.Future[Any]
    if key is None and value is None:  # anybody may have written such a one; the client's usual way refuses it
        batch = producer.create_batch()
        batch.append(key=None, value=None, timestamp=said["t"], headers=headers)
        sent = await producer.send_batch(batch, topic, partition=said["p"])
    else:
        sent = await producer.send(topic, value, key=key, partition=said["p"], timestamp_ms=said["t"], headers=headers)
    return sent


async def _arrived(topic: str, under_way: list[tuple[int, int, asyncio.Future[Any]]]) -> None:
    for partition, offset, sent in under_way:
        at = (await sent).offset
        if at != offset:
            raise NotRestorable(
                f"{topic}/{partition}: the record of {offset} came to {at}. Somebody else writes there: end all"
                " processes, delete the topics, and begin again"
            )


async def place_groups(brokers: Brokers, positions: Mapping[str, tuple[tuple[str, int, int], ...]]) -> None:
    """Set each consumer group to its position in the backup. Raises KafkaError if a group has members."""
    for group, places in positions.items():
        if not places:
            continue
        consumer = kafka.reader(brokers, "restore", group=group)
        await consumer.start()
        try:
            at = {TopicPartition(topic, partition): OffsetAndMetadata(o, "") for topic, partition, o in places}
            consumer.assign(list(at))
            await consumer.commit(at)
        finally:
            await ended(consumer.stop(), STOP_S)
