"""When a waiting record may go, and where to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition

from schemas import headers as h
from schemas.belief import Belief, Mode
from schemas.process.kafka import Brokers
from schemas.signing import parse
from schemas.topics import REDELIVER, WORK
from streams.broker.publisher import Publisher
from streams.broker.records import Outgoing
from streams.pump import Pump, due_of, redelivered
from streams.retries.index import PostgresParking
from streams.retries.order import Parked
from streams.settings import Settings
from tests.support.counted import counted
from tests.support.patience import PATIENCE_S

SETTINGS = Settings(Brokers("b"), "r", "", 6.0, 4, None, None)


def record(**headers: bytes) -> SimpleNamespace:
    return SimpleNamespace(
        key=b"plan-1", value=b"bytes", headers=tuple((k.replace("_", "-"), v) for k, v in headers.items())
    )


@pytest.mark.parametrize(
    ("value", "due"),
    [(b"1773147845123", 1_773_147_845.123), (b"0", 0.0), (b"soon", 0.0), (b"", 0.0), (b"9" * 400, 0.0)],
)
def test_due(value: bytes, due: float) -> None:
    assert due_of(record(x_next_attempt_at=value)) == due


def test_a_record_that_does_not_say_is_due() -> None:
    assert due_of(record()) == 0.0


@pytest.mark.parametrize("lane", WORK.values())
def test_a_waiting_analysis_goes_back_to_its_lane(lane: str) -> None:
    assert redelivered(record(x_orig_topic=lane.encode())).topic == lane


@pytest.mark.parametrize("origin", [b"plan.events", b"task.events", b"agents.dlq", b"elsewhere", b""])
def test_everything_else_goes_to_the_agents_alone(origin: bytes) -> None:
    assert redelivered(record(x_orig_topic=origin)).topic == REDELIVER
    assert redelivered(record()).topic == REDELIVER


def test_nothing_else_changes() -> None:
    waiting = record(x_orig_topic=b"plan.events", x_attempt=b"2", traceparent=b"00-1-2-01")
    sent = redelivered(waiting)
    assert (sent.key, sent.value, sent.headers) == (waiting.key, waiting.value, list(waiting.headers))
    assert h.text(sent.headers, h.ATTEMPT) == "2"


class Busy:
    """Everything around a pump whose topics always have a record that is due; the index has overdue ones."""

    def __init__(self, overdue: Sequence[Parked]) -> None:
        self.overdue = list(overdue)
        self.sent: list[Outgoing] = []

    async def getmany(self, **_: Any) -> dict[TopicPartition, list[Any]]:
        return {TopicPartition("agents.retry.1s", 0): [SimpleNamespace(**vars(record()), topic="t", offset=0)]}

    async def commit(self, offsets: object) -> None:
        assert offsets

    async def publish(self, records: Sequence[Outgoing]) -> None:
        self.sent += records

    async def add_missing(self, rows: object) -> None: ...

    async def close_with_results(self, *_: object) -> int:
        return 0

    async def take_overdue(self, group: str, _grace_s: float, tier: str | None, _limit: int) -> list[Parked]:
        return [row for row in self.overdue if row.group == group]


async def test_steady_retries_do_not_keep_overdue_records_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    told = counted(monkeypatch, "pump")
    around = Busy(
        [
            Parked("1", "agents", "k", "plan.events", 0, 1, REDELIVER, value=b"agents"),
            Parked("2", "analysis", "k", WORK["high"], 0, 1, WORK["high"], value=b"analysis"),
            Parked("3", "analysis", "k", "plan.events", 0, 1, "plan.events", value=b"forged"),
        ]
    )
    pump = Pump(SETTINGS, cast("Publisher", around), cast("PostgresParking", around))
    pump._overdue_at = 0.0

    for _ in range(3):
        await pump._round(cast("Any", around))

    assert pump.moved == 3
    assert [(r.topic, r.value) for r in around.sent if r.value != b"bytes"] == [
        (REDELIVER, b"agents"),
        (WORK["high"], b"analysis"),
    ]
    assert told("redelivered_overdue_total") == 3.0
    assert (told("redelivered_total", tier="agents.retry.1s"), told("redelivery_late_seconds_count")) == (3.0, 3.0)


class Topics:
    """A consumer of retry topics as far as the pump knows one: what is paused is not given."""

    def __init__(self, *records: tuple[str, float]) -> None:
        self.logs: dict[TopicPartition, list[SimpleNamespace]] = {}
        for topic, due_s in records:
            log = self.logs.setdefault(TopicPartition(topic, 0), [])
            due = str(int(1000 * (time.time() + due_s))).encode()
            waiting = vars(record(x_next_attempt_at=due, x_consumer_group=b"agents", x_attempt=b"1"))
            log.append(SimpleNamespace(**waiting, topic=topic, partition=0, offset=len(log)))
        self.at = dict.fromkeys(self.logs, 0)
        self.paused: set[TopicPartition] = set()
        self.sent_at: list[float] = []  # of each go (monotonic)
        self.sealed: list[bool] = []
        self.noted = 0

    async def getmany(self, **_: Any) -> dict[TopicPartition, list[Any]]:
        found = {tp: log[self.at[tp] :] for tp, log in self.logs.items() if tp not in self.paused}
        self.at.update({tp: len(self.logs[tp]) for tp in found})
        return {tp: records for tp, records in found.items() if records}

    def seek(self, tp: TopicPartition, offset: int) -> None:
        self.at[tp] = offset

    def pause(self, tp: TopicPartition) -> None:
        self.paused.add(tp)

    def resume(self, tp: TopicPartition) -> None:
        self.paused.discard(tp)

    async def commit(self, offsets: object) -> None:
        assert offsets

    async def publish(self, records: Sequence[Outgoing]) -> None:
        assert records
        self.sent_at.append(time.monotonic())
        self.sealed += [record.ours for record in records]

    async def add_missing(self, rows: Sequence[Parked]) -> None:
        self.noted += len(rows)


QUICK = replace(SETTINGS, retry_delays_s=(0.2, 0.4, 60.0), retry_jitter=0.1)
#: What is due in 0.3 s says so in whole milliseconds.
IN_300_MS = 0.299


class Pumping:
    """A pump at work. `moved`: how many in all."""

    def __init__(self, *records: tuple[str, float], belief: Belief | None = None) -> None:
        self._began = time.monotonic()
        self._topics = Topics(*records)
        self._parking = cast("PostgresParking", self._topics)
        self._pump = Pump(QUICK, cast("Publisher", self._topics), self._parking, belief)

    @property
    def moved(self) -> int:
        return self._pump.moved

    @property
    def noted(self) -> int:
        return self._topics.noted

    @property
    def sealed(self) -> list[bool]:
        return self._topics.sealed

    async def round(self) -> None:
        await self._pump._round(cast("Any", self._topics))
        await asyncio.sleep(0.005)

    async def sent_after(self, count: int) -> list[float]:
        """Go on until so many were moved; return when each go was sent, in seconds from the start."""
        async with asyncio.timeout(PATIENCE_S):
            while self.moved < count:
                await self.round()
        return [at - self._began for at in self._topics.sent_at]


async def test_a_due_time_that_no_tier_gives_holds_nobody_up_and_nothing_is_early() -> None:
    """A clock that was two hours ahead, or a damaged header: what has been here for its tier's delay is due."""
    pumping = Pumping(*([("agents.retry.1s", 7200.0)] * 3), ("agents.retry.1s", -1.0))

    [sent] = await pumping.sent_after(4)  # all of them together, not one after the other

    assert sent >= 0.2
    assert pumping.moved == 4


