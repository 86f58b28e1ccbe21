"""What the runner connects to: the database that it writes to, and the log that it reads."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.process.broker_links import FETCH_WAIT_MS
from schemas.process.sessions import never_frozen
from schemas.topics import PROJECTIONS

#: A broker that does not take offsets by then is away; nobody waits for it.
COMMIT_S: Final = 5.0


async def connect(database_url: str, schema: str) -> asyncpg.Connection:
    """Return a connection that reads and writes the read models in `schema`."""
    connection: asyncpg.Connection = await asyncpg.connect(
        database_url,
        timeout=5,
        command_timeout=60,
        server_settings={
            "search_path": schema,
            "application_name": "projections",
            # a crash of the server may take the last commits back, offsets included: they are projected again
            "synchronous_commit": "off",
            # what works waits at most for a consumer that begins (10 s); where an event loop stands still for 15 s, the
            # process ends itself
            **never_frozen(),
        },
    )
    return connection


def consumer_of(brokers: str, schema: str) -> AIOKafkaConsumer:
    """Return a consumer that is told its partitions and its positions: it is no member of a group."""
    return AIOKafkaConsumer(
        bootstrap_servers=brokers,
        group_id=f"{PROJECTIONS}-{schema}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 * 1024 * 1024,
        fetch_max_wait_ms=FETCH_WAIT_MS,
        request_timeout_ms=10000,
        retry_backoff_ms=50,
        # a consumer that looks for an offset does not find out by itself that a partition has another leader now
        metadata_max_age_ms=2000,
        client_id="projections",
    )


class ShownOffsets:
    """Commits offsets for tools that show the lag of groups; the truth is in the database, so nobody waits for it."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def show(self, consumer: AIOKafkaConsumer, positions: dict[tuple[str, int], int]) -> None:
        """Begin to commit, unless the last time is still under way."""
        if self._task is None or self._task.done():
            offsets = {TopicPartition(t, p): o for (t, p), o in positions.items()}
            self._task = asyncio.get_running_loop().create_task(self._commit(consumer, offsets))

    async def _commit(self, consumer: AIOKafkaConsumer, offsets: dict[TopicPartition, int]) -> None:
        with suppress(KafkaError, TimeoutError):
            await asyncio.wait_for(consumer.commit(offsets), COMMIT_S)
