"""Which records became dead letters, held against those that had to.

A plan whose record died is made whole by the watchdog, and log and tables agree: nothing else looks wrong then. So
every run asks: poison has to be a dead letter of each group that reads it, and nothing else may be one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from local.chaos.scene import Scene
from projections.burial import DEAD_LETTERS
from projections.log_reader import Ends
from projections.verify import wait_for_projection
from schemas.topics import declared
from streams.away import DATABASE_AWAY

#: What was read is a dead letter after so long, in seconds.
BURIED_WITHIN_S: Final = 10.0
#: Letters that a problem names.
NAMED: Final = 3
_ALL: Final = """
    select record_id, type, code || ': ' || message as why from rm.dead_letter where dead_at is not null"""


async def letters(env: Mapping[str, str], *, at_least: int = 0, within_s: float = 0.0) -> dict[str, str]:
    """Return every dead letter: id of the record -> type and cause, once the tables have all of the topics.

    Where there are fewer than `at_least`, they are waited for. Raises TimeoutError where the tables stay behind,
    KafkaError, and DATABASE_AWAY.
    """
    deadline = time.monotonic() + within_s
    connection = await asyncpg.connect(env["MARKETPLACE_DATABASE_URL"], server_settings={"search_path": "rm"})
    try:
        while True:
            if not await wait_for_projection(connection, await _ends(env["MARKETPLACE_BROKERS"])):
                raise TimeoutError("the projections did not reach the end of the dead letters")
            found = {row["record_id"]: f"{row['type']}, {row['why']}" for row in await connection.fetch(_ALL)}
            if len(found) >= at_least or time.monotonic() > deadline:
                return found
            await asyncio.sleep(0.2)
    finally:
        await connection.close()


async def only_poison_is_dead(scene: Scene, before: Mapping[str, str]) -> None:
    """Compare the dead letters that were not there `before` with the poison that was read since."""
    try:
        now = await letters(
            scene.site.stack.env, at_least=len(before) + scene.poison, within_s=BURIED_WITHIN_S if scene.poison else 0.0
        )
    except (TimeoutError, KafkaError, *DATABASE_AWAY) as error:
        scene.problems.append(f"the dead letters cannot be read: {error}")
        return
    new = [f"{record_id} ({why})" for record_id, why in now.items() if record_id not in before]
    if len(new) != scene.poison:
        such = f", such as {'; '.join(new[:NAMED])}" if len(new) > scene.poison else ""
        scene.problems.append(f"{scene.poison} times poison was read, {len(new)} dead letters came of it{such}")


async def _ends(brokers: str) -> Ends:
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [TopicPartition(t, p) for t in DEAD_LETTERS for p in range(declared()[t].partitions)]
        return {(tp.topic, tp.partition): end for tp, end in (await consumer.end_offsets(partitions)).items()}
    finally:
        await consumer.stop()
