"""A plan at any event of its history is what the read models showed then, by the same statements."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from projections.past import reads as past
from projections.plans import reads as plans
from projections.rows import Recorded
from projections.run.writer import rows_of, write
from projections.tasks import reads as tasks
from projections.tasks.projection import LAST_COUNTS
from projections.timeline import reads as timeline
from schemas.lifecycle import PLAN, TASK
from tests.support import histories


async def project(pool: asyncpg.Pool, recorded: list[Recorded]) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("set local search_path = rm")
        for one in recorded:
            await write(connection, rows_of(one), [], [])


async def as_it_was(pool: asyncpg.Pool, recorded: list[Recorded], plan_id: UUID) -> list[tuple[Any, Any]]:
    """What the read models show after each event."""
    seen = []
    for one in recorded:
        await project(pool, [one])
        seen.append((await plans.get(pool, plan_id), await tasks.of_plan(pool, plan_id)))
    return seen


@pytest.mark.parametrize("make", [histories.whole, histories.rejected, histories.again], ids=lambda make: make.__name__)
async def test_every_event_shows_what_the_read_models_showed_then(pool: asyncpg.Pool, make: Any) -> None:
    """Each event of a whole history: the plan, its channels, its phases, its tasks, each to the last field."""
    plan_id = uuid4()
    recorded = make(plan_id)
    then = await as_it_was(pool, recorded, plan_id)
    assert len({repr(one) for one in then}) > 5, "a history in which nothing changes proves nothing"

    for number, (plan, todo) in enumerate(then, start=1):
        moment = await past.at(pool, plan_id, number)
        assert moment is not None
        assert moment.event.event_id == UUID(recorded[number - 1].event.event_id)
        assert moment.plan == plan, recorded[number - 1].event.type
        assert moment.tasks == todo, recorded[number - 1].event.type


def test_the_histories_have_every_type_of_event() -> None:
    types = {one.event.type for make in (histories.whole, histories.rejected) for one in make(uuid4())}
    assert types >= {*PLAN.leads_to, *TASK.leads_to}
    assert types >= {"plan.channel.kept", "plan.channel.requested_again", "plan.phase.started", "task.commented"}


async def test_what_changed_is_told_by_row_and_column(pool: asyncpg.Pool) -> None:
    plan_id = uuid4()
    recorded = histories.whole(plan_id)
    await project(pool, recorded)
    numbers = {one.event.type: n for n, one in enumerate(recorded, start=1)}

    approved = await past.at(pool, plan_id, numbers["plan.approved"])
    assert approved is not None
    (plan,) = approved.changed
    assert plan.table == "plan"
    assert plan.before is not None
    assert (plan.before["status"], plan.row["status"]) == ("awaiting_approval", "approved")
    assert set(plan.columns) == {"status", "version", "reason", "decided_by", "decided_at", "changed_at"}

    commented = await past.at(pool, plan_id, numbers["task.commented"])
    assert commented is not None
    assert {one.table: one.before is None for one in commented.changed} == {"task": False, "task_comment": True}

    stalled = await past.at(pool, plan_id, numbers["plan.stalled"])
    assert stalled is not None
    assert stalled.changed == []


async def test_a_look_leaves_nothing_behind_and_changes_nothing(pool: asyncpg.Pool) -> None:
    """The live tables and the session are as before; looks at once do not meet."""
    plan_id = uuid4()
    recorded = histories.whole(plan_id)
    await project(pool, recorded)
    before = await plans.get(pool, plan_id), await tasks.of_plan(pool, plan_id)

    moments = await asyncio.gather(*(past.at(pool, plan_id, n) for n in range(1, len(recorded) + 1)))
    assert [one.number for one in moments if one] == list(range(1, len(recorded) + 1))
    assert (await plans.get(pool, plan_id), await tasks.of_plan(pool, plan_id)) == before
    left = "select count(*) from pg_class where relpersistence = 't' and relkind = 'r'"
    assert await pool.fetchval(left) == 0
    assert await pool.fetchval("show search_path") != "pg_temp"


async def test_no_such_event(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    plan_id = uuid4()
    await project(pool, histories.rejected(plan_id))
    assert await past.at(pool, plan_id, 8) is None
    assert await past.at(pool, plan_id, 0) is None
    assert await past.at(pool, uuid4(), 1) is None
    with pytest.raises(past.TooMuch):
        await past.at(pool, plan_id, past.MOST_EVENTS + 1)
    monkeypatch.setattr(past, "MOST_BYTES", 1000)
    with pytest.raises(past.TooMuch):
        await past.at(pool, plan_id, 7)


async def test_what_is_folded_is_measured_as_it_is_read(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of one letter is stored in a hundredth of what it takes in memory."""
    plan_id = uuid4()
    await project(pool, histories.rejected(plan_id))
    await pool.execute(
        "update rm.timeline set data = json_build_object('x', repeat('a', 500000)) where plan_id = $1"
        " and type = 'plan.uploaded'",
        plan_id,
    )
    monkeypatch.setattr(past, "MOST_BYTES", 400_000)
    with pytest.raises(past.TooMuch):
        await past.at(pool, plan_id, 7)


