"""Looks at the broker from outside: does it answer, and how far has each group come. One small question a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, NodeNotReadyError

from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.process.named import named
from schemas.process.places import partitions_of
from schemas.topics import AGENTS, PROJECTIONS, RETRY_PUMP, groups
from streams.watchdog.clients import Clients
from streams.watchdog.lag_time import LagTime
from streams.watchdog.passed import Passed
from streams.watchdog.snapshot import Place

log = structlog.get_logger("watchdog")

#: Consumer group -> the topics that it reads.
WATCHED: Final = {group.name: group.topics for group in groups().values()}
#: The projections keep their offsets with their rows: the database says how far they are, see `SystemView.look`.
COMMITTING: Final = {name: topics for name, topics in WATCHED.items() if name != PROJECTIONS}
#: The pump waits on purpose: its lag says nothing, only that it stands longer than its tier says.
GROUPS: Final = {name: topics for name, topics in COMMITTING.items() if name != RETRY_PUMP}
SAMPLE_S: Final = 1.0
TIMEOUT_S: Final = 3.0
#: The broker is away when it has taken no connection so often in a row, when it has refused for so long what is asked,
#: as a cluster does that chooses a leader, or when it has been silent for so long.
UNREACHED: Final = 2
REFUSED_S: Final = 1.5
SILENT_S: Final = 4.0
#: What says that no connection was taken. One that it had just closed says so once, and a new one does not.
NO_CONNECTION: Final = (OSError, KafkaConnectionError, NodeNotReadyError)
#: Seconds after a refusal until it is asked again.
AGAIN_S: Final = 0.2
#: An answer that takes so long is one of a broker that may be gone: its client would ask again for two seconds.
SLOW_S: Final = 0.25
#: A partition that stands still for this long may have lost its beginning: its first offset is asked for.
BEGINS_S: Final = 2.0
#: A group's offsets that are older than this count as unknown. It is asked once a second, and answers may take a while.
KNOWN_S: Final = 5.0
#: While nothing comes and nothing waits, groups have nothing to commit: how often it is asked all the same.
SETTLED_S: Final = 10.0


class BrokerView:
    """`done`, `ends` and `begins` are the newest that was seen; `away_s` is 0 while the broker answers.

    `turned` is called when it is away, and when it is back.
    """

    def __init__(self, brokers: Brokers) -> None:
        self.turned: Callable[[], None] = lambda: None
        self._was_away = False
        self._brokers = brokers
        self._clients = Clients(brokers)
        self._answered_at = time.monotonic()
        self._refused = False
        self._unreached = 0
        self._moved_at: dict[Place, float] = {}
        self._noted_at: dict[str, float] = {}
        self._asked_at = -SETTLED_S
        self._lag_time = LagTime()
        self.passed = Passed()
        self.error = ""
        self.seen = False
        self.done: dict[Place, int] = {}
        self.ends: dict[tuple[str, int], int] = {}
        self.begins: dict[tuple[str, int], int] = {}

    @property
    def away_s(self) -> float:
        """For how long the broker has not answered; 0 while it is only slow."""
        silent = self.silent_s
        late_s = REFUSED_S if self._refused else SILENT_S
        return silent if self.error and (self._unreached >= UNREACHED or silent >= late_s) else 0.0

    @property
    def silent_s(self) -> float:
        """For how long the broker has not answered: it is asked once a second, so that means little below two."""
        return time.monotonic() - self._answered_at

    def known(self, group: str) -> bool:
        """Say whether it is known how far a group is: the broker answers, and so does who keeps the group's offsets."""
        return self.seen and not self.away_s and time.monotonic() - self._noted_at.get(group, -KNOWN_S) < KNOWN_S

    def lag(self, group: str) -> int:
        """Return how many records a group has before it."""
        return sum(records for place, records in self.behind().items() if place[0] == group)

    def behind(self) -> dict[Place, int]:
        """Return how many records wait in each partition of a group in which any do."""
        left = {
            (group, topic, partition): end - self._reached((group, topic, partition))
            for group, topics in WATCHED.items()
            for (topic, partition), end in self.ends.items()
            if topic in topics
        }
        return {place: records for place, records in left.items() if records > 0}

    def waited(self) -> dict[Place, float]:
        """Return for how long the first record that waits has been in the log, for each partition in which any does."""
        now = time.monotonic()
        return {place: self._lag_time.waited_s(place[1:], self._reached(place), now) for place in self.behind()}

    def still(self) -> dict[Place, float]:
        """Return for how long each partition in which something waits has stood still. Empty until it was looked at."""
        now = time.monotonic()
        return {place: now - at for place, at in self._moved_at.items() if self._waits(place)}

    def note(self, group: str, after: Mapping[Place, int]) -> None:
        """Take what a group has committed, once `ends` are those of the same moment."""
        now = self._noted_at[group] = time.monotonic()
        for topic in WATCHED[group]:
            for partition in range(partitions_of(topic)):
                place = group, topic, partition
                done = after.get(place)
                if done is not None and self.done.get(place) != done:
                    self.done[place] = done
                    self._moved_at[place] = now
                elif not self._waits(place):
                    self._moved_at[place] = now
                else:
                    self._moved_at.setdefault(place, now)

    def _waits(self, place: Place) -> bool:
        return self.ends.get(place[1:], 0) > self._reached(place)

    def _reached(self, place: Place) -> int:
        return max(self.done.get(place, 0), self.begins.get(place[1:], 0))

    def forgive(self) -> None:
        """Count the stillness of partitions anew, after a time in which none could move or none was watched."""
        self._moved_at = dict.fromkeys(self._moved_at, time.monotonic())

    async def run(self) -> None:
        """Sample until cancelled; never raises for an outage."""
        try:
            while True:
                began = time.monotonic()
                try:
                    async with asyncio.timeout(TIMEOUT_S):
                        await self._answered(asyncio.create_task(self._sample()))
                except asyncio.CancelledError:
                    raise
                except Exception as error:  # away, or a client in a state that it does not leave: a new one asks again
                    self._refused = self.seen and not isinstance(error, TimeoutError)
                    refuses = self._refused and isinstance(error, NO_CONNECTION)
                    self._unreached = self._unreached + 1 if refuses else 0
                    self.error = named(error, 200)
                    await self._clients.drop()
                else:
                    if self.error:  # while it was away, nobody could move: their time begins now
                        self.forgive()
                    self._answered_at, self.error, self.seen = time.monotonic(), "", True
                    self._unreached = 0
                if self._was_away != (self.away_s > 0):
                    self._was_away = not self._was_away
                    self.turned()
                await asyncio.sleep(AGAIN_S if self.error else max(0.2, SAMPLE_S - (time.monotonic() - began)))
        finally:
            await self._clients.drop()

    async def _answered(self, sample: asyncio.Task[None]) -> None:
        """Wait for a sample. Raises what it does, and ConnectionError where no broker takes a connection."""
        try:
            while not (await asyncio.wait({sample}, timeout=SLOW_S))[0]:
                if self.seen and not await kafka.reached(self._brokers):
                    raise ConnectionRefusedError("no broker takes a connection")
            await sample
        finally:
            sample.cancel()
            await asyncio.gather(sample, return_exceptions=True)

    async def _sample(self) -> None:
        admin, consumer = await self._clients.open()
        partitions = [
            TopicPartition(topic, partition)
            for topic in sorted({topic for topics in WATCHED.values() for topic in topics})
            for partition in range(partitions_of(topic))
        ]
        ends = await consumer.end_offsets(partitions)
        before, self.ends = self.ends, {(tp.topic, tp.partition): offset for tp, offset in ends.items()}
        self._lag_time.note(self.ends, time.monotonic())
        self.passed.note({place[1:]: done for place, done in self.done.items() if place[0] == AGENTS}, self.ends)
        if self._settled(before):
            for group in COMMITTING:
                self.note(group, {})
            return
        self._asked_at = time.monotonic()
        for group in COMMITTING:
            # asked each time: one that is it no more answers with nothing, and the client takes that for an answer
            coordinator = await admin.find_coordinator(group)
            found = await admin.list_consumer_group_offsets(group, group_coordinator_id=coordinator)
            self.note(group, {(group, tp.topic, tp.partition): meta.offset for tp, meta in found.items()})
        stands = {TopicPartition(t, p) for (_, t, p), still_s in self.still().items() if still_s > BEGINS_S}
        if stands:  # where all was deleted that nobody has taken, nothing waits
            begins = await consumer.beginning_offsets(list(stands))
            self.begins.update({(tp.topic, tp.partition): offset for tp, offset in begins.items()})

    def _settled(self, before: Mapping[tuple[str, int], int]) -> bool:
        """Say whether no group can have moved: nothing has come since the last look, and none had anything left."""
        if self.ends != before or time.monotonic() - self._asked_at >= SETTLED_S:
            return False
        return not any(
            self._waits((group, topic, partition))
            for group, topics in COMMITTING.items()
            for topic, partition in self.ends
            if topic in topics
        )
