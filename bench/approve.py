"""Approval -> Phase 1 -> tasks in the read model, on a system of its own: `make bench`.

Latency: one approval at a time on an idle system, from the request to the moment when every task can be read.
Throughput: closed loop, WORKERS connections that approve one plan after the other; the clock stops when every task of
every plan can be read. Several runs in one go; quote the median.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from bench.connection import Connection
from bench.processes import cpu_seconds, per_plan
from local.load import Load
from local.stack import Stack

BODY = b'{"action": "approve"}'
WORKERS = 64
#: Tasks of each plan, as the peer's benchmark has them.
TASKS = 5
WAIT_S = 120.0


PHASE = {
    "number": 1,
    "name": "Fase 1",
    "weeks": "Semanas 1-4",
    "investment": "Horas da equipe",
    "expected_impact": "Até R$ 10.000,00",
    "tasks": [
        {
            "title": f"Reduzir devoluções do SKU-{n}",
            "what": "Conferir fotos, medidas e descrição do anúncio e responder às perguntas em aberto",
            "channel": "shopee",
            "priority": "high",
            "opportunity_id": None,
        }
        for n in range(TASKS)
    ],
}


class Arrivals:
    """Hears from the projections that something has changed, and asks the read model only then."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._changed = asyncio.Event()

    def heard(self, *_: object) -> None:
        self._changed.set()

    async def wait_for_plan(self, plan: str) -> None:
        """Return once every task of a plan can be read."""
        async with asyncio.timeout(WAIT_S):
            while not await self._pool.fetchval(
                "select phase1 is not null and jsonb_array_length(phase1 -> 'tasks') ="
                " (select count(*) from rm.task t where t.plan_id = p.plan_id) from rm.plan p where plan_id = $1::uuid",
                plan,
            ):
                await self._changed.wait()
                self._changed.clear()

    async def tasks(self) -> int:
        """Return how many tasks there are."""
        return int(await self._pool.fetchval("select count(*) from rm.task"))

    async def wait_for_tasks(self, count: int, last: Sequence[str]) -> None:
        """Return once there are so many tasks.

        Counting all of them costs the database milliseconds each time, so the `last` plans are looked at first.
        """
        of_last = "select count(*) from rm.task where plan_id = any($1::uuid[])"
        async with asyncio.timeout(WAIT_S):
            while await self._pool.fetchval(of_last, last) < TASKS * len(last):
                await asyncio.sleep(0.02)
            while await self.tasks() < count:
                await asyncio.sleep(0.02)


async def approve(connection: Connection, plan: str) -> None:
    status, body = await connection.request("PATCH", f"/api/marketplace/analysis/{plan}", BODY)
    if status != 202:
        raise RuntimeError(f"approval answered {status}: {body[:300]!r}")


async def latency(url: str, key: str, arrivals: Arrivals, plans: Sequence[str]) -> dict[str, float]:
    connection = Connection(url, key)
    times: list[float] = []
    for plan in plans:
        began = time.perf_counter()
        await approve(connection, plan)
        await arrivals.wait_for_plan(plan)
        times.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.02)
    connection.close()
    times.sort()
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p90_ms": round(times[int(len(times) * 0.9)], 1),
        "p99_ms": round(times[min(len(times) - 1, int(len(times) * 0.99))], 1),
    }


async def throughput(url: str, key: str, arrivals: Arrivals, plans: Sequence[str]) -> float:
    left = list(plans)
    wanted = await arrivals.tasks() + TASKS * len(plans)

    async def worker() -> None:
        connection = Connection(url, key)
        while left:
            await approve(connection, left.pop())
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(WORKERS)))
    await arrivals.wait_for_tasks(wanted, plans[:WORKERS])  # they are taken from the end
    return len(plans) / (time.perf_counter() - began)


async def prepare(load: Load, count: int) -> list[str]:
    plans = await load.upload(count)
    ready = await load.wait(plans, ["awaiting_approval"], within_s=WAIT_S)
    if ready != count:
        raise TimeoutError(f"only {ready} of {count} plans are ready")
    # five tasks a plan, whatever the rules found: the approval copies what stands here
    await load.pool.execute(
        "update rm.plan set phases = $2::jsonb where plan_id = any($1::uuid[])", plans, json.dumps([PHASE])
    )
    return plans


async def measure(stack: Stack, key: str, *, runs: int, plans: int, samples: int) -> dict[str, Any]:
    async with Load(stack.env, key) as load:
        arrivals = Arrivals(load.pool)
        async with load.pool.acquire() as listener:
            await listener.add_listener("projected", arrivals.heard)
            url = stack.env["MARKETPLACE_URL"]
            await throughput(url, key, arrivals, await prepare(load, 200))  # warm-up: JIT, plans of statements
            idle = await latency(url, key, arrivals, await prepare(load, samples))
            rates: list[float] = []
            cpu: dict[str, float] = {}
            for _ in range(runs):
                made = await prepare(load, plans)
                before = cpu_seconds(stack)
                rates.append(await throughput(url, key, arrivals, made))
                cpu = per_plan(before, cpu_seconds(stack), plans)
            await listener.remove_listener("projected", arrivals.heard)
    return {
        "latency": idle,
        "plans_per_s": [round(r) for r in rates],
        "median_plans_per_s": round(statistics.median(rates)),
        "restarts": {name: one.restarts for name, one in stack.state.processes.items() if one.restarts},
        "cpu_us_per_plan": {name: round(us) for name, us in cpu.items()},
    }


def main() -> None:
    """Start a system of its own, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--plans", type=int, default=2000)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    key = "mrs_bench_" + secrets.token_urlsafe(32)
    with tempfile.TemporaryDirectory(prefix="marketplace-bench-") as folder:
        stack = Stack(
            Path(folder),
            env={
                "MARKETPLACE_BOOTSTRAP_KEY": key,
                "MARKETPLACE_LIMITS": "commands=off,reads=off",
                "MARKETPLACE_LOG": "json",
            },
        )
        stack.start()
        try:
            result = asyncio.run(measure(stack, key, runs=options.runs, plans=options.plans, samples=options.samples))
        finally:
            stack.stop()
    if options.json:
        print(json.dumps(result))
        return
    print("approval -> every task readable, idle system (ms):", result["latency"])
    print(
        f"closed loop, {WORKERS} connections: {result['median_plans_per_s']} plans/s"
        f" (runs {result['plans_per_s']}; {TASKS} tasks a plan)"
    )
    if result["restarts"]:
        print("processes that were started again meanwhile:", result["restarts"])
    print("CPU a plan, last run (us):", result["cpu_us_per_plan"], "sum", sum(result["cpu_us_per_plan"].values()))


if __name__ == "__main__":
    main()
