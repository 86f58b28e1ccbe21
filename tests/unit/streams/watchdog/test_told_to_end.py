"""Who is told to end, and who has gone: judged from what a look has seen, without a database.

`tests/integration/streams/watchdog/test_deaf.py` judges the same with rows of a real one.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.process.kafka import Brokers
from schemas.process.liveness import GONE
from schemas.topics import PLAN_EVENTS, PROJECTIONS, TASK_EVENTS, WORK
from streams.watchdog.broker import BrokerView
from streams.watchdog.processes import TOLD_S, UNDER_WAY_S, Processes
from streams.watchdog.settings import Patience
from streams.watchdog.view import SystemView

PATIENCE = Patience(settle_s=0.0)
GROUP = "agents"


class Clock:
    """Stands in for `time` in the watchdog's modules."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Rows:
    """Stands in for a connection: answers a look with the test's rows, and keeps what is written."""

    def __init__(self) -> None:
        self.workers: dict[int, dict[str, Any]] = {}
        self.written: list[tuple[Any, ...]] = []

    async def fetch(self, _statement: str, *values: object) -> list[dict[str, Any]]:
        if not values:  # how far the projections are
            return [{"topic": TASK_EVENTS, "partition": 0, "next_offset": 5}]
        rest = {"off": [], "missed": False}
        return [row | rest | {"progress": json.dumps(row["progress"])} for row in self.workers.values()] or [
            rest | {"worker_id": None}
        ]

    async def execute(self, _statement: str, *values: object) -> str:
        self.written.append(values)
        return "UPDATE 1"


class Fleet:
    """A watchdog of processes that the test makes up."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rows: Any = Rows()
        self.broker = BrokerView(Brokers("127.0.0.1:1"))
        self.broker.seen = True
        self.view = SystemView(PATIENCE, self.broker)
        self.watch = Processes(self.view, self.broker, PATIENCE, {"agents.retry.30s": 33.0})
        self.off: frozenset[str] = frozenset()

    def join(self, role: str, holds: dict[str, list[int]] | None, **progress: Any) -> dict[str, Any]:
        """Return the row of a new process of another machine."""
        id_ = len(self.rows.workers) + 1
        row = {
            "worker_id": id_,
            "source": f"{role}-{id_}",
            "role": role,
            "host": "another machine",
            "pid": id_,
            "born": 0.0,
            "connected": True,
            "silent_s": 0.0,
            "age_s": 60.0,
            "told_to_end": None,
            "progress": {"handled": 0, **progress} | ({} if holds is None else {"holds": holds, "generation": 1}),
        }
        self.rows.workers[id_] = row
        return row

    def waits(self, topic: str, partition: int, group: str = GROUP) -> None:
        """Let a record wait in a partition."""
        self.broker.ends[topic, partition] = 101
        self.broker.note(group, {(group, topic, partition): 50})

    async def looks(self, seconds: int, *moving: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Look once a second; return what was written meanwhile. `moving` handle something before each look."""
        self.rows.written.clear()
        for _ in range(seconds):
            self.clock.now += 1
            for row in moving:
                row["progress"]["handled"] += 1
            await self.view.look(self.rows)
            await self.watch.see_to(self.rows, self.off)
        return list(self.rows.written)


@pytest.fixture
def fleet(monkeypatch: pytest.MonkeyPatch) -> Fleet:
    clock = Clock()
    for module in ("broker", "processes", "view"):
        monkeypatch.setattr(f"streams.watchdog.{module}.time", clock)
    return Fleet(clock)


def patience() -> int:
    """Return for how many looks one waits until it is surely called deaf."""
    return int(PATIENCE.deaf_s) + 3


