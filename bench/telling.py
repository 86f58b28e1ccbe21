"""`python -m bench telling`: what alerts, metrics and history cost: with all of it, and without any.

Two systems take turns, there and back, each on data of its own: one as it is, whose metrics are asked for; and one
without alert engine, which keeps the history, too, and whose processes count nothing. Objectives are counted by both:
the projections do that with the rows of events, so it is no part of the difference. Each approves as fast as it can,
several times.

It is judged by the processor time of a plan, all processes, Postgres and broker together: what takes a share of that
takes the same share of the throughput of a machine that is full. Throughput itself is printed, and differs from one
time to the next by more than the limit. Exit status 1 where telling costs more than `LIMIT`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import asyncpg
import httpx
import uvloop

from bench.parts.approvals import capacity
from bench.parts.window import Bench, Figures
from bench.report.figures import Block, order
from bench.report.machine import machine
from bench.report.table import table
from bench.systems.ours import Ours
from bench.systems.system import Running

#: The share of a plan's processor time that telling may take, and so of throughput.
LIMIT: Final = 0.03
TOLD: Final = "as it is"
UNTOLD: Final = "without alerts, metrics, history"
SYSTEMS: Final = (Ours(TOLD), Ours(UNTOLD, env={"PROMETHEUS_ENABLED": "false"}, without=("alerts",)))
#: How often metrics are asked for, in seconds: three times as often as Prometheus does (deploy/prometheus).
SCRAPED_S: Final = 5.0
_SPEED: Final = "closed/plans_per_s"
_COST: Final = "closed/cost/cpu_us/all"


def main() -> None:
    """Measure both, print the medians and what telling costs, fail where that is too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=4, help="turns of each (4)")
    parser.add_argument("--times", type=int, default=3, help="measured in each turn (3)")
    parser.add_argument("--plans", type=int, default=3000, help="approved each time (3,000)")
    options = parser.parse_args()
    blocks = list(_blocks(options.rounds, options.times, options.plans))
    print("\n".join([*(f"{name}: {value}" for name, value in machine().items()), "", *told(blocks)]))
    sys.exit(costs(blocks) > LIMIT)


def _blocks(rounds: int, times: int, plans: int) -> Iterator[Block]:
    for round_ in range(rounds):
        for system in order(SYSTEMS, round_):
            print(f"round {round_ + 1} of {rounds}: {system.name}", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory(prefix="marketplace-bench-", ignore_cleanup_errors=True) as folder:
                data = Path(folder) / "data"
                with system.start(data) as running:
                    for found in uvloop.run(_measured(running, data, times, plans)):
                        yield Block(system.name, round_, found)


async def _measured(running: Running, data: Path, times: int, plans: int) -> list[Figures]:
    database = await asyncpg.connect(running.at.database, server_settings={"application_name": "bench"})
    bench = Bench(running, database, 0.0)
    await capacity(bench, plans)  # statements are planned, code is warm
    scraping = asyncio.create_task(_scraped(data / "metrics-targets.json"))
    try:
        return [await capacity(bench, plans) for _ in range(times)]
    finally:
        scraping.cancel()
        await database.close()


async def _scraped(targets: Path) -> None:
    """Ask for the metrics of all processes, every few seconds. Who serves none refuses, at no cost."""
    pages = [f"http://{one}/metrics" for group in json.loads(targets.read_text("utf-8")) for one in group["targets"]]
    async with httpx.AsyncClient(timeout=SCRAPED_S) as client:
        while True:
            for page in pages:
                with suppress(httpx.HTTPError):
                    await client.get(page)
            await asyncio.sleep(SCRAPED_S)


def costs(blocks: Sequence[Block]) -> float:
    """Return the share of a plan's processor time that telling takes: below 0 where chance decided."""
    cost = _medians(blocks, _COST)
    return 1 - cost[UNTOLD] / cost[TOLD]


def told(blocks: Sequence[Block]) -> list[str]:
    """Return the table of both systems and the difference."""
    speed, cost = _medians(blocks, _SPEED), _medians(blocks, _COST)
    rows = [
        [
            system.name,
            f"{cost[system.name]:,.0f}",
            _spread(blocks, system.name, _COST),
            f"{speed[system.name]:,.0f}",
            _spread(blocks, system.name, _SPEED),
        ]
        for system in SYSTEMS
    ]
    share, faster = costs(blocks), speed[TOLD] / speed[UNTOLD] - 1
    verdict = "no more than" if share <= LIMIT else "MORE than"
    heads = ["system", "processor time a plan, us, median", "least to most", "plans/s, median", "least to most"]
    return [
        *table(heads, rows),
        "",
        f"telling takes {share:.1%} of a plan's processor time, {verdict} {LIMIT:.0%}; throughput was {faster:+.1%}",
    ]


def _spread(blocks: Sequence[Block], system: str, figure: str) -> str:
    each = sorted(one.figures[figure] for one in blocks if one.system == system)
    return f"{each[0]:,.0f} to {each[-1]:,.0f}"


def _medians(blocks: Sequence[Block], figure: str) -> Mapping[str, float]:
    return {
        system.name: statistics.median(one.figures[figure] for one in blocks if one.system == system.name)
        for system in SYSTEMS
    }


if __name__ == "__main__":
    main()
