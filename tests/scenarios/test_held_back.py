"""Work that is held back goes on by itself and is whole in the end; what a person holds back, past every deadline."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from local.llm.server import StandInAgent
from local.load import Load
from local.stack import Stack
from tests.support.patience import PATIENCE_S, until
from tests.support.systems import Systems

KEY = "mrs_held_" + secrets.token_urlsafe(32)
DEADLINE_S = 2.0
#: More than a breaker is open and its work waits in the second retry topic, 5 s each: usual are 75 s, and 60 s and 5 s.
ANALYSIS_DUE_S = 15.0
#: The plan is escalated so long after that: usual are 20 s.
ESCALATE_AFTER_S = 3.0


@pytest.fixture(scope="module")
def agent() -> Iterator[StandInAgent]:
    with StandInAgent() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
async def system(
    agent: StandInAgent, tmp_path_factory: pytest.TempPathFactory, systems: Systems
) -> AsyncIterator[Stack]:
    env = {
        "MARKETPLACE_BOOTSTRAP_KEY": KEY,
        "OPENAI_BASE_URL": agent.base_url,
        "MARKETPLACE_AGENT_DEADLINE": str(DEADLINE_S),
        "MARKETPLACE_ANALYSIS_DUE": str(ANALYSIS_DUE_S),
        "MARKETPLACE_ESCALATE_AFTER": str(ESCALATE_AFTER_S),
        "MARKETPLACE_BREAKER_RESET": "5",
    }
    async with systems.system(tmp_path_factory.mktemp("held"), env) as stack:
        yield stack


async def agents_breaker(load: Load) -> str:
    """Return the name of the agent's breaker, which the runner makes known though nothing has failed."""
    known = "select name from flow.breaker where name like 'agent:%/gpt-4o-mini'"
    return str(await until(lambda: load.pool.fetchval(known)))


async def escalations(load: Load, plans: list[str]) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await load.pool.fetch(
        "select plan_id::text, cause, recommendation from rm.recovery r where type = 'plan.escalated'"
        " and plan_id = any($1::uuid[])",
        plans,
    )
    return rows


@pytest.mark.parametrize("ends", ["reset", "its time is over"])
async def test_a_deliberate_pause_makes_no_plan_partial(system: Stack, agent: StandInAgent, ends: str) -> None:
    agent.behave("good")
    async with Load(system.env, KEY) as load:
        name = await agents_breaker(load)
        await load.pool.execute("select flow.breaker_reset(name, 'a test begins', 'test') from flow.breaker")
        trip = "select flow.breaker_trip($1, 'maintenance', $2, 'ana')"
        await load.pool.execute(trip, name, None)
        plans = await load.upload(3)

        async def all_escalated() -> bool:
            return len(await escalations(load, plans)) == len(plans)

        await until(all_escalated, every_s=0.2)
        assert agent.served == [], "nothing is let through"
        assert await load.wait(plans, ["analyzing"], within_s=0) == len(plans), "no plan was given up"
        if ends == "reset":
            await load.pool.execute("select flow.breaker_reset($1, 'done', 'ana')", name)
        else:
            await load.pool.execute(trip, name, 1.0)

        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == len(plans)
        rows = await load.pool.fetch("select partial from rm.plan where plan_id = any($1::uuid[])", plans)
        assert [row["partial"] for row in rows] == [False] * len(plans)
        told = await escalations(load, plans)
        assert sorted(row["plan_id"] for row in told) == sorted(plans), "each is escalated once"
        assert {row["cause"] for row in told} == {"breaker-open"}
        assert all(f"{name}: maintenance" in row["recommendation"] for row in told)


async def test_a_failing_agent_opens_its_breaker_and_the_work_resumes_by_itself(
    system: Stack, agent: StandInAgent
) -> None:
    agent.behave("status:503")
    async with Load(system.env, KEY) as load:
        await load.pool.execute("select flow.breaker_reset(name, 'a test begins', 'test') from flow.breaker")
        plans = await load.upload(8)

        async def breaker() -> str | None:
            state: str | None = await load.pool.fetchval(
                "select state from flow.breaker where name like 'agent:%/gpt-4o-mini'"
            )
            return state

        async def held() -> tuple[float, float] | None:
            """Return from when no call is under way any more until when none is let through; None: it is not open."""
            asked_at = time.monotonic()
            row = await load.pool.fetchrow(
                "select extract(epoch from clock_timestamp() - opened_at)::float8 as open_s,"
                " extract(epoch from retry_at - clock_timestamp())::float8 as left_s"
                " from flow.breaker where name like 'agent:%/gpt-4o-mini' and state = 'open'"
            )
            if row is None:
                return None
            return time.monotonic() - row["open_s"] + DEADLINE_S + 0.5, asked_at + row["left_s"]

        settled_at, probe_at = await until(held)
        assert settled_at < probe_at
        await asyncio.sleep(max(0.0, probe_at - time.monotonic()))
        let_through = [one.at for one in agent.served if settled_at < one.at < probe_at]
        assert let_through == [], "an open breaker lets nothing through"

        agent.behave("good")

        deadline = time.monotonic() + PATIENCE_S
        while await breaker() != "closed" and time.monotonic() < deadline:
            plans += await load.upload(1)  # what had to be analysed by the rules is no probe any more
            await asyncio.sleep(1.0)
        assert await breaker() == "closed"
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == len(plans)
        rows = await load.pool.fetch("select partial from rm.plan where plan_id = any($1::uuid[])", plans)
        assert [row["partial"] for row in rows] == [False] * len(plans), "it resumed, and was not given up"
        told = await load.pool.fetch(
            "select type from decide.outbox where stream like 'breaker-agent:%/gpt-4o-mini' order by version"
        )
        assert [r["type"] for r in told][-3:] == ["breaker.opened", "breaker.half_opened", "breaker.closed"]
