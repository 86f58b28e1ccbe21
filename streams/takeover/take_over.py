"""Fits a database to the mirror of its log, before any process of this region starts.

The log of this region ends where the mirror ended: that is a log that lost its end, and it is mended as one (ADR 26).
What the read models have seen beyond it they read again, what was published since is sent again from the outbox, and
groups stand no further than the log reaches. Each record has to be where it was: a mirror that gives other offsets is
refused, since read models, retries and dead letters are known by them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from schemas.process import audited, database, kafka
from schemas.process.ending import ended
from schemas.process.liveness import LOCK
from schemas.topics import groups
from streams.backup.log import place_groups
from streams.broker.leaders import Place, leaders_of, records_at
from streams.settings import Settings
from streams.watchdog.log_reach import AGAIN, MEND, NOTED_AT
from streams.watchdog.reach import PROJECTED, Reach, cut, sent_since

NAME: Final = "takeover"
#: A group of which the mirror knows no place goes on this long before the last that was noted of the log.
HOUR_S: Final = 3600.0
READ_S: Final = 30.0
STOP_S: Final = 5.0
#: Each process that lives has a lock, which goes with it.
_AT_WORK: Final = """
    select distinct w.role from pg_locks l join flow.worker w on w.worker_id = l.objid::bigint
     where l.locktype = 'advisory' and l.classid::bigint = $1 and l.objsubid = 2
       and l.database = (select oid from pg_database where datname = current_database())"""
#: The last event below an offset that the read models know a place of.
_KNOWN: Final = """
    select event_id, "offset" from rm.timeline
     where ascii(topic) = ascii($1) and topic = $1 and partition = $2 and "offset" >= $3 and "offset" < $4
     order by "offset" desc limit 1"""
#: Topics that no mirror has to carry: their logs begin anew.
_FORGET: Final = "delete from flow.log_end where topic <> all ($1::text[])"
#: What the read models have seen was there, noted or not.
_NOTE: Final = """
    insert into flow.log_end (topic, partition, epoch, next_offset)
    select topic, partition, $1, next_offset from rm.projection_offset
        on conflict (topic, partition)
        do update set next_offset = greatest(flow.log_end.next_offset, excluded.next_offset)"""
_NOTED: Final = "select topic, partition, epoch, next_offset from flow.log_end for update"


class NotReady(Exception):  # noqa: N818 - says what it is
    """Something has to be done first; nothing was changed. The message says what."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """`lacked`: records that the mirror had not yet; `sent`: events that are sent again; `placed`: groups that moved.

    `since`: when the first of those events may have been published, in seconds since 1970 UTC.
    """

    lacked: int
    sent: int
    placed: int
    since: float


@dataclass(frozen=True, slots=True)
class _Log:
    """This region's log: where each partition of the read models' topics begins and ends, and under which leader."""

    begins: Mapping[Place, int]
    reach: Mapping[Place, Reach]


async def take_over(settings: Settings) -> TakenOver:
    """Fit the database to this region's log. Raises NotReady, and the errors of broker and database as they are."""
    connection = await database.connect(settings.database_url, NAME)
    admin, consumer = kafka.admin(settings.brokers, NAME), kafka.reader(settings.brokers, NAME)
    try:
        await _demand_quiet(connection)
        await admin.start()
        await consumer.start()
        projected = {(row["topic"], row["partition"]): row["next_offset"] for row in await connection.fetch(PROJECTED)}
        log = await _seen(admin, consumer, projected)
        await _demand_same_places(settings, connection, log)
        ended_at = await connection.fetchval(NOTED_AT) or time.time()
        placed = await _place_groups(settings, admin, consumer, ended_at - HOUR_S)
        async with connection.transaction():
            return await _fit(settings, connection, log, placed)
    finally:
        await ended(consumer.stop(), STOP_S)
        await ended(admin.close(), STOP_S)
        await ended(connection.close(timeout=STOP_S), STOP_S)


async def _demand_quiet(connection: asyncpg.Connection) -> None:
    if await connection.fetchval("select pg_is_in_recovery()"):
        raise NotReady("this Postgres is a standby still: promote it first (select pg_promote())")
    if await connection.fetchval("select current_setting('synchronous_standby_names') <> ''"):
        raise NotReady("this Postgres would wait for a standby: empty synchronous_standby_names until there is one")
    at_work = [row["role"] for row in await connection.fetch(_AT_WORK, LOCK)]
    if at_work:
        raise NotReady(f"processes are at work on this database: {', '.join(sorted(at_work))}. End them first")


