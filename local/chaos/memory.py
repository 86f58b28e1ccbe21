"""Whether memory stays flat: samples of each process, and a slope over all of its lives.

What is sampled is the memory that belongs to a process alone (RssAnon: heap and stacks, not files and not what
processes share), with that of its children. A process that was killed begins anew, so levels are not compared across
lives; the slope is common to all lives of a process: each life is centred on its own mean, after its first `warm_s`
seconds, in which caches and pools fill.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from local.stack import Stack

SAMPLE_S: Final = 2.0
MIB: Final = 1 << 20
#: What a process may grow by over the whole soak at its slope: the larger of a size and a share of its mean.
GROWTH_MIB: Final = 16.0
GROWTH_SHARE: Final = 0.10
#: The broker's heap grows and shrinks in great steps below a limit of its own; this is the most that it may take.
BROKER_MIB: Final = 900.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a process."""

    at: float  # seconds
    age: float  # seconds since the process began
    pid: int
    mib: float


@dataclass(frozen=True, slots=True)
class Trend:
    """What became of one process's memory. `growth_mib` is the slope times the whole time; None: no life was long."""

    name: str
    lives: int
    mean_mib: float
    most_mib: float
    growth_mib: float | None
    flat: bool


def trend(name: str, samples: Sequence[Sample], *, warm_s: float, whole_s: float) -> Trend:
    """Judge one process. `samples` are in the order of time and at least one."""
    lives: dict[int, list[Sample]] = {}
    for sample in samples:
        if sample.age >= warm_s:
            lives.setdefault(sample.pid, []).append(sample)
    above = below = 0.0
    for life in lives.values():
        middle_at = sum(s.at for s in life) / len(life)
        middle_mib = sum(s.mib for s in life) / len(life)
        above += sum((s.at - middle_at) * (s.mib - middle_mib) for s in life)
        below += sum((s.at - middle_at) ** 2 for s in life)
    growth = above / below * whole_s if below > 0 else None
    mean = sum(s.mib for s in samples) / len(samples)
    most = max(s.mib for s in samples)
    allowed = max(GROWTH_MIB, GROWTH_SHARE * mean)
    flat = most <= BROKER_MIB if name == "broker" else growth is None or growth <= allowed
    return Trend(name, len({s.pid for s in samples}), mean, most, growth, flat)


def own_memory(pid: int) -> float:
    """Return the MiB that belong to a process and its children alone; 0 where they are gone."""
    try:
        process = psutil.Process(pid)
        return sum(_own(p) for p in (process, *process.children(recursive=True)))
    except psutil.Error:
        return 0.0


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
        """Sample until cancelled."""
        while True:
            for name, process in list(self.stack.state.processes.items()):
                if process.pid is not None and process.born is not None and process.status == "ready":
                    mib = own_memory(process.pid)
                    if mib > 0:
                        sample = Sample(time.monotonic(), time.time() - process.born, process.pid, mib)
                        self.samples.setdefault(name, []).append(sample)
            await asyncio.sleep(SAMPLE_S)

    def trends(self, *, warm_s: float, whole_s: float) -> list[Trend]:
        """Return what became of each process."""
        return [trend(name, of, warm_s=warm_s, whole_s=whole_s) for name, of in self.samples.items() if of]
