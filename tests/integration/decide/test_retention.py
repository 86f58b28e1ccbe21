"""Documents by age: those of ended plans go, once, whoever looks; all that a plan says itself stays."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from gateway.commands.commands import Commands
from gateway.operations import housekeeping
from gateway.operations.housekeeping import erase_old, keep_house
from schemas.process.outbox_seals import COLUMNS
from schemas.retention import BY_RETENTION
from tests.support.patience import PATIENCE_S

from .conftest import Seed
from .test_commands import command, outbox, tasks_of

OLD = 400


@pytest.fixture(autouse=True)
async def alone(pool: asyncpg.Pool) -> None:
    """No document of another test is old."""
    await pool.execute("update decide.document set stored_at = now()")


async def aged(pool: asyncpg.Pool, plan: str, days: int = OLD + 1, *, waiting: bool = False) -> None:
    """Have a plan's document be so many days old; the system waits for nothing of it but where it is `waiting`."""
    await pool.execute(
        "update decide.document set stored_at = now() - make_interval(days => $2) where plan_id = $1", UUID(plan), days
    )
    if not waiting:
        await pool.execute("delete from flow.deadline where plan_id = $1", UUID(plan))


async def ended(pool: asyncpg.Pool, commands: Commands, seed: Seed, how: str = "plan.reject") -> str:
    """Return a plan that has ended; its document is old."""
    plan = await seed(1 if how == "task.complete" else 0)
    if how == "task.complete":
        await commands.run(command(how, (await tasks_of(pool, plan))[0]))
    else:
        await pool.execute(
            "update decide.head set status = 'awaiting_approval', reserved = 0 where stream = $1", f"plan-{plan}"
        )
        assert (await commands.run(command(how, plan, reason="não"))).outcome == "accepted"
    await aged(pool, plan)
    return plan


async def kept(pool: asyncpg.Pool, plan: str) -> bool:
    there: bool = await pool.fetchval("select exists (select from decide.document where plan_id = $1)", UUID(plan))
    return there


async def events(pool: asyncpg.Pool, plan: str) -> list[dict[str, Any]]:
    rows = await pool.fetch(
        f"select {COLUMNS} from decide.outbox o where o.stream = $1 order by version", f"erasure-{plan}"
    )
    return [{**row, "data": json.loads(row["data"])} for row in rows]


async def entries(pool: asyncpg.Pool, plan: str) -> list[tuple[str, ...]]:
    """What the audit says of a plan's document."""
    rows = await pool.fetch(
        "select actor, action, kind, outcome, reason from audit.entry"
        " where plan_id = $1 and target = $1::text and action = 'plan.erase'",
        UUID(plan),
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("how", ["plan.reject", "plan.cancel", "task.complete"])
async def test_the_document_of_an_ended_plan_goes_and_its_history_says_so(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed, how: str
) -> None:
    plan = await ended(pool, commands, waiting_plan, how)
    await pool.execute(
        "insert into decide.channel_sold (plan_id, channel, first_day, last_day, sold) values"
        " ($1, 'shopee', current_date, current_date, '{}')",
        UUID(plan),
    )
    before = await pool.fetchrow("select * from rm.plan where plan_id = $1", UUID(plan))

    assert await erase_old(pool, OLD) == 1

    assert not await kept(pool, plan)
    assert await pool.fetchval(
        "select key is null and erased_at is not null from decide.data_key where plan_id = $1", UUID(plan)
    )
    assert await pool.fetchval("select count(*) from decide.channel_sold where plan_id = $1", UUID(plan)) == 0
    (event,) = await events(pool, plan)
    assert (event["type"], event["version"], event["actor"]) == ("plan.erased", 1, BY_RETENTION)
    assert event["data"] == {"plan_id": plan, "reason": f"MARKETPLACE_DOCUMENT_DAYS={OLD}"}
    assert await entries(pool, plan) == [(BY_RETENTION, "plan.erase", "plan", "accepted", event["data"]["reason"])]
    assert await pool.fetchrow("select * from rm.plan where plan_id = $1", UUID(plan)) == before
    assert await erase_old(pool, OLD) == 0, "once"


async def test_an_open_plan_a_young_document_and_one_that_is_read_stay(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plans = [await waiting_plan(), await waiting_plan(1)]  # awaiting approval, executing
    for plan in plans:
        await aged(pool, plan)
    young, read = [await ended(pool, commands, waiting_plan) for _ in range(2)]
    await aged(pool, young, OLD - 1)
    await pool.execute("insert into flow.deadline (plan_id, kind) values ($1, 'analysis')", UUID(read))

    assert await erase_old(pool, OLD) == 0
    assert all([await kept(pool, plan) for plan in (*plans, young, read)])
    await commands.run(command("task.complete", (await tasks_of(pool, plans[1]))[0]))
    assert await erase_old(pool, OLD) == 1
    assert not await kept(pool, plans[1])


async def test_without_a_setting_documents_are_kept_for_ever(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await ended(pool, commands, waiting_plan)
    await keep_house(pool)
    assert await kept(pool, plan)
    await keep_house(pool, document_days=OLD)
    assert not await kept(pool, plan)


async def test_many_go_in_parts_and_two_gateways_erase_each_once(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "ERASED_AT_ONCE", 2)
    plans = [await ended(pool, commands, waiting_plan) for _ in range(5)]

    async with asyncio.timeout(PATIENCE_S):
        gone = await asyncio.gather(*(erase_old(pool, OLD) for _ in range(2)))
    gone.append(await erase_old(pool, OLD))  # whoever came second stopped where it found all done

    assert sum(gone) == len(plans)
    assert [len(await events(pool, plan)) for plan in plans] == [1] * len(plans)
    assert [len(await entries(pool, plan)) for plan in plans] == [1] * len(plans)


async def test_what_fails_in_the_middle_leaves_each_whole_and_the_next_round_goes_on(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plans = sorted([await ended(pool, commands, waiting_plan) for _ in range(3)])
    await pool.execute(
        "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data) values (gen_random_uuid(), 't', 'k', 't', $1, 1, 1, 'c', 'k', 'a', '{}')",
        f"erasure-{plans[1]}",
    )

    assert await erase_old(pool, OLD) == 0  # told in the log, and not raised

    assert [await kept(pool, plan) for plan in plans] == [True] * 3
    assert [await entries(pool, plan) for plan in plans] == [[]] * 3, "nothing was erased, and nothing says so"
    await pool.execute("delete from decide.outbox where stream = $1", f"erasure-{plans[1]}")
    assert await erase_old(pool, OLD) == 3
    assert [await outbox(pool, f"erasure-{plan}") for plan in plans] == [[(1, "plan.erased")]] * 3


async def test_what_was_called_with_an_erased_person_is_erased_by_a_second_event(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await ended(pool, commands, waiting_plan)
    await pool.execute("update decide.data_key set key = null, erased_at = now() where plan_id = $1", UUID(plan))
    assert await erase_old(pool, OLD) == 1
    assert [event["version"] for event in await events(pool, plan)] == [2]


async def test_an_entry_that_cannot_be_written_keeps_the_document(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await ended(pool, commands, waiting_plan)
    await pool.execute("alter table audit.entry add constraint closed check (action <> 'plan.erase') not valid")
    try:
        assert await erase_old(pool, OLD) == 0
    finally:
        await pool.execute("alter table audit.entry drop constraint closed")
    assert await kept(pool, plan)
    assert await events(pool, plan) == []