async def test_an_event_that_lacks_what_the_mappings_need_is_said(pool: asyncpg.Pool) -> None:
    plan_id = uuid4()
    await project(pool, histories.rejected(plan_id))
    await pool.execute("update rm.timeline set data = '{}' where plan_id = $1 and type = 'plan.analyzed'", plan_id)
    assert await past.at(pool, plan_id, 3) is not None
    with pytest.raises(past.Unreadable, match=r"plan\.analyzed"):
        await past.at(pool, plan_id, 7)


async def test_events_that_are_not_projected_here_are_history_only(pool: asyncpg.Pool) -> None:
    """A type of a later version is told and changes nothing, as in the read models."""
    plan_id = uuid4()
    recorded = histories.rejected(plan_id)
    later = recorded[-1].event.__class__(
        "plan.of.tomorrow", str(uuid4()), f"plan-{plan_id}", 9, 1, "c", str(plan_id), "x", {}
    )
    await project(pool, [*recorded, recorded[-1]._replace(event=later, offset=99)])
    moment = await past.at(pool, plan_id, len(recorded) + 1)
    assert moment is not None
    assert moment.event.type == "plan.of.tomorrow"
    assert moment.changed == []


async def test_the_whole_history_by_pages(pool: asyncpg.Pool) -> None:
    plan_id = uuid4()
    recorded = histories.whole(plan_id)
    await project(pool, recorded)
    assert await timeline.count(pool, plan_id) == len(recorded)
    pages = [await timeline.first(pool, plan_id, 10, after=n) for n in range(0, 40, 10)]
    assert [e.type for page in pages for e in page] == [one.event.type for one in recorded]
    last, in_all = await timeline.newest(pool, plan_id, 3)
    assert [e.type for e in last] == [one.event.type for one in recorded[:-4:-1]]
    assert in_all == len(recorded)
    own = await timeline.of_stream(pool, plan_id, f"plan-{plan_id}")
    assert [e.version for e in own] == list(range(10, 0, -1))


async def test_of_what_was_done_to_a_task_again_the_last_alone_is_folded(pool: asyncpg.Pool) -> None:
    plan_id = uuid4()
    recorded = histories.again(plan_id)
    await project(pool, recorded)
    async with pool.acquire() as connection:
        every = await timeline.first(connection, plan_id, len(recorded))
        events, found = await timeline.until(connection, plan_id, len(recorded), LAST_COUNTS)
        few, of_few = await timeline.until(connection, plan_id, 3, LAST_COUNTS)
        assert await timeline.until(connection, plan_id, len(recorded)) == (every, found)
    last = {(one.stream, one.type): one for one in every}
    assert found == len(every) == len(recorded)
    assert events == [one for one in every if one.type not in LAST_COUNTS or last[one.stream, one.type] is one]
    assert len(events) == len(every) - 7
    assert (few, of_few) == (every[:3], 3)
