"""What the phases of the priority benchmark share, and how samples begin at a steady pace."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.cost.processes import client, used
from bench.lanes.sightings import Sample
from local.load import Load
from local.stack import Stack

#: (lane, when it is due) -> the sample, once it was seen.
Begin = Callable[[str, float], Coroutine[Any, Any, Sample]]


@dataclass
class Bench:
    """What the phases share. `flood` is the number of low plans, `every_s` the time between two high ones."""

    stack: Stack
    key: str
    flood: int
    samples: int
    every_s: float
    samples_of: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    low: list[str] = field(default_factory=list)

    @property
    def database(self) -> str:
        return self.stack.env["MARKETPLACE_DATABASE_URL"]

    @property
    def brokers(self) -> str:
        return self.stack.env["MARKETPLACE_BROKERS"]

    def processor(self) -> dict[str, float]:
        """Return the processor time that each process has used so far."""
        pids = {name: one.pid for name, one in self.stack.state.processes.items() if one.pid is not None}
        return {name: value for name, value in (used(pids) | client()).items() if name.startswith("cpu_s/")}

    def load(self) -> Load:
        return Load(self.stack.env, self.key)


async def paced(
    begin: Begin,
    lanes: Sequence[str],
    every_s: float,
    more: Callable[[int], bool],
) -> list[Sample]:
    """Begin one sample of each lane every `every_s` seconds, however long the ones before take; `more` ends it."""
    tasks: list[asyncio.Task[Sample]] = []
    began = time.time()
    while more(n := len(tasks) // len(lanes)):
        for place, lane in enumerate(lanes):
            due = began + (n + place / len(lanes)) * every_s
            await asyncio.sleep(max(0.0, due - time.time()))
            tasks.append(asyncio.create_task(begin(lane, due)))
    return list(await asyncio.gather(*tasks))
