"""The guard, the ladder, the index and the pump against a model, with crashes at every point and outages of the index.

Whatever happens: a plan's records lead to their outputs in order, no attempt is early, and each record ends, as done or
as a dead letter. What was given up is a dead letter, and leads to nothing any more.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from schemas import headers as h
from schemas.catalogue import newest
from schemas.events import Event
from schemas.registry import placements
from schemas.topics import AGENTS, AGENTS_DLQ, REDELIVER, RETRY_TIERS
from schemas.typed.plan import PlanUploadedData
from schemas.wire import Codec
from streams.broker.publisher import Publisher
from streams.broker.records import Incoming, Outgoing
from streams.guard.guard import Guard
from streams.pump import OVERDUE_S
from streams.retries.ladder import Ladder
from streams.retries.order import Parked, row_of
from streams.retries.view import REMEMBER_MS
from tests.support.events import uploaded
from tests.support.parking import MemoryParking

IDS = {placement: n for n, placement in enumerate(placements(), start=1)}
CODEC = Codec(IDS, {schema_id: (type_, newest(type_).raw) for (_, type_), schema_id in IDS.items()})
TIERS = [topic for topic, _ in RETRY_TIERS]
KEYS = ("a", "b")
#: Where a worker can die: the call, the how-manyth of a go, and before, in the middle of or after it. What is held back
#: makes two calls of publish: outputs first, then the copies.
POINTS = [
    *(("publish", nth, side) for nth in (1, 2) for side in ("before", "in the middle", "after")),
    *((call, 1, side) for call in ("save", "resolve") for side in ("before", "after")),
    *(("ack", nth, "before") for nth in (1, 2)),
]
#: When a person can act while a go is under way.
MEANWHILE = [("publish", 1, "after"), ("save", 1, "before"), ("save", 1, "after"), ("publish", 2, "after")]
#: What a worker that dies here leaves in the index counts, whatever its records led to.
SAVED = [("save", 1, "after"), *(("publish", 2, side) for side in ("before", "in the middle", "after"))]
WHAT = st.sampled_from(["retry now", "give up"])
ACTS = st.tuples(st.sampled_from(MEANWHILE), WHAT, st.integers(0, 5))
Point = tuple[str, int, str]


class Crash(Exception):  # noqa: N818 - what happens
    """The process died."""


class World(RuleBasedStateMachine):
    """One partition of the log with two plans, the retry topics, and a worker that can die."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_773_147_845_000
        self.log: list[Incoming] = []
        self.fails: dict[int, int] = {}  # offset -> attempts that fail; 9: all
        self.read = 0  # of the log, acknowledged
        self.tiers: dict[str, list[Outgoing]] = defaultdict(list)
        self.redeliver: list[Incoming] = []
        self.redelivered = 0
        self.done: dict[str, list[int]] = defaultdict(list)  # plan -> offsets, by their first output
        self.dead: set[int] = set()
        self.tried: dict[int, int] = defaultdict(int)
        self.now_wanted: set[int] = set()
        self.early: list[tuple[int, int]] = []
        self.outbox: list[Outgoing] = []  # what people's commands send
        self.given_up: set[int] = set()
        self.done_before: set[int] = set()  # of those given up: what had led to its output, or may have
        self.crash_at: Point | None = None
        self.act_at: tuple[Point, str, int] | None = None  # when, what, which of the rows
        self.calls: dict[str, int] = defaultdict(int)  # of the go under way
        self.come_again = (0, 0)  # what a dead worker had taken is read again up to here
        self.parking = MemoryParking(self.moment)
        self.loop = asyncio.new_event_loop()
        self.start()

    def teardown(self) -> None:
        try:
            self.parking.away = False
            for _ in range(400):
                self.relay()
                self.work(50, 50)
                self.pump(5_000)
                if self.quiet():
                    break
            self.check_the_end()
        finally:
            self.loop.close()

    # what the worker is made of

    def start(self) -> None:
        """A new process: it knows nothing."""
        self.unknown = {id_ for id_, row in self.parking.rows.items() if row.state == "waiting"}
        self.guard = Guard(
            CODEC,
            cast("Publisher", self),
            self.handle,
            ladder=Ladder(jitter=0.1, random=random.Random(7)),
            parking=self.parking,
            now_ms=lambda: self.now,
        )

    def handle(self, event: Event) -> list[Event]:
        offset = event.version - 1
        # a copy that the guard takes up is due, or somebody has asked for it
        due = self.due_of(offset)
        if due > self.now and offset not in self.now_wanted:
            self.early.append((offset, due - self.now))
        self.tried[offset] += 1
        if self.tried[offset] <= self.fails[offset] or self.fails[offset] > 3:
            raise ValueError("asked to fail")
        return [replace(event, type="plan.rejected", data={"plan_id": event.data["plan_id"], "reason": ""})]

    def due_of(self, offset: int) -> int:
        return max(
            (
                h.number(copy.headers, h.NEXT_ATTEMPT_AT)
                for copies in self.tiers.values()
                for copy in copies
                if h.number(copy.headers, h.ORIG_OFFSET, -1) == offset
                and h.number(copy.headers, h.ATTEMPT) > self.tried[offset] - 1
                and h.text(copy.headers, h.PARKED_BEHIND) is None
            ),
            default=0,
        )

    async def publish(self, records: Sequence[Outgoing]) -> None:
        self.calls["publish"] += 1
        self.at("publish", "before")
        half = len(records) // 2
        self.send(records[:half])
        self.at("publish", "in the middle")
        self.send(records[half:])
        self.at("publish", "after")

    def send(self, records: Sequence[Outgoing]) -> None:
        for record in records:
            if record.topic in TIERS:
                self.tiers[record.topic].append(record)
            elif record.topic == AGENTS_DLQ:
                self.dead.add(h.number(record.headers, h.ORIG_OFFSET))
            elif record.topic == REDELIVER:
                self.bring_back(record)
            else:
                event = CODEC.decode(record.value)
                if event.version - 1 not in self.done[event.correlation_id]:
                    self.done[event.correlation_id].append(event.version - 1)

    def moment(self, call: str, side: str) -> None:
        """The index is written to."""
        self.calls[call] += side == "before"
        self.at(call, side)

    def at(self, call: str, side: str) -> None:
        """Do what was drawn for this point: die, or let a person act."""
        here = (call, self.calls[call], side)
        if self.crash_at == here:
            raise Crash
        if self.act_at is not None and self.act_at[0] == here:
            _, what, which = self.act_at
            self.act_at = None
            self.act(what, which, meanwhile=True)

    def bring_back(self, record: Outgoing) -> None:
        self.redeliver.append(
            Incoming(REDELIVER, 0, len(self.redeliver), self.now, record.key, record.value, record.headers, self.ack)
        )

    def ack(self) -> None:
        self.calls["ack"] += 1
        self.at("ack", "before")

    # what can happen

    @rule(key=st.sampled_from(KEYS), fails=st.sampled_from([0, 0, 0, 1, 2, 3, 9]), poison=st.booleans())
    def append(self, key: str, fails: int, poison: bool) -> None:
        offset = len(self.log)
        made = uploaded(["shopee"])
        data: PlanUploadedData = {**made.data, "plan_id": key}
        event = replace(made, correlation_id=key, version=offset + 1, stream=f"plan-{key}", data=data)
        value = b"poison" if poison and fails == 9 else CODEC.encode("plan.events", event)
        self.fails[offset] = fails
        self.log.append(Incoming("plan.events", 0, offset, self.now, key.encode(), value, [], self.ack))

    @rule(fresh=st.integers(0, 4), again=st.integers(0, 4))
    def work(self, fresh: int, again: int) -> None:
        new = self.log[self.read : self.read + fresh]
        back = self.redeliver[self.redelivered : self.redelivered + again]
        self.calls.clear()
        self.loop.run_until_complete(self.guard.see_through([*back, *new]))
        self.read += len(new)
        self.redelivered += len(back)

    # What was kept back and went on its way while the index was away has no row anywhere: this worker alone knows it.
    @precondition(lambda self: not self.parking.away and not self.only_remembered())
    @rule(fresh=st.integers(0, 4), again=st.integers(0, 4), point=st.sampled_from(POINTS), act=st.none() | ACTS)
    def die(self, fresh: int, again: int, point: Point, act: tuple[Point, str, int] | None) -> None:
        self.crash_at, self.act_at = point, act
        read, redelivered = self.read, self.redelivered
        try:
            self.work(fresh, again)
        except Crash:
            taken = (min(len(self.log), read + fresh), min(len(self.redeliver), redelivered + again))
            self.come_again = (max(self.come_again[0], taken[0]), max(self.come_again[1], taken[1]))
            self.read, self.redelivered = read, redelivered
        self.crash_at = self.act_at = None
        self.start()

    @precondition(lambda self: not self.parking.away and not self.only_remembered())
    @rule(key=st.sampled_from(KEYS), fails=st.sampled_from([1, 2]), point=st.sampled_from(SAVED), what=WHAT)
    def act_before_it_is_read_again(self, key: str, fails: int, point: Point, what: str) -> None:
        """A worker dies; what it had saved is sent on its way or given up, and comes before its records do."""
        self.append(key, 0, poison=False)
        self.append(key, fails, poison=False)
        self.die(50, 50, point, None)
        rows = self.can_be(what)
        if rows:
            self.act(what, len(rows) - 1)
        self.relay()
        self.work(0, 50)

    @rule(ms=st.sampled_from([0, 100, 1_000, 1_200, 5_500, 33_000]))
    def pump(self, ms: int) -> None:
        if self.parking.away and ms > REMEMBER_MS // 2:
            self.work(0, 50)  # a worker that leaves it lying for so long, and cannot see the index, has forgotten it
        self.now += ms
        for topic in TIERS:
            waiting = self.tiers[topic]
            for record in waiting:
                self.parking.add_missing(row_of(record.topic, record.key, record.value, record.headers))
            while waiting and h.number(waiting[0].headers, h.NEXT_ATTEMPT_AT) <= self.now:
                self.bring_back(waiting.pop(0))
        if not self.parking.away and not any(self.tiers.values()):
            for row in list(self.parking.rows.values()):
                if row.state == "waiting" and row.due_ms < self.now - OVERDUE_S * 1000:
                    self.parking.rows[row.record_id] = replace(row, due_ms=self.now, tier=REDELIVER)
                    self.bring_back(replace(row, tier=REDELIVER).copy())

    @precondition(lambda self: not self.parking.away)
    @rule(what=WHAT, which=st.integers(0, 5))
    def act(self, what: str, which: int, meanwhile: bool = False) -> None:
        """A person sends a record on its way, or gives it up; what is behind it goes, too."""
        rows = self.can_be(what)
        if not rows:
            return
        row = rows[which % len(rows)]
        if what == "retry now":
            self.now_wanted.add(row.orig_offset)
            self.outbox += self.parking.retry_now(row.record_id, self.now)
            return
        self.given_up.add(row.orig_offset)
        if meanwhile or row.orig_offset in self.done[row.key]:
            self.done_before.add(row.orig_offset)
        self.outbox += self.parking.give_up(row.record_id, self.now)

    @precondition(lambda self: not self.parking.away)
    @rule(fresh=st.integers(0, 4), again=st.integers(0, 4), act=ACTS)
    def act_meanwhile(self, fresh: int, again: int, act: tuple[Point, str, int]) -> None:
        self.act_at = act
        self.work(fresh, again)
        self.act_at = None

    def can_be(self, what: str) -> list[Parked]:
        rows = [r for r in self.parking.rows.values() if r.state == "waiting"]
        if what == "retry now":
            rows = [r for r in rows if r.due_ms > self.now and not r.behind]
        return sorted(rows, key=lambda r: r.orig_offset)

    @precondition(lambda self: not self.parking.away)
    @rule()
    def relay(self) -> None:
        sent, self.outbox = self.outbox, []
        self.send(sent)

    # A worker that has just died and cannot see the index knows nothing: its first records are taken as new. That is
    # the price of going on; all else is kept.
    # So are copies of what a person has given up or sent on its way: nobody who cannot see the index knows that.
    @precondition(lambda self: self.read >= self.come_again[0] and self.redelivered >= self.come_again[1])
    @precondition(lambda self: not self.given_up and not self.now_wanted)
    # The same price for a process that is started again without having died: it does not know who waited before.
    @precondition(lambda self: not any(self.parking.rows[id_].state == "waiting" for id_ in self.unknown))
    @rule()
    def lose_the_index(self) -> None:
        self.parking.away = True

    @rule()
    def find_the_index(self) -> None:
        self.parking.away = False
        self.pump(0)  # it looks at the topics all the time, and writes the rows that are missing

    # what must be true

    @invariant()
    def in_order(self) -> None:
        for offsets in self.done.values():
            assert offsets == sorted(offsets)

    @invariant()
    def never_early(self) -> None:
        assert self.early == []

    def only_remembered(self) -> bool:
        left = [h.number(r.headers, h.ORIG_OFFSET) for r in self.redeliver[self.redelivered :]]
        return any(f"{AGENTS}|plan.events|0|{offset}" not in self.parking.rows for offset in left)

    def quiet(self) -> bool:
        waiting = any(r.state == "waiting" for r in self.parking.rows.values())
        nothing_left = self.read == len(self.log) and self.redelivered == len(self.redeliver)
        return nothing_left and not any(self.tiers.values()) and not waiting and not self.outbox

    def check_the_end(self) -> None:
        assert self.quiet()
        for record in self.log:
            offset, plan = record.offset, (record.key or b"").decode()
            if offset in self.given_up:
                assert offset in self.dead
                assert offset in self.done_before or offset not in self.done[plan], f"{offset} was given up"
                continue
            assert (offset in self.done[plan]) != (offset in self.dead), f"{offset} of {plan} has not ended once"
            assert (offset in self.dead) == (record.value == b"poison" or self.fails[offset] > 3)
        self.in_order()
        self.never_early()


#: The same sequences each time, so that a change is judged by itself; `MODEL_EXAMPLES=2000` explores others.
EXPLORED: Final = int(os.environ.get("MODEL_EXAMPLES", "0"))
World.TestCase.settings = settings(
    max_examples=EXPLORED or 200,
    stateful_step_count=40,
    deadline=None,
    derandomize=not EXPLORED,
    suppress_health_check=[HealthCheck.too_slow],
)
test_against_the_model = World.TestCase
