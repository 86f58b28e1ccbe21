"""A plan whose agent is bad in whatever way ends with something that a person can decide on, or is told to a person.

Without anybody doing anything.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from local.llm.server import StandInAgent
from local.load import Load
from local.stack import Stack
from schemas.topics import PLAN_EVENTS, WORK
from streams.analysis.agents.patience import LEAST_S
from tests.support.assigned import assigned
from tests.support.patience import PATIENCE_S
from tests.support.systems import Systems

KEY = "mrs_agents_" + secrets.token_urlsafe(32)
CHANNELS = ("mercado_livre", "shopee", "amazon", "magalu", "tiktok_shop", "shein")
#: One answer each, whichever channel asks for it; then the agent fails for good.
MIXED = ("good", "not-json", "hang", "empty", "status:503", "good", "hang", "close", "not-json", "good")
DEADLINE_S = 2.0
ANALYSIS_DUE_S = 5.0
#: Of one plan alone: the retries of 1 and 5 s fit in, the one of 30 s does not.
ALONE_DUE_S = 20.0
OPEN = "select true from flow.breaker where name like 'agent:%' and state = 'open'"


@pytest.fixture(scope="module")
def agent() -> Iterator[StandInAgent]:
    with StandInAgent() as stand_in:
        yield stand_in


def asking(agent: StandInAgent) -> dict[str, str]:
    """Settings of a whole system with the stand-in as its agent, and short deadlines."""
    return {
        "MARKETPLACE_BOOTSTRAP_KEY": KEY,
        "OPENAI_BASE_URL": agent.base_url,
        "MARKETPLACE_AGENT_DEADLINE": str(DEADLINE_S),
        "MARKETPLACE_ANALYSIS_DUE": str(ANALYSIS_DUE_S),
    }


@pytest.fixture(scope="module")
async def system(
    agent: StandInAgent, tmp_path_factory: pytest.TempPathFactory, systems: Systems
) -> AsyncIterator[Stack]:
    """A system whose breakers are tried again soon. Its groups have joined: no plan has to end while they do."""
    env = {**asking(agent), "MARKETPLACE_BREAKER_RESET": "5", "MARKETPLACE_ANALYSIS_DUE": str(ALONE_DUE_S)}
    async with systems.system(tmp_path_factory.mktemp("agents"), env) as stack:
        async with Load(stack.env, KEY) as load:
            await assigned(load, "worker", PLAN_EVENTS, {stack.pid("worker")})
            for topic in WORK.values():
                await assigned(load, "runner", topic, {stack.pid("runner")})
        yield stack


async def ended(load: Load, plan: str) -> str:
    """Return the status of a plan once a person can act on it, or "escalated" once one was told."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        status = await load.pool.fetchval("select status from rm.plan where plan_id = $1::uuid", plan)
        if status == "awaiting_approval":
            return str(status)
        if await load.pool.fetchval(
            "select true from rm.recovery where plan_id = $1::uuid and type = 'plan.escalated'", plan
        ):
            return "escalated"
        await asyncio.sleep(0.1)
    return "nothing"


async def open_breaker(load: Load, agent: StandInAgent) -> None:
    """Upload plans to an agent that fails until the breaker of its calls is open: its failures are counted in a row."""
    agent.behave("status:503")
    deadline = time.monotonic() + PATIENCE_S
    while not await load.pool.fetchval(OPEN):
        assert time.monotonic() < deadline, "an agent that fails each call opens no breaker"
        [plan] = await load.upload(1, channels=CHANNELS)
        assert await ended(load, plan) in {"awaiting_approval", "escalated"}


async def all_whole(load: Load, plans: list[str]) -> None:
    """Check that each of the plans ends with an analysis of all its channels, and gives tasks."""
    states = await asyncio.gather(*(ended(load, plan) for plan in plans))
    assert set(states) <= {"awaiting_approval", "escalated"}
    assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == len(plans)
    rows = await load.pool.fetch(
        "select partial, outcomes::text as outcomes from rm.plan where plan_id = any($1::uuid[])", plans
    )
    assert not any(row["partial"] for row in rows), "the rules analyse what no agent does"
    assert all(channel in row["outcomes"] for row in rows for channel in CHANNELS)
    await load.approve(plans)
    made = await load.wait_for_tasks(plans, within_s=PATIENCE_S)
    assert min(made[plan] for plan in plans) >= 1


