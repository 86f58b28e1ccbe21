"""Processor time and context switches of processes, each with its children, those that have ended included."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil


def families(pids: Mapping[str, int]) -> dict[str, list[psutil.Process]]:
    """Return each named process with its descendants. A descendant with a name of its own counts there alone."""
    started: dict[int, list[psutil.Process]] = defaultdict(list)
    by_pid: dict[int, psutil.Process] = {}
    for one in psutil.process_iter(["ppid"]):
        by_pid[one.pid] = one
        started[one.info["ppid"]].append(one)
    named = set(pids.values())

    def below(pid: int) -> Iterator[psutil.Process]:
        for child in started[pid]:
            if child.pid not in named:
                yield child
                yield from below(child.pid)

    return {name: [by_pid[pid], *below(pid)] if pid in by_pid else [] for name, pid in pids.items()}


def used(pids: Mapping[str, int]) -> dict[str, float]:
    """Return `cpu_s/<process>` and `switches/<process>`.

    `switches` are those that a process made itself, by waiting: each is a wake-up later on.
    """
    found: dict[str, float] = {}
    for name, members in families(pids).items():
        found[f"cpu_s/{name}"] = sum(_seconds(members))
        found[f"switches/{name}"] = sum(switches(one.pid) for one in members)
    return found


def client() -> dict[str, float]:
    """Return the same of the caller, who sends the load."""
    own = os.getpid()
    return {"cpu_s/client": running_s(own), "switches/client": switches(own)}


def _seconds(members: Iterable[psutil.Process]) -> Iterator[float]:
    for one in members:
        with suppress(psutil.NoSuchProcess, OSError):
            yield running_s(one.pid) + sum(one.cpu_times()[2:4])  # of children that have ended


def running_s(pid: int) -> float:
    """Return how long a process has run, by the clock that Linux keeps for each: to the nanosecond.

    What /proc tells is cut to hundredths, for each of Postgres' sessions: as much as some plans take.
    """
    return time.clock_gettime(~pid << 3 | 2)


def switches(pid: int) -> int:
    """Return how often the threads of a process have waited so far."""
    found = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        with suppress(OSError):
            found += waited(status.read_text("utf-8"))
    return found


def waited(status: str) -> int:
    """Return the voluntary context switches of a thread, from the text of its /proc/<pid>/task/<tid>/status."""
    for line in status.splitlines():
        if line.startswith("voluntary_ctxt_switches:"):
            return int(line.partition(":")[2])
    return 0
