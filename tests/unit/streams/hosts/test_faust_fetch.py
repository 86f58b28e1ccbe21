"""Records go to the agents without tasks, unless they have to wait; what concerns nobody is acknowledged at once."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast
from weakref import WeakSet

import pytest
import structlog
from aiokafka import TopicPartition
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread

from schemas.process.log_context import Ids, LogContext
from streams.guard.portion import ENOUGH_S, FEW, FEW_S, PORTION
from streams.hosts.asking import Asking
from streams.hosts.faust_commit import SafeConsumer
from streams.hosts.faust_fetch import Begun, OneLoop, QuickConsumer
from tests.support.log_lines import ids_of, log_lines
from tests.support.patience import PATIENCE_S

TP = ("plan.events", 7)


def consumer() -> Any:
    """Return a consumer that waits for nothing; none of its machinery is started."""
    made: Any = QuickConsumer.__new__(QuickConsumer)
    made.__dict__["_stopped"], made.__dict__["_crashed"] = asyncio.Event(), asyncio.Event()
    made._loop = asyncio.get_running_loop()
    made._read_offset = defaultdict(lambda: None)
    made._handed_over = defaultdict(WeakSet)
    return made


@dataclass(eq=False)
class Message:
    """A message of this partition; two are never the same, as Faust's."""

    offset: int
    headers: list[tuple[str, bytes]]
    tp: tuple[str, int] = TP


async def start(coroutine: Any) -> Begun:
    """Begin a coroutine that waits."""
    return Begun(coroutine, coroutine.send(None))


async def test_what_does_not_wait_is_done_without_a_task() -> None:
    async def hand_over() -> str:
        return "taken"

    suspended = asyncio.Event()
    tasks = len(asyncio.all_tasks())
    seen: list[int] = []
    asyncio.get_running_loop().call_soon(lambda: seen.append(len(asyncio.all_tasks())))

    result = await consumer().wait_first(hand_over(), suspended.wait())

    assert result.results == ["taken"]
    assert seen == []  # it never gave way
    await asyncio.sleep(0)
    assert seen == [tasks]


async def test_a_full_agent_is_left_when_partitions_are_taken_away() -> None:
    room, suspended, steps = asyncio.Event(), asyncio.Event(), []

    async def hand_over() -> None:
        steps.append("begun")
        try:
            await room.wait()
        except asyncio.CancelledError:
            steps.append("left")
            raise

    asyncio.get_running_loop().call_later(0.02, suspended.set)
    await asyncio.wait_for(consumer().wait_first(hand_over(), suspended.wait()), PATIENCE_S)
    await asyncio.sleep(0)

    assert steps == ["begun", "left"]


async def test_a_full_agent_takes_the_record_once_there_is_room() -> None:
    room, suspended = asyncio.Event(), asyncio.Event()

    async def hand_over() -> str:
        await room.wait()
        await asyncio.sleep(0)
        return "taken"

    asyncio.get_running_loop().call_later(0.02, room.set)
    result = await asyncio.wait_for(consumer().wait_first(hand_over(), suspended.wait()), PATIENCE_S)

    assert result.results == ["taken"]


async def test_a_failure_comes_out_whenever_it_happens() -> None:
    async def at_once() -> None:
        raise ValueError("at once")

    async def later() -> None:
        await asyncio.sleep(0.01)
        raise ValueError("later")

    for hand_over, said in ((at_once(), "at once"), (later(), "later")):
        with pytest.raises(ValueError, match=said):
            await asyncio.wait_for(consumer().wait_first(hand_over, asyncio.Event().wait()), PATIENCE_S)


async def test_a_stopped_consumer_hands_nothing_over_as_done() -> None:
    made = consumer()
    made._stopped.set()

    async def hand_over() -> None:
        await asyncio.sleep(0)

    assert (await made.wait_first(hand_over(), asyncio.Event().wait())).stopped


async def test_a_begun_coroutine_goes_on_and_sees_what_is_thrown_into_it() -> None:
    async def patient() -> str:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            return "cleaned up"
        return "done"

    task = asyncio.ensure_future(await start(patient()))
    await asyncio.sleep(0.01)
    task.cancel()

    assert await asyncio.wait_for(task, PATIENCE_S) == "cleaned up"


