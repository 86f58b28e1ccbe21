"""The worker: makes the five tasks of a plan's first phase, in one transaction with the plan's new status."""

from __future__ import annotations

import asyncio
import json
import os
from uuid import UUID, uuid4

import asyncpg
import procrastinate

AT_ONCE = 16
_URL = os.environ["DATABASE_URL"]
_READ = "select phases from plan where plan_id = $1 and status = 'approved' for update"
_MAKE = """
    insert into task (task_id, plan_id, position, title, what, channel, priority, status)
    select id, $1, n - 1, title, what, channel, priority, 'created'
      from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
           with ordinality as t (id, title, what, channel, priority, n)
"""
_MOVE = """
    update plan set status = 'executing', version = version + 1, phase1_at = now(), changed_at = now()
     where plan_id = $1
"""

queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=_URL, min_size=4, max_size=AT_ONCE))
pools: list[asyncpg.Pool] = []


@queue.task(name="phase1", retry=3)
async def phase1(plan: str) -> None:
    async with pools[0].acquire() as connection, connection.transaction():
        phases = await connection.fetchval(_READ, UUID(plan))
        if phases is None:
            return
        tasks = next(phase for phase in json.loads(phases) if phase["number"] == 1)["tasks"]
        columns = [[task[name] for task in tasks] for name in ("title", "what", "channel", "priority")]
        await connection.execute(_MAKE, UUID(plan), [uuid4() for _ in tasks], *columns)
        await connection.execute(_MOVE, UUID(plan))


async def main() -> None:
    async with asyncpg.create_pool(_URL, min_size=AT_ONCE, max_size=AT_ONCE) as pool, queue.open_async():
        pools.append(pool)
        print("ready", flush=True)
        await queue.run_worker_async(concurrency=AT_ONCE, delete_jobs="successful")


if __name__ == "__main__":
    asyncio.run(main())