async def test_one_that_leaves_its_partition_lying_is_told_why(fleet: Fleet) -> None:
    moving, deaf = fleet.join("worker", {PLAN_EVENTS: [0]}), fleet.join("worker", {PLAN_EVENTS: [1, 2]})
    fleet.waits(PLAN_EVENTS, 1)
    fleet.waits(PLAN_EVENTS, 2)
    written = await fleet.looks(patience(), moving)
    assert {values[:2] for values in written} == {
        (deaf["worker_id"], f"deaf: nothing is taken from {PLAN_EVENTS}/1 and 1 more")
    }
    deaf["told_to_end"] = written[0][1]
    assert await fleet.looks(patience(), moving) == [], "it knows"


@pytest.mark.parametrize(
    "reason", [{"age_s": 1.0}, {"connected": False, "silent_s": 0.1}, {"told_to_end": "too old"}, {"role": "gateway"}]
)
async def test_one_that_is_new_gone_told_or_of_no_group_is_left_alone(fleet: Fleet, reason: dict[str, Any]) -> None:
    fleet.join("worker", {PLAN_EVENTS: [1]}).update(reason)
    fleet.waits(PLAN_EVENTS, 1)
    assert await fleet.looks(patience()) == []


async def test_none_is_deaf_while_nothing_waits_is_switched_on_or_answers(fleet: Fleet) -> None:
    fleet.join("worker", {PLAN_EVENTS: [1]})
    assert await fleet.looks(patience()) == []
    fleet.waits(PLAN_EVENTS, 1)
    fleet.off = frozenset({"queue_processing"})
    assert await fleet.looks(patience()) == []
    fleet.off = frozenset({"automatic_recovery"})
    assert await fleet.looks(patience()) == []
    fleet.off = frozenset()
    fleet.broker.error = "away"
    assert await fleet.looks(patience()) == []
    fleet.broker.error = ""
    assert await fleet.looks(1) != []


async def test_one_with_work_under_way_gets_as_long_as_any_work_may_take(fleet: Fleet) -> None:
    fleet.join("runner", {WORK["normal"]: [1]}, in_flight=1)
    fleet.waits(WORK["normal"], 1, "analysis")
    assert await fleet.looks(int(UNDER_WAY_S) - 3) == []
    assert await fleet.looks(6) != []


async def test_one_that_does_not_tell_what_it_reads_is_deaf_only_if_no_peer_moves(fleet: Fleet) -> None:
    old, peer = fleet.join("worker", None), fleet.join("worker", {PLAN_EVENTS: [0]})
    fleet.waits(PLAN_EVENTS, 1)
    assert await fleet.looks(patience(), peer) == []
    written = await fleet.looks(patience())
    assert {values[:2] for values in written} == {(old["worker_id"], f"deaf: nothing is taken from {PLAN_EVENTS}/1")}
    assert fleet.view.untold() == {"worker"}


async def test_projections_get_the_longer_patience(fleet: Fleet) -> None:
    row = fleet.join("projections", {TASK_EVENTS: [0]})
    fleet.broker.ends[TASK_EVENTS, 0] = 101
    written = await fleet.looks(60)
    assert {values[0] for values in written} == {row["worker_id"]}
    assert fleet.broker.done[PROJECTIONS, TASK_EVENTS, 0] == 5


async def test_one_without_its_lock_is_gone_once_it_was_seen_twice(fleet: Fleet) -> None:
    row = fleet.join("runner", {})
    row.update(connected=False, silent_s=1.0)
    assert await fleet.looks(1) == []
    assert fleet.watch.unsure
    assert await fleet.looks(1) == [(row["worker_id"], GONE)]
    assert fleet.watch.gone == 1
    fleet.watch.begin()
    assert not fleet.watch.unsure, "what another connection saw is forgotten"


async def test_a_role_is_told_to_end_once_in_a_while(fleet: Fleet) -> None:
    for _ in range(3):
        await fleet.watch.tell_to_end(fleet.rows, "runner", "its plan is stuck")
    await fleet.watch.tell_to_end(fleet.rows, "worker", "its plan is stuck")
    assert [values[0] for values in fleet.rows.written] == ["runner", "worker"]
    fleet.clock.now += TOLD_S
    await fleet.watch.tell_to_end(fleet.rows, "runner", "its plan is stuck")
    assert len(fleet.rows.written) == 3