async def test_a_due_time_within_the_delay_is_kept_to_the_moment() -> None:
    pumping = Pumping(("agents.retry.5s", 0.3))

    [sent] = await pumping.sent_after(1)

    assert sent >= IN_300_MS


async def test_a_clock_that_goes_back_makes_nothing_wait_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    pumping = Pumping(("agents.retry.5s", 0.3))
    await pumping.round()

    true = time.time
    monkeypatch.setattr(time, "time", lambda: true() - 3600.0)

    [sent] = await pumping.sent_after(1)
    assert sent >= IN_300_MS


async def test_a_clock_that_goes_forward_makes_nothing_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tiers at once would be a record's three attempts within a second."""
    pumping = Pumping(("agents.retry.5s", 0.3))
    true = time.time
    monkeypatch.setattr(time, "time", lambda: true() + 3600.0)

    [sent] = await pumping.sent_after(1)

    assert sent >= IN_300_MS


async def test_one_partition_waits_and_another_does_not() -> None:
    pumping = Pumping(("agents.retry.30s", 50.0), ("agents.retry.1s", 0.1))

    await pumping.sent_after(1)
    for _ in range(80):
        await pumping.round()

    assert pumping.moved == 1


async def test_a_copy_that_cannot_be_judged_yet_waits() -> None:
    """It is neither sealed nor parked, and no later look takes it for another's because of that."""
    belief = Belief(parse(f"one {'01' * 32}"), Mode.REQUIRE, None)
    pumping = Pumping(("agents.retry.1s", -1.0), belief=belief)
    await pumping.round()
    assert (pumping.moved, pumping.noted) == (0, 0)

    belief.until = {("", "agents.retry.1s", 0): 1}
    await pumping.sent_after(1)
    assert (pumping.sealed, pumping.noted) == ([True], 1)
