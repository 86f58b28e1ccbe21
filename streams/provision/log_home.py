"""Notes under which prefix a database's log is, before its topics are made; refuses the log of another system."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import asyncpg
from aiokafka import TopicPartition

from schemas import prefix
from schemas.process import audited, database, kafka, log_home
from schemas.process.ending import ended
from schemas.process.places import partitions_of
from schemas.process.settings import TOPIC_PREFIX, SettingsError
from schemas.topics import PLAN_EVENTS
from streams.settings import Settings

_NOTE: Final = "insert into flow.log_home (prefix) values ($1) on conflict do nothing"
_OURS: Final = "select exists (select from decide.head) or exists (select from flow.log_end)"
_GROWN: Final = """
    update flow.log_home set partitions = greatest(partitions, $1), dealt_among = greatest(dealt_among, $2)"""
STOP_S: Final = 5.0
#: Changes that one entry of the audit tells, at most; a fresh system has more.
TOLD: Final = 50


async def demand_home(settings: Settings, *, noting: bool) -> None:
    """Raise SettingsError where the log has another prefix, or is another system's; `noting`: note it, if nobody has.

    Raises the errors of broker and database as they are. Without a database, or before its tables, nothing is noted.
    """
    if not settings.database_url:
        return
    connection = await database.connect(settings.database_url, "provision")
    try:
        if not await connection.fetchval("select to_regclass('flow.log_home') is not null"):
            return
        await log_home.learn_growth(connection)
        noted = await log_home.noted_in(connection)
        if why := log_home.why_not(noted):
            raise SettingsError(why)
        if noted is None:
            if prefix.used() and not await connection.fetchval(_OURS) and await _has_records(settings):
                raise SettingsError(
                    f"{TOPIC_PREFIX} is {prefix.used()!r}, and there are records under it that this empty database"
                    " knows nothing of: give a prefix that no other system has, or the database that belongs to them"
                )
            if noting:
                await note(connection)
                # another one may have been quicker, under another prefix
                if why := log_home.why_not(await log_home.noted_in(connection)):
                    raise SettingsError(why)
    finally:
        await connection.close(timeout=2)


async def tell_applied(settings: Settings, done: Sequence[str]) -> None:
    """Record in the audit what was made or changed. Without a database, or before its tables, nobody keeps it."""
    if not settings.database_url:
        return
    connection = await database.connect(settings.database_url, "provision")
    try:
        if await connection.fetchval("select to_regclass('audit.entry') is not null"):
            told = [*done[:TOLD], "..."] if len(done) > TOLD else list(done)
            await audited.tell(connection, "system.provision", "", done=told)
    finally:
        await connection.close(timeout=2)


async def note(connection: asyncpg.Connection) -> None:
    """Note the prefix of this process as that of the database's log, where none is noted."""
    await connection.execute(_NOTE, prefix.used())


async def note_growth(connection: asyncpg.Connection, there: int, dealt: int | None) -> None:
    """Note how many partitions the topics have that grow, and among how many new plans are dealt; None: as before."""
    await connection.execute(_GROWN, there, dealt)


async def _has_records(settings: Settings) -> bool:
    """Say whether the history of plans has had a record. A topic that is not there has had none."""
    admin = kafka.admin(settings.brokers, "provision")
    await admin.start()
    try:
        there = PLAN_EVENTS in await admin.list_topics()
    finally:
        await admin.close()
    if not there:
        return False
    consumer = kafka.reader(settings.brokers, "provision")
    await consumer.start()
    try:
        places = [TopicPartition(PLAN_EVENTS, number) for number in range(partitions_of(PLAN_EVENTS))]
        return any((await consumer.end_offsets(places)).values())
    finally:
        await ended(consumer.stop(), STOP_S)
