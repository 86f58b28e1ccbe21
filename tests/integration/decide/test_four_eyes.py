"""Four eyes: who uploaded a plan does not approve it, alone or with others, whatever it comes through."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands
from schemas.process.database import FOUR_EYES
from schemas.process.database import pool as pool_of
from schemas.rules import barred
from tests.integration.decide.conftest import Seed

ACTORS = ("ana", "rui", "eva", "robot", "")
PEOPLE = ("ana", "rui")


@pytest.fixture(scope="module")
async def strict(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """A pool as that of a gateway with the switch on."""
    pool = pool_of(database_url, "gateway", 4, session=FOUR_EYES)
    yield await pool
    await pool.close()


@pytest.fixture
async def people(pool: asyncpg.Pool) -> AsyncIterator[None]:
    """Ana and rui are here, eva has ended."""
    known = People(pool)
    await pool.execute("delete from access.person")
    for handle in (*PEOPLE, "eva"):
        await known.make(New(handle, handle.title(), Role.ANALYST), Who("test"))
    await known.end("eva", Who("test"))
    yield
    await pool.execute("delete from access.person")


@pytest.fixture
async def plan(pool: asyncpg.Pool, waiting_plan: Seed) -> str:
    """A plan that ana uploaded, and that waits."""
    plan_id = await waiting_plan()
    await pool.execute("update rm.plan set uploaded_by = 'ana' where plan_id = $1::uuid", plan_id)
    return plan_id


def approval(plan_id: str, actor: str, command: str = "plan.approve", key: str | None = None) -> Command:
    return Command(command, plan_id, actor, actor, {"reason": ""}, key)


async def test_the_database_bars_whom_the_rule_bars(strict: asyncpg.Pool, people: None) -> None:
    for actor in ACTORS:
        for uploaded_by in ACTORS:
            said = await strict.fetchval("select decide.barred($1, $2)", actor, uploaded_by)
            assert said == barred(actor, uploaded_by, PEOPLE), (actor, uploaded_by)


async def test_without_people_names_are_compared(strict: asyncpg.Pool) -> None:
    for actor in ACTORS:
        for uploaded_by in ACTORS:
            said = await strict.fetchval("select decide.barred($1, $2)", actor, uploaded_by)
            assert said == barred(actor, uploaded_by, ())


async def test_nobody_is_barred_where_it_is_off(pool: asyncpg.Pool, people: None, plan: str) -> None:
    assert await pool.fetchval("select decide.barred('ana', 'ana')") is None
    assert (await Commands(pool, NoRelay()).run(approval(plan, "ana"))).outcome == "accepted"


@pytest.mark.parametrize("together", [False, True], ids=["alone", "with others"])
@pytest.mark.parametrize(("actor", "bar"), [("ana", "own"), ("robot", "nobodys"), ("eva", "nobodys"), ("rui", "")])
async def test_somebody_else_approves(
    strict: asyncpg.Pool, people: None, plan: str, waiting_plan: Seed, actor: str, bar: str, *, together: bool
) -> None:
    commands = Commands(strict, NoRelay())
    others = [approval(await waiting_plan(), "rui") for _ in range(3 if together else 0)]

    answers = await commands.run_many([approval(plan, actor, key=str(uuid4())), *others])

    assert [one.outcome for one in answers[1:]] == ["accepted"] * len(others)
    assert answers[0].outcome == ("four_eyes" if bar else "accepted")
    assert (answers[0].bar, answers[0].uploaded_by) == ((bar, "ana") if bar else ("", ""))
    told = await strict.fetchval("select outcome from audit.entry where target = $1 and action = 'plan.approve'", plan)
    assert told == answers[0].outcome
    sent = await strict.fetchval("select count(*) from decide.outbox where key = $1 and type = 'plan.approved'", plan)
    assert sent == (0 if bar else 1)


async def test_a_refusal_keeps_no_key_and_comes_after_what_is_over(
    strict: asyncpg.Pool, people: None, plan: str
) -> None:
    commands = Commands(strict, NoRelay())
    assert (await commands.run(approval(plan, "ana", key="k"))).outcome == "four_eyes"
    assert (await commands.run(approval(plan, "rui"))).outcome == "accepted"
    assert (await commands.run(approval(plan, "ana", key="k"))).outcome == "unchanged"


@pytest.mark.parametrize("command", ["plan.reject", "plan.cancel"])
async def test_everybody_may_say_no(strict: asyncpg.Pool, people: None, plan: str, command: str) -> None:
    assert (await Commands(strict, NoRelay()).run(approval(plan, "ana", command))).outcome == "accepted"
