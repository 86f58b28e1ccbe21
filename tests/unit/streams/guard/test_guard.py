"""The guard: acknowledged only after everything that follows is published; every failure has its way."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import pytest

from schemas import headers as h
from schemas.belief import Belief, Mode
from schemas.catalogue import newest
from schemas.events import Event
from schemas.registry import Registry, RegistryError, placements
from schemas.signing import parse
from schemas.topics import AGENTS_DLQ, PLAN_EVENTS
from schemas.wire import Codec
from streams.broker.publisher import Publisher
from streams.broker.records import Incoming, Outgoing
from streams.guard.guard import Guard
from streams.handlers.handler import Handler
from streams.hosts.dispatch import dispatch
from streams.retries.ladder import Ladder
from tests.support.asked import Undecided
from tests.support.events import PLAN, approved, event, phase, phase_task, uploaded
from tests.support.patience import PATIENCE_S

IDS = {placement: n for n, placement in enumerate(placements(), start=1)}
WRITERS = {schema_id: (type_, newest(type_).raw) for (_, type_), schema_id in IDS.items()}
NOW = 1_773_147_845_000


class Log:
    """A broker in memory: what was published and what was acknowledged, in the order in which it happened."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.sent: list[Outgoing] = []
        self.calls = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def publish(self, records: Sequence[Outgoing]) -> None:
        self.calls += 1
        await self.gate.wait()
        self.sent += records
        self.steps += [f"sent {r.topic}" for r in records]

    def record(self, value: bytes | None, offset: int = 0, headers: h.Headers | None = None) -> Incoming:
        ack: Callable[[], None] = lambda: self.steps.append(f"ack {offset}")  # noqa: E731
        return Incoming("plan.events", 3, offset, NOW, PLAN.encode(), value, headers or [], ack)

    def topics(self) -> list[str]:
        return [r.topic for r in self.sent]


def encoded(event: Event) -> bytes:
    return Codec(IDS, WRITERS).encode("plan.events", event)


def guard_of(
    log: Log,
    handle: Handler = dispatch,
    *,
    registry: object = None,
    codec: Codec | None = None,
    concerns: Callable[[str], bool] = lambda _: True,
    belief: Belief | None = None,
) -> Guard:
    return Guard(
        codec or Codec(IDS, WRITERS),
        cast("Publisher", log),
        handle,
        concerns=concerns,
        registry=cast("Registry | None", registry),
        ladder=Ladder(jitter=0.0),
        now_ms=lambda: NOW,
        belief=belief,
    )


def broken(_event: Event) -> list[Event]:
    raise ValueError("a bug")


async def test_outputs_are_published_then_the_record_is_acknowledged() -> None:
    log = Log()
    plan = approved(phases=[phase(1, [phase_task(1), phase_task(2)])])
    await guard_of(log).see_through([log.record(encoded(plan), 9)])
    assert log.steps == ["sent plan.events", "sent task.events", "sent task.events", "ack 9"]
    assert {r.key for r in log.sent} == {PLAN.encode()}
    created = Codec(IDS, WRITERS).decode(log.sent[1].value)
    assert created.type == "task.created"
    assert h.text(log.sent[1].headers, "ce_id") == created.event_id


