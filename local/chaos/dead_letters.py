"""Compares the dead letters with those that were expected.

A plan whose record died is made whole by the watchdog, and log and tables agree: nothing else looks wrong then. So
every run asks: poison has to be a dead letter of each group that reads it, and nothing else may be one.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg
import httpx
from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError

from local.chaos.faults.records import POISON
from local.chaos.scene import Scene
from projections.dead_letters.burial import DEAD_LETTERS
from projections.verify.log_reader import Ends
from projections.verify.verify import wait_for_projection
from schemas.process import kafka
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.kafka import BROKER_AWAY, Brokers
from schemas.process.places import partitions_of

#: What was read is a dead letter after so long, in seconds.
BURIED_WITHIN_S: Final = 10.0
#: Letters that a problem names.
NAMED: Final = 3
#: Letters that one request discards.
AT_ONCE: Final = 1000
#: How often the broker is asked for the ends of topics, ten seconds each time.
TRIES: Final = 3
_ALL: Final = """
    select record_id, type, code || ': ' || message as why, headers @> $1::jsonb as poison
      from rm.dead_letter where dead_at is not null"""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter: what it was and why it was given up, in words, and whether it had to."""

    why: str
    poison: bool


async def letters(env: Mapping[str, str], *, at_least: int = 0, within_s: float = 0.0) -> dict[str, DeadLetter]:
    """Return every dead letter by the id of its record, once the tables have all of the topics.

    Where there are fewer than `at_least`, they are waited for. Raises TimeoutError where the tables stay behind,
    BROKER_AWAY, and DATABASE_FAILS.
    """
    deadline = time.monotonic() + within_s
    connection = await asyncpg.connect(env["MARKETPLACE_DATABASE_URL"], server_settings={"search_path": "rm"})
    try:
        while True:
            if not await wait_for_projection(connection, await _ends(env["MARKETPLACE_BROKERS"])):
                raise TimeoutError("the projections did not reach the end of the dead letters")
            found = {
                row["record_id"]: DeadLetter(f"{row['type']}, {row['why']}", row["poison"])
                for row in await connection.fetch(_ALL, json.dumps([[POISON, ""]]))
            }
            if len(found) >= at_least or time.monotonic() > deadline:
                return found
            await asyncio.sleep(0.2)
    finally:
        await connection.close()


async def only_poison_is_given_up(scene: Scene, before: Mapping[str, DeadLetter]) -> None:
    """Compare the dead letters that were not there `before` with the poison that was read since."""
    try:
        now = await letters(
            scene.site.stack.env, at_least=len(before) + scene.poison, within_s=BURIED_WITHIN_S if scene.poison else 0.0
        )
    except (*BROKER_AWAY, *DATABASE_FAILS) as error:
        scene.problems.append(f"the dead letters cannot be read: {error}")
        return
    scene.problems += wrong_letters({id_: letter for id_, letter in now.items() if id_ not in before}, scene.poison)


async def discard_poison(scene: Scene) -> None:
    """Discard the letters that nobody can read, with a reason, as a person would."""
    found = await letters(scene.site.stack.env)
    poison = [record_id for record_id, letter in found.items() if letter.poison]
    for first in range(0, len(poison), AT_ONCE):
        body = {"recordIds": poison[first : first + AT_ONCE], "reason": "poison of a drill"}
        try:
            await scene.load.post("/api/dead-letters/discard", body)
        except httpx.HTTPError as error:
            scene.problems.append(f"the poison could not be discarded: {error}")


def wrong_letters(new: Mapping[str, DeadLetter], poison: int) -> list[str]:
    """Return the errors among new dead letters, given how often each group got poison."""
    found = []
    foreign = [f"{record_id} ({letter.why})" for record_id, letter in new.items() if not letter.poison]
    if foreign:
        found.append(f"{len(foreign)} good records are dead letters, such as {'; '.join(foreign[:NAMED])}")
    if len(new) - len(foreign) != poison:
        found.append(f"{poison} times poison was read, {len(new) - len(foreign)} dead letters came of it")
    return found


async def _ends(brokers: str) -> Ends:
    consumer = kafka.reader(Brokers(brokers), "chaos")
    await consumer.start()
    try:
        partitions = [TopicPartition(t, p) for t in DEAD_LETTERS for p in range(partitions_of(t))]
        for tries_left in reversed(range(TRIES)):
            try:
                ends = await consumer.end_offsets(partitions)
                break
            except KafkaTimeoutError:  # a broker that has just started, on a busy machine
                if not tries_left:
                    raise
        return {(tp.topic, tp.partition): end for tp, end in ends.items()}
    finally:
        await consumer.stop()
