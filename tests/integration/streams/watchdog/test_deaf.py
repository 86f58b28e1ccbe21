"""Which process is told to end because it is deaf, and which waits for good reasons; rows on a real database."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from projections.run.topics import TOPICS
from schemas.process.kafka import Brokers
from schemas.process.liveness import LOCK
from schemas.topics import PLAN_EVENTS, PROJECTIONS, RETRY_PUMP, TASK_EVENTS, WORK, groups
from streams.watchdog.broker import BrokerView
from streams.watchdog.processes import UNDER_WAY_S, Processes
from streams.watchdog.settings import Patience
from streams.watchdog.view import SystemView

PATIENCE = Patience()
LANE = WORK["normal"]
Holds = dict[str, list[int]]


class Clock:
    """Stands in for `time` in the watchdog's modules."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Fleet:
    """A watchdog and the processes that it watches; all but the database's rows and locks is told by the test."""

    def __init__(self, connection: asyncpg.Connection, clock: Clock) -> None:
        self.clock = clock
        self.connection = connection
        self.broker = BrokerView(Brokers("127.0.0.1:1"))
        self.broker.seen = True
        self.view = SystemView(PATIENCE, self.broker)
        self.watch = Processes(self.view, self.broker, PATIENCE, {"agents.retry.30s": 33.0})
        self.facts: dict[int, dict[str, Any]] = {}
        self.off: frozenset[str] = frozenset()

    async def join(self, role: str, holds: Holds | None, *, age_s: int = 60, **facts: int) -> int:
        """Return a new process."""
        id_: int = await self.connection.fetchval(
            "select flow.worker_start($1 || $3::text, $1, 'h', $2, 0, 'v')", role, len(self.facts) + 1, str(self.facts)
        )
        await self.connection.execute("select pg_advisory_lock($1, $2)", LOCK, id_)
        await self.connection.execute(
            "update flow.worker set started_at = now() - make_interval(secs => $2) where worker_id = $1", id_, age_s
        )
        self.facts[id_] = {"handled": 0, **facts} | ({} if holds is None else {"holds": holds, "generation": 1})
        return id_

    def waits(self, group: str, topic: str, partition: int, done: int = 50) -> None:
        """Let records wait behind `done` in a partition."""
        self.broker.ends[topic, partition] = 101
        self.broker.note(group, {(group, topic, partition): done})

    async def pass_time(self, seconds: float, *busy: int, **in_hand: int) -> None:
        """Let time pass in steps of a second or more; the processes in `busy` handle something in each."""
        steps = min(int(seconds), 60)
        for _ in range(steps):
            self.clock.now += seconds / steps
            for id_, facts in self.facts.items():
                if id_ in busy:
                    facts.update(in_hand)
                facts["handled"] += id_ in busy
                await self.connection.execute("select flow.worker_beat($1, $2)", id_, json.dumps(facts))
            await self.view.look(self.connection)
            await self.watch.see_to(self.connection, self.off)

    async def told(self) -> dict[int, str]:
        """Return the processes that were told to end, and why."""
        rows = await self.connection.fetch("select worker_id, told_to_end from flow.worker where told_to_end <> ''")
        return {r["worker_id"]: r["told_to_end"] for r in rows}


@pytest.fixture
async def fleet(new_migrated: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Fleet]:
    clock = Clock()
    for module in ("broker", "processes", "view"):
        monkeypatch.setattr(f"streams.watchdog.{module}.time", clock)
    connection = await asyncpg.connect(await new_migrated())
    try:
        yield Fleet(connection, clock)
    finally:
        await connection.close()


async def test_one_deaf_worker_of_two_is_told_to_end_and_the_other_is_not(fleet: Fleet) -> None:
    await fleet.join("worker", {PLAN_EVENTS: [0]})
    deaf = await fleet.join("worker", {PLAN_EVENTS: [1, 2]})
    moving = min(fleet.facts)
    fleet.waits("agents", PLAN_EVENTS, 1)

    await fleet.pass_time(9, moving)
    assert await fleet.told() == {}
    await fleet.pass_time(4, moving)

    assert await fleet.told() == {deaf: f"deaf: nothing is taken from {PLAN_EVENTS}/1"}
    assert fleet.watch.ended == 1


