"""What the bench asks Postgres: when plans were done, and what work has cost."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import asyncpg

from bench.cost.database import counters
from bench.load.ends import ends
from bench.parts.window import Bench
from bench.systems.peer import started
from bench.systems.system import Running

TASKS = """
    insert into task (task_id, plan_id, position, title, what, channel, priority, status)
    select gen_random_uuid(), plan_id, n, 't', 'w', 'shopee', 'high', 'created'
      from unnest($1::uuid[]) plan_id, generate_series($2::int, $3::int) n
"""


def test_a_plan_is_done_when_its_fifth_task_is_committed_and_work_is_counted(tmp_path: Path) -> None:
    with started(tmp_path / "data", lambda _env, _folder, _serves: []) as running:
        asyncio.run(plans_are_done(running))
        assert set(running.pids()) == {"postgres"}
        assert running.restarts() == {}


async def plans_are_done(running: Running) -> None:
    database = await asyncpg.connect(running.at.database)
    try:
        bench = Bench(running, database, settle_s=0.0)
        first, second, third = await bench.prepare(3)

        async def work() -> dict[str, float]:
            await database.execute(TASKS, [first, third], 1, 4)
            assert await database.fetch(running.at.question, [first, second, third]) == []
            began = time.time()
            await database.execute(TASKS, [first], 5, 5)
            done = await ends(database, running.at.question, [first])
            assert began <= done[first] <= time.time()
            return {"rate": 1.0}

        found = await bench.cost(work, 9)
        assert found["rate"] == 1.0
        # exact at once: two transactions that wrote, nine rows in the write-ahead log
        assert round(found["cost/postgres/writes"] * 9) == 2
        assert found["cost/postgres/wal_bytes"] > 50
        assert found["cost/cpu_us/postgres"] > 0
        # what sessions have still to say is not told as if it were nothing
        assert "cost/postgres/transactions" not in found
        assert (await counters(database, settled=True))["postgres/transactions"] > 0
    finally:
        await database.close()
