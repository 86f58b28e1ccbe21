"""Work that a person holds back waits for that person, past every deadline, and is whole in the end."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator

import asyncpg
import pytest

from local.llm.server import StandInAgent
from local.load import Load
from local.stack import Stack

KEY = "mrs_held_" + secrets.token_urlsafe(32)
#: More than what waits in the second retry topic: it comes again after 5 s.
ANALYSIS_DUE_S = 15.0
#: When a person is told, and some time to see it.
TOLD_WITHIN_S = ANALYSIS_DUE_S + 20.0 + 10.0


@pytest.fixture(scope="module")
def agent() -> Iterator[StandInAgent]:
    with StandInAgent() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def system(agent: StandInAgent, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    env = {
        "MARKETPLACE_BOOTSTRAP_KEY": KEY,
        "OPENAI_BASE_URL": agent.base_url,
        "MARKETPLACE_AGENT_DEADLINE": "2",
        "MARKETPLACE_ANALYSIS_DUE": str(ANALYSIS_DUE_S),
        "MARKETPLACE_BREAKER_RESET": "5",
    }
    with Stack(tmp_path_factory.mktemp("held"), env=env) as stack:
        yield stack


async def agents_breaker(load: Load) -> str:
    """Return the name of the agent's breaker, which the runner makes known though nothing has failed."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        name = await load.pool.fetchval("select name from flow.breaker where name like 'agent:%/gpt-4o-mini'")
        if name is not None:
            return str(name)
        await asyncio.sleep(0.2)
    raise AssertionError("the runner has not made its breakers known")


async def escalations(load: Load, plans: list[str]) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await load.pool.fetch(
        "select plan_id::text, cause, recommendation from rm.recovery r where type = 'plan.escalated'"
        " and plan_id = any($1::uuid[])",
        plans,
    )
    return rows


@pytest.mark.timeout(240)
@pytest.mark.parametrize("ends", ["reset", "its time is over"])
async def test_a_deliberate_pause_makes_no_plan_partial(system: Stack, agent: StandInAgent, ends: str) -> None:
    agent.behave("good")
    async with Load(system.env, KEY) as load:
        name = await agents_breaker(load)
        await load.pool.execute("select flow.breaker_reset(name, 'a test begins', 'test') from flow.breaker")
        for_s = None if ends == "reset" else TOLD_WITHIN_S
        await load.pool.execute("select flow.breaker_trip($1, 'maintenance', $2, 'ana')", name, for_s)
        plans = await load.upload(3)

        deadline = time.monotonic() + TOLD_WITHIN_S
        while len(await escalations(load, plans)) < len(plans) and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
        assert agent.served == [], "nothing is let through"
        assert await load.wait(plans, ["analyzing"], within_s=0) == len(plans), "no plan was given up"
        if ends == "reset":
            await load.pool.execute("select flow.breaker_reset($1, 'done', 'ana')", name)

        assert await load.wait(plans, ["awaiting_approval"], within_s=60) == len(plans)
        rows = await load.pool.fetch("select partial from rm.plan where plan_id = any($1::uuid[])", plans)
        assert [row["partial"] for row in rows] == [False] * len(plans)
        told = await escalations(load, plans)
        assert sorted(row["plan_id"] for row in told) == sorted(plans), "each is told once"
        assert {row["cause"] for row in told} == {"breaker-open"}
        assert all(f"{name}: maintenance" in row["recommendation"] for row in told)
