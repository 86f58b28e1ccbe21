"""A system without work asks for little: what is asked of Postgres and of the broker in a second, by count."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from bench.cost import requests
from tests.support.systems import Systems

#: So long it is counted. A machine that is busy makes the counts smaller, and no larger.
COUNTED_S = 10.0
#: What follows from a start ends within so many windows.
WINDOWS = 12
#: What nine processes may ask in a second. Before, it was 69 transactions and 51 requests (docs/performance.md).
TRANSACTIONS, REQUESTS, FETCHES = 31.0, 20.0, 10.0


async def test_a_system_without_work_asks_for_little(tmp_path: Path, systems: Systems) -> None:
    folder = tmp_path / "requests"
    async with systems.system(tmp_path / "data", requests.environment(folder)) as stack:
        connection = await asyncpg.connect(stack.env["MARKETPLACE_DATABASE_URL"])
        try:
            seen: list[Asked] = []
            for _ in range(WINDOWS):
                seen.append(await _window(connection, folder))
                if len(seen) > 1 and all(asked.little for asked in seen[-2:]):
                    break
        finally:
            await connection.close()
    for asked in seen[-2:]:  # one alone can be little by chance
        assert asked.transactions <= TRANSACTIONS, seen
        assert asked.requests <= REQUESTS, seen
        assert 0 < asked.fetches <= FETCHES, seen


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for in a second of a window."""

    transactions: float
    requests: float
    fetches: float

    @property
    def little(self) -> bool:
        return self.transactions <= TRANSACTIONS and self.requests <= REQUESTS and self.fetches <= FETCHES


async def _window(connection: asyncpg.Connection, folder: Path) -> Asked:
    """Count for a while."""
    before, asked, began = await _transactions(connection), _asked(folder), time.monotonic()
    await asyncio.sleep(COUNTED_S)
    transactions, kinds = await _transactions(connection) - before, _asked(folder) - asked
    took = time.monotonic() - began
    return Asked(transactions / took, kinds.total() / took, kinds["Fetch"] / took)


async def _transactions(connection: asyncpg.Connection) -> int:
    """Return how many transactions the database has ended; sessions tell of theirs now and then."""
    await connection.execute("select pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
    count: int = await connection.fetchval(
        "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()"
    )
    return count


def _asked(folder: Path) -> Counter[str]:
    """Return what was asked of the broker until now, by kind, by all processes."""
    return sum((Counter(requests.counted(file)) for file in folder.iterdir()), Counter())