async def test_one_deaf_runner_of_two_is_told_to_end(fleet: Fleet) -> None:
    moving = await fleet.join("runner", {LANE: [0]}, in_flight=4)
    deaf = await fleet.join("runner", {LANE: [1]})
    fleet.waits("analysis", LANE, 1)
    await fleet.pass_time(13, moving)
    assert list(await fleet.told()) == [deaf]


async def test_an_idle_worker_whose_partitions_are_done_is_left_alone(fleet: Fleet) -> None:
    deaf = await fleet.join("worker", {PLAN_EVENTS: [0]})
    await fleet.join("worker", {PLAN_EVENTS: [1]})
    fleet.waits("agents", PLAN_EVENTS, 0)
    fleet.waits("agents", PLAN_EVENTS, 1, done=101)
    await fleet.pass_time(60)
    assert list(await fleet.told()) == [deaf]


async def test_a_partition_that_waits_behind_others_is_no_deafness(fleet: Fleet) -> None:
    busy = await fleet.join("worker", {PLAN_EVENTS: [0, 1]})
    fleet.waits("agents", PLAN_EVENTS, 1)
    await fleet.pass_time(120, busy, waiting=800)
    assert await fleet.told() == {}


async def test_a_worker_that_moves_and_leaves_a_partition_with_nothing_in_hand_is_deaf_after_longer(
    fleet: Fleet,
) -> None:
    partly = await fleet.join("worker", {PLAN_EVENTS: [0, 1]})
    fleet.waits("agents", PLAN_EVENTS, 1)
    await fleet.pass_time(29, partly)
    assert await fleet.told() == {}
    await fleet.pass_time(4, partly)
    assert list(await fleet.told()) == [partly]


async def test_calls_under_way_are_waited_for_up_to_their_limit(fleet: Fleet) -> None:
    slow = await fleet.join("runner", {LANE: [1]}, in_flight=16)
    fleet.waits("analysis", LANE, 1)
    await fleet.pass_time(1)  # it is counted from the first look
    await fleet.pass_time(UNDER_WAY_S - 2)
    assert await fleet.told() == {}
    await fleet.pass_time(5)
    assert list(await fleet.told()) == [slow]


async def test_what_waits_is_not_blamed_on_who_has_just_got_it(fleet: Fleet) -> None:
    fleet.waits("agents", PLAN_EVENTS, 1)
    heir = await fleet.join("worker", {PLAN_EVENTS: []})
    await fleet.pass_time(60)
    fleet.facts[heir] |= {"holds": {PLAN_EVENTS: [1]}, "generation": 2}
    await fleet.pass_time(9)
    assert await fleet.told() == {}
    fleet.facts[heir] |= {"generation": 3}  # and again, faster than it could say that it held nothing meanwhile
    await fleet.pass_time(9)
    assert await fleet.told() == {}
    await fleet.pass_time(4)
    assert list(await fleet.told()) == [heir]


async def test_a_process_that_has_just_begun_is_given_time(fleet: Fleet) -> None:
    await fleet.join("worker", {PLAN_EVENTS: [1]}, age_s=0)
    fleet.waits("agents", PLAN_EVENTS, 1)
    await fleet.pass_time(60)  # on the clock of the test: for the database it is still young
    assert await fleet.told() == {}


@pytest.mark.parametrize("flag", ["queue_processing", "automatic_recovery"])
async def test_what_is_switched_off_holds_nobody_to_it_and_leaves_time_afterwards(fleet: Fleet, flag: str) -> None:
    worker = await fleet.join("worker", {PLAN_EVENTS: [1]})
    fleet.waits("agents", PLAN_EVENTS, 1)
    fleet.off = frozenset({flag})
    await fleet.pass_time(60)
    assert await fleet.told() == {}
    fleet.off = frozenset()
    if flag == "queue_processing":
        await fleet.pass_time(9)
        assert await fleet.told() == {}
    await fleet.pass_time(5)
    assert list(await fleet.told()) == [worker]


async def test_while_the_broker_does_not_answer_nobody_is_deaf(fleet: Fleet) -> None:
    await fleet.join("worker", {PLAN_EVENTS: [1]})
    fleet.waits("agents", PLAN_EVENTS, 1)
    fleet.broker.error = "TimeoutError: "
    await fleet.pass_time(60)
    assert await fleet.told() == {}


async def test_a_pump_may_wait_as_long_as_its_tier_says(fleet: Fleet) -> None:
    pump = await fleet.join("pump", {"agents.retry.30s": [1]})
    fleet.waits(RETRY_PUMP, "agents.retry.30s", 1)
    await fleet.pass_time(42)
    assert await fleet.told() == {}
    await fleet.pass_time(4)
    assert list(await fleet.told()) == [pump]


