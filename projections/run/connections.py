"""The runner's connections: to the database that it writes, and to the log that it reads."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.process import database, kafka
from schemas.process.kafka import Brokers
from schemas.process.sessions import never_frozen
from schemas.topics import PROJECTIONS

#: A broker that does not take offsets by then is away; nobody waits for it.
COMMIT_S: Final = 5.0
#: How often offsets that have not moved are committed all the same: a broker forgets them after days.
AGAIN_S: Final = 600.0
#: Bytes of one partition in one fetch: a batch is 2,000 records.
FETCH_BYTES: Final = 4 * 1024 * 1024


async def connect(database_url: str, schema: str) -> asyncpg.Connection:
    """Return a connection that reads and writes the read models in `schema`."""
    return await database.connect(
        database_url,
        "projections",
        statement_s=60,
        session={
            "search_path": schema,
            # a crash of the server may take the last commits back, offsets included: they are projected again
            "synchronous_commit": "off",
            # what works waits at most for a consumer that begins (10 s); where an event loop stands still for 15 s, the
            # process ends itself
            **never_frozen(),
        },
    )


def consumer_of(brokers: Brokers, schema: str) -> AIOKafkaConsumer:
    """Return a consumer that is told its partitions and its positions: it is no member of a group."""
    # a group without members: its offsets show how far the projections are
    return kafka.reader(brokers, "projections", group=f"{PROJECTIONS}-{schema}", fetch_bytes=FETCH_BYTES, patient=True)


class ShownOffsets:
    """Commits offsets for tools that show the lag of groups, in the background: the truth is in the database."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._shown: dict[TopicPartition, int] = {}
        self._shown_at = -AGAIN_S

    def show(self, consumer: AIOKafkaConsumer, positions: dict[tuple[str, int], int]) -> None:
        """Begin to commit what has moved, unless the last time is still under way."""
        if self._task is None or self._task.done():
            offsets = {TopicPartition(t, p): o for (t, p), o in positions.items()}
            if offsets == self._shown and time.monotonic() - self._shown_at < AGAIN_S:
                return
            self._task = asyncio.get_running_loop().create_task(self._commit(consumer, offsets))

    async def _commit(self, consumer: AIOKafkaConsumer, offsets: dict[TopicPartition, int]) -> None:
        with suppress(KafkaError, TimeoutError):
            await asyncio.wait_for(consumer.commit(offsets), COMMIT_S)
            self._shown, self._shown_at = offsets, time.monotonic()
