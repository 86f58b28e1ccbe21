"""The moment that a backup shows: the state that a loss of power of the whole system would leave.

For some milliseconds nobody writes what goes with the log: the outbox, the index of parked records, the positions of
the read models. Meanwhile, in this order: where the groups are, where the log ends, and what the database shows from
then on. So what the database says is in the log is there, what is in the log came from what the database has, and what
a group had not finished is handled again. The system heals from there as it does from any death.

A snapshot holds rows, not names: until all is copied no rebuild may swap tables, nor a migration change them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import asyncpg
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from schemas.process import database, kafka
from schemas.process.ending import ended
from schemas.process.log_home import learn_growth
from schemas.process.places import partitions_of
from schemas.process.sessions import LOCK_HOLDER, MIGRATIONS, REBUILD
from schemas.topics import PROJECTIONS, declared, groups
from streams.backup import tables
from streams.settings import Settings
from streams.watchdog.reach import PROJECTED

#: What is written together with the log, before it or after it, each with how long it is waited for. Less than a
#: deadlock takes to be found: where it waits for somebody who waits for it, this one gives way. Who writes two of them
#: writes the outbox last, and so it is here: for the others no command waits.
WAIT_MS: Final = 500
_LOCKS: Final = (
    ("flow.parked", WAIT_MS),
    ("rm.projection_offset", WAIT_MS),
    ("decide.outbox", 200),
)
#: Others go on meanwhile, before it is tried again.
BETWEEN_S: Final = 0.5
GIVE_UP_S: Final = 120.0
#: The longest that everything stands still. The server ends it, too, should this process be stopped just then.
LONGEST_S: Final = 3.0
#: One statement copies a table.
COPY_S: Final = 86_400.0
STOP_S: Final = 5.0
#: A machine that vanishes keeps no migration waiting. Not how long data may wait for a slow disk of this one.
_SESSION: Final = {name: value for name, value in LOCK_HOLDER.items() if name != "tcp_user_timeout"}
_ALONE: Final = ((MIGRATIONS, "a migration"), (REBUILD, "a rebuild, or an addition of partitions,"))
#: While a cut log is being mended, records are still to be sent again, of which no restored system would know.
_MENDING: Final = "select exists (select from flow.log_cut where whole_at is null)"

Place = tuple[str, int]


class NoMoment(Exception):  # noqa: N818 - says what happened
    """There was no moment that a backup could show. The message says why."""


@dataclass(frozen=True, slots=True)
class Moment:
    """`at`: seconds since 1970 UTC by the database's clock. `waited_s`: how long others waited.

    `starts` and `ends` are the log's; `positions` the groups', for each place that one has read.
    """

    at: float
    waited_s: float
    starts: Mapping[Place, int]
    ends: Mapping[Place, int]
    positions: Mapping[str, tuple[tuple[str, int, int], ...]]


class Taking:
    """`async with Taking(settings) as taking: moment = await taking.moment()`.

    `shown` reads the database as it was then. Raises the errors of broker and database as they are.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._consumer = kafka.reader(settings.brokers, "backup")
        self._admin = kafka.admin(settings.brokers, "backup")
        self._partitions: list[TopicPartition] = []
        self.shown: asyncpg.Connection

    async def __aenter__(self) -> Self:
        try:
            self._holding = await database.connect(self._settings.database_url, "backup")
            self.shown = await database.connect(
                self._settings.database_url, "backup", statement_s=COPY_S, session=_SESSION
            )
            await self._consumer.start()
            await self._admin.start()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for connection in (getattr(self, name, None) for name in ("_holding", "shown")):
            if connection is not None:
                await ended(connection.close(timeout=STOP_S), STOP_S)
        await ended(self._consumer.stop(), STOP_S)
        await ended(self._admin.close(), STOP_S)

    async def moment(self) -> Moment:
        """Return the moment; from then on `shown` shows it, until `let_go`. Raises NoMoment."""
        give_up = time.monotonic() + GIVE_UP_S
        while under_way := await self._under_way():
            if time.monotonic() > give_up:
                raise NoMoment(f"{under_way} is under way: make the backup once it has ended")
            await asyncio.sleep(BETWEEN_S)
        await learn_growth(self.shown)  # from now on none are added
        self._partitions = [TopicPartition(topic, p) for topic in declared() for p in range(partitions_of(topic))]
        while True:
            try:
                return await self._moment()
            except asyncpg.LockNotAvailableError:
                if time.monotonic() > give_up:
                    raise NoMoment(f"somebody has kept a table for {GIVE_UP_S:.0f} s: try again later") from None
            except KafkaError as error:  # such as of a broker that has just started, and coordinates no group yet
                if not error.retriable or time.monotonic() > give_up:
                    raise
            await asyncio.sleep(BETWEEN_S)

    async def let_go(self) -> None:
        """Release the tables after they were copied, so that waiting writers go on."""
        await self.shown.execute("commit")
        await self.shown.execute("select pg_advisory_unlock_all()")

    async def _under_way(self) -> str:
        """Return what changes tables just now; empty where nothing does, nor can from now on."""
        for number, what in _ALONE:
            if not await self.shown.fetchval("select pg_try_advisory_lock_shared($1)", number):
                await self.shown.execute("select pg_advisory_unlock_all()")
                return what
        return ""

    async def _begin(self) -> None:
        """Begin the transaction that shows the moment, with all tables locked. Its first query takes the snapshot."""
        if self.shown.is_in_transaction():  # of a try before
            await self.shown.execute("rollback")
        names = await tables.names(self.shown)
        if not names:
            raise NoMoment("the database has no tables: there is nothing to keep")
        await self.shown.execute(
            "begin isolation level repeatable read, read only;"
            f" set local lock_timeout = {WAIT_MS}; lock table {', '.join(names)} in access share mode"
        )

    async def _moment(self) -> Moment:
        positions = {name: await self._position(name) for name in groups() if name != PROJECTIONS}
        found = await self._consumer.beginning_offsets(self._partitions)
        await self._begin()
        async with self._holding.transaction():
            await self._holding.execute(f"set local idle_in_transaction_session_timeout = {LONGEST_S * 1000:.0f}")
            for table, wait_ms in _LOCKS:
                await self._holding.execute(f"set local lock_timeout = {wait_ms}; lock table {table} in share mode")
            began = time.monotonic()
            async with asyncio.timeout(LONGEST_S):
                ends = await self._consumer.end_offsets(self._partitions)
                at = await self.shown.fetchval("select extract(epoch from clock_timestamp())::float8")
            waited_s = time.monotonic() - began
        moment = Moment(at, waited_s, _places(found), _places(ends), positions)
        await self._check(moment)
        return moment

    async def _position(self, group: str) -> tuple[tuple[str, int, int], ...]:
        found = await self._admin.list_consumer_group_offsets(group)
        return tuple(sorted((tp.topic, tp.partition, at.offset) for tp, at in found.items() if at.offset >= 0))

    async def _check(self, moment: Moment) -> None:
        """Raise NoMoment if a reader is, or was, beyond the end of the log: then the log has lost its end."""
        if await self.shown.fetchval(_MENDING):
            raise NoMoment(
                "the log has lost its end, and what was lost is sent again just now: try again once it is whole (the"
                " finding log-cut)"
            )
        read = [tuple(row) for row in await self.shown.fetch(PROJECTED)]
        read += [place for places in moment.positions.values() for place in places]
        for topic, partition, offset in read:
            if offset > moment.ends.get((topic, partition), offset):
                raise NoMoment(
                    f"{topic}/{partition} ends at {moment.ends[topic, partition]}, and {offset} was read: the log has"
                    " lost its end. Try again once it is mended (the finding log-cut)"
                )


def _places(found: Mapping[TopicPartition, int]) -> dict[Place, int]:
    return {(tp.topic, tp.partition): offset for tp, offset in found.items()}
