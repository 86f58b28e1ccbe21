"""A process writes heartbeats, hears what it is told, comes back after an outage, and ends itself when it is deaf."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from schemas.process import liveness
from schemas.process.liveness import EXIT_AGAIN, Liveness, born
from tests.support.patience import PATIENCE_S, until


class Database:
    """Answers like the database's functions; `down` refuses connections."""

    def __init__(self) -> None:
        self.down = False
        self.ahead_s: float | None = None
        self.known = True
        self.off: list[str] = []
        self.end: str | None = None
        self.leave: str | None = None
        self.started: list[tuple[Any, ...]] = []
        self.heartbeats: list[dict[str, Any]] = []
        self.stopped: list[tuple[Any, ...]] = []
        self.held: set[int] = set()
        self.open: list[Connection] = []

    async def connect(self) -> Connection:
        if self.down:
            raise ConnectionRefusedError
        self.open.append(Connection(self))
        return self.open[-1]


class Connection:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.locks: set[int] = set()

    async def fetchval(self, query: str, *args: Any) -> Any:
        if self.database.down:
            raise ConnectionResetError
        if "worker_start" in query:
            self.database.started.append(args)
            return len(self.database.started)
        if "advisory_lock" in query:
            if args[1] in self.database.held:
                return False
            self.database.held.add(args[1])
            self.locks.add(args[1])
            return True
        assert "worker_beat" in query
        self.database.heartbeats.append(json.loads(args[1]))
        at = None if self.database.ahead_s is None else time.time() + self.database.ahead_s
        told = {"end": self.database.end, "leave": self.database.leave, "known": self.database.known}
        return json.dumps({**told, "off": self.database.off, "at": at})

    async def execute(self, query: str, *args: Any) -> None:
        assert "worker_stop" in query
        self.database.stopped.append(args)

    async def close(self) -> None:
        self.database.held -= self.locks


class Clock:
    """A clock that advances only when told to. `looked`: how often the thread that watches the loop has read it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.looked = 0

    def monotonic(self) -> float:
        self.looked += threading.current_thread().name == "deaf-check"
        return self.now


async def test_it_writes_heartbeats_hears_of_flags_and_says_when_it_stops() -> None:
    database = Database()
    database.off = ["queue_processing"]
    liveness = Liveness(database.connect, "runner", lambda: {"handled": 7})
    task = asyncio.create_task(liveness.run())
    await until(lambda: bool(database.heartbeats))
    await until(lambda: liveness.off == {"queue_processing"})
    assert database.started[0][1] == "runner"
    assert database.started[0][3:5] == (os.getpid(), born(os.getpid()))
    assert database.heartbeats[0] == {"handled": 7, "per_minute": {"handled": None}}
    assert database.held == {1}

    await liveness.stop("told to stop")
    await asyncio.wait_for(task, PATIENCE_S)

    assert database.stopped == [(1, "told to stop")]
    assert database.held == set()


async def test_after_an_outage_it_is_the_same_process() -> None:
    database = Database()
    said: list[Any] = []
    liveness = Liveness(database.connect, "pump", dict, say=said.append)
    task = asyncio.create_task(liveness.run())
    await until(lambda: bool(database.heartbeats))
    database.down = True
    await until(lambda: bool(said))
    assert "ConnectionRe" in said[0]
    before = len(database.heartbeats)
    database.down = False
    await until(lambda: len(database.heartbeats) > before)
    assert len(database.started) == 1
    assert database.held == {1}

    await liveness.stop("")
    await task


async def test_a_row_that_was_swept_away_is_written_anew() -> None:
    database = Database()
    database.known = False
    liveness = Liveness(database.connect, "pump", dict)
    task = asyncio.create_task(liveness.run())
    await until(lambda: len(database.started) == 2)
    database.known = True
    await liveness.stop("")
    await task


async def test_told_to_end_it_ends() -> None:
    database = Database()
    ended: list[Any] = []
    database.end = "deaf: 3 records wait"
    told = ended.append
    liveness = Liveness(
        database.connect, "worker", dict, exit_=ended.append, tell_standing=lambda: told("where it stands")
    )
    task = asyncio.create_task(liveness.run())
    await until(lambda: len(ended) > 1)
    assert ended[:2] == ["where it stands", EXIT_AGAIN]
    await liveness.stop("")
    await task


async def test_asked_to_end_in_order_it_begins_to_once_and_says_who_asked() -> None:
    database = Database()
    left: list[str] = []
    said: list[str] = []
    database.leave = "Ana: a new disk"
    liveness = Liveness(database.connect, "worker", dict, say=said.append, leave=lambda: left.append("now"))
    task = asyncio.create_task(liveness.run())
    await until(lambda: bool(left))
    liveness.say_now()
    before = len(database.heartbeats)
    await until(lambda: len(database.heartbeats) > before)
    await liveness.stop("told to stop")
    await task
    assert (left, said) == (["now"], ["asked to end by Ana: a new disk"])
    assert database.stopped == [(1, "asked to end by Ana: a new disk")]


async def test_an_event_loop_that_stands_still_ends_the_process() -> None:
    database = Database()
    ended: list[Any] = []

    def tell_standing() -> None:
        ended.append("where it stands")
        raise RuntimeError("a task cannot be read")  # ends nobody's end

    liveness = Liveness(
        database.connect, "worker", dict, deaf_after_s=0.4, exit_=ended.append, tell_standing=tell_standing
    )
    task = asyncio.create_task(liveness.run())
    await until(lambda: bool(database.heartbeats))

    give_up = time.monotonic() + PATIENCE_S
    while EXIT_AGAIN not in ended and time.monotonic() < give_up:
        time.sleep(0.05)  # what a hanging call on the loop does

    assert ended == ["where it stands", EXIT_AGAIN]
    await liveness.stop("")
    await task


@pytest.mark.parametrize(("deaf_after_s", "looks_s"), [(15.0, 1.0), (0.4, 0.1)])
async def test_whether_the_loop_turns_is_looked_at_no_more_often_than_it_takes(
    monkeypatch: pytest.MonkeyPatch, deaf_after_s: float, looks_s: float
) -> None:
    """Each look and each note wakes a process that has nothing to do."""
    pauses: list[float] = []
    made = Liveness(Database().connect, "worker", dict, deaf_after_s=deaf_after_s)

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        raise asyncio.CancelledError

    def looked(seconds: float) -> bool:
        pauses.append(seconds)
        return True

    monkeypatch.setattr(made, "_watched", SimpleNamespace(wait=looked))
    monkeypatch.setattr("schemas.process.liveness.asyncio.sleep", noted)
    made._watch()
    with pytest.raises(asyncio.CancelledError):
        await made._loop()
    assert pauses == [looks_s, looks_s / 2]


async def test_a_turning_loop_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it works: it turns, and is looked at, more often than it may stand still."""
    clock = Clock()
    monkeypatch.setattr("schemas.process.liveness.time", clock)
    database = Database()
    ended: list[Any] = []
    liveness = Liveness(database.connect, "worker", dict, deaf_after_s=1.0, exit_=ended.append)
    task = asyncio.create_task(liveness.run())
    async with asyncio.timeout(PATIENCE_S):
        for _ in range(5):
            looked = clock.looked
            clock.now += 0.4
            while not ended and (liveness._looped_at < clock.now or clock.looked == looked):
                await asyncio.sleep(0.01)
    assert ended == []
    await liveness.stop("")
    await task


