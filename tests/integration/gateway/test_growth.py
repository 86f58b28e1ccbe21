"""The report of health and the first page cost the same, however many plans and tasks there are: by what is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson

from gateway.operations import objectives
from projections.plans import reads as plans
from projections.reads import history, operations, overview
from projections.reads.burning import BURNING, burnings
from projections.tasks import reads as tasks
from schemas.slo import BURNS
from tests.conftest import NewDatabase
from tests.support.visible import vacuumed

FEW, MANY = 1_000, 100_000
#: Half of the plans wait for a decision, the others are at work; of five tasks two were done after their day.
SEED = """
    insert into rm.plan (plan_id, version, status, title, channels, opportunities, phase1, uploaded_at, analyzed_at,
                         decided_at, phase1_at, changed_at)
    select md5(n::text)::uuid, 4, case n % 2 when 0 then 'awaiting_approval' else 'executing' end, 'Plan ' || n,
           '{shopee}', '[{"id": "a", "worth_brl": 1}]', '{"origin": "rules", "tasks": []}', at, at, at, at, at
      from (select n, now() - n * interval '1 second' / 4 as at from generate_series($1::int, $2::int) n) s;
"""
SEED_TASKS = """
    insert into rm.task (task_id, plan_id, version, position, title, channel, status, opportunity_id, created_at,
                         changed_at, due_on, ended_at)
    select md5(n || '.' || i)::uuid, md5(n::text)::uuid, 1, i, 'Task ' || i, 'shopee',
           case when i < 4 then 'open' else 'completed' end, 'a', at, at,
           current_date + case when i < 4 then 30 else -30 end, case when i < 4 then null else at end
      from (select n, now() - n * interval '1 second' / 4 as at from generate_series($1::int, $2::int) n) s,
           generate_series(1, 5) i where n % 2 = 1;
"""
SEED_HEADS = """
    insert into decide.head (stream, kind, plan_id, status, version)
    select 'plan-' || md5(n::text)::uuid, 'plan', md5(n::text)::uuid, 'executing', 4
      from generate_series($1::int, $2::int) n;
"""
SEED_SENT = """
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, published_at)
    select md5(n::text)::uuid, 'plan.events', md5(n::text)::uuid, 'plan.approved', 'plan-' || md5(n::text)::uuid, 3, 0,
           '', '', '', '{}', now() - n * interval '1 second' / 4
      from generate_series($1::int, $2::int) n where n <= 5000
"""
SEED_HISTORY = """
    insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id,
                             topic, partition, "offset", data)
    select md5(n::text)::uuid, md5(n::text)::uuid, 'plan.approved', 'plan-' || md5(n::text)::uuid, 3, now(), now(), '',
           '', 'plan.events', 0, n, '{}' from generate_series($1::int, $2::int) n
"""
SEEDS = (SEED, SEED_TASKS, SEED_HEADS, SEED_SENT, SEED_HISTORY)


@dataclass
class Read:
    """What a statement reads: rows, pages in memory or not, and how often it goes down an index to do so."""

    rows: float = 0
    pages: int = 0
    descents: float = 0

    def add(self, plan: dict[str, Any]) -> None:
        self.pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        nodes = [plan]
        for node in nodes:
            nodes += node.get("Plans", [])
            looked = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            self.rows += looked * node["Actual Loops"]
            self.descents += node["Actual Loops"] if "Index" in node["Node Type"] else 0


class Reading:
    """A reader that notes what its statements read."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self.of: dict[str, Read] = {}

    async def _read(self, query: str, args: tuple[Any, ...]) -> None:
        raw = await self._connection.fetchval(f"explain (analyze, buffers, format json, timing off) {query}", *args)
        self.of.setdefault(" ".join(query.split())[:60], Read()).add(orjson.loads(raw)[0]["Plan"])

    @property
    def rows(self) -> float:
        return sum(read.rows for read in self.of.values())

    @property
    def pages(self) -> int:
        return sum(read.pages for read in self.of.values())

    @property
    def descents(self) -> float:
        return sum(read.descents for read in self.of.values())

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        await self._read(query, args)
        return list(await self._connection.fetch(query, *args))

    async def fetchrow(self, query: str, *args: Any) -> Any:
        await self._read(query, args)
        return await self._connection.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        await self._read(query, args)
        return await self._connection.fetchval(query, *args)


