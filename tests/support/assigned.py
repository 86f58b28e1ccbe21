"""Who reads what: once the processes of a group have shared its partitions, as they say themselves."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Collection

from local.load import Load
from schemas.topics import declared
from tests.support.patience import PATIENCE_S


async def assigned(load: Load, role: str, topic: str, pids: Collection[int]) -> dict[int, set[int]]:
    """Return pid -> partitions of a topic, once these processes, and no other, read all of it, each its own part.

    What a process says is up to a heartbeat old: while the group changes, two can say that they have the same
    partition, and one that was killed still says that it has some.
    """
    partitions = list(range(declared()[topic].partitions))
    deadline = time.monotonic() + PATIENCE_S
    while True:
        rows = await load.pool.fetch(
            "select pid, (select coalesce(array_agg(n::int), '{}') from"
            " jsonb_array_elements_text(progress -> 'holds' -> $2::text) n) as assigned"
            " from flow.running where role = $1 and connected",
            role,
            topic,
        )
        found = {row["pid"]: set(row["assigned"]) for row in rows if row["assigned"]}
        if set(found) == set(pids) and sorted(itertools.chain.from_iterable(found.values())) == partitions:
            return found
        assert time.monotonic() < deadline, f"{found} after 60 s, of {sorted(pids)}"
        await asyncio.sleep(0.1)
