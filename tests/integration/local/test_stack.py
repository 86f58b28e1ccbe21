"""The stack as a whole, in this process and from the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from local.stack import AlreadyRunningError, NotReadyError, Stack, State
from local.state import ROOT
from tests.support.patience import PATIENCE_S

SMALL = ["postgres", "registry"]


def local(data: Path, *arguments: str, timeout: float = PATIENCE_S) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local", "--data", str(data), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)


def wait_until(condition: Callable[[], object], timeout: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


async def test_it_starts_heals_and_keeps_its_data(tmp_path: Path) -> None:
    """Killed, a process comes back with its data; stopped and started again, the stack is where it was."""
    with Stack(tmp_path, ["broker", *SMALL]) as stack:
        ports = stack.state.ports
        connection = await asyncpg.connect(stack.env["MARKETPLACE_DATABASE_URL"])
        await connection.execute("create table kept as select 1 as one")
        await connection.close()

        for name in ("postgres", "broker", "registry"):
            old = stack.kill(name)
            assert stack.wait_for(name, not_pid=old) != old
        wait_until(lambda: stack.ready)

    with Stack(tmp_path, SMALL) as stack:
        assert stack.state.ports == ports
        connection = await asyncpg.connect(stack.env["MARKETPLACE_DATABASE_URL"])
        assert await connection.fetchval("select one from kept") == 1
        await connection.close()
        async with httpx.AsyncClient() as http:
            answer = await http.get(stack.env["MARKETPLACE_REGISTRY_URL"] + "/subjects")
        assert answer.json() == []


def test_a_second_one_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with Stack(tmp_path, ["postgres"]), pytest.raises(AlreadyRunningError):
        Stack(tmp_path, ["postgres"]).start()


def test_what_cannot_start_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    """The registry has no database here: it dies again and again, and start() gives up in time."""
    stack = Stack(tmp_path, ["registry"])
    with pytest.raises(NotReadyError, match=r"not ready in 3 s \(registry is (starting|backoff|preparing)\)"):
        stack.start(timeout=3)
    assert [process.status for process in stack.state.processes.values()] == ["stopped"]
    assert stack.state.processes["registry"].pid is None


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    """SIGKILL to whoever started it takes the database, its sessions and the broker along; the next start works."""
    code = (
        "import sys, time; from pathlib import Path; from local.stack import Stack\n"
        "Stack(Path(sys.argv[1]), ['postgres', 'broker', 'registry']).start(); print('up', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"up\n"
        children = psutil.Process(owner.pid).children(recursive=True)
        assert len(children) > 5  # the broker, the registry, the database server and its own
        owner.kill()
        owner.wait()

    _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
    assert alive == []
    with Stack(tmp_path, SMALL) as stack:
        assert stack.ready


@pytest.fixture
def detached(tmp_path: Path) -> Iterator[Path]:
    """The data folder of a stack that runs in the background."""
    done = local(tmp_path, "up", "--detach", *SMALL)
    assert done.returncode == 0, done.stderr
    yield tmp_path
    local(tmp_path, "down")


def test_the_command_line_from_up_to_reset(detached: Path) -> None:
    """Up, found by a second up, seen, paused, resumed, logged, stopped, emptied."""
    state = State.load(detached)
    assert state is not None
    assert state.ready

    again = local(detached, "up")
    assert (again.returncode, again.stdout) == (
        0,
        f"it runs already (process {state.pid}): {state.urls['dashboard']}\n",
    )
    shown = local(detached, "status")
    assert shown.returncode == 0
    assert "registry     ready" in shown.stdout
    assert state.env["MARKETPLACE_DATABASE_URL"].split(":")[2].split("@")[0] not in shown.stdout
    seen = json.loads(local(detached, "status", "--json").stdout)
    assert seen["running"]
    assert seen["processes"]["postgres"]["pid"] == state.pid_of("postgres")

    assert local(detached, "stop", "registry").stdout == "registry is stopped\n"
    assert "registry     paused" in local(detached, "status").stdout
    assert local(detached, "start", "registry").stdout == "registry is up\n"
    unknown = local(detached, "stop", "nonsense")
    assert unknown.returncode == 1
    assert "no such process: nonsense" in unknown.stderr

    logged = local(detached, "logs", "registry", "-n", "1").stdout
    assert logged == f"registry | schema registry on {state.urls['registry']}\n"
    assert local(detached, "logs", "nonsense").returncode == 1
    exported = local(detached, "env").stdout
    assert f"export MARKETPLACE_REGISTRY_URL={state.urls['registry']}" in exported

    assert local(detached, "reset").returncode == 1
    stopped = local(detached, "down")
    assert stopped.stdout == "stopped; the data is kept\n"
    assert not state.running
    assert local(detached, "status").returncode == 3
    assert local(detached, "stop", "registry").returncode == 3
    assert local(detached, "reset").returncode == 0
    assert list(detached.iterdir()) == []


def test_a_process_is_found_and_killed_by_name_from_elsewhere(detached: Path) -> None:
    """What a chaos tool does: find it in the state file, kill it, see it come back."""
    state = State.load(detached)
    assert state is not None
    old = state.kill("registry")

    def back() -> bool:
        now = State.load(detached)
        assert now is not None
        return now.ready and now.processes["registry"].pid != old

    wait_until(back)
    now = State.load(detached)
    assert now is not None
    assert now.processes["registry"].restarts == 1
    assert now.processes["registry"].last_exit == -signal.SIGKILL


#: Is told to stop in the very moment in which it says something.
TOLD_WHILE_IT_SPEAKS = """
import os, signal, sys
from pathlib import Path
from local.commands import up

class Out:
    def write(self, text):
        sys.__stdout__.write(text)
        if "everything is up" in text:
            os.kill(os.getpid(), signal.SIGTERM)

    def flush(self):
        sys.__stdout__.flush()

    def isatty(self):
        return False

sys.stdout = Out()
sys.exit(up(Path(sys.argv[1]), ["postgres"], 60))
"""


def test_it_stops_when_it_is_told_to_while_it_speaks(tmp_path: Path) -> None:
    """The handler interrupts the line that is being written, which holds the lock of the output."""
    done = subprocess.run(
        [sys.executable, "-c", TOLD_WHILE_IT_SPEAKS, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "stack    | stopped; the data is kept"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_in_the_foreground_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C or SIGTERM: every line has its name, all is stopped in order, the exit status is 0."""
    command = [sys.executable, "-m", "local", "--data", str(tmp_path), "up", *SMALL]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as up:
        assert up.stdout is not None
        lines = [up.stdout.readline()]
        while "everything is up in" not in lines[-1]:
            lines.append(up.stdout.readline())
            assert lines[-1], lines
        children = psutil.Process(up.pid).children(recursive=True)
        os.kill(up.pid, number)
        lines = [*"".join(lines).splitlines(), *up.stdout.read().splitlines()]
        assert up.wait(60) == 0

    assert all(line.split(" | ")[0].strip() in {"stack", *SMALL} for line in lines)
    assert any(line.startswith("stack    | registry: ready") for line in lines)
    assert lines[-1] == "stack    | stopped; the data is kept"
    assert psutil.wait_procs(children, timeout=PATIENCE_S)[1] == []
