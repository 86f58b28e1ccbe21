"""What the runner connects to: the database that it writes to, and the log that it reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from schemas.broker_links import FETCH_WAIT_MS
from schemas.sessions import LOCK_HOLDER

#: A broker that does not take offsets by then is away; nobody waits for it.
COMMIT_S: Final = 5.0
#: A session that asks nothing for so long is ended by the server, and its leases go to others: the process is frozen,
#: and its kernel still answers for it. What works waits at most for a consumer that begins (10 s), or says that it is
#: there (`kept`); one whose event loop stands still has ended itself before.
FROZEN_S: Final = 30.0
#: How often a session that waits for others says that it is there.
STAY_S: Final = 5.0


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
            "idle_session_timeout": f"{FROZEN_S * 1000:.0f}",
            "idle_in_transaction_session_timeout": f"{FROZEN_S * 1000:.0f}",
            **LOCK_HOLDER,
        },
    )
    return connection


@asynccontextmanager
async def kept(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Keep a session that is not used meanwhile, however long the broker or the registry take. Raises when it ends."""
    done = asyncio.Event()

    async def stay() -> None:
        while not done.is_set():
            try:
                await asyncio.wait_for(done.wait(), STAY_S)
            except TimeoutError:
                await connection.execute("select 1")

    staying = asyncio.get_running_loop().create_task(stay())
    try:
        yield
    finally:
        done.set()
        await staying


def consumer_of(brokers: str, schema: str) -> AIOKafkaConsumer:
    """Return a consumer that is told its partitions and its positions: it is no member of a group."""
    return AIOKafkaConsumer(
        bootstrap_servers=brokers,
        group_id=f"projections-{schema}",
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
