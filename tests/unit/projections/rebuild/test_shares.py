"""A long log is shared among processes: by numbers of partitions, and all of it or nothing."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from projections.rebuild import share, shares
from projections.rebuild.shadow import Stalled
from projections.rebuild.shares import MOST, Done, Sharing, dealt, together
from schemas.topics import PLAN_EVENTS, TASK_EVENTS

LOG = {(PLAN_EVENTS, 0): 10, (PLAN_EVENTS, 1): 100, (TASK_EVENTS, 0): 30, (TASK_EVENTS, 1): 5, (PLAN_EVENTS, 2): 60}
NOWHERE = dict.fromkeys(LOG, 0)


def test_a_plan_and_its_tasks_are_in_one_share_and_each_partition_in_exactly_one() -> None:
    found = dealt(LOG, NOWHERE, 2)
    assert [{number for _, number in one} for one in found] == [{1}, {0, 2}]
    assert {at: end for one in found for at, end in one.items()} == LOG


def test_what_has_been_projected_is_nobodys_work() -> None:
    found = dealt(LOG, LOG | {(PLAN_EVENTS, 1): 99}, 4)
    assert found == [{(PLAN_EVENTS, 1): 100, (TASK_EVENTS, 1): 5}]


def test_there_are_no_more_shares_than_numbers() -> None:
    assert len(dealt(LOG, NOWHERE, 12)) == 3


def test_there_are_as_many_processes_as_processors_and_not_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors, processes in ((1, 1), (2, 2), (64, MOST)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid, n=processors: set(range(n)))
        assert Sharing.of_this_machine().processes == processes


async def begun(monkeypatch: pytest.MonkeyPatch, program: str) -> list[asyncio.subprocess.Process]:
    """Have this Python program in the place of each process; return those that are begun."""
    found: list[asyncio.subprocess.Process] = []

    async def begin(_environment: Mapping[str, str]) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        found.append(await asyncio.create_subprocess_exec(sys.executable, "-Ic", program, stdin=pipe, stdout=pipe))
        return found[-1]

    monkeypatch.setattr(shares, "_begin", begin)
    return found


async def nothing() -> None: ...


async def for_ever() -> None:
    await asyncio.Event().wait()


async def test_what_all_have_done_is_summed(monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import json; asked = json.loads(input());"
        " print(json.dumps({'projected': sum(end for _, _, end in asked['ends']), 'given_up': len(asked['schema'])}))"
    )
    found = await begun(monkeypatch, program)
    assert await together(nothing(), dealt(LOG, NOWHERE, 2), "rm_new", {}) == Done(sum(LOG.values()), 12)
    assert all(process.returncode is not None for process in found)


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ('print(\'{"error": "the database is away"}\')', "the database is away"),
        ("import sys; sys.exit(3)", "it ended with 3"),
        ("import os; os.kill(os.getpid(), 9)", "it ended with -9"),
        ("print('half an ans')", "it ended with 0"),
    ],
)
async def test_a_process_that_fails_ends_the_others_and_the_rebuild(
    monkeypatch: pytest.MonkeyPatch, program: str, why: str
) -> None:
    found = await begun(monkeypatch, f"input(); {program}")
    with pytest.raises(Stalled, match=why):
        await together(for_ever(), dealt(LOG, NOWHERE, 2), "rm_new", {})
    assert all(process.returncode is not None for process in found)


async def test_a_rebuild_that_fails_itself_or_is_ended_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails() -> None:
        raise ConnectionError("the broker is away")

    found = await begun(monkeypatch, "import time; time.sleep(600)")
    with pytest.raises(ConnectionError):
        await together(fails(), dealt(LOG, NOWHERE, 2), "rm_new", {})
    under_way = asyncio.create_task(together(for_ever(), dealt(LOG, NOWHERE, 2), "rm_new", {}))
    while len(found) < 4:
        await asyncio.sleep(0)
    under_way.cancel()
    with pytest.raises(asyncio.CancelledError):
        await under_way
    assert [process.returncode for process in found] == [-signal.SIGKILL] * 4


def test_a_process_whose_rebuild_is_gone_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    monkeypatch.setattr(os, "_exit", ended.append)
    share._end_with_the_rebuild()
    assert ended == [1]


def test_a_process_without_a_setting_is_refused() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MARKETPLACE_")}
    command: Any = [sys.executable, "-m", "projections.rebuild.share"]
    found = subprocess.run(command, env=environment, input=json.dumps({}), capture_output=True, text=True, check=False)
    assert found.returncode == 2
    assert "MARKETPLACE_" in found.stderr
