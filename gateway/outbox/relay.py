"""The relay: carries the outbox to the log, in order, and marks rows after the broker's acknowledgement.

One relay works at a time (advisory lock on its own connection); others stand by and take over when the session ends,
as it does for one that is frozen.
A crash between acknowledgement and mark publishes again: same event ids, so it changes nothing downstream.
What is urgent is published beside the go of the others. While the relay rests, decisions look for it what they have
stored (looks.py), and marks wait for each other (marks.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

import asyncpg
import orjson
import structlog

from gateway.outbox.beside import Beside
from gateway.outbox.looks import Look, Looks
from gateway.outbox.marks import Marks
from gateway.outbox.pending import Pending, rank_of
from gateway.outbox.session import Session, connect, lost
from gateway.outbox.set_aside import UNFIT, StreamsSetAside
from schemas import headers
from schemas.belief import seal, sign
from schemas.events import Event
from schemas.process import telemetry
from schemas.process.crashpoints import crashpoint
from schemas.process.kafka import Brokers, LazyProducer
from schemas.process.log_context import of_rows
from schemas.process.named import named
from schemas.process.outbox_calls import CALL, CHANNEL, GATHER_S
from schemas.process.outbox_seals import COLUMNS, Seals
from schemas.process.rounds import Round
from schemas.process.sessions import kept
from schemas.topics import declared
from schemas.wire import Codec, Invalid

log = structlog.get_logger("relay")

_LOCK: Final = 0x72656C61
#: After so many rows in one go there is a load: a pause lets the next go be larger, which costs everybody less.
BUSY: Final = 16
BUSY_PAUSE_S: Final = 0.01
#: After so many rows of a go, whoever asks the gateway for something has the loop.
GIVE_WAY: Final = 32
#: How often a working relay looks for rows of which nobody has told it: calls are lost, and some things nobody waits
#: for. Its own gateway wakes it at once, and who stores what is waited for calls it (schemas/process/outbox_calls.py).
POLL_S: Final = 0.5
#: How often a relay that stands by tries for the lock.
STANDBY_S: Final = 0.5
#: A batch that is not acknowledged by then is given up and sent again by a new producer.
ACK_TIMEOUT_S: Final = 20.0
#: Bytes of a record with its key and headers: what is left of a broker's 1 MiB is for the frame around them.
LARGEST: Final = 1_048_576 - 10_000

#: A record's value, and the event that it is; None for bytes that were given as they are.
Prepared = tuple[bytes | None, Event | None]

_COLUMNS: Final = f"{COLUMNS}, o.traceparent, o.link"
_SELECT: Final = f"""
    select {_COLUMNS} from decide.outbox o
     where o.published_at is null and o.held_at is null and o.seq <> all ($2) order by o.seq limit $1
