"""A process that is ended as deaf tells where its tasks and threads stand, and nothing of what they have in hand."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import structlog

from schemas.process import standing

SECRET = "a seller's secret"


async def _outer(gate: asyncio.Event, secret: str) -> str:
    await _inner(gate)
    return secret


async def _inner(gate: asyncio.Event) -> None:
    await gate.wait()


async def _each(gate: asyncio.Event) -> AsyncIterator[int]:
    await gate.wait()
    yield 1


async def _reader(gate: asyncio.Event) -> None:
    async for _ in _each(gate):
        return


async def test_a_task_is_told_from_what_it_waits_for_outwards() -> None:
    gate = asyncio.Event()
    task = asyncio.create_task(_outer(gate, SECRET), name="analysis")
    await asyncio.sleep(0)
    [told] = [line for line in standing.tasks() if line.startswith("analysis: ")]
    gate.set()
    await task

    places = told.removeprefix("analysis: ").split(" < ")
    assert [place.split()[-1] for place in places] == ["wait", "_inner", "_outer"]
    assert places[1].startswith("schemas/process/test_standing.py:")
    assert SECRET not in told


async def test_tasks_that_stand_alike_are_told_once_with_their_number() -> None:
    gate = asyncio.Event()
    several = [asyncio.create_task(_inner(gate)) for _ in range(3)]
    await asyncio.sleep(0)
    told = [line for line in standing.tasks() if "_inner" in line]
    gate.set()
    await asyncio.gather(*several)
    assert [line.split(":")[0] for line in told] == ["3 x task"]


async def test_a_task_that_waits_within_an_asynchronous_generator_is_told() -> None:
    gate = asyncio.Event()
    task = asyncio.create_task(_reader(gate), name="reader")
    await asyncio.sleep(0)
    [told] = [line for line in standing.tasks() if line.startswith("reader: ")]
    gate.set()
    await task
    assert [place.split()[-1] for place in told.split(" < ")] == ["wait", "_each", "_reader"]


@contextmanager
def _loop_of_its_own(gate: asyncio.Event) -> Iterator[None]:
    """Run an event loop in a thread, as Faust does for its consumer; it waits at `gate`."""
    loop = asyncio.new_event_loop()
    waits = threading.Event()

    async def work() -> None:
        loop.call_soon(waits.set)
        await _inner(gate)

    thread = threading.Thread(target=lambda: loop.run_until_complete(work()), name="consumer")
    thread.start()
    waits.wait()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(gate.set)
        thread.join()
        loop.close()


def test_another_threads_loop_is_told_and_so_is_the_thread() -> None:
    with _loop_of_its_own(asyncio.Event()):
        tasks, threads = standing.tasks(), standing.threads()
    assert any("_inner" in line and " work" in line for line in tasks)
    assert any(line.startswith("consumer: ") for line in threads)
    [mine] = [line for line in threads if line.startswith("MainThread: ")]
    assert "standing.py" in mine.split(" < ")[0]


async def test_more_kinds_than_a_log_line_holds_are_counted() -> None:
    gate = asyncio.Event()
    several = [asyncio.create_task(_inner(gate), name=f"one {n}") for n in range(standing.MOST + 10)]
    await asyncio.sleep(0)
    told = standing.tasks()
    gate.set()
    await asyncio.gather(*several)
    assert len(told) == standing.MOST + 1
    assert told[-1].startswith("and ")


async def test_all_of_it_is_one_line_of_the_log() -> None:
    with structlog.testing.capture_logs() as lines:
        standing.tell()
    [line] = lines
    assert line["event"] == "where this process stands"
    assert line["tasks"]
    assert line["threads"]
