"""A process that begins as a fork is told, watched, stopped and ended as one that Python has started anew."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from local.child import Child, Command
from tests.support import module
from tests.support.nursery import COMMANDS, Forked, Nursery, forkable

ROOT = Path(__file__).parents[3]
#: How `streams.provision` ends where it was not told what to do.
WRONG_USAGE = 64
#: Needs no server: it waits at a registry that is not there.
PUMP = Command(
    (sys.executable, "-m", "streams.pump"),
    {
        "MARKETPLACE_BROKERS": "127.0.0.1:9",
        "MARKETPLACE_REGISTRY_URL": "http://127.0.0.1:9",
        "MARKETPLACE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "MARKETPLACE_SIGNING": "off",
    },
)


def test_says_what_a_process_says_that_is_told_nothing(nursery: Nursery, tmp_path: Path) -> None:
    said = []
    for start in (nursery.start, subprocess_start):
        log = tmp_path / start.__name__
        with log.open("wb") as output:
            running = start(Command((sys.executable, "-m", "streams.worker")), bare(), output)
        assert running.wait(60) != 0
        said.append([without_place(line) for line in log.read_text().splitlines()])
    assert said[0] == said[1] != []


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_ends_and_says_what_it_does_as_a_process_that_python_has_started(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """What it says and its errors apart, and nothing of one in the other."""
    for arguments in ((), ("--help",)):
        as_fork = module.run(command, *arguments, env=bare(), inherited=False)
        with monkeypatch.context() as patched:
            patched.setattr(module, "begins_in", None)
            alone = module.run(command, *arguments, env=bare(), inherited=False)
        assert (as_fork.returncode, as_fork.stdout) == (alone.returncode, alone.stdout)
        assert list(map(without_place, as_fork.stderr.splitlines())) == list(
            map(without_place, alone.stderr.splitlines())
        )
        assert as_fork.stdout + as_fork.stderr


def test_a_command_of_another_tree_is_no_fork_of_this_one(nursery: Nursery, tmp_path: Path) -> None:
    assert module.begins_in is nursery
    (tmp_path / "streams").mkdir()
    (tmp_path / "streams" / "__init__.py").touch()
    (tmp_path / "streams" / "cluster.py").write_text("print('another tree')", "utf-8")
    done = module.run("streams.cluster", env=bare(), inherited=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "another tree\n"), done.stderr


def test_a_command_that_goes_on_for_too_long_is_ended(nursery: Nursery) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        nursery.run(PUMP, {**bare(), **PUMP.env}, "", 0.5)


def test_a_fork_imports_no_client_of_http_and_no_server_of_its_own() -> None:
    """What each process would import again, for a quarter of what its start takes."""
    asked = """
import asyncio, sys, httpx, uvicorn
from tests.support.nursery import ENTRANCES, import_for
import_for(sorted(ENTRANCES))
before = set(sys.modules)
async def ask():
    async with httpx.AsyncClient() as client:
        try:
            await client.get("http://127.0.0.1:9/")
        except httpx.ConnectError:
            pass
asyncio.run(ask())
uvicorn.Config(None).load()
print(sorted(set(sys.modules) - before))
"""
    said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_module_is_run_with_its_arguments_environment_and_folder(nursery: Nursery, tmp_path: Path) -> None:
    command = Command((sys.executable, "-m", "streams.provision", "--help"), cwd=tmp_path)
    child = nursery.start(command, {**os.environ, "COLUMNS": "60"}, subprocess.PIPE)
    assert isinstance(child, Forked)
    assert child.stdout is not None
    with child.stdout as said:
        assert b"usage: " in said.read()
    assert child.wait(60) == child.returncode == WRONG_USAGE
    child.send_signal(signal.SIGKILL)  # to one that has ended: nothing


def test_a_child_is_frozen_goes_on_and_is_killed(
    nursery: Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Child, "start", nursery.start)
    child = Child(PUMP, tmp_path / "log")
    assert child.running
    assert not child.wait(0.0)
    child.pause()
    assert psutil.Process(child.pid).status() == psutil.STATUS_STOPPED
    child.signal(signal.SIGCONT)
    child.kill()
    assert child.returncode == -signal.SIGKILL
    assert os.getsid(0) != child.pid


def test_its_children_die_with_it(tmp_path: Path) -> None:
    made = Nursery(())
    with (tmp_path / "log").open("wb") as output:
        running = made.start(PUMP, {**os.environ, **PUMP.env}, output)
    assert os.getsid(running.pid) == running.pid
    process = psutil.Process(running.pid)
    made.stop()
    process.wait(60)
    with pytest.raises(RuntimeError, match="the nursery has died"):
        running.poll()


@pytest.mark.parametrize(
    ("argv", "environment"),
    [
        ((sys.executable, "-c", "pass"), {}),
        ((sys.executable, "-m", "local"), {}),
        (("postgres", "-m", "gateway"), {}),
        ((sys.executable, "-m", "gateway"), {"PYTHONPATH": "/elsewhere"}),
        ((sys.executable, "-m", "gateway"), {"LD_PRELOAD": "/lib/other.so"}),
    ],
)
def test_what_a_fork_would_do_otherwise_starts_anew(argv: tuple[str, ...], environment: dict[str, str]) -> None:
    assert not forkable(Command(argv), {**os.environ, **environment})
    assert forkable(Command((sys.executable, "-m", "gateway")), {**os.environ, "PYTHONUNBUFFERED": "1"})


def bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("MARKETPLACE_", "OTEL_"))}


def subprocess_start(command: Command, environment: dict[str, str], output: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command.argv, env=environment, stdout=output, stderr=subprocess.STDOUT)  # type: ignore[call-overload, no-any-return]


def without_place(line: str) -> object:
    """Return what a line of the log says, without when and by which process."""
    try:
        fields = json.loads(line)
    except ValueError:
        return line
    return {name: value for name, value in fields.items() if name not in {"timestamp", "pid"}}
