"""`python -m bench open`: the dashboard open in a real Chromium while plans are approved; memory, and times of pages.

A system of its own, one tab for each of the pages that people leave open, each live. Memory is that of the gateway's
process and of what each tab's scripts hold after their garbage was collected; it is to be flat, and no page slower at
the end than in the beginning.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import psutil
from playwright.async_api import Browser, Page, async_playwright

from bench.load.loops import Connections, opened
from bench.load.spread import due
from bench.parts.window import Bench
from bench.report.machine import machine
from bench.report.table import table
from bench.systems.ours import Ours
from bench.systems.system import Running

LEFT_OPEN: Final = ("/", "/plans", "/tasks", "/system", "/alerts")
#: Looks at each page in the beginning and at the end, by a tab of their own.
LOOKS: Final = 9
MIB: Final = 1024 * 1024
#: The first part of the time is for what is read once: templates, statements, Java's compiler.
WARM: Final = 0.25


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory at a moment, in MiB: of the gateway, and what the scripts of all tabs hold."""

    at_s: float
    gateway: float
    scripts: float
    nodes: int


def main() -> None:
    """Start a system, leave the dashboard open while it works, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long (10)")
    parser.add_argument("--rate", type=float, default=2.0, help="approvals a second meanwhile (2)")
    parser.add_argument("--every", type=float, default=15.0, help="seconds from one look at memory to the next (15)")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="marketplace-bench-", ignore_cleanup_errors=True) as folder,
        Ours().start(Path(folder) / "data") as system,
    ):
        samples, before, after = asyncio.run(_open(system, options.minutes * 60, options.rate, options.every))
    print("\n".join([*(f"{name}: {value}" for name, value in machine().items()), "", *told(samples, before, after)]))


async def _open(
    system: Running, seconds: float, rate: float, every: float
) -> tuple[list[Sample], dict[str, float], dict[str, float]]:
    """Return memory over the time, and how long each page took before and after it."""
    database = await asyncpg.connect(system.at.database)
    bench = Bench(system, database, 0.0)
    plans = await bench.prepare(round(seconds * rate))
    chromium = os.environ.get("MARKETPLACE_CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tabs = await opened_tabs(browser, system.at.url, system.at.key)
        working = asyncio.create_task(_work(bench, plans, rate, seconds))
        before = await times(tabs[-1], system.at.url)
        samples = await watch(tabs[:-1], system.pids()["gateway"], seconds, every)
        after = await times(tabs[-1], system.at.url)
        await working
        await browser.close()
    await database.close()
    return samples, before, after


async def opened_tabs(browser: Browser, url: str, key: str) -> list[Page]:
    """Return a tab for each page that is left open, and one more, all signed in."""
    context = await browser.new_context()
    first = await context.new_page()
    await first.goto(f"{url}/login")
    await first.locator("input[name=key]").fill(key)
    await first.locator("input[name=key]").press("Enter")
    await first.wait_for_url(lambda here: "/login" not in here)
    signed_in, tabs = await context.storage_state(), []
    for path in LEFT_OPEN:
        # of one browser profile, Chromium holds six connections to a gateway, and each live page one of them
        tab = await (await browser.new_context(storage_state=signed_in)).new_page()
        await tab.goto(url + path)
        tabs.append(tab)
    return [*tabs, first]


async def _work(bench: Bench, plans: Sequence[str], rate: float, seconds: float) -> None:
    connections = Connections(bench.system.at.url, bench.system.at.key)
    try:
        await opened(connections, plans, due(rate, seconds)[: len(plans)])
        await bench.ends(plans)
    finally:
        connections.close()


async def times(tab: Page, url: str) -> dict[str, float]:
    """Return how long each page takes until it is loaded, in milliseconds: the median of several looks."""
    found = {}
    for path in LEFT_OPEN:
        took = []
        for _ in range(LOOKS):
            began = time.perf_counter()
            await tab.goto(url + path, wait_until="load")
            took.append((time.perf_counter() - began) * 1000)
        found[path] = statistics.median(took)
    await tab.goto("about:blank")  # it is no part of what is left open
    return found


async def watch(
    tabs: Sequence[Page], gateway: int, seconds: float, every: float, clock: Callable[[], float] = time.monotonic
) -> list[Sample]:
    """Return the memory of the gateway and of the tabs, from now on for so long."""
    lines = [await tab.context.new_cdp_session(tab) for tab in tabs]
    began, samples = clock(), []
    while True:
        scripts, nodes = 0.0, 0
        for line in lines:
            await line.send("HeapProfiler.collectGarbage")
            scripts += (await line.send("Runtime.getHeapUsage"))["usedSize"]
            nodes += (await line.send("Memory.getDOMCounters"))["nodes"]
        taken = psutil.Process(gateway).memory_info().rss
        samples.append(Sample(clock() - began, taken / MIB, scripts / MIB, nodes))
        if samples[-1].at_s + every > seconds:
            return samples
        await asyncio.sleep(every)


def told(samples: Sequence[Sample], before: Mapping[str, float], after: Mapping[str, float]) -> list[str]:
    """Return the tables: memory after the warming up and at the end, and each page's time."""
    warm = [one for one in samples if one.at_s >= samples[-1].at_s * WARM] or list(samples)
    third = max(1, len(warm) // 3)
    first, last = warm[:third], warm[-third:]

    def row(name: str, of: Callable[[Sample], float]) -> list[str]:
        values = (statistics.median(map(of, first)), statistics.median(map(of, last)), max(map(of, samples)))
        return [name, *(f"{value:,.1f}" for value in values), f"{values[1] / values[0] - 1:+.1%}"]

    memory = [
        row("gateway, MiB", lambda one: one.gateway),
        row("scripts of the tabs, MiB", lambda one: one.scripts),
        row("nodes of the tabs", lambda one: float(one.nodes)),
    ]
    pages = [[path, f"{before[path]:.0f}", f"{after[path]:.0f}"] for path in before]
    return [
        f"{len(samples)} looks in {samples[-1].at_s:.0f} s",
        "",
        *table(["memory", "once warm", "in the end", "most", "grown"], memory),
        "",
        *table(["page, until it is loaded", "in the beginning, ms", "in the end, ms"], pages),
    ]


if __name__ == "__main__":
    main()