async def test_phase_1_says_when_its_approval_was_taken_up_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that comes again was waited for on purpose: that is no delay of the queue."""
    monkeypatch.setattr("streams.guard.guard.time.time_ns", lambda: 1_773_147_845_123_456_789)
    log = Log()
    plan = encoded(approved(phases=[phase(1, [phase_task(1)])]))
    again = [(h.ATTEMPT, b"1"), (h.ORIG_TOPIC, b"plan.events"), (h.ORIG_PARTITION, b"3"), (h.ORIG_OFFSET, b"1")]
    await guard_of(log).see_through([log.record(plan, 9), log.record(plan, 10, again)])

    told = [h.text(record.headers, h.TAKEN_AT) for record in log.sent]
    assert told == ["1773147845123456", None, None, None]
    assert {name for record in log.sent for name, _ in record.headers} <= set(h.OF_EVENTS)


async def test_nothing_is_acknowledged_while_publishing_has_not_come_back() -> None:
    log = Log()
    log.gate.clear()
    guard = guard_of(log)
    working = asyncio.create_task(guard.see_through([log.record(encoded(uploaded()), 1), log.record(None, 2)]))
    await asyncio.sleep(0.01)
    assert (log.calls, log.steps, guard.handled) == (1, [], 0)
    log.gate.set()
    await working
    assert log.steps[-2:] == ["ack 1", "ack 2"]
    assert guard.handled == 2


async def test_a_cancelled_publish_acknowledges_nothing() -> None:
    log = Log()
    log.gate.clear()
    working = asyncio.create_task(guard_of(log).see_through([log.record(encoded(uploaded()))]))
    await asyncio.sleep(0.01)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert log.steps == []


async def test_acknowledged_in_the_order_of_arrival_and_published_in_one_go() -> None:
    log = Log()
    await guard_of(log).see_through([log.record(encoded(uploaded()), n) for n in range(5)])
    assert [s for s in log.steps if s.startswith("ack")] == [f"ack {n}" for n in range(5)]
    assert log.calls == 1
    assert log.topics() == ["analysis.work.normal"] * 10


async def test_the_lane_follows_the_priority() -> None:
    log = Log()
    await guard_of(log).see_through([log.record(encoded(uploaded(["shopee"], priority=p))) for p in ("low", "high")])
    assert log.topics() == ["analysis.work.low", "analysis.work.high"]


async def test_a_failing_handler_sends_the_record_to_the_first_tier() -> None:
    log = Log()
    guard = guard_of(log, broken)
    value = encoded(uploaded())
    await guard.see_through([log.record(value, 4, [("traceparent", b"t")])])
    assert log.steps == ["sent agents.retry.1s", "ack 4"]
    (sent,) = log.sent
    assert (sent.value, h.text(sent.headers, "traceparent"), h.text(sent.headers, h.ATTEMPT)) == (value, "t", "1")
    assert h.text(sent.headers, h.NEXT_ATTEMPT_AT) == str(NOW + 1000)
    assert guard.failed == 1


async def test_after_the_last_tier_it_is_a_dead_letter() -> None:
    log = Log()
    await guard_of(log, broken).see_through([log.record(encoded(uploaded()), 4, [(h.ATTEMPT, b"3")])])
    assert log.steps == [f"sent {AGENTS_DLQ}", "ack 4"]


@pytest.mark.parametrize("value", [None, b"", b"garbage", b"\0\0\0\0\1", b"\0\xff\xff\xff\xff"])
async def test_what_nobody_can_read_is_a_dead_letter_and_acknowledged(value: bytes | None) -> None:
    log = Log()
    await guard_of(log).see_through([log.record(value, 4)])
    assert log.steps == [f"sent {AGENTS_DLQ}", "ack 4"]
    assert log.sent[0].value == value


async def test_one_bad_record_holds_nobody() -> None:
    log = Log()
    good = encoded(uploaded(["shopee"]))
    await guard_of(log).see_through([log.record(good, 0), log.record(b"x", 1), log.record(good, 2)])
    assert log.topics() == ["analysis.work.normal", AGENTS_DLQ, "analysis.work.normal"]
    assert log.steps[-3:] == ["ack 0", "ack 1", "ack 2"]


async def test_an_output_that_does_not_fit_is_the_records_failure() -> None:
    """Half of a handler's events must not go out: all of them or the record's own retry."""
    log = Log()
    good = event("plan.cancelled", {"plan_id": PLAN, "reason": ""}, version=5)
    bad = Event("plan.cancelled", "e", "s", 1, 1, "c", PLAN, "a", {"plan_id": PLAN})
    await guard_of(log, lambda _: [good, bad]).see_through([log.record(encoded(uploaded()))])
    assert log.topics() == ["agents.retry.1s"]


async def test_events_that_no_handler_waits_for_are_acknowledged() -> None:
    log = Log()
    rejected = event("plan.rejected", {"plan_id": PLAN, "reason": "não"}, version=3)
    await guard_of(log).see_through([log.record(encoded(rejected), 4)])
    assert log.steps == ["ack 4"]


async def test_what_is_of_no_concern_is_not_even_decoded() -> None:
    log = Log()
    guard = guard_of(log, concerns=lambda type_: type_ == "plan.uploaded")
    await guard.see_through([log.record(b"garbage", 4, [("ce_type", b"plan.completed")])])
    await guard.see_through([log.record(b"garbage", 5, [("ce_type", b"plan.uploaded")])])
    await guard.see_through([log.record(b"garbage", 6)])
    assert log.steps == ["ack 4", f"sent {AGENTS_DLQ}", "ack 5", f"sent {AGENTS_DLQ}", "ack 6"]


async def test_twice_the_same_record_twice_the_same_bytes() -> None:
    log = Log()
    value = encoded(approved(phases=[phase(1)]))
    for _ in range(2):
        await guard_of(log).see_through([log.record(value)])
    half = len(log.sent) // 2
    assert [(r.topic, r.value) for r in log.sent[:half]] == [(r.topic, r.value) for r in log.sent[half:]]


async def test_the_trace_context_travels_on_where_nothing_is_recorded() -> None:
    log = Log()
    context = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await guard_of(log).see_through([log.record(encoded(uploaded()), 0, [("traceparent", context)])])
    assert {h.text(r.headers, "traceparent") for r in log.sent} == {context.decode()}


async def test_run_takes_what_waits_as_one_batch() -> None:
    log = Log()
    guard = guard_of(log)
    for n in range(7):
        await guard.submit(log.record(encoded(uploaded(["shopee"])), n))
    assert guard.waiting == 7
    running = asyncio.create_task(guard.run())
    while guard.handled < 7:
        await asyncio.sleep(0)
    running.cancel()
    assert log.calls == 1


class FakeRegistry:
    """Knows some schemas, or is not well."""

    def __init__(self, known: dict[int, dict[str, object]], status: int = 404) -> None:
        self.known = known
        self.status = status
        self.asked: list[int] = []

    def schema(self, schema_id: int) -> dict[str, object]:
        self.asked.append(schema_id)
        if schema_id not in self.known:
            raise RegistryError(self.status, 40403, "Schema not found")
        return self.known[schema_id]


async def test_a_schema_that_only_the_registry_knows_is_learnt() -> None:
    log = Log()
    registry = FakeRegistry({IDS["plan.events", "plan.uploaded"]: newest("plan.uploaded").raw})
    guard = guard_of(log, registry=registry, codec=Codec(IDS, {}))
    await guard.see_through([log.record(encoded(uploaded(["shopee"])), n) for n in range(3)])
    assert log.topics() == ["analysis.work.normal"] * 3
    assert len(registry.asked) == 1


async def test_a_schema_that_nobody_knows_is_a_dead_letter_and_is_not_asked_for_at_once_again() -> None:
    log = Log()
    registry = FakeRegistry({})
    await guard_of(log, registry=registry).see_through([log.record(b"\0\x7f\xff\xff\xffx", n) for n in range(3)])
    assert log.topics() == [AGENTS_DLQ] * 3
    assert len(registry.asked) == 1


async def test_a_registry_that_is_not_well_costs_time_and_neither_an_attempt_nor_the_record() -> None:
    log = Log()
    value = b"\0\x7f\xff\xff\xffx"
    await guard_of(log, registry=FakeRegistry({}, status=503)).see_through([log.record(value)])
    assert log.topics() == ["agents.retry.5s"]
    assert log.sent[0].value == value
    assert h.text(log.sent[0].headers, h.ATTEMPT) == "0"


async def test_a_record_that_nothing_follows_from_does_not_wait_for_others() -> None:
    log = Log()
    guard = guard_of(log, concerns={"plan.uploaded"}.__contains__)
    await guard.submit(log.record(encoded(uploaded()), 1, [(h.TYPE, b"plan.uploaded")]))
    await guard.submit(log.record(None, 2, [(h.TYPE, b"plan.phase1.created")]))
    assert (guard.waiting, guard.handled, log.steps) == (1, 0, ["ack 2"])


async def test_a_high_record_is_handled_ahead_of_low_ones_that_came_before() -> None:
    log = Log()
    guard = guard_of(log)
    for n, lane in enumerate([b"low", b"low", b"low", b"high"]):
        record = log.record(encoded(uploaded(["shopee"])), n, [(h.PRIORITY, lane)])
        await guard.submit(replace(record, key=b"plan %d" % n))
    running = asyncio.create_task(guard.run())
    while guard.handled < 4:
        await asyncio.sleep(0)
    running.cancel()
    assert [step for step in log.steps if step.startswith("ack")] == ["ack 3", "ack 0", "ack 1", "ack 2"]


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("lanes", "goes"),
    [([b"low"] * 1000, [500, 204, 296]), ([b"low", b"high", b"high"] * 400, [500, 51, 102, 51])],
)
async def test_a_go_is_as_long_as_may_be_and_shorter_where_something_urgent_is_among_others(
    monkeypatch: pytest.MonkeyPatch, lanes: list[bytes], goes: list[int]
) -> None:
    clock, log = Clock(), Log()
    monkeypatch.setattr("streams.guard.guard.time", clock)
    monkeypatch.setattr("streams.guard.guard.BUSY_PAUSE_S", 0)
    guard, taken = guard_of(log), list[int]()

    async def see_through(batch: Sequence[Incoming]) -> None:
        clock.now += len(batch) / 1024
        taken.append(len(batch))

    monkeypatch.setattr(guard, "see_through", see_through)
    for n, lane in enumerate(lanes):
        await guard.submit(replace(log.record(None, n, [(h.PRIORITY, lane)]), key=b"plan %d" % n))
    running = asyncio.create_task(guard.run())
    while guard.waiting:
        await asyncio.sleep(0)
    running.cancel()
    assert taken[: len(goes)] == goes


async def test_a_busy_guard_goes_on_at_once_where_something_urgent_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.guard.guard.LET_IN_S", 1000.0)
    log = Log()
    guard = guard_of(log)
    for n in range(40):
        await guard.submit(log.record(None, n, [(h.PRIORITY, b"low")]))
    urgent = replace(log.record(None, 40, [(h.PRIORITY, b"high")]), key=b"another plan")

    async def host() -> None:
        while True:
            await guard.submit(log.record(None, 0, [(h.PRIORITY, b"low")]))
            await asyncio.sleep(0)

    handing = asyncio.create_task(host())
    letting_in = asyncio.create_task(guard._let_in())
    await asyncio.sleep(0)
    assert not letting_in.done()
    await guard.submit(urgent)
    await asyncio.wait_for(letting_in, PATIENCE_S)
    handing.cancel()


async def test_a_busy_guard_lets_the_host_hand_over_what_it_has_before_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A host needs turns of the loop to hand records over: behind those it still has, nobody sees an urgent one."""
    monkeypatch.setattr("streams.guard.guard.LET_IN_S", math.inf)  # it ends by what it sees alone, or never
    log = Log()
    guard = guard_of(log)

    async def host() -> None:
        for n in range(400):
            await guard.submit(log.record(None, n))
            if n % 20 == 19:
                await asyncio.sleep(0.001)

    handing = asyncio.create_task(host())
    await guard._let_in()
    assert guard.waiting == 400
    await handing
    await guard._let_in()  # nothing more comes: no reason to wait


@pytest.mark.parametrize("claims", [[], [(h.ORIG_TOPIC, PLAN_EVENTS.encode()), (h.ORIG_OFFSET, b"0")]])
async def test_what_cannot_be_judged_yet_is_held_and_not_copied(
    claims: h.Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy would be sealed as one of ours: what somebody claims would be believed later."""
    monkeypatch.setattr("streams.retries.genuine.UNKNOWN_S", 0.001)
    log = Log()
    belief = Undecided(parse(f"one {'01' * 32}"), Mode.REQUIRE, None)
    seeing = asyncio.create_task(
        guard_of(log, belief=belief).see_through([log.record(encoded(approved()), headers=claims)])
    )
    await belief.was_asked(3)
    assert log.steps == []

    belief.until = {}
    await seeing
    assert log.steps == [f"sent {AGENTS_DLQ}", "ack 0"]
    assert h.text(log.sent[0].headers, h.ERROR_CODE) == "unsigned"
