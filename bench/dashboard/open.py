"""`python -m bench tabs`: the dashboard open in a real Chromium while plans are approved; memory, and times of pages.

A system of its own, one tab for each of the pages that people leave open, each live. Memory is that of the gateway's
process and of what each tab's scripts hold after their garbage was collected; it is to be flat, and no page slower at
the end than in the beginning. What else the machine does changes meanwhile: each look at a page is told against a look
at a page that asks for nothing, right before it. Exit status 1 where memory grows or a page becomes slower.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import statistics
import sys
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
#: Approvals go on for so much longer than the dashboard is left open: before, between and after it the pages are timed.
LOOKS_S: Final = 180.0
MIB: Final = 1024 * 1024
#: The same engine, the first without the windows around it.
CHROMIUMS: Final = ("chromium-headless-shell", "chromium")
#: A page that asks the database for next to nothing: how long it takes says how busy the machine is.
STEADY: Final = "/keys"
#: Memory is flat where it grows by no more than this, or by so many MiB; a page is as fast where it takes, against the
#: steady one, no more than so many times what it took, or by the clock no more than it took.
FLAT: Final = 0.05
FLAT_MIB: Final = 4.0
AS_FAST: Final = 1.3
#: The first part of the time is for what is read once: templates, statements, Java's compiler.
WARM: Final = 0.25


@dataclass(frozen=True, slots=True)
class Sample:
    """Memory at a moment, in MiB: of the gateway, and what the scripts of all tabs hold."""

    at_s: float
    gateway: float
    scripts: float
    nodes: int


@dataclass(frozen=True, slots=True)
class Took:
    """A page's time to load, in milliseconds, and as a multiple of the time of the steady page beside it."""

    ms: float
    against: float


def main() -> None:
    """Start a system, leave the dashboard open while it works, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long (10)")
    parser.add_argument("--rate", type=float, default=2.0, help="approvals a second meanwhile (2)")
    parser.add_argument("--every", type=float, default=15.0, help="seconds from one look at memory to the next (15)")
    options = parser.parse_args()
    samples, before, after = left_open(options.minutes * 60, options.rate, options.every)
    print("\n".join([*(f"{name}: {value}" for name, value in machine().items()), "", *told(samples, before, after)]))
    sys.exit(bool(wrong(samples, before, after)))


def left_open(seconds: float, rate: float, every: float) -> tuple[list[Sample], dict[str, Took], dict[str, Took]]:
    """Start a system and leave its dashboard open; return memory over the time, and each page's time before and after.

    `rate`: approvals a second meanwhile; `every`: seconds from one look at memory to the next.
    """
    with (
        tempfile.TemporaryDirectory(prefix="marketplace-bench-", ignore_cleanup_errors=True) as folder,
        Ours().start(Path(folder) / "data") as system,
    ):
        return asyncio.run(_open(system, seconds, rate, every))


async def _open(
    system: Running, seconds: float, rate: float, every: float
) -> tuple[list[Sample], dict[str, Took], dict[str, Took]]:
    """Return memory over the time, and how long each page took before and after it."""
    database = await asyncpg.connect(system.at.database)
    bench = Bench(system, database, 0.0)
    plans = await bench.prepare(round((seconds + LOOKS_S) * rate))
    chromium = os.environ.get("MARKETPLACE_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tabs = await opened_tabs(browser, system.at.url, system.at.key)
        working = asyncio.create_task(_work(bench, plans, rate, seconds + LOOKS_S))
        await times(tabs[-1], system.at.url)  # the first looks read what is kept afterwards
        before = await times(tabs[-1], system.at.url)
        samples = await watch(tabs[:-1], system.pids()["gateway"], seconds, every)
        after = await times(tabs[-1], system.at.url)
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
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
        # a profile of its own, so that each has a live line of its own
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


async def times(tab: Page, url: str) -> dict[str, Took]:
    """Return how long each page takes until it is loaded: the median of several looks, each beside a steady one."""
    found = {}
    await loaded(tab, url + STEADY)
    for path in LEFT_OPEN:
        pairs = [(await loaded(tab, url + STEADY), await loaded(tab, url + path)) for _ in range(LOOKS)]
        took = statistics.median(page for _, page in pairs)
        found[path] = Took(took, statistics.median(page / steady for steady, page in pairs))
    await tab.goto("about:blank")  # it is no part of what is left open
    return found


async def loaded(tab: Page, address: str) -> float:
    """Return how long a page takes until it is loaded, in milliseconds."""
    began = time.perf_counter()
    await tab.goto(address, wait_until="load")
    return (time.perf_counter() - began) * 1000


async def watch(
    tabs: Sequence[Page], gateway: int, seconds: float, every: float, clock: Callable[[], float] = time.monotonic
) -> list[Sample]:
    """Sample the memory of the gateway and of the tabs for the given time; return the samples."""
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


@dataclass(frozen=True, slots=True)
class Memory:
    """One kind of memory: once warm, in the end, and at most."""

    name: str
    warm: float
    end: float
    most: float

    @property
    def grown(self) -> float:
        return self.end / self.warm - 1

    @property
    def flat(self) -> bool:
        return self.grown <= FLAT or ("MiB" in self.name and self.end - self.warm <= FLAT_MIB)


def memory(samples: Sequence[Sample]) -> list[Memory]:
    """Compare memory after the warm-up with memory at the end, by the medians of the first and the last third."""
    warm = [one for one in samples if one.at_s >= samples[-1].at_s * WARM] or list(samples)
    third = max(1, len(warm) // 3)
    first, last = warm[:third], warm[-third:]
    kinds: dict[str, Callable[[Sample], float]] = {
        "gateway, MiB": lambda one: one.gateway,
        "scripts of the tabs, MiB": lambda one: one.scripts,
        "nodes of the tabs": lambda one: float(one.nodes),
    }
    return [
        Memory(name, statistics.median(map(of, first)), statistics.median(map(of, last)), max(map(of, samples)))
        for name, of in kinds.items()
    ]


def wrong(samples: Sequence[Sample], before: Mapping[str, Took], after: Mapping[str, Took]) -> list[str]:
    """Return what is wrong, in sentences: memory that grew, pages that became slower. Empty if all is well."""
    return [
        *(f"{one.name}: grown by {one.grown:.1%}" for one in memory(samples) if not one.flat),
        *(
            f"{path}: {after[path].against / before[path].against:.2f} times as slow"
            for path in before
            if after[path].against > AS_FAST * before[path].against and after[path].ms > before[path].ms
        ),
    ]


def told(samples: Sequence[Sample], before: Mapping[str, Took], after: Mapping[str, Took]) -> list[str]:
    """Return the report: a table of memory, a table of the pages' times, and the verdict."""
    kept = [
        [one.name, *(f"{value:,.1f}" for value in (one.warm, one.end, one.most)), f"{one.grown:+.1%}"]
        for one in memory(samples)
    ]
    pages = [
        [path, f"{before[path].ms:.0f}", f"{after[path].ms:.0f}", f"{after[path].against / before[path].against:.2f}"]
        for path in before
    ]
    found = wrong(samples, before, after)
    verdict = f"not as it is to be: {'; '.join(found)}" if found else "memory is flat, and no page is slower in the end"
    return [
        f"{len(samples)} looks in {samples[-1].at_s:.0f} s: {verdict}",
        "",
        *table(["memory", "once warm", "in the end", "most", "grown"], kept),
        "",
        *table(
            ["page, until it is loaded", "in the beginning, ms", "in the end, ms", "times as slow, load apart"], pages
        ),
    ]


if __name__ == "__main__":
    main()
