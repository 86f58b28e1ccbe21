"""An event counts once for what objectives are measured by, however often it is projected, and from where."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest

from projections.rows import Recorded
from projections.run.arrival import NOWHERE
from projections.run.writer import rows_of, write
from schemas.wire import from_record
from tests.contract.golden import golden
from tests.unit.projections.run.test_mapping import recorded

#: What `flow.mend_log` does with an event whose record the log has lost.
LOST = 'update timeline set "offset" = -2 where plan_id = $1::uuid'
TYPES = ("plan.uploaded", "plan.approved", "plan.phase1.created", "plan.stalled", "plan.recovered", "plan.escalated")


def event_of(type_: str, plan: str, offset: int) -> Recorded:
    event = from_record(type_, {**golden(type_, 1).record, "plan_id": plan, "correlation_id": plan})
    return recorded(type_)._replace(event=event, offset=offset)


async def counts(connection: asyncpg.Connection) -> dict[str, int]:
    rows = await connection.fetch("select measure, sum(n)::int as n from slo_hour group by measure")
    return {row["measure"]: row["n"] for row in rows}


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize(
    "places",
    [
        (7,),
        (7, 7),  # the read models went back, and it is read again
        (7, 9),  # it was sent twice
        (NOWHERE, 7),
        (NOWHERE, NOWHERE, 7, 7, 9),
        (7, None, 7),  # the log lost it, and it was sent again
        (NOWHERE, 7, None, 5, 5, 9),
    ],
)
async def test_an_event_counts_once(database_url: str, type_: str, places: tuple[int | None, ...]) -> None:
    plan = str(uuid4())
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "rm"})
    try:
        before = await counts(connection)
        for offset in places:
            if offset is None:
                await connection.execute(LOST, plan)
            else:
                await write(connection, rows_of(event_of(type_, plan, offset)), [], [])
        after = await counts(connection)
        place = await connection.fetchval('select "offset" from timeline where plan_id = $1::uuid', plan)
    finally:
        await connection.close()

    counted = {measure: n - before.get(measure, 0) for measure, n in after.items() if n != before.get(measure)}
    assert counted, "an event of this type is counted"
    assert set(counted.values()) == {1}
    since_lost = " ".join(map(str, places)).rpartition("None")[2].split()
    assert place == next(int(offset) for offset in since_lost if int(offset) >= 0)


async def test_the_first_record_tells_it_in_one_batch_as_in_two(database_url: str) -> None:
    """One that was made without the broker says nothing of a worker; the one that a worker made later does."""
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "rm"})
    try:
        found = []
        for together in (True, False):
            plan = str(uuid4())
            made = event_of("plan.phase1.created", plan, 7)
            rows = (
                rows_of(made._replace(taken_us=None)),
                rows_of(made._replace(offset=9, taken_us=made.event.occurred_at)),
            )
            before = await counts(connection)
            for batch in [[*rows[0], *rows[1]]] if together else rows:
                await write(connection, batch, [], [])
            after = await counts(connection)
            found.append({measure for measure, n in after.items() if n != before.get(measure)})
    finally:
        await connection.close()

    assert found == [{"phase1"}, {"phase1"}]
