"""A decision that looks at the outbox for a relay: it finds what waits, in order, and nothing that it was told of."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands
from gateway.outbox import relay

from .conftest import Seed, locked_out


class Lent:
    """An outbox that lends looks. `found` has what each was given, None where nothing is known of it."""

    def __init__(self, known: Sequence[int] = ()) -> None:
        self.known, self.most = known, 5
        self.found: list[Sequence[asyncpg.Record] | None] = []
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1

    def lend(self) -> Lent:
        return self

    def give(self, rows: Sequence[asyncpg.Record] | None) -> None:
        self.found.append(rows)

    def events(self) -> list[tuple[str, int]]:
        assert self.found[-1] is not None
        return [(row["stream"], row["version"]) for row in self.found[-1]]


def approval(plan: str) -> Command:
    return Command("plan.approve", plan, "ana", "ana", {"reason": ""})


@pytest.fixture
async def empty(pool: asyncpg.Pool) -> None:
    """Mark all that other tests have left."""
    await pool.execute("update decide.outbox set published_at = now() where published_at is null")


async def waiting(pool: asyncpg.Pool, plan: str) -> list[tuple[str, int, int]]:
    rows = await pool.fetch(
        "select stream, version, seq from decide.outbox where key = $1 and published_at is null order by seq", plan
    )
    return [tuple(row) for row in rows]


@pytest.mark.usefixtures("empty")
async def test_it_finds_its_own_event_after_those_before_it(pool: asyncpg.Pool, waiting_plan: Seed) -> None:
    plan, outbox = await waiting_plan(), Lent()

    answer = await Commands(pool, outbox).run(approval(plan))

    assert answer.outcome == "accepted"
    assert outbox.events() == [(stream, version) for stream, version, _ in await waiting(pool, plan)]
    assert outbox.events()[0] == (f"plan-{plan}", 1)  # the upload's
    assert outbox.woken == 0


@pytest.mark.usefixtures("empty")
async def test_it_reads_what_the_relay_reads_by_itself(pool: asyncpg.Pool, waiting_plan: Seed) -> None:
    plan, outbox = await waiting_plan(), Lent()

    await Commands(pool, outbox).run(approval(plan))

    [found] = outbox.found
    own = await pool.fetch(relay._SELECT, outbox.most, [])
    assert found is not None
    assert [dict(row.items()) | {"answers": None} for row in own] == [dict(row.items()) for row in found]


@pytest.mark.usefixtures("empty")
async def test_it_finds_nothing_that_is_known_published_or_set_aside(pool: asyncpg.Pool, waiting_plan: Seed) -> None:
    known, published, aside, plan = [await waiting_plan() for _ in range(4)]
    await pool.execute("update decide.outbox set published_at = now() where key = any($1)", [published, plan])
    await pool.execute("update decide.outbox set held_at = now() where key = $1", aside)
    outbox = Lent([seq for _, _, seq in await waiting(pool, known)])

    answer = await Commands(pool, outbox).run(approval(plan))

    assert outbox.events() == [(f"plan-{plan}", answer.version)]


@pytest.mark.usefixtures("empty")
async def test_it_finds_the_oldest_where_more_wait(pool: asyncpg.Pool, waiting_plan: Seed) -> None:
    plans, outbox = [await waiting_plan() for _ in range(7)], Lent()

    await Commands(pool, outbox).run(approval(plans[-1]))

    assert outbox.events() == [(f"plan-{plan}", 1) for plan in plans[: outbox.most]]


@pytest.mark.usefixtures("empty")
async def test_what_waits_for_a_lock_finds_what_its_holder_stored(pool: asyncpg.Pool, waiting_plan: Seed) -> None:
    plan, outbox = await waiting_plan(), Lent()
    async with pool.acquire() as other, other.transaction():
        await Commands(other, NoRelay()).run(approval(plan))  # type: ignore[arg-type] # one connection is pool enough
        second = asyncio.create_task(Commands(pool, outbox).run(approval(plan)))
        await locked_out(pool, 1)
    await second

    events = [(stream, version) for stream, version, _ in await waiting(pool, plan)]
    assert len(events) == 2
    assert outbox.events() == events


async def test_a_call_that_fails_gives_nothing(pool: asyncpg.Pool) -> None:
    outbox = Lent()

    with pytest.raises(asyncpg.PostgresError):
        await Commands(pool, outbox).run(Command("plan.approve", "no id", "ana", "ana", {}))

    assert outbox.found == [None]


async def test_without_a_look_the_relay_is_woken(pool: asyncpg.Pool, waiting_plan: Seed) -> None:
    class Woken(NoRelay):
        woken = 0

        def wake(self) -> None:
            self.woken += 1

    outbox, plan = Woken(), await waiting_plan()

    await Commands(pool, outbox).run(approval(plan))

    assert outbox.woken == 1