async def test_projections_that_leave_lying_what_they_hold_are_told_to_end_though_no_plan_waits(fleet: Fleet) -> None:
    """What people do with tasks has no deadline: without this it would only be shown as late."""
    stuck = await fleet.join("projections", {TASK_EVENTS: [1]})
    moving = await fleet.join("projections", {TASK_EVENTS: [2]})
    await fleet.connection.execute(
        "insert into rm.projection_offset (projection, topic, partition, next_offset)"
        " select 'p', $1, n, 50 from generate_series(1, 2) n",
        TASK_EVENTS,
    )
    fleet.broker.ends |= {(TASK_EVENTS, 1): 101, (TASK_EVENTS, 2): 101}
    await fleet.pass_time(14, moving)
    assert await fleet.told() == {}, "one batch may take its time"
    await fleet.pass_time(5, moving)
    assert await fleet.told() == {stuck: f"deaf: nothing is taken from {TASK_EVENTS}/1"}
    await fleet.pass_time(60, moving)
    assert list(await fleet.told()) == [stuck]


async def test_a_batch_under_way_is_not_begun_again_and_again(fleet: Fleet) -> None:
    """Thousands that nobody can read are buried one by one; a lock on a table keeps everybody who writes to it."""
    stuck = await fleet.join("projections", {TASK_EVENTS: [1]}, in_flight=2000)
    await fleet.connection.execute(
        "insert into rm.projection_offset (projection, topic, partition, next_offset) values ('p', $1, 1, 50)",
        TASK_EVENTS,
    )
    fleet.broker.ends[TASK_EVENTS, 1] = 101
    await fleet.pass_time(60)
    assert await fleet.told() == {}
    await fleet.pass_time(UNDER_WAY_S)
    assert list(await fleet.told()) == [stuck]


async def test_after_a_database_that_kept_everybody_waiting_nobody_is_deaf(fleet: Fleet) -> None:
    await fleet.join("projections", {TASK_EVENTS: [1]})
    await fleet.connection.execute(
        "insert into rm.projection_offset (projection, topic, partition, next_offset) values ('p', $1, 1, 50)",
        TASK_EVENTS,
    )
    await fleet.pass_time(2)
    fleet.broker.ends[TASK_EVENTS, 1] = 101
    fleet.clock.now += 28
    await fleet.pass_time(10)
    assert await fleet.told() == {}


async def test_projections_that_have_seen_all_are_left_alone(fleet: Fleet) -> None:
    await fleet.join("projections", {TASK_EVENTS: [1]})
    await fleet.connection.execute(
        "insert into rm.projection_offset (projection, topic, partition, next_offset) values ('p', $1, 1, 101)",
        TASK_EVENTS,
    )
    fleet.broker.ends[TASK_EVENTS, 1] = 101
    await fleet.pass_time(60)
    assert await fleet.told() == {}


def test_what_the_projections_read_is_what_is_looked_at() -> None:
    assert sorted(groups()[PROJECTIONS].topics) == sorted(TOPICS)


async def test_processes_of_an_earlier_version_are_told_when_all_are_still(fleet: Fleet) -> None:
    moving, still = [await fleet.join("worker", None) for _ in range(2)]
    fleet.waits("agents", PLAN_EVENTS, 1)
    await fleet.pass_time(60, moving)
    assert await fleet.told() == {}
    await fleet.pass_time(12)
    assert sorted(await fleet.told()) == [moving, still]


async def test_what_was_deleted_before_anybody_took_it_does_not_wait(fleet: Fleet) -> None:
    await fleet.join("runner", {LANE: [1]})
    fleet.waits("analysis", LANE, 1)
    fleet.broker.begins[LANE, 1] = 101
    await fleet.pass_time(60)
    assert await fleet.told() == {}
    assert fleet.broker.lag("analysis") == 0


async def test_a_role_that_begins_again_is_not_told_once_more_by_another_watchdog(
    fleet: Fleet,
) -> None:
    old = await fleet.join("projections", None, age_s=60)
    young = await fleet.join("projections", None, age_s=3)

    await fleet.watch.tell_to_end(fleet.connection, "projections", "they do not move")

    assert set(await fleet.told()) == {old}
    assert young not in await fleet.told()
