"""Reading processes begin in a nursery. What if it dies, hangs, or the upload ends while it forks?"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from socket import socket

import psutil
import pytest

from gateway.intake import begun
from gateway.intake import nursery as nursery_process
from gateway.intake.begun import ALLOCATOR, Begun, Born, NotBegunError, Nurseries, Nursery
from gateway.intake.confine import NICE
from gateway.intake.reader import KEEPING_BYTES, _environment
from tests.scenarios.intake.test_hostile_documents import refusal, write


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.stop()


async def reading(nursery: Nursery) -> Begun:
    """Begin a reading process, which waits for its document."""
    return await begun.begin(_environment(), nursery)


def nursery_of(process: Begun) -> psutil.Process:
    parent = psutil.Process(process.pid).parent()
    assert parent is not None
    return parent


async def ended(process: Begun) -> int:
    process.kill()
    status = await process.wait()
    await process.close()
    return status


async def test_one_begins_them_all_and_keeps_none_of_them(nursery: Nursery) -> None:
    processes = [await reading(nursery) for _ in range(3)]
    [one] = {nursery_of(process) for process in processes}

    assert [await ended(process) for process in processes] == [-signal.SIGKILL] * 3
    assert one.children() == [], "not as a zombie either"


async def test_they_give_way_to_other_sessions_together(nursery: Nursery) -> None:
    """Where the kernel shares cores among sessions, nobody is nice to another session by himself."""
    processes = [await reading(nursery) for _ in range(2)]
    one = nursery_of(processes[0])
    assert {os.getsid(process.pid) for process in processes} == {one.pid}
    groups = [Path(f"/proc/{pid}/autogroup") for pid in (one.pid, *(process.pid for process in processes))]
    told = {group.read_text("ascii").split(" ", 1)[1].strip() for group in groups if group.exists()}
    assert told <= {f"nice {NICE}"}, told
    for process in processes:
        await ended(process)


async def test_its_end_tells_the_memory_of_its_own(nursery: Nursery) -> None:
    process = await reading(nursery)
    own = psutil.Process(process.pid).memory_full_info().uss

    assert await ended(process) == -signal.SIGKILL
    assert process.peak_bytes >= own


async def test_a_large_document_is_read_in_one_that_gives_memory_back_at_once() -> None:
    """What its allocator does is settled when the nursery begins; documents of one kind share it."""
    nurseries = Nurseries()
    small, other, large = (_environment(length) for length in (1, KEEPING_BYTES - 1, KEEPING_BYTES))
    process = await begun.begin(large, nurseries.of(large))

    assert nurseries.of(small) is nurseries.of(other)
    assert nurseries.of(small) is not nurseries.of(large)
    assert nursery_of(process).environ()[ALLOCATOR].startswith("dirty_decay_ms:0,")
    process.kill()
    await process.wait()
    await process.close()
    nurseries.stop()


async def test_one_that_was_killed_takes_its_readers_with_it_and_another_begins_the_next(nursery: Nursery) -> None:
    first = await reading(nursery)
    old = nursery_of(first)
    old.kill()

    assert await first.wait() == -signal.SIGKILL
    await first.close()
    second = await reading(nursery)
    assert nursery_of(second).pid != old.pid
    await ended(second)


async def test_one_that_hangs_is_ended_and_another_begins_the_next(nursery: Nursery) -> None:
    await ended(first := await reading(nursery))
    assert nursery._channel is not None
    nursery._channel.settimeout(0.1)  # instead of a minute
    old = nursery._process
    assert old is not None
    os.kill(old.pid, signal.SIGSTOP)

    second = await reading(nursery)

    assert second.pid != first.pid
    assert old.returncode == -signal.SIGKILL
    await ended(second)


async def test_the_end_of_one_of_an_earlier_nursery_is_no_matter_of_the_next(nursery: Nursery) -> None:
    """One hangs and is ended; its reader's end is asked for when another has readers already."""
    first = await reading(nursery)
    assert nursery._channel is not None
    nursery._channel.settimeout(0.1)  # instead of a minute
    os.kill(nursery_of(first).pid, signal.SIGSTOP)
    second = await reading(nursery)

    assert await first.wait() == -signal.SIGKILL
    await first.close()
    assert second.returncode is None
    assert nursery._ask({"ended": first.pid}) == (-signal.SIGKILL, 0), "one that it does not know does not end it"
    assert psutil.pid_exists(second.pid)
    assert await ended(second) == -signal.SIGKILL


async def test_without_a_descriptor_left_nothing_begins_and_nothing_else_ends(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await reading(nursery)
    for what in ("gateway.intake.begun.socket.socketpair", "gateway.intake.begun.os.pidfd_open"):
        with monkeypatch.context() as patched:
            patched.setattr(what, no_descriptor)
            with pytest.raises(NotBegunError):
                await reading(nursery)

    assert [child.pid for child in nursery_of(first).children()] == [first.pid]
    assert await ended(first) == -signal.SIGKILL


async def test_an_upload_that_ends_while_its_reader_begins_leaves_none_behind(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go = threading.Event(), threading.Event()
    pids: list[int] = []
    begin = nursery.begin

    def slowly(environment: Mapping[str, str], ends: Sequence[socket]) -> Born:
        asked.set()
        assert go.wait(60)
        born = begin(environment, ends)
        pids.append(born.pid)
        return born

    monkeypatch.setattr(nursery, "begin", slowly)
    uploading = asyncio.create_task(reading(nursery))
    assert await asyncio.to_thread(asked.wait, 60)
    uploading.cancel()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await uploading

    assert len(pids) == 1
    assert not psutil.pid_exists(pids[0])


async def test_a_machine_that_begins_no_process_refuses_the_document_for_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_: Mapping[str, str]) -> Begun:
        raise NotBegunError("no process left")

    monkeypatch.setattr("gateway.intake.reader.begin", refuse)
    refused = await refusal(write(tmp_path, "a.csv", b"SKU;Produto;Qtd;Valor Total\nA;Camisa;1;10,00\n"))

    assert (refused.code, refused.status, refused.cause) == ("interrupted", 503, "not begun: no process left")


async def test_a_fork_that_fails_is_told_as_such(nursery: Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fork", no_process)
    answer = nursery_process._fork()
    monkeypatch.setattr(nursery, "_ask", lambda *_: (answer, 0))

    with pytest.raises(NotBegunError, match="no memory or no process left"):
        await reading(nursery)


def no_descriptor(*_: object) -> int:
    raise OSError(errno.EMFILE, "Too many open files")


def no_process() -> int:
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
