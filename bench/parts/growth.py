"""What a log that has grown costs: one plan, the report of health, the pages, and the disk."""

from __future__ import annotations

import statistics
import time
from collections.abc import AsyncIterator
from typing import Final

from bench.load.connection import Connection
from bench.load.loops import closed
from bench.parts.approvals import WORKERS, capacity
from bench.parts.window import Bench, Figures, under

#: Plans that are made at once while the log is filled.
STEP: Final = 2000
LOOKS: Final = 9
PAGES: Final = {
    "health": "/api/system/health",
    "page overview": "/",
    "page plans": "/plans",
    "page tasks": "/tasks",
    "page system": "/system",
}


async def growth(bench: Bench, steps: tuple[int, ...], measured: int) -> AsyncIterator[Figures]:
    """Fill the log up to each number of plans, all of them approved, and yield what things cost there."""
    first = await bench.settled()
    before = int(await bench.database.fetchval("select count(*) from rm.plan"))
    plans = before
    for step in steps:
        some = []
        while plans < step:
            some = await bench.prepare(min(STEP, step - plans))
            await closed(bench.system.at.url, bench.system.at.key, some, WORKERS)
            await bench.ends(some)
            plans += len(some)
        now = await bench.settled()
        made = max(1, plans - before)
        found = {"database_bytes_per_plan": (now["postgres/bytes"] - first["postgres/bytes"]) / made}
        found |= await looks(bench)
        cost = await capacity(bench, measured)
        plans += measured
        yield under(f"growth {step:,}", found | {n.partition("/")[2]: value for n, value in cost.items()})


async def looks(bench: Bench) -> Figures:
    """Return how long the report and each page take, the median of several looks."""
    connection = Connection(bench.system.at.url, bench.system.at.key)
    plan = await bench.database.fetchval("select plan_id from rm.plan order by uploaded_at desc limit 1")
    asked = {**PAGES, "page plan": f"/plans/{plan}"}
    found: Figures = {}
    for name, path in asked.items():
        times = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            status, body = await connection.request("GET", path)
            times.append((time.perf_counter() - began) * 1000)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}: {body[:300]!r}")
        found[f"{name}_ms"] = statistics.median(times)
    connection.close()
    return found