async def test_what_concerns_nobody_is_acknowledged_and_not_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = [Message(n, [("n", str(n).encode())]) for n in (0, 1, 2, 3, 2)]

    async def fetched(_: Any, timeout: float) -> AsyncIterator[tuple[Any, Any]]:
        for message in messages:
            yield TP, message

    monkeypatch.setattr(SafeConsumer, "getmany", fetched)
    made = consumer()
    acked: list[int] = []
    made.transport = SimpleNamespace(concerns=lambda headers: dict(headers)["n"] in (b"0", b"2"))
    made.ack = lambda message: acked.append(message.offset)

    got = [(message.offset, made._read_offset[TP]) async for _, message in made.getmany(1.0)]

    assert got == [(0, None), (2, 1), (2, 3)]
    assert acked == [1, 3]
    assert sorted(message.offset for message in made._handed_over[TP]) == [0, 2, 2]
    assert made._read_offset[TP] == 3


async def test_an_older_record_than_was_read_is_not_acknowledged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fetched(_: Any, timeout: float) -> AsyncIterator[tuple[Any, Any]]:
        yield TP, SimpleNamespace(offset=4, headers=None)

    monkeypatch.setattr(SafeConsumer, "getmany", fetched)
    made = consumer()
    acked: list[Any] = []
    made._read_offset[TP] = 9
    made.transport = SimpleNamespace(concerns=lambda _: False)
    made.ack = acked.append

    assert [m async for m in made.getmany(1.0)] == []
    assert acked == []
    assert made._read_offset[TP] == 9


class Service:
    """What Faust would run in a thread, as far as its start and end matter here."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self.parent_loop = asyncio.get_running_loop()
        self._serve = work
        self.shut_down = False

    def set_shutdown(self) -> None:
        self.shut_down = True


async def test_the_client_works_on_the_loop_and_in_the_thread_of_its_host_and_logs_with_its_ids() -> None:
    at: list[Any] = []

    async def work() -> None:
        at.extend((asyncio.get_running_loop(), threading.current_thread()))
        structlog.get_logger("lib").warning("heartbeat failed")

    service: Any = Service(work)
    task = OneLoop.Worker(service)
    with log_lines() as lines:
        with LogContext(lambda: [Ids("faust-1", None, None, "a" * 32)], "faust"):
            task.start()
        task.stop()
        await asyncio.wait_for(task.ended(), PATIENCE_S)
    assert at == [asyncio.get_running_loop(), threading.current_thread()]
    assert [(line["job"], *ids_of(line)) for line in lines] == [("faust", "faust-1", None, "a" * 32)]


async def test_a_client_that_ends_with_an_error_keeps_nobody_waiting() -> None:
    async def work() -> None:
        await asyncio.sleep(0)
        raise RuntimeError("gone")

    service: Any = Service(work)
    task = OneLoop.Worker(service)
    await asyncio.wait_for(task.ended(), PATIENCE_S)  # it was not begun
    task.start()
    await asyncio.wait_for(task.ended(), PATIENCE_S)
    assert service.shut_down


async def test_what_the_client_is_called_for_is_done_here_and_now() -> None:
    async def answer(of: int, *, more: int) -> int:
        return of + more

    def refuse() -> None:
        raise ValueError("no")

    made = OneLoop.__new__(OneLoop)
    assert await made.call_thread(answer, 1, more=2) == 3
    assert await made.call_thread(len, "abc") == 3
    with pytest.raises(ValueError, match="no"):
        await made.call_thread(refuse)


async def test_the_end_of_the_client_is_the_end_of_no_other_task() -> None:
    other = asyncio.create_task(asyncio.Event().wait())
    made = OneLoop.__new__(OneLoop)
    await made._gather_remaining_tasks()
    await asyncio.sleep(0)
    assert not other.done()
    other.cancel()


async def test_nothing_wakes_a_loop_that_everybody_keeps_awake() -> None:
    made = OneLoop.__new__(OneLoop)
    tasks = AIOKafkaConsumerThread._tasks or {}
    assert tasks[AIOKafkaConsumerThread._get_class_id()] == {"_thread_keepalive"}
    assert list(made._get_tasks()) == []
    await asyncio.wait_for(made._keepalive2(), PATIENCE_S)


def test_a_crash_of_the_client_is_a_log_line(capsys: pytest.CaptureFixture[str]) -> None:
    with log_lines() as lines:
        OneLoop.__new__(OneLoop).on_crash("{0!r} crashed: {1!r}", "Consumer", ValueError("no room"))
    assert [line["event"] for line in lines] == ["'Consumer' crashed: ValueError('no room')"]
    assert capsys.readouterr().err == ""


FIRST, OTHER, LAST = (TopicPartition("plan.events", n) for n in (4, 5, 7))


class Fetched:
    """What Faust's thread would ask its client, and what lies there."""

    def __init__(self, *active: TopicPartition, wants: str = "all") -> None:
        self.lies: dict[TopicPartition, int] = {}
        self.asked: list[tuple[set[TopicPartition], float, int]] = []
        self.slept: list[float] = []
        self.active = set(active)
        made = cast("Any", OneLoop.__new__(OneLoop))
        made.transport = SimpleNamespace(wants=lambda: wants)
        made._ensure_consumer, made._fetch_records, made.sleep = lambda: "client", self.fetch, self.sleep
        made._asking = Asking()
        self.made: Any = made

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def fetch(self, client: str, active: set[TopicPartition], timeout: float, max_records: int) -> Any:
        assert client == "client"
        self.asked.append((active, timeout, max_records))
        return {tp: [self.lies.pop(tp)] for tp in active & self.lies.keys()}

    async def next(self) -> set[TopicPartition]:
        return set(await self.made.getmany(self.active, 1.0))