async def looked(connection: asyncpg.Connection) -> tuple[Reading, Reading, overview.Overview]:
    """Read what the report of health reads, and then what the first page reads beside it."""
    await vacuumed(connection, "rm.plan", "rm.task", "rm.timeline", "rm.tally", "decide.head", "decide.outbox")
    now = datetime.now(UTC)
    health, page = Reading(connection), Reading(connection)
    first = await overview.read(connection)  # the looks after it go on from there
    assert first.projection.behind == 0
    assert first.published_at is not None
    seen = await overview.read(health, shown_until=first.published_at - timedelta(seconds=5))
    await operations.read(health)
    await plans.find(page, plans.PlanFilter(), sort="-changedAt", limit=6)
    await tasks.find(page, tasks.TaskFilter(), sort="-changedAt", limit=6)
    await objectives.in_short(page, now)
    await history.minutes(page, now - timedelta(hours=1), now)
    return health, page, seen


async def test_a_hundred_times_as_many_plans_are_read_with_hardly_more_rows_and_pages(
    new_migrated: NewDatabase,
) -> None:
    # of a few rows any statement scans the table, which says nothing of many
    connection = await asyncpg.connect(await new_migrated(), server_settings={"enable_seqscan": "off", "jit": "off"})
    try:
        for seed in SEEDS:
            await connection.execute(seed, 1, FEW)
        few_health, few_page, few = await looked(connection)
        for seed in SEEDS:
            await connection.execute(seed, FEW + 1, MANY)
        await connection.execute("set enable_seqscan to on")  # as in production: who would scan is seen
        health, page, many = await looked(connection)
        await connection.execute("drop trigger tally_moved on rm.task")
        counting = Reading(connection)
        await overview.read(counting)
    finally:
        await connection.close()

    assert {status: waiting.count for status, waiting in few.plans.items()} == {
        "awaiting_approval": 500,
        "executing": 500,
    }
    assert {status: waiting.count for status, waiting in many.plans.items()} == {
        "awaiting_approval": MANY // 2,
        "executing": MANY // 2,
    }
    assert (many.tasks["open"].count, many.tasks["completed"].count) == (3 * MANY // 2, 2 * MANY // 2)
    assert many.tasks_overdue.count == 0
    assert many.plans["executing"].oldest_seconds > MANY / 4 - 10
    for before, after in ((few_health, health), (few_page, page)):
        assert after.rows <= 1.2 * before.rows, (before.of, after.of)
        # an index of a hundred times as many entries has one more level, where it has any more
        assert after.pages <= 1.2 * before.pages + after.descents, (before.of, after.of)
    assert counting.rows > MANY, "where the rows are counted it is seen"


async def test_the_verdict_reads_the_hours_of_its_windows_and_not_all_that_are_kept(db: asyncpg.Connection) -> None:
    kept = 2 * 365 * 24
    for step, number, seconds in (("minute", 30 * 24 * 60, 60), ("hour", kept, 3600)):
        await db.execute(
            "insert into flow.marketplace_metrics (step, at, seen_s, down_s)"
            " select $1, date_trunc($1, now()) - n * make_interval(secs => $3), $3, 0"
            " from generate_series(1, $2::int) n",
            *(step, number, seconds),
        )
    await db.execute("analyze flow.marketplace_metrics")
    # who may read two years reads them from the table then, as was seen of a database that has been at work for long
    await db.execute("set random_page_cost = 20")
    reading = Reading(db)
    found = burnings(await reading.fetchval(f"select ({BURNING})"))
    assert {hours: one.total for hours, one in found["seen"].items()} == {
        hours: 3600 * hours for hours in {burn.hours for burn in BURNS}
    }
    # each hour counts once for each step of the statement's plan that it goes through
    assert reading.rows < kept / 10, reading.of
