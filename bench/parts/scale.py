"""More workers and projections: what they give on the same cores."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench.parts.approvals import capacity
from bench.parts.window import Bench, Figures, under
from bench.systems.program import Program
from bench.systems.system import Address, Running
from local.ports import free_port
from schemas.process import metrics

MODULES: Final = {"worker": "streams.worker", "projections": "projections"}
#: A new member is known to its group, and has its share of the partitions, after a rebalance.
SETTLE_S: Final = 8.0


@dataclass
class Wider:
    """Runs a system with further processes."""

    system: Running
    more: Sequence[Program]

    @property
    def at(self) -> Address:
        return self.system.at

    def prepare(self, count: int) -> list[str]:
        return self.system.prepare(count)

    def pids(self) -> dict[str, int]:
        return {**self.system.pids(), **{one.name: one.pid for one in self.more if one.pid is not None}}

    def restarts(self) -> dict[str, int]:
        return {**self.system.restarts(), **{one.name: 1 for one in self.more if one.pid is None}}


async def scale(bench: Bench, numbers: Sequence[int], count: int) -> AsyncIterator[Figures]:
    """Yield the capacity with so many workers and projections each."""
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder, _more(bench.system.at, number, Path(folder)) as more:
            wider = replace(bench, system=Wider(bench.system, more))
            if more:
                await asyncio.sleep(SETTLE_S)
            found = await capacity(wider, count)
        yield under(f"scale {number}", {name.partition("/")[2]: value for name, value in found.items()})


@contextmanager
def _more(at: Address, number: int, folder: Path) -> Iterator[list[Program]]:
    started: list[Program] = []
    try:
        for n in range(2, number + 1):
            for name, module in MODULES.items():
                one = Program(
                    f"{name}{n}",
                    [sys.executable, "-m", module],
                    log=folder / f"{name}{n}.log",
                    env={**at.env, metrics.PORT: str(free_port())},
                    cwd=at.root or folder,
                    serves=lambda: True,
                )
                one.start()
                started.append(one)
        yield started
    finally:
        for one in started:
            one.request_stop()
        for one in started:
            one.stop()
