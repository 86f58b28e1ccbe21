"""Looks at the memory of every process of a stack, again and again.

What is sampled is the memory that belongs to a process alone (RssAnon: heap and stacks, not files and not what
processes share), with that of its children. The database's children are its sessions: each has samples of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from local.chaos.memory import Sample, Trend, trend
from local.chaos.sessions import sessions_trend
from local.stack import Stack

SAMPLE_S: Final = 2.0
MIB: Final = 1 << 20
#: What has a process for each session.
DATABASE: Final = "postgres"
#: Sessions are ended with each restart of the database, so they have less time to become warm than a process.
SESSION_WARM_S: Final = 60.0


def own_samples(pid: int) -> list[Sample]:
    """Return a sample of a process and one of each of its children, all of the same moment; nothing if it is gone."""
    at = time.monotonic()
    try:
        process = psutil.Process(pid)
        return list(_samples(at, (process, *process.children(recursive=True))))
    except psutil.Error:
        return []


def _samples(at: float, processes: Iterable[psutil.Process]) -> Iterable[Sample]:
    for process in processes:
        try:
            age = time.time() - process.create_time()
        except psutil.Error:
            continue  # it has just ended
        mib = _own(process)
        if mib > 0:
            yield Sample(at, age, process.pid, mib)


def _own(process: psutil.Process) -> float:
    try:
        for line in Path(f"/proc/{process.pid}/status").read_text("ascii", errors="replace").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024 / MIB
        return float(process.memory_info().rss) / MIB  # a system without that figure
    except (OSError, psutil.Error):
        return 0.0


@dataclass
class Sampler:
    """Samples every process of a stack while it runs as a task."""

    stack: Stack
    samples: dict[str, list[Sample]] = field(default_factory=dict)

    async def run(self) -> None:
        """Look at every process again and again, until cancelled."""
        while True:
            for name, process in list(self.stack.state.processes.items()):
                if process.pid is not None and process.born is not None and process.status == "ready":
                    found = own_samples(process.pid)
                    if name != DATABASE and found:
                        age = time.time() - process.born
                        found = [Sample(found[0].at, age, process.pid, sum(one.mib for one in found))]
                    self.samples.setdefault(name, []).extend(found)
            await asyncio.sleep(SAMPLE_S)

    def trends(self, *, warm_s: float, whole_s: float) -> list[Trend]:
        """Return the trend of each process's memory, and of the database's sessions."""
        return [
            sessions_trend(name, of, warm_s=min(SESSION_WARM_S, warm_s), whole_s=whole_s)
            if name == DATABASE
            else trend(name, of, warm_s=warm_s, whole_s=whole_s)
            for name, of in self.samples.items()
            if of
        ]
