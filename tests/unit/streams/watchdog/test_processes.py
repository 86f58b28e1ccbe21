"""A process that a signal has stopped is ended soon; one that is only late with its heartbeat is not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from schemas.process.kafka import Brokers
from schemas.process.liveness import born
from streams.watchdog.broker import BrokerView
from streams.watchdog.processes import SILENT_S, Processes
from streams.watchdog.settings import Patience
from streams.watchdog.view import Process, SystemView

PATIENCE = Patience(settle_s=0.0)
NO_DATABASE: Any = None


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as running:
        yield running
        running.kill()


async def ended(pid: int, silent_s: float) -> int:
    """See to a process of that pid, and return how many were ended."""
    view = SystemView(PATIENCE, BrokerView(Brokers("127.0.0.1:1")))
    view.processes = [Process(1, "w-1", "worker", socket.gethostname(), pid, born(pid), True, silent_s, 60.0, None, {})]
    processes = Processes(view, view.broker, PATIENCE)
    await processes.see_to(NO_DATABASE, frozenset({"automatic_recovery"}))
    return processes.ended


async def test_one_that_is_stopped_is_ended_once_a_heartbeat_is_missing(child: subprocess.Popen[bytes]) -> None:
    assert await ended(child.pid, PATIENCE.stopped_s + 0.1) == 0, "it runs, and is late"
    assert await ended(child.pid, PATIENCE.frozen_s + 1) == 0
    os.kill(child.pid, signal.SIGSTOP)
    os.waitpid(child.pid, os.WUNTRACED)
    assert await ended(child.pid, PATIENCE.stopped_s - 0.1) == 0, "its heartbeat is not late"
    assert await ended(child.pid, PATIENCE.stopped_s + 0.1) == 1
    assert child.wait(60) == -signal.SIGKILL


async def test_one_that_runs_is_ended_once_it_has_been_silent_for_long(child: subprocess.Popen[bytes]) -> None:
    assert await ended(child.pid, SILENT_S - 1) == 0
    assert await ended(child.pid, SILENT_S + 1) == 1
    assert child.wait(60) == -signal.SIGKILL
