"""A decision and Phase 1 as one row do what both do one after the other, whatever the plan was before."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import uuid4

import asyncpg

from projections.plans.merging import merge_changes
from projections.rows import Row, fold
from projections.run.writer import put, rows_of
from schemas.wire import from_record
from tests.contract.golden import golden
from tests.unit.projections.run.test_mapping import recorded

VERSIONS = (1, 3, 4, 6)


def rows(plan: str, type_: str, version: int) -> list[Row]:
    made = recorded(type_)
    event = from_record(type_, {**golden(type_, 1).record, "plan_id": plan, "correlation_id": plan, "version": version})
    return [row for row in rows_of(made._replace(event=event)) if row.statement.startswith("plan_")]


async def becomes(connection: asyncpg.Connection, plan: str, before: tuple[int, bool], folded: Any) -> asyncpg.Record:
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(
            "insert into plan (plan_id, version, status, reason, phase1, changed_at)"
            " values ($1::uuid, $2, 'before', 'before', case when $3 then '{}'::jsonb end, 'epoch')",
            plan,
            *before,
        )
        await put(connection, folded)
        found = await connection.fetchrow("select p.*, xmin::text <> '' as there from plan p where plan_id = $1", plan)
    finally:
        await transaction.rollback()
    assert found is not None
    return found


async def test_it_is_the_same_as_one_after_the_other(database_url: str) -> None:
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "rm"})
    try:
        seen = set()
        for was, has_phase1, decided, made in product(VERSIONS, (False, True), VERSIONS, VERSIONS):
            for decision in ("plan.approved", "plan.cancelled"):
                plan = str(uuid4())
                both = fold([*rows(plan, decision, decided), *rows(plan, "plan.phase1.created", made)])
                assert merge_changes(both).keys() > both.keys()
                one = await becomes(connection, plan, (was, has_phase1), both)
                other = await becomes(connection, plan, (was, has_phase1), merge_changes(both))
                assert other == one, (was, has_phase1, decided, made, decision)
                seen.add((one["status"], one["version"], one["ended_at"] is None))
        assert len(seen) > 10, "states that are all alike prove nothing"
    finally:
        await connection.close()