async def test_plans_of_many_channels_end_though_an_open_breaker_is_not_tried_again_in_time(
    agent: StandInAgent, tmp_path: Path, systems: Systems
) -> None:
    """Each channel meets another mischief; then the breaker is open, for longer than anybody waits."""
    env = {**asking(agent), "MARKETPLACE_ESCALATE_AFTER": "8", "MARKETPLACE_BREAKER_RESET": "600"}
    async with systems.system(tmp_path, env) as stack, Load(stack.env, KEY) as load:
        agent.behave(*MIXED, "status:503")
        await all_whole(load, await load.upload(2, channels=CHANNELS))

        await open_breaker(load, agent)
        await all_whole(load, await load.upload(2, channels=CHANNELS))
        assert await load.pool.fetchval(OPEN), "it was tried again"


@pytest.mark.parametrize(
    ("behaviour", "source"),
    [
        ("no-number", "agent"),
        ("no-phases", "agent"),
        ("not-json", "rules"),
        ("empty", "rules"),
        ("hang", "rules"),
        ("status:503", "rules"),
        ("close", "rules"),
    ],
)
async def test_a_plan_ends_whole_in_time_or_told_whatever_its_agent_does(
    system: Stack, agent: StandInAgent, behaviour: str, source: str
) -> None:
    agent.behave(behaviour)
    async with Load(system.env, KEY) as load:
        await load.pool.execute("select flow.breaker_reset(name, 'a test begins', 'test') from flow.breaker")
        began = time.monotonic()
        [plan] = await load.upload(1)

        assert await ended(load, plan) == "awaiting_approval"

        print(f"{behaviour}: a person can decide after {time.monotonic() - began:.1f} s")
        assert await load.wait([plan], ["awaiting_approval"], within_s=PATIENCE_S) == 1
        row = await load.pool.fetchrow(
            "select p.partial, c.status, c.source, jsonb_array_length(c.fallback) as failed,"
            " p.analyzed_at > p.uploaded_at + make_interval(secs => $2) as is_late, exists ("
            "     select from rm.recovery r where r.plan_id = p.plan_id and r.type = 'plan.stalled') as told"
            " from rm.plan p join rm.plan_channel c using (plan_id) where p.plan_id = $1::uuid",
            plan,
            ALONE_DUE_S,
        )
        assert row is not None
        assert (row["partial"], row["status"], row["source"]) == (False, "analyzed", source)
        assert row["failed"] == (source == "rules"), "who failed stands in the result of the rules"
        assert row["told"] or not row["is_late"], "the plan is whole before its deadline, or the watchdog has told it"
        await load.approve([plan])
        made = await load.wait_for_tasks([plan], within_s=PATIENCE_S)
        assert made[plan] >= 1


async def test_how_long_an_agent_is_waited_for_is_told_once_it_has_answered(system: Stack, agent: StandInAgent) -> None:
    agent.behave("good")
    async with Load(system.env, KEY) as load:
        await load.pool.execute("select flow.breaker_reset(name, 'a test begins', 'test') from flow.breaker")
        plans = await load.upload(2, channels=CHANNELS)
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == 2
        asked = "select progress -> 'patience_s' from flow.worker where role = 'runner' and stopped_at is null"
        told: dict[str, float] = {}
        async with asyncio.timeout(PATIENCE_S):
            while not told:  # the process says it once a second
                await asyncio.sleep(0.1)
                told = json.loads(await load.pool.fetchval(asked) or "{}")
    [(name, seconds)] = told.items()
    assert name.startswith("agent:127.0.0.1:")
    assert seconds >= LEAST_S
