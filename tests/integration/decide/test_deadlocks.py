"""Decisions that wait for each other: they lock in one order, and one that the database gave up is decided again."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands
from gateway.commands.deadlock_retry import GIVEN_UP_MOST
from schemas.process.connection import Db

from .conftest import Seed, deadlocks, locked_out, upload_of


class Told(NoRelay):
    """An outbox that counts how often it is told that something was stored."""

    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1


def command(name: str, plan: str, key: str | None = None) -> Command:
    return Command(name, plan, "ana", "ana", {"reason": ""}, key=key, request_hash="h")


def gateway(pool: asyncpg.Pool) -> Commands:
    return Commands(pool, NoRelay())


@asynccontextmanager
async def held(pool: asyncpg.Pool, plan: str) -> AsyncIterator[None]:
    """Hold the lock of a plan's head."""
    async with pool.acquire() as session, session.transaction():
        await session.execute("select from decide.head where stream = $1 for update", f"plan-{plan}")
        yield


async def test_a_command_alone_and_a_batch_with_the_same_key_do_not_lock_each_other_out(
    pool: asyncpg.Pool, waiting_plan: Seed
) -> None:
    """A client repeats a request before the first was answered: the first goes in a batch, the second alone."""
    plan, other, key = await waiting_plan(), await waiting_plan(), uuid.uuid4().hex
    before = await deadlocks(pool)
    async with held(pool, plan):
        batch = asyncio.create_task(
            gateway(pool).run_many([command("plan.approve", plan, key), command("plan.approve", other)])
        )
        await locked_out(pool, 1)
        alone = asyncio.create_task(gateway(pool).run(command("plan.approve", plan, key)))
        await locked_out(pool, 2)

    assert [answer.outcome for answer in await batch] == ["accepted", "accepted"]
    assert ((await alone).outcome, (await alone).repeated) == ("accepted", True)
    assert await deadlocks(pool) == before


async def test_plans_that_are_completed_late_are_locked_in_the_order_of_a_batch(
    pool: asyncpg.Pool, waiting_plan: Seed
) -> None:
    low, high = sorted([await waiting_plan(tasks=1), await waiting_plan(tasks=1)])
    for plan in (high, low):  # so they lie in the table, and in the order of their changes
        await pool.execute("update rm.task set status = 'completed', version = 2 where plan_id = $1::uuid", plan)
        await pool.execute(
            "update rm.plan set changed_at = now() - interval '3 seconds' where plan_id = $1::uuid", plan
        )
    before = await deadlocks(pool)
    async with held(pool, low):
        batch = asyncio.create_task(gateway(pool).run_many([command("plan.approve", plan) for plan in (low, high)]))
        await locked_out(pool, 1)
        late = asyncio.create_task(pool.fetchval("select decide.complete_waiting(100, 'system:watchdog', false)"))
        await locked_out(pool, 2)

    assert [answer.outcome for answer in await batch] == ["unchanged", "unchanged"]
    assert await late == 2
    assert await deadlocks(pool) == before


@asynccontextmanager
async def giving_up(pool: asyncpg.Pool, times: int) -> AsyncIterator[None]:
    """Make the database give up the next decisions, as it does in a deadlock."""
    await pool.execute(f"""
        create sequence decide.given_up;
        create function decide.give_up() returns trigger language plpgsql as $$
        begin
            if nextval('decide.given_up') <= {times} then
                raise 'deadlock detected' using errcode = '40P01';
            end if;
            return new;
        end $$;
        create trigger give_up before update on decide.head for each row execute function decide.give_up();
    """)
    try:
        yield
    finally:
        await pool.execute("drop function decide.give_up() cascade; drop sequence decide.given_up")


@pytest.mark.parametrize("together", [1, 3])
async def test_what_the_database_gave_up_is_decided_again_and_nobody_is_told_that_it_fails(
    pool: asyncpg.Pool, waiting_plan: Seed, together: int
) -> None:
    plans = [await waiting_plan() for _ in range(together)]
    commands = gateway(pool)

    async with giving_up(pool, GIVEN_UP_MOST - 1):
        answers = await commands.run_many([command("plan.approve", plan) for plan in plans])

    assert [answer.outcome for answer in answers] == ["accepted"] * together
    assert commands.refused is None


async def test_a_database_that_gives_everything_up_is_said_to_store_nothing(
    pool: asyncpg.Pool, waiting_plan: Seed
) -> None:
    plan = await waiting_plan()
    commands = gateway(pool)

    async with giving_up(pool, GIVEN_UP_MOST):
        with pytest.raises(asyncpg.DeadlockDetectedError):
            await commands.run(command("plan.approve", plan))

    assert commands.refused is not None
    assert "DeadlockDetectedError" in commands.refused[1]


def header(name: str) -> str:
    return f"of-{name}-{uuid.uuid4().hex}"


async def take(db: Db, header_id: str) -> None:
    """Lock a header's mapping, as whoever keeps one does."""
    await db.execute("update decide.column_mapping set used_at = now() where header_id = $1", header_id)


async def test_an_upload_that_ends_in_a_deadlock_is_stored_again_with_what_belongs_to_it(pool: asyncpg.Pool) -> None:
    """Two transactions lock two mappings in opposite order; the upload that the database ends is stored again."""
    first, second, plan = header("first"), header("second"), str(uuid.uuid4())
    await pool.executemany(
        "insert into decide.column_mapping (header_id, columns, document, made_by) values ($1, '{}', 'a.csv', 'ana')",
        [(first,), (second,)],
    )
    before = await deadlocks(pool)
    outbox = Told()
    waiting: list[asyncio.Task[None]] = []
    tries = 0
    uploads = Commands(pool, outbox)

    async with pool.acquire() as other:
        await other.execute("begin")
        await other.execute("set local deadlock_timeout = '1h'")  # so it is the upload that is ended
        await take(other, second)

        async def keep(db: Db) -> None:
            nonlocal tries
            tries += 1
            if tries == 1:
                await take(db, first)
                waiting.append(asyncio.create_task(take(other, first)))
                await locked_out(pool, 1)
            else:
                await asyncio.gather(*waiting)
                await other.execute("rollback")
            await take(db, second)

        answer = await uploads.upload(upload_of(plan), keep)

    assert (answer.outcome, tries, outbox.woken) == ("accepted", 2, 1)
    assert await deadlocks(pool) == before + 1
    assert uploads.refused is None
    for rows in (
        "decide.head where stream = 'plan-' || $1",
        "decide.data_key where plan_id = $1::uuid",
        "audit.entry where target = $1 and action = 'plan.upload'",
    ):
        assert await pool.fetchval(f"select count(*) from {rows}", plan) == 1
