"""A database that is filled for the benchmark of the pages holds what the projections would have written."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import asyncpg
import pytest

from bench.dashboard.filled import fill_plans
from bench.dashboard.histories import MODELS, status
from schemas.lifecycle import PlanStatus
from tests.conftest import NewDatabase

#: The first copies: one of each way that a plan can have gone.
COPIES = 9
LATEST = datetime(2026, 3, 10, 13, 4, 5, tzinfo=UTC)
TABLES = ("plan", "plan_channel", "task", "task_comment", "timeline")


@pytest.fixture(scope="module")
async def both(new_migrated: NewDatabase) -> tuple[str, str]:
    """Two databases with the same plans: one filled with copies, one written by the projections' own code."""
    copied, written = await new_migrated(), await new_migrated()
    plans = MODELS + COPIES
    await fill_plans(copied, plans, LATEST)
    await fill_plans(written, plans, LATEST, written=plans)
    return copied, written


@pytest.mark.parametrize("table", TABLES)
async def test_a_copied_plan_is_what_the_projections_write(both: tuple[str, str], table: str) -> None:
    columns = f"select c.key || ' ' || c.value from rm.{table} t, jsonb_each_text(to_jsonb(t)) c"
    copied, written = [await rows(database, columns) for database in both]
    assert written
    assert list((copied - written).elements()) == list((written - copied).elements()) == []
    whole = [await rows(database, f"select t::text from rm.{table} t") for database in both]
    assert whole[0] == whole[1]


async def test_copies_are_counted_as_the_plans_and_tasks_that_they_are(both: tuple[str, str]) -> None:
    counts = (
        "select row(kind, status, partial, empty, sum(n))::text from rm.tally group by kind, status, partial, empty"
    )
    copied, written = [await rows(database, counts) for database in both]
    assert written
    assert copied == written


def test_plans_that_are_copied_have_gone_every_way() -> None:
    ways = {status(number) for number in range(1, MODELS + 1)}
    assert ways == set(PlanStatus) - {PlanStatus.APPROVED, PlanStatus.CANCELLED}
    assert {status(number) for number in range(MODELS + 1, MODELS + 1 + COPIES)} == ways


async def rows(database: str, query: str) -> Counter[str]:
    connection = await asyncpg.connect(database)
    try:
        return Counter(row[0] for row in await connection.fetch(query))
    finally:
        await connection.close()