async def test_what_is_for_urgent_plans_is_taken_first_and_every_second_time_something_of_all() -> None:
    client = Fetched(FIRST, OTHER)
    client.lies = {FIRST: 1, OTHER: 1}
    assert await client.next() == {FIRST}
    client.lies[FIRST] = 2
    assert await client.next() == {FIRST, OTHER}
    assert await client.next() == set()
    both, alone = {FIRST, OTHER}, {FIRST}
    assert client.asked == [(alone, 0, PORTION), (both, 1.0, PORTION), (alone, 0, PORTION), (both, 1.0, PORTION)]


async def test_what_is_for_low_plans_is_taken_last_and_yet_in_its_turn() -> None:
    client = Fetched(FIRST, OTHER, LAST)
    all_three, taken = {FIRST: 1, OTHER: 1, LAST: 1}, list[set[TopicPartition]]()
    for _ in range(6):
        client.lies |= all_three
        taken.append(await client.next())
    assert taken == [{FIRST}, {FIRST, OTHER}, {FIRST, OTHER, LAST}] * 2
    client.lies = {LAST: 1}
    assert await client.next() == {LAST}


async def test_while_the_guard_has_enough_only_what_is_for_urgent_plans_is_taken() -> None:
    client = Fetched(FIRST, OTHER, wants="urgent")
    client.lies = {OTHER: 1}
    assert await client.next() == set()
    client.lies[FIRST] = 1
    assert await client.next() == {FIRST}
    assert {frozenset(active) for active, _, _ in client.asked} == {frozenset({FIRST})}
    others = Fetched(OTHER, wants="urgent")
    assert await others.next() == set()
    assert (others.asked, others.slept) == ([], [ENOUGH_S])


async def test_where_the_guard_has_something_urgent_it_gets_few_at_once_and_time_before_them() -> None:
    client = Fetched(FIRST, OTHER, wants="few")
    client.lies = {FIRST: 1, OTHER: 1}
    assert await client.next() == {FIRST}
    assert client.slept == []
    assert await client.next() == {OTHER}
    assert (client.slept, client.asked[-1]) == ([FEW_S], ({FIRST, OTHER}, 1.0, FEW))


async def test_without_partitions_it_asks_as_faust_does() -> None:
    asked: list[Any] = []
    client = Fetched()

    async def fetch(_: str, active: Any, **__: Any) -> Any:
        asked.append(active)
        return {}

    client.made._fetch_records = fetch
    assert await client.made.getmany(None, 1.0) == {}
    assert asked == [None]
