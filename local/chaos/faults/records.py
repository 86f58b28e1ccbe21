"""Records that should not be there: bytes that nobody can read, and copies of those that were handled already."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaProducer, TopicPartition

from local.chaos.scene import Scene
from schemas import headers
from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.process.places import partitions_of
from schemas.topics import PLAN_EVENTS, REDELIVER, TASK_EVENTS, WORK

#: Poison for each topic and kind.
EACH: Final = 3
COPIED: Final = (PLAN_EVENTS, TASK_EVENTS, *WORK.values())
#: Where poison goes, and how many groups read it there: each makes a dead letter of it.
READERS: Final = {PLAN_EVENTS: 2, TASK_EVENTS: 1, WORK["normal"]: 1, REDELIVER: 1}
#: A header that tells poison from real records: no reader looks at it, and its dead letter has it, too.
POISON: Final = "chaos-poison"
#: Schema ids that no registry has given away, up to the last that fits the frame: what is no id is read as one, too.
UNKNOWN_SCHEMAS: Final = range(1_000_000, 2**32)


async def poison(scene: Scene) -> None:
    """Send records that nobody can read between the real ones, on the topics of events and of work."""
    brokers = scene.site.stack.env["MARKETPLACE_BROKERS"]
    real = [record for record in await last_records(brokers, (PLAN_EVENTS,), 50) if not _is_poison(record)]
    plans = list(scene.traffic.open)
    records: list[tuple[str, bytes]] = []
    for topic in READERS:
        for _ in range(EACH):
            whole = scene.rng.choice(real).value
            records += [
                (topic, scene.rng.randbytes(scene.rng.randint(1, 200))),
                (topic, b"\0" + struct.pack(">I", scene.rng.choice(UNKNOWN_SCHEMAS)) + whole[5:]),
                (topic, whole[: scene.rng.randint(5, len(whole) // 2)]),
            ]
    scene.rng.shuffle(records)
    async with producer_for(brokers) as producer:
        for number, (topic, value) in enumerate(records):
            # with a header that says that an agent wants it, so that it is opened
            type_ = "analysis.requested" if topic == WORK["normal"] else "plan.approved"
            sending = producer.send_and_wait(
                topic,
                value,
                key=scene.rng.choice(plans).encode(),
                headers=[(headers.TYPE, type_.encode()), (POISON, b"")],
            )
            if number == 0:
                first = asyncio.create_task(sending)
                scene.cause(lambda: None)
                await first
            else:
                await sending
            scene.poison += READERS[topic]
            await asyncio.sleep(scene.rng.uniform(0, 0.05))


async def deliver_again(scene: Scene) -> None:
    """Send what came last on the topics of events and of work a second time, and some of it a third time.

    Poison of an earlier fault may be among it: a copy of it dies as it did.
    """
    brokers = scene.site.stack.env["MARKETPLACE_BROKERS"]
    for times in range(2):
        records = await last_records(brokers, COPIED, 100)
        if times:
            records = scene.rng.sample(records, len(records) // 4)
        async with producer_for(brokers) as producer:
            scene.cause(lambda: None)
            for record in records:
                await producer.send(record.topic, record.value, key=record.key, headers=list(record.headers))
                scene.poison += READERS[record.topic] if _is_poison(record) else 0
            await producer.flush()
        scene.notes["copies"] = scene.notes.get("copies", 0) + len(records)
        await scene.for_a_while(0.5, 2.0)


@asynccontextmanager
async def producer_for(brokers: str) -> AsyncIterator[AIOKafkaProducer]:
    """Yield a producer that is started, and stopped at the end."""
    producer = kafka.producer(Brokers(brokers), "chaos", linger_ms=1)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def last_records(brokers: str, topics: Sequence[str], count: int) -> list[Any]:
    """Return the last `count` records of each partition."""
    consumer = kafka.reader(Brokers(brokers), "chaos")
    await consumer.start()
    try:
        partitions = [TopicPartition(t, p) for t in topics for p in range(partitions_of(t))]
        consumer.assign(partitions)
        left = {tp: end for tp, end in (await consumer.end_offsets(partitions)).items() if end > 0}
        for tp, end in left.items():
            consumer.seek(tp, max(0, end - count))
        records: list[Any] = []
        while left:
            for tp, found in (await consumer.getmany(*left, timeout_ms=500, max_records=2000)).items():
                records += [record for record in found if record.offset < left[tp]]
                if found[-1].offset + 1 >= left[tp]:
                    del left[tp]
        return records
    finally:
        await consumer.stop()


def _is_poison(record: Any) -> bool:
    return any(name == POISON for name, _ in record.headers)
