"""How processes start and end: each case is a process of its own, with the statuses that supervisors see."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.state import ROOT
from tests.support.patience import PATIENCE_S

#: Every process and what it needs; a person starts each by `python -m`.
PROCESSES = (
    "gateway",
    "gateway.alerts",
    "streams.worker",
    "streams.runner",
    "streams.pump",
    "streams.watchdog",
    "projections",
)
#: Every command, and the first variable that it misses.
COMMANDS = {
    "streams.cluster": "MARKETPLACE_BROKERS",
    "streams.provision plan": "MARKETPLACE_BROKERS",
    "projections.verify": "MARKETPLACE_BROKERS",
    "projections.rebuild": "MARKETPLACE_BROKERS",
    "projections.migrate": "MARKETPLACE_DATABASE_URL",
}
CODE = """
import asyncio, os, signal, sys
import aiokafka
from aiokafka.conn import AIOKafkaConnection
from schemas.process import start
from schemas.process.settings import need
"""


def run(command: list[str], **env: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MARKETPLACE_")}
    return subprocess.run(
        [sys.executable, *command],
        env=plain | env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def last(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        *((module, "MARKETPLACE_DEAF_AFTER", "never") for module in PROCESSES),
        ("streams.pump", "MARKETPLACE_LOG", "xml"),
    ],
)
def test_a_setting_that_makes_no_sense_ends_it_with_2(module: str, name: str, value: str) -> None:
    given = {
        "MARKETPLACE_BROKERS": "127.0.0.1:1",
        "MARKETPLACE_REGISTRY_URL": "http://127.0.0.1:1",
        "MARKETPLACE_DATABASE_URL": "postgresql://u@127.0.0.1:1/d",
    }
    done = run(["-m", module], **given | {name: value})
    assert (done.returncode, done.stdout) == (2, "")
    assert name in last(done)["event"]
    assert last(done)["level"] == "critical"


@pytest.mark.parametrize(("command", "missing"), COMMANDS.items())
def test_a_command_says_what_is_missing_in_a_sentence(command: str, missing: str) -> None:
    done = run(["-m", *command.split()])
    name = command.split(maxsplit=1)[0].rpartition(".")[2]
    assert (done.returncode, done.stdout) == (64 if name == "provision" else 2, "")
    assert done.stderr.startswith(f"{name}: {missing} is not set: give it as ")


@pytest.mark.parametrize(("command", "missing"), COMMANDS.items())
def test_a_command_says_it_in_a_line_where_lines_are_asked_for(command: str, missing: str) -> None:
    done = run(["-m", *command.split()], MARKETPLACE_LOG="json")
    name = command.split(maxsplit=1)[0].rpartition(".")[2]
    assert last(done)["event"].startswith(f"{name}: {missing} is not set: give it as ")


def test_all_is_ready_before_the_work_begins() -> None:
    code = f"""{CODE}
async def main(settings):
    assert settings == ("b:1",), settings
    assert hasattr(AIOKafkaConnection, "_marketplace_links")
    assert aiokafka.consumer.fetcher._marketplace_header_names
    assert type(asyncio.get_running_loop()).__module__.startswith("uvloop")
    return 7
sys.exit(start.run(start.Process("test", lambda env: need(env, "MARKETPLACE_BROKERS"), main)))
"""
    done = run(["-c", code], MARKETPLACE_BROKERS="b:1")
    assert (done.returncode, done.stderr) == (7, "")


def test_what_was_imported_is_left_out_of_every_collection() -> None:
    code = f"""{CODE}
import gc
async def main(_):
    assert gc.get_freeze_count() > 10_000, gc.get_freeze_count()
    assert gc.get_threshold() == start.GARBAGE_THRESHOLDS, gc.get_threshold()
    return start.DONE
sys.exit(start.run(start.Process("test", lambda _: None, main)))
"""
    done = run(["-c", code])
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_told_to_the_work(number: signal.Signals) -> None:
    code = f"""{CODE}
async def main(_):
    told = asyncio.get_running_loop().create_future()
    start.on_stop(told.set_result)
    os.kill(os.getpid(), {int(number)})
    assert await told == {int(number)}
    return start.DONE
sys.exit(start.run(start.Process("test", lambda _: None, main)))
"""
    done = run(["-c", code])
    assert (done.returncode, done.stderr) == (0, "")


def test_work_that_fails_ends_with_1_and_says_so_in_a_line() -> None:
    code = f"""{CODE}
async def main(_):
    raise RuntimeError("boom")
sys.exit(start.run(start.Process("test", lambda _: None, main)))
"""
    done = run(["-c", code])
    assert done.returncode == 1
    assert last(done)["service"] == "test"
    assert "RuntimeError: boom" in last(done)["exception"]


def test_an_interrupt_before_the_work_listens_ends_with_130() -> None:
    code = f"""{CODE}
async def main(_):
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.sleep(30)
sys.exit(start.run(start.Process("test", lambda _: None, main)))
"""
    done = run(["-c", code])
    assert (done.returncode, done.stderr) == (130, "")


def test_one_that_was_asked_to_end_in_order_asks_its_supervisor_for_a_new_start() -> None:
    code = f"""{CODE}
async def main(_):
    ends = asyncio.Event()
    start.on_stop(lambda _: ends.set())
    start.leave()
    await ends.wait()
    print("in order")
    return int(sys.argv[1])
sys.exit(start.run(start.Process("test", lambda _: None, main)))
"""
    done = run(["-c", code, "0"])
    assert (done.returncode, done.stdout, done.stderr) == (76, "in order\n", "")
    assert run(["-c", code, "75"]).returncode == 75, "one that could not end in order says so"


def test_a_process_gives_signs_and_a_command_beside_it_gives_none(tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    for begin, gives in (
        ("start.run_command('x', dict, lambda _: asyncio.sleep(0, 0))", False),
        ("start.run(start.Process('x', dict, lambda _: asyncio.sleep(0, 0)))", True),
    ):
        assert run(["-c", f"{CODE}sys.exit({begin})"], MARKETPLACE_SIGN_FILE=str(sign)).returncode == 0
        assert sign.exists() is gives
