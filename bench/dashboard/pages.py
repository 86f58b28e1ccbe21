"""`python -m bench pages`: how long each page and list takes with 100,000 plans in the database, and what it asks.

The database is filled by SQL, and nothing else is at work: what is measured is the gateway and Postgres.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from bench.cost.statements import SETTINGS, Statement, logged
from bench.dashboard.addresses import API, addresses
from bench.dashboard.filled import AT_START, Filled, filled
from bench.load.connection import Connection
from bench.report.machine import machine
from bench.report.table import table

PLANS: Final = 100_000
LOOKS: Final = 15
#: No page or list may take more: at the median by the clock, as who waits for it sees it, nor of processor time, which
#: what else is at work does not change.
LIMIT_MS: Final = 100.0
#: Statements that take longer than this are told with `--statements`.
SLOW_MS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Measured:
    """How long the looks at one address took, in milliseconds, and what one of them asked of the database.

    `cpu_ms`: processor time of gateway and Postgres for one look, which does not depend on what else is at work.
    """

    name: str
    ms: list[float]
    cpu_ms: float
    size: int
    asked: list[Statement]

    @property
    def median(self) -> float:
        return statistics.median(self.ms)

    @property
    def too_long(self) -> bool:
        return max(self.median, self.cpu_ms) > LIMIT_MS

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.ms, n=20, method="inclusive")[-1]


def main() -> None:
    """Fill a database, look at each page, print the table; fail where a page takes too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=int, default=PLANS, help=f"each with five tasks ({PLANS:,})")
    parser.add_argument("--looks", type=int, default=LOOKS, help=f"at each page ({LOOKS})")
    parser.add_argument("--statements", action="store_true", help="tell the slow statements of each page")
    parser.add_argument("--only", default="", help="those whose name has this")
    parser.add_argument("--keep", type=Path, help="a folder for the database, which is taken again where it is there")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="marketplace-bench-", ignore_cleanup_errors=True) as folder,
        filled(options.keep or Path(folder), options.plans, say) as system,
    ):
        found = asyncio.run(measure(system, options.looks, say, options.only))
    print("\n".join([*(f"{name}: {value}" for name, value in machine().items()), "", *told(found)]))
    if options.statements:
        print("\n".join(slow(found)))
    late = [one for one in found if one.too_long]
    for one in late:
        say(f"{one.name} takes too long: {one.median:.0f} ms by the clock, {one.cpu_ms:.0f} ms of processor time")
    sys.exit(bool(late))


async def measure(system: Filled, looks: int, say: Callable[[str], None], only: str = "") -> list[Measured]:
    """Load each page whose name contains `only` several times, then once more with every statement logged."""
    database = await asyncpg.connect(system.database)
    try:
        every = await addresses(database, await after_first(system))
        asked = {name: path for name, path in every.items() if only in name}
        times: dict[str, list[float]] = {}
        sizes: dict[str, int] = {}
        cpu: dict[str, float] = {}
        connection = Connection(system.url, system.key)
        for name, path in asked.items():
            say(name)
            await look(connection, path)  # the first look compiles templates and prepares statements
            before = system.cpu_s()
            times[name], sizes[name] = await looks_at(connection, path, looks)
            cpu[name] = (system.cpu_s() - before) * 1000 / looks
        statements = await counted(database, system.log, connection, asked)
        connection.close()
    finally:
        await database.close()
    return [Measured(name, times[name], cpu[name], sizes[name], statements[name]) for name in asked]


async def look(connection: Connection, path: str) -> bytes:
    """Return the body at an address. Raises RuntimeError where it is refused."""
    status, body = await connection.request("GET", path)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {body[:300]!r}")
    return body


async def looks_at(connection: Connection, path: str, looks: int) -> tuple[list[float], int]:
    """Return how long each look took, in milliseconds, and how large the answer is."""
    times, size = [], 0
    for _ in range(looks):
        began = time.perf_counter()
        size = len(await look(connection, path))
        times.append((time.perf_counter() - began) * 1000)
    return times, size


async def after_first(system: Filled) -> str:
    """Return the cursor of the second page of plans."""
    connection = Connection(system.url, system.key)
    body = await look(connection, API)
    connection.close()
    return body.decode().partition('"nextCursor":"')[2].partition('"')[0]


async def counted(
    database: asyncpg.Connection, log: Path, connection: Connection, asked: Mapping[str, str]
) -> dict[str, list[Statement]]:
    """Return the statements that one request to each address sends to the database."""
    found: dict[str, list[Statement]] = {}
    for name, value in SETTINGS.items():
        if name not in AT_START:
            await database.execute(f"alter system set {name} = '{value}'")
    await database.execute("select pg_reload_conf()")
    await asyncio.sleep(1.0)
    seen = len(list(logged(log)))
    for name, path in asked.items():
        await look(connection, path)
        every = [one for one in logged(log) if one.process == "gateway"]
        found[name], seen = every[seen:], len(every)
    return found


def told(found: Iterable[Measured]) -> list[str]:
    """Return the table, one row a page."""
    rows = [
        [
            one.name,
            f"{one.median:.0f}",
            f"{one.p95:.0f}",
            f"{one.cpu_ms:.0f}",
            str(len(one.asked)),
            f"{one.size / 1024:.0f}",
        ]
        for one in found
    ]
    return table(["page", "median, ms", "p95, ms", "processor, ms", "statements", "KiB"], rows)


def slow(found: Iterable[Measured]) -> list[str]:
    """Return the statements that take long, by page."""
    return [
        f"{one.name}: {statement.ms:.1f} ms {statement.text}"
        for one in found
        for statement in sorted(one.asked, key=lambda s: -s.ms)
        if statement.ms > SLOW_MS
    ]


def say(line: str) -> None:
    """Print the progress."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
