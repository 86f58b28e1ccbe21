"""The guard and the index of waiting records: what it asks, what it writes, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from schemas import headers as h
from schemas.events import Event
from schemas.topics import AGENTS_DLQ
from schemas.wire import Codec
from streams.broker.publisher import Publisher
from streams.broker.records import Incoming, Outgoing
from streams.guard.guard import Guard
from streams.retries.index import Ending
from streams.retries.ladder import Ladder, Postponed
from streams.retries.order import Parked
from tests.support.events import PLAN, uploaded
from tests.support.parking import MemoryParking
from tests.unit.streams.guard.test_guard import IDS, NOW, WRITERS, encoded

HEAD = f"agents|plan.events|3|{1}"


class Recording(MemoryParking):
    """Says what was written, into the same list as what was sent and acknowledged."""

    def __init__(self, steps: list[str]) -> None:
        super().__init__()
        self.steps = steps

    async def save(self, rows: Sequence[Parked]) -> list[Parked]:
        self.steps += [f"saved {row.orig_offset}" for row in rows]
        return await super().save(rows)

    async def resolve(self, endings: Sequence[Ending]) -> None:
        self.steps += [f"{state} {id_.rpartition('|')[2]}" for id_, _, state in endings]
        await super().resolve(endings)


class World:
    def __init__(self, handle: Callable[[Event], list[Event]] = lambda _: []) -> None:
        self.steps: list[str] = []
        self.sent: list[Outgoing] = []
        self.parking = Recording(self.steps)
        self.guard = Guard(
            Codec(IDS, WRITERS),
            cast("Publisher", self),
            handle,
            ladder=Ladder(jitter=0.0),
            parking=self.parking,
            now_ms=lambda: NOW,
        )

    async def publish(self, records: Sequence[Outgoing]) -> None:
        self.sent += records
        self.steps += [f"sent {r.topic}" for r in records]

    def record(self, offset: int, headers: h.Headers | None = None, value: bytes | None = None) -> Incoming:
        def ack() -> None:
            self.steps.append(f"ack {offset}")

        bytes_ = encoded(uploaded()) if value is None else value
        return Incoming("plan.events", 3, offset, NOW, PLAN.encode(), bytes_, headers or [], ack)

    def back(self, sent: Outgoing, offset: int = 100) -> Incoming:
        return replace(self.record(offset), topic="agents.redeliver", value=sent.value, headers=list(sent.headers))


def broken(_event: Event) -> list[Event]:
    raise ValueError("a bug")


def held_back(_event: Event) -> list[Event]:
    raise Postponed("the breaker is open")


async def test_nothing_waits_one_question_for_the_whole_batch_and_nothing_written() -> None:
    world = World()
    await world.guard.see_through([world.record(n) for n in range(50)])
    assert world.parking.looks == 1
    assert world.steps == [f"ack {n}" for n in range(50)]


async def test_what_is_of_no_concern_costs_no_question() -> None:
    world = World()
    foreign = [(h.GROUP, b"projections")]
    await world.guard.see_through([world.record(1, foreign)])
    assert world.parking.looks == 0
    assert world.steps == ["ack 1"]


async def test_the_row_is_saved_before_its_copy_is_sent_and_later_ones_wait_behind_it() -> None:
    world = World(broken)
    await world.guard.see_through([world.record(1), world.record(2)])
    assert world.steps == ["saved 1", "saved 2", "sent agents.retry.1s", "sent agents.retry.1s", "ack 1", "ack 2"]
    assert [h.number(r.headers, h.ATTEMPT) for r in world.sent] == [1, 0]
    assert world.parking.rows["agents|plan.events|3|2"].behind == HEAD


async def test_an_end_is_noted_after_the_outputs_and_before_the_acknowledgement() -> None:
    world = World(broken)
    await world.guard.see_through([world.record(1)])
    again = World(lambda e: [replace(e, type="plan.rejected", data={"plan_id": PLAN, "reason": ""})])
    again.parking.rows = world.parking.rows
    await again.guard.see_through([again.back(world.sent[0])])
    assert again.steps == ["sent plan.events", "done 1", "ack 100"]


async def test_the_last_failure_is_a_dead_letter_before_it_is_noted() -> None:
    world = World(broken)
    await world.guard.see_through([world.record(1)])
    for _ in range(3):
        await world.guard.see_through([world.back(world.sent[-1])])
    assert world.sent[-1].topic == AGENTS_DLQ
    assert world.steps[-3:] == [f"sent {AGENTS_DLQ}", "given_up 1", "ack 100"]


async def test_a_copy_that_counts_no_more_sends_the_one_that_does() -> None:
    world = World(broken)
    await world.guard.see_through([world.record(1)])
    world.steps.clear()
    await world.guard.see_through([world.record(1)])
    assert world.steps == ["sent agents.retry.1s", "ack 1"]
    assert world.sent[1] == world.sent[0]
    assert world.guard.failed == 1


async def test_a_letter_that_a_person_replays_holds_up_what_comes_of_its_plan_from_then_on() -> None:
    """Whatever this worker has seen of the plan before: others than it write the index, too, and tell it nothing."""
    fails = [True]

    def handle(_event: Event) -> list[Event]:
        if fails:
            raise ValueError("a bug")
        return []

    world = World(handle)
    await world.guard.see_through([world.record(1)])
    for _ in range(3):
        await world.guard.see_through([world.back(world.sent[-1])])
    fails.clear()
    await world.guard.see_through([world.record(2)])
    assert world.parking.rows[HEAD].state == "given_up"
    assert world.steps[-1] == "ack 2"

    letter = world.parking.rows[HEAD]
    world.parking.rows[HEAD] = replace(letter, state="waiting", replay=1, attempt=0)
    await world.guard.see_through([world.record(3)])

    assert world.parking.rows["agents|plan.events|3|3"].behind == HEAD


async def test_a_late_copy_of_what_has_ended_is_dropped_unless_it_was_replayed() -> None:
    world = World(broken)
    await world.guard.see_through([world.record(1)])
    await world.parking.resolve([(HEAD, 0, "given_up")])
    world.steps.clear()
    await world.guard.see_through([world.back(world.sent[0])])
    assert world.steps == ["ack 100"]
    replayed = replace(world.sent[0], headers=[p for p in world.sent[0].headers if p[0] != h.ATTEMPT])
    await world.guard.see_through([world.back(replace(replayed, headers=[*replayed.headers, (h.REPLAY, b"1")]))])
    assert world.sent[-1].topic == "agents.retry.1s"
    assert world.parking.rows[HEAD].generation == (1, 1)


async def test_what_was_given_up_before_it_is_read_again_from_its_own_topic_is_dropped() -> None:
    world = World(broken)
    await world.guard.see_through([world.record(1)])
    await world.parking.resolve([(HEAD, 0, "given_up")])
    again = World(lambda e: [replace(e, type="plan.rejected", data={"plan_id": PLAN, "reason": ""})])
    again.parking.rows = world.parking.rows
    await again.guard.see_through([again.record(1)])
    assert again.steps == ["ack 1"]
    assert again.sent == []


async def test_a_row_of_another_plan_at_the_same_place_drops_nothing() -> None:
    world = World(broken)
    await world.guard.see_through([world.record(1)])
    await world.parking.resolve([(HEAD, 0, "given_up")])
    again = World(lambda e: [replace(e, type="plan.rejected", data={"plan_id": PLAN, "reason": ""})])
    again.parking.rows = {HEAD: replace(world.parking.rows[HEAD], key="another plan")}
    await again.guard.see_through([again.record(1)])
    assert again.steps == ["sent plan.events", "ack 1"]


async def test_what_is_held_back_keeps_its_attempts() -> None:
    world = World(held_back)
    await world.guard.see_through([world.record(1)])
    for _ in range(5):
        await world.guard.see_through([world.back(world.sent[-1])])
    assert {r.topic for r in world.sent} == {"agents.retry.5s"}
    assert {h.number(r.headers, h.ATTEMPT) for r in world.sent} == {0}
    assert world.guard.failed == 0


async def test_without_the_index_work_goes_on_in_order_from_memory() -> None:
    world = World(broken)
    world.parking.away = True
    await world.guard.see_through([world.record(1)])
    await world.guard.see_through([world.record(2)])
    assert [h.text(r.headers, h.PARKED_BEHIND) for r in world.sent] == [None, HEAD]
    assert world.steps[-1] == "ack 2"


async def test_an_end_that_could_not_be_noted_is_noted_later() -> None:
    world = World(lambda _: [])
    row = Parked(HEAD, "agents", PLAN, "plan.events", 3, 1, "agents.retry.1s", attempt=1, due_ms=NOW)
    world.parking.rows[HEAD] = row
    headers = [(h.ATTEMPT, b"1"), (h.ORIG_TOPIC, b"plan.events"), (h.ORIG_PARTITION, b"3"), (h.ORIG_OFFSET, b"1")]
    world.parking.away = True
    await world.guard.see_through([world.record(100, headers)])
    world.parking.away = False
    await world.guard.see_through([world.record(7)])
    assert world.parking.rows[HEAD].state == "done"


async def test_after_an_outage_of_the_index_its_older_row_lets_no_second_copy_go_early() -> None:
    world = World(broken)
    await world.guard.see_through([world.record(1)])
    first = world.sent[-1]
    world.parking.away = True
    await world.guard.see_through([world.back(first)])
    second = world.sent[-1]
    assert (second.topic, h.number(second.headers, h.ATTEMPT)) == ("agents.retry.5s", 2)
    world.parking.away = False
    failed = world.guard.failed
    world.steps.clear()

    # the first copy once more, which the pump sent again: by its row it was long overdue
    await world.guard.see_through([world.back(first, 101), world.record(2)])

    # it is not tried, and not sent again: the copy that counts is on its way. What comes later waits behind that one.
    assert world.guard.failed == failed
    assert world.steps == ["saved 2", "sent agents.retry.5s", "ack 101", "ack 2"]
    assert world.parking.rows[HEAD].attempt == 1

    await world.guard.see_through([world.back(second, 102)])

    assert world.guard.failed == failed + 1
    assert (world.parking.rows[HEAD].attempt, world.parking.rows[HEAD].tier) == (3, "agents.retry.30s")


async def test_what_a_person_gave_up_in_the_index_counts_for_more_than_what_a_worker_remembers() -> None:
    world = World(broken)
    await world.guard.see_through([world.record(1)])
    world.parking.away = True
    await world.guard.see_through([world.back(world.sent[-1])])
    world.parking.away = False
    world.parking.give_up(HEAD, NOW)
    world.steps.clear()

    await world.guard.see_through([world.back(world.sent[-1], 101)])

    assert world.steps == ["ack 101"]