def test_a_process_is_named_by_its_birth_too() -> None:
    assert abs(born(os.getpid()) - time.time()) < 24 * 3600
    assert born(os.getpid()) == born(os.getpid())
    assert born(2**22 + 1) == 0.0


async def test_it_says_it_at_once_when_it_is_told_that_something_has_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "HEARTBEAT_S", 3600.0)
    database, turned = Database(), {"away": 0}
    one = Liveness(database.connect, "watchdog", lambda: turned)
    task = asyncio.create_task(one.run())
    await until(lambda: len(database.heartbeats) == 1)
    turned["away"] = 1
    one.say_now()
    await until(lambda: len(database.heartbeats) == 2)
    assert database.heartbeats[1]["away"] == 1
    await one.stop("told to stop")
    await asyncio.wait_for(task, PATIENCE_S)
    assert database.stopped, "a stop does not wait for the next beat either"


@pytest.mark.parametrize(
    ("took_s", "theirs", "off_s"),
    [
        (0.1, 1000.05, 0.0),
        (0.1, None, 0.0),  # functions of an earlier version
        (0.1, 998.5, 0.0),
        (9.0, 1008.0, 0.0),  # the answer took that long
        (0.1, 995.0, 5.0),
        (1.0, 1006.0, -5.0),
    ],
)
def test_a_clock_is_off_where_the_way_of_the_answer_does_not_explain_it(
    took_s: float, theirs: float | None, off_s: float
) -> None:
    assert liveness.clock_off(1000.0, took_s, theirs) == off_s


async def test_a_clock_that_goes_wrong_and_right_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "HEARTBEAT_S", 0.05)
    database = Database()
    database.ahead_s = 0.0
    heart = Liveness(database.connect, "pump", dict)
    task = asyncio.create_task(heart.run())
    for ahead_s, told in ((-90.0, 90.0), (0.0, None)):
        database.ahead_s = ahead_s
        database.heartbeats.clear()
        async with asyncio.timeout(PATIENCE_S):
            while told not in [said.get("clock_off_s") for said in database.heartbeats[1:]]:
                await asyncio.sleep(0.01)
    await heart.stop("told to stop")
    await asyncio.wait_for(task, PATIENCE_S)
