"""Notes where in the log signing begins, and where the records of a retired key end: once each, in Postgres.

Records before that are of another time: nobody signed them, or with another key. They are believed, so old plans stay
what they are; whatever comes later has to be signed. The log only grows at its end, so nobody writes one before it.
"""

from __future__ import annotations

from typing import Final

from aiokafka import TopicPartition

from schemas.audit import SystemAction
from schemas.belief import NO_KEY, Mode
from schemas.process import audited, database, kafka
from schemas.process.ending import ended
from schemas.process.outbox_seals import OUTBOX
from schemas.process.places import partitions_of
from schemas.topics import declared
from streams.settings import Settings

_NOTE: Final = """
    insert into flow.believed_until (key_id, topic, partition, next_offset)
    select $1, t, p, o from unnest($2::text[], $3::int[], $4::bigint[]) v (t, p, o) on conflict do nothing"""
#: Rows of the outbox that are decided until here may have no seal; while the upgrade goes on, none needs one.
_UNSEALED: Final = """
    update decide.outbox_sealed set began_at = now(), seq = (select coalesce(max(seq), 0) from decide.outbox)"""
#: Rows of the outbox from here on count no more for the key.
_ROWS: Final = """
    insert into flow.believed_until (key_id, topic, partition, next_offset)
    select $1, $2, 0, coalesce(max(seq), 0) + 1 from decide.outbox on conflict do nothing"""
STOP_S: Final = 5.0


async def begin_belief(settings: Settings) -> int:
    """Note where signing begins, where it is required and nobody has noted it; return the partitions that were noted.

    What waits in the outbox then was decided without a key, too: it is believed, as what is on the log is.
    A topic that is new since is empty, and needs no note: all of it has to be signed. Raises the errors of the broker
    and the database as they are.
    """
    if settings.signing.mode is not Mode.REQUIRE or not settings.database_url:
        return 0
    return await _note(settings, NO_KEY, "system.signing")


async def end_belief(settings: Settings, key_id: str) -> int:
    """Note where the records of a key end that signs no more, and its seals; return the partitions that were noted.

    Raises the errors of the broker and the database as they are.
    """
    return await _note(settings, key_id, "system.retire")


async def _note(settings: Settings, key_id: str, action: SystemAction) -> int:
    connection = await database.connect(settings.database_url, "provision")
    try:
        if await connection.fetchval("select exists (select from flow.believed_until where key_id = $1)", key_id):
            return 0
        ends = await _ends(settings)
        places = sorted(ends)
        columns = [[tp.topic for tp in places], [tp.partition for tp in places], [ends[tp] for tp in places]]
        async with connection.transaction():
            if await connection.execute(_NOTE, key_id, *columns) != "INSERT 0 0":  # another one may have been quicker
                if key_id == NO_KEY:
                    await connection.execute(_UNSEALED)
                else:
                    await connection.execute(_ROWS, key_id, OUTBOX)
                await audited.tell(connection, action, key_id, partitions=len(places))
        return len(places)
    finally:
        await connection.close(timeout=2)


async def _ends(settings: Settings) -> dict[TopicPartition, int]:
    consumer = kafka.reader(settings.brokers, "provision")
    await consumer.start()
    try:
        partitions = [TopicPartition(t, p) for t in declared() for p in range(partitions_of(t))]
        found: dict[TopicPartition, int] = await consumer.end_offsets(partitions)
        return found
    finally:
        await ended(consumer.stop(), STOP_S)