async def _seen(admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, projected: Mapping[Place, int]) -> _Log:
    led = await leaders_of(admin)
    if lacking := sorted({topic for topic, _ in projected} - {topic for topic, _ in led}):
        raise NotReady(f"this region's broker has not the topics {', '.join(lacking)}: is it the mirror?")
    if leaderless := sorted(projected.keys() - led.keys()):
        named = ", ".join(f"{topic}/{partition}" for topic, partition in leaderless)
        raise NotReady(f"this region's broker has no leader of {named}: wait for it, or is it the mirror?")
    places = [place for place in led if place in projected]
    partitions = [TopicPartition(*place) for place in places]
    begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    return _Log(
        {place: begins[TopicPartition(*place)] for place in places},
        {place: Reach(led[place][1], ends[TopicPartition(*place)]) for place in places},
    )


async def _demand_same_places(settings: Settings, connection: asyncpg.Connection, log: _Log) -> None:
    """Check that both sides have the same last common event in each partition. Raises NotReady if they differ."""
    known: dict[Place, tuple[int, str]] = {}
    for place, reach in log.reach.items():
        row = await connection.fetchrow(_KNOWN, *place, log.begins[place], reach.following)
        if row is not None:
            known[place] = row["offset"], str(row["event_id"])
    found = await records_at(settings.brokers, NAME, {place: at for place, (at, _) in known.items()}, READ_S)
    for place, (at, event_id) in known.items():
        record = found[place]
        said = dict(record.headers).get("ce_id", b"").decode(errors="replace")
        if record.offset != at or said != event_id:
            raise NotReady(
                f"{place[0]}/{place[1]} has another record at {at} than the read models know: the mirror gives"
                " offsets of its own. Restore a backup beside it (docs/deploy.md)"
            )


async def _place_groups(
    settings: Settings, admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, since: float
) -> int:
    """Set each group to its position in the mirror, at most the log's end; a group without one, to `since`."""
    places: dict[str, tuple[tuple[str, int, int], ...]] = {}
    led = await leaders_of(admin)
    for group in groups().values():
        partitions = [TopicPartition(*place) for place in led if place[0] in group.topics]
        if not partitions:
            continue
        ends = await consumer.end_offsets(partitions)
        stand = await admin.list_consumer_group_offsets(group.name, partitions=partitions)
        hour = await consumer.offsets_for_times(dict.fromkeys(partitions, int(since * 1000)))
        moved = []
        for partition in partitions:
            at = stand[partition].offset if partition in stand else -1
            begun = hour.get(partition)
            wanted = min(at, ends[partition]) if at >= 0 else begun.offset if begun else ends[partition]
            if wanted != at:
                moved.append((partition.topic, partition.partition, wanted))
        if moved:
            places[group.name] = tuple(moved)
    await place_groups(settings.brokers, places)
    return len(places)


async def _fit(settings: Settings, connection: asyncpg.Connection, log: _Log, placed: int) -> TakenOver:
    await connection.execute(_FORGET, sorted({topic for topic, _ in log.reach}))
    noted_at = await connection.fetchval(NOTED_AT) or 0.0  # before `_NOTE`: what it adds was seen at another time
    await connection.execute(_NOTE, 0)
    noted = {(r["topic"], r["partition"]): Reach(r["epoch"], r["next_offset"]) for r in await connection.fetch(_NOTED)}
    cuts = cut(noted, {place: reach.following for place, reach in log.reach.items()})
    last = {place: end - 1 for place, end in cuts.items() if end > log.begins[place]}
    times = {
        place: record.timestamp / 1000
        for place, record in (await records_at(settings.brokers, NAME, last, READ_S)).items()
    }
    since = sent_since(cuts, times, noted_at)
    moment = datetime.fromtimestamp(since, UTC)
    places = sorted(log.reach)
    row: Any = await connection.fetchrow(
        MEND,
        [topic for topic, _ in places],
        [partition for _, partition in places],
        [noted[place].epoch for place in places],
        [log.reach[place].epoch for place in places],
        [log.reach[place].following for place in places],
        [log.reach[place].following for place in places],
        moment,
        [],
    )
    more = await connection.execute(AGAIN, moment)
    sent = row["sent"] + int(more.rpartition(" ")[2])
    await audited.tell(connection, "system.takeover", "", lacked=row["lost"], sent=sent, since=moment.isoformat())
    return TakenOver(row["lost"], sent, placed, since)