"""  # noqa: S608 - constants only


class Relay:
    """Publishes the outbox until stopped.

    `failing_since` is the monotonic time of the first of a row of failures, None while all is well;
    `active` says whether this relay holds the lock. `seals` judge its rows; their keys sign what it publishes.
    """

    def __init__(self, database_url: str, brokers: Brokers, codec: Codec, seals: Seals | None = None) -> None:
        self._database_url = database_url
        self._codec = codec
        self._seals = seals or Seals()
        self._keys = self._seals.keys
        self._wake = asyncio.Event()
        self._told = False  # that rows were stored, which nobody has read yet
        self._looks = Looks(self.wake, self._wake.set, BUSY)
        self._pending = Pending[asyncpg.Record]()
        self._others = Beside()
        self._marks = Marks()
        self._stopping = False
        self._producer = LazyProducer(brokers, "gateway-relay")
        self._set_aside = StreamsSetAside(_COLUMNS, self._seals.learn, self._prepare)
        self.active = False
        self.published = 0
        self.failing_since: float | None = None

    def wake(self) -> None:
        """Say that rows were stored."""
        self._told = True
        self._wake.set()

    def lend(self) -> Look | None:
        """Return a look for rows that a decision does; None where the relay looks by itself."""
        return self._looks.lend()

    def stop(self) -> None:
        """End `run` after the batch under way."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped; never raises for an outage."""
        delay = 0.1
        while not self._stopping:
            with Round("relay", partial(self._failed, delay)) as this:
                await self._session()
            if this.error is None:
                delay = 0.1
                continue
            await self._producer.let_go()
            await asyncio.sleep(delay)
            delay = min(delay * 2, 2.0)
        await self._producer.let_go()

    def _failed(self, delay: float, error: Exception) -> None:
        """Tell of an outage of the broker, or of a bug. That the database is away is told by who asks it."""
        self.failing_since = self.failing_since if lost(error) else self.failing_since or time.monotonic()
        log.warning("relay failed, trying again", error=named(error), delay_s=delay)

    async def _session(self) -> None:
        connection = await connect(self._database_url)
        try:
            while not self._stopping:
                if await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK):
                    break
                self.failing_since = None  # another one does the work: that we failed before is over
                await self._stand_by(connection)
            await connection.add_listener(CHANNEL, lambda *_: self.wake())
            session = Session(connection, await connection.prepare(_SELECT))
            await self._set_aside.load(session)
            self.active = self._told = True
            while not self._stopping:
                await self._go(session)
            await self._others.ended()
            await self._mark(session)
        finally:
            self.active = False
            await self._others.give_up()
            self._looks.void()
            self._pending = Pending()
            self._marks = Marks()
            with suppress(Exception):
                await connection.close(timeout=2)

    async def _go(self, session: Session) -> None:
        """Publish what there is, what is urgent beside the go of the others, and wait for more."""
        self._wake.clear()
        if self._set_aside:
            # a row that is let go now belongs before what follows in its stream
            await self._others.ended()
            self._pending.forget()
            await self._set_aside.review(session)
        self._pending.add(self._looks.take() or await self._look(session))
        if not self._others and (others := self._pending.take(urgent=False)):
            self._others.begin(self._carry(session, others))
        published = await self._carry(session, self._pending.take(urgent=True))
        with self._looks.resting(self._known()):
            ended = await self._others.ended_unless(self._wake, POLL_S)
        busy = published + (ended or 0) >= BUSY
        if busy or self._marks.due_s() == 0:
            await self._mark(session)
        if ended is None:  # it goes on, and something may have been stored meanwhile
            return
        if busy:
            self._told = True
            await asyncio.sleep(BUSY_PAUSE_S)
            return
        # what comes after a few rows says so, or is found by the next look: one at once would find nothing
        self.failing_since = None
        if self._told or self._pending:
            return
        with self._looks.resting(self._known()), suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), min(POLL_S, self._marks.due_s()))

    def _known(self) -> Sequence[int] | None:
        """Return the rows that nobody needs to find; None where the relay has to look by itself."""
        # what follows in a stream that is set aside waits, for as long as a look of the relay's own finds it so
        return None if self._set_aside else self._marks.waiting + self._pending.numbers

    async def _carry(self, session: Session, rows: Sequence[asyncpg.Record]) -> int:
        """Publish rows, which are of one lane; return how many they are."""
        if rows:
            crashpoint("relay.fetched")
            with of_rows(rows, "relay"):
                await self._publish(session, rows)
            self._pending.ended(rows)
        return len(rows)

    async def _look(self, session: Session) -> Sequence[asyncpg.Record]:
        """Return the next rows to publish."""
        self._told = False
        self._looks.void()
        return await session.look(self._pending.room, self._marks.waiting + self._pending.numbers)

    async def _mark(self, session: Session) -> None:
        if await self._marks.write(session):
            crashpoint("relay.marked")

    async def _stand_by(self, connection: asyncpg.Connection) -> None:
        """Call the relay at work for what this gateway stores, until it is time to try for its place."""
        until = time.monotonic() + STANDBY_S
        while not self._stopping and (left := until - time.monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), left)
                self._wake.clear()
                await connection.execute(CALL)
                await asyncio.sleep(GATHER_S)

    async def _publish(self, session: Session, rows: Sequence[asyncpg.Record]) -> None:
        prepared = await self._prepare_all(session, rows)
        if not prepared:
            return
        async with kept(session):  # a broker may take its time: the lock stays with whoever waits for it
            acks, spans = await self._send(prepared)
            crashpoint("relay.sent")
            async with asyncio.timeout(ACK_TIMEOUT_S):  # wait_for would leave a gather that nobody retrieves
                await asyncio.gather(*acks)
            crashpoint("relay.acknowledged")
        for sending in spans:
            sending.end()
        self._marks.add([row["seq"] for row, _ in prepared])
        self.published += len(prepared)

    async def _send(
        self, prepared: list[tuple[asyncpg.Record, Prepared]]
    ) -> tuple[list[asyncio.Future[Any]], list[telemetry.Sending]]:
        """Send rows, in order within each partition; return the futures of their acknowledgements, and their spans."""
        producer = await self._producer.get()
        acks: list[asyncio.Future[Any]] = []
        spans: list[telemetry.Sending] = []
        for n, (row, (value, event)) in enumerate(sorted(prepared, key=lambda found: rank_of(found[0])), start=1):
            if n % GIVE_WAY == 0:
                await asyncio.sleep(0)
            if event is None:
                carried = headers.from_json(orjson.loads(row["raw_headers"]))
                carried = seal(self._keys, row["key"].encode() or None, value, carried)
                # its headers stay as they are: attempts at a record are siblings, whoever asked for the next one
                parent = headers.text(carried, headers.TRACEPARENT)
                if parent is not None:
                    spans.append(telemetry.send(row["topic"], row["type"], row["key"], parent, row["link"]))
            else:
                sending = telemetry.send(row["topic"], row["type"], row["key"], row["traceparent"], row["link"])
                spans.append(sending)
                carried = headers.for_event(event, sending.traceparent)
                carried = sign(self._keys, row["topic"], row["key"].encode(), event.type, value, carried)
            key = row["key"].encode() or None
            place = await self._producer.place(row["topic"], key)
            acks.append(await producer.send(row["topic"], value, key=key, partition=place, headers=carried))
        return acks, spans

    async def _prepare_all(
        self, session: Session, rows: Sequence[asyncpg.Record]
    ) -> list[tuple[asyncpg.Record, Prepared]]:
        """Return the rows that can be published, in order; set the others aside, and what follows them."""
        await self._seals.learn(session, rows)
        prepared: list[tuple[asyncpg.Record, Prepared]] = []
        aside: list[tuple[int, str | None]] = []
        for n, row in enumerate(rows, start=1):
            if n % GIVE_WAY == 0:
                await asyncio.sleep(0)
            try:
                if row["stream"] not in self._set_aside:
                    prepared.append((row, self._prepare(row)))
                    continue
                self._seals.check(row)  # a forged one is judged again for whoever meets it, and keeps its reason
                aside.append((row["seq"], None))
            except UNFIT as error:
                aside.append(self._set_aside.refuse(row, error))
        await self._set_aside.mark(session, aside)
        return prepared

    def _prepare(self, row: asyncpg.Record) -> Prepared:
        """Return the value to publish and its event. Raises one of UNFIT."""
        if row["raw_headers"] is not None:
            self._seals.check(row)
            # bytes that were given as they are, such as a dead letter's: nothing of them is changed
            if row["topic"] not in declared():
                # a broker would refuse it for ever, and with it all that is sent in the same go
                raise Invalid(f"there is no topic {row['topic']!r}")
            carried = headers.from_json(orjson.loads(row["raw_headers"]))
            size = headers.size_of(row["key"].encode(), row["raw"], carried)
            if size > LARGEST:
                value = len(row["raw"] or b"")
                raise Invalid(
                    f"{value} bytes, {size} with key and headers, are more than the {LARGEST} that a broker takes"
                )
            # a broker takes no record without key and value
            return (b"" if row["raw"] is None and not row["key"] else row["raw"]), None
        event = self._seals.event_of(row)
        return self._codec.encode(row["topic"], event), event
