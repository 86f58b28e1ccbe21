"""Relays, a database and a broker in memory: sessions end and acknowledgements are lost by chance."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final, Self, cast

import detangle
import pytest

from gateway.outbox import relay as module
from gateway.outbox.relay import Relay
from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.topics import declared
from schemas.wire import Codec
from tests.support.schedules import a_moment

#: By its key the first is of a low plan, the second of an urgent one: the relay publishes them beside each other.
STREAMS: Final = ("plan-a", "plan-b")
EVENTS: Final = 4


@dataclass
class Database:
    """The outbox and one advisory lock. `shared`: a database that gives the lock to everybody, which none may do."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    holder: Session | None = None
    shared: bool = False
    sessions: list[Session] = field(default_factory=list)
    ended: int = 0
    looked: int = 0
    deciding: asyncio.Lock = field(default_factory=asyncio.Lock)

    def store(self, stream: str, version: int) -> None:
        names = ("event_id", "type", "causation_id", "correlation_id", "actor")
        empty = dict.fromkeys(("traceparent", "link", "raw", "raw_headers"))
        row: dict[str, Any] = dict.fromkeys(names, f"{stream}.{version}")
        row |= {"stream": stream, "version": version, "seq": len(self.rows), "key": stream, "topic": "plan.events"}
        self.rows.append({**row, **empty, "occurred_at": 0, "data": "{}", "published": False})

    def waiting(self, known: Sequence[int]) -> list[dict[str, Any]]:
        return [row for row in self.rows if not row["published"] and row["seq"] not in known]

    async def decide(self, version: int, relay: Relay) -> None:
        """Store the next event of each stream in one transaction, as a gateway does, and look if its relay lends it."""
        async with self.deciding:
            look = relay.lend()
            self.looked += look is not None
            await a_moment()
            for stream in STREAMS:
                self.store(stream, version)
            found = [] if look is None else self.waiting(look.known)
        await a_moment()  # the answer is on its way
        if look is None:
            relay.wake()
        else:
            look.give(None if detangle.flip(0.1) else cast("Any", found))

    async def connect(self, _url: str) -> Session:
        await a_moment()
        self.sessions.append(Session(self))
        return self.sessions[-1]

    def end_a_session(self) -> None:
        """End the session that holds the lock, as a server does with one that is lost or frozen."""
        if self.holder is not None:
            self.holder.alive = False
            self.holder = None
            self.ended += 1


@dataclass(eq=False)
class Session:
    """A connection, as far as a relay knows one."""

    database: Database
    alive: bool = True

    async def _turn(self) -> None:
        await a_moment()
        if not self.alive:
            raise ConnectionError("the session has ended")

    async def fetchval(self, _query: str, _lock: int) -> bool:
        await self._turn()
        free = self.database.holder is None or self.database.shared
        if free:
            self.database.holder = self
        return free

    async def add_listener(self, _channel: str, _called: Callable[..., None]) -> None:
        await self._turn()

    async def prepare(self, _query: str) -> Self:
        await self._turn()
        return self

    async def fetch(self, limit: int | str, known: Sequence[int] = ()) -> list[dict[str, Any]]:
        await self._turn()
        if isinstance(limit, str):
            return []  # no stream is set aside
        return self.database.waiting(known)[:limit]

    async def execute(self, query: str, *values: list[int]) -> None:
        await self._turn()
        if "published_at" in query:
            for seq in values[0]:
                self.database.rows[seq]["published"] = True

    async def close(self, timeout: float) -> None:
        self.alive = False
        if self.database.holder is self:
            self.database.holder = None


@dataclass
class Broker:
    """What was appended to the log, in order. With `fails` a producer's connection breaks now and then."""

    fails: bool = False
    log: list[str] = field(default_factory=list)

    def producer(self, _brokers: Brokers, _client: str) -> Producer:
        return Producer(self)


@dataclass
class Producer:
    """An idempotent one: what it sends is appended in order, and nothing after what was lost."""

    broker: Broker
    broken: bool = False
    sent: deque[tuple[str, asyncio.Future[None]]] = field(default_factory=deque)

    async def start(self) -> None:
        await a_moment()

    async def stop(self) -> None:
        await a_moment()

    async def partitions_for(self, topic: str) -> set[int]:
        return set(range(declared()[topic].partitions))

    async def send(self, _topic: str, value: bytes, **_: object) -> asyncio.Future[None]:
        loop = asyncio.get_running_loop()
        ack: asyncio.Future[None] = loop.create_future()
        self.sent.append((value.decode(), ack))
        loop.call_later(detangle.choice([0.001, 0.05, 0.2]), self._arrive)
        return ack

    def _arrive(self) -> None:
        """Append the next record; where the connection breaks it is there or not, and nobody is told."""
        value, ack = self.sent.popleft()
        breaks = self.broker.fails and not self.broken and detangle.flip(0.05)
        if not self.broken and not (breaks and detangle.flip(0.5)):
            self.broker.log.append(value)
        self.broken |= breaks
        if self.broken and not ack.done():
            ack.set_exception(ConnectionError("no acknowledgement"))
        elif not ack.done():
            ack.set_result(None)


def as_sent(_topic: str, event: Any) -> bytes:
    return f"{event.stream}.{event.version}".encode()


@dataclass
class World:
    """`relay`: what works. `faults`: sessions end and acknowledgements are lost."""

    patch: pytest.MonkeyPatch
    relay: type[Relay] = Relay
    faults: bool = True
    shared: bool = False

    async def live(self) -> None:
        """Publish everything, by two relays of which one stands by, whatever happens."""
        database, broker = Database(shared=self.shared), Broker(fails=self.faults)
        self.patch.setattr(module, "connect", database.connect)
        self.patch.setattr(kafka, "producer", broker.producer)
        self.patch.setattr(kafka, "let_go", lambda producer: producer.stop())

        @detangle.invariant
        def nothing_is_marked_that_is_not_in_the_log() -> None:
            marked = {f"{row['stream']}.{row['version']}" for row in database.rows if row["published"]}
            assert marked <= set(broker.log)

        relays = [self.relay("", Brokers("b"), cast("Codec", SimpleNamespace(encode=as_sent))) for _ in range(2)]
        working = [asyncio.create_task(one.run()) for one in relays]
        calls = []
        for version in range(1, EVENTS + 1):
            calls.append(asyncio.create_task(database.decide(version, detangle.choice(relays))))
            await a_moment()
            if self.faults and detangle.flip(0.4):
                database.end_a_session()
        await asyncio.gather(*calls)
        while not all(row["published"] for row in database.rows):
            await asyncio.sleep(0.1)
        for one in relays:
            one.stop()
        await asyncio.gather(*working)
        self.judge(broker.log)

    def judge(self, log: list[str]) -> None:
        first = list(dict.fromkeys(log))
        for stream in STREAMS:
            of_stream = [event for event in first if event.startswith(f"{stream}.")]
            assert of_stream == [f"{stream}.{version}" for version in range(1, EVENTS + 1)]
        assert self.faults or first == log, "what nothing disturbed was sent twice"
