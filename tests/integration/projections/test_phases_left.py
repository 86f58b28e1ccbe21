"""Which phases of a plan can still begin: told by its analysis, and by each phase that begins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from projections.plans import reads as plans
from projections.reads import overview
from projections.rows import Recorded
from projections.run.writer import rows_of, write
from schemas.wire import from_record
from tests.conftest import NewDatabase
from tests.contract.golden import golden
from tests.support.events import phase
from tests.unit.projections.run.test_mapping import recorded

TOLD_LATER = Path("schemas/database/migrations/0365_post_phases_left.sql").read_text(encoding="utf-8")
LEFT = "select phases_left from rm.plan where plan_id = $1::uuid"


@pytest.fixture
async def connection(new_migrated: NewDatabase) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(await new_migrated(), server_settings={"search_path": "rm"})
    yield made
    await made.close()


def told(plan: str, version: int, type_: str, **data: Any) -> Recorded:
    record = {**golden(type_, 1).record, "plan_id": plan, "correlation_id": plan, "event_id": str(uuid4()), **data}
    record |= {"stream": f"plan-{plan}", "version": version}
    return recorded(type_)._replace(event=from_record(type_, record), offset=version)


def life(plan: str) -> list[Recorded]:
    """Return the life of a plan with the phases 1, 2 and 4, until the last of them has ended."""
    proposed = [phase(4), {**phase(3), "tasks": []}, phase(1), phase(2), {**phase(9), "number": None}]
    return [
        told(plan, 1, "plan.uploaded"),
        told(plan, 2, "plan.analyzed", phases=proposed),
        told(plan, 3, "plan.approved", phases=proposed),
        told(plan, 4, "plan.phase1.created"),
        told(plan, 5, "plan.completed"),
        told(plan, 6, "plan.phase.started", phase=2),
        told(plan, 7, "plan.completed"),
        told(plan, 8, "plan.phase.started", phase=4),
        told(plan, 9, "plan.completed"),
    ]


async def test_a_completed_plan_waits_for_its_next_phase_until_none_is_left(connection: asyncpg.Connection) -> None:
    plan = str(uuid4())
    seen = []
    for event in life(plan):
        await write(connection, rows_of(event), [], [])
        found = await plans.get(connection, UUID(plan))
        assert found is not None
        of_phases = found.next_phase and found.next_phase["number"]
        listed = await plans.find(connection, plans.PlanFilter(next_phase=True), count=True)
        counted = (await overview.read(connection)).next_phases
        assert found.waiting_phase == of_phases, "the list says what the phases say"
        assert [one.waiting_phase for one in listed.items] == ([of_phases] if of_phases else [])
        assert listed.total == counted.count == len(listed.items)
        seen.append((await connection.fetchval(LEFT, plan), of_phases))
    left = [None, *[[2, 4]] * 4, *[[4]] * 2, *[[]] * 2]
    assert seen == list(zip(left, [None, None, None, None, 2, None, 4, None, None], strict=True))


@pytest.mark.parametrize("first", range(1, 10))
async def test_what_comes_in_one_batch_or_twice_leaves_the_same(connection: asyncpg.Connection, first: int) -> None:
    plan = str(uuid4())
    events = life(plan)
    await write(connection, [row for event in events[:first] for row in rows_of(event)], [], [])
    await write(connection, [row for event in events for row in rows_of(event)], [], [])
    await write(connection, [row for event in events[1:6] for row in rows_of(event)], [], [])
    assert await connection.fetchval(LEFT, plan) == []


@pytest.mark.parametrize("apart", [True, False], ids=["in a body", "in the row"])
@pytest.mark.parametrize("until", [1, 2, 5, 7, 9])
async def test_plans_of_before_are_told_by_what_they_propose(
    connection: asyncpg.Connection, until: int, *, apart: bool
) -> None:
    plan = str(uuid4())
    events = [*life(plan)[:until]]
    batches = [[row for event in events for row in rows_of(event)]] if apart else [rows_of(e) for e in events]
    for rows in batches:
        await write(connection, rows, [], [])
    if not apart:
        await connection.execute(
            "update rm.plan p set phases = b.said::jsonb -> 'phases', body = null,"
            " opportunities = b.said::jsonb -> 'opportunities'"
            " from rm.plan_body b where b.plan_id = p.plan_id and b.digest = p.body"
        )
    kept = await connection.fetchval(LEFT, plan)
    waiting = (await overview.read(connection)).next_phases.count
    await connection.execute("update rm.plan set phases_left = null")
    assert (await overview.read(connection)).next_phases.count == 0

    await connection.execute(TOLD_LATER)

    assert await connection.fetchval(LEFT, plan) == kept
    assert (await overview.read(connection)).next_phases.count == waiting


async def test_the_first_that_ended_is_found_by_its_index(connection: asyncpg.Connection) -> None:
    for days in (1, 9, 4):
        await connection.execute(
            "insert into rm.plan (plan_id, version, status, phases_left, uploaded_at, ended_at, changed_at) values"
            " (gen_random_uuid(), 1, 'completed', '{2}', now(), now() - make_interval(days => $1), now())",
            days,
        )
    counted = (await overview.read(connection)).next_phases
    assert (counted.count, round(counted.oldest_seconds / 86_400)) == (3, 9)
    await connection.execute("set enable_seqscan = off")
    said = await connection.fetch(
        "explain select min(ended_at) from rm.plan where status = 'completed' and phases_left <> '{}'"
    )
    assert "plan_next" in "\n".join(row[0] for row in said)
