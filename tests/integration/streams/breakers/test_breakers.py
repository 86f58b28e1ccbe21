"""The breakers as the analysis uses them: one probe among many callers, rubbish is a channel's fault, outages pass."""

from __future__ import annotations

import asyncio
from typing import Literal
from uuid import uuid4

import asyncpg
import pytest

from local.load import facts
from schemas.channels import CHANNELS
from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis
from schemas.process.settings import SettingsError
from streams.analysis.agents.errors import AgentNotCalled, AgentRejected, AgentUnavailable, AnswerUnusable
from streams.analysis.agents.settings import AgentSettings
from streams.analysis.protected import BreakerAnalyst, breakers_of, provider_of
from streams.breakers.breakers import Breakers
from streams.breakers.errors import BreakerOpen
from streams.breakers.settings import Limits
from streams.retries.ladder import Postponed

LIMITS = Limits(failures=3, reset_s=60, successes=2)
ANALYSIS = ChannelAnalysis("shopee", "agent", "m", "s", [], [], [], [])


class Agent:
    """Answers with what it is told to; counts how often it is asked."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.asked = 0
        self.slow = asyncio.Event()
        self.slow.set()

    async def analyse(self, channel: str, facts: DocumentFacts, *, deadline: float | None = None) -> ChannelAnalysis:
        self.asked += 1
        await self.slow.wait()
        if self.error is not None:
            raise self.error
        return ANALYSIS


def guarded(pool: asyncpg.Pool) -> tuple[Agent, BreakerAnalyst, str]:
    agent, provider = Agent(), f"agent:{uuid4()}/m"
    return agent, BreakerAnalyst(agent, Breakers(pool, "system:runner", LIMITS), provider), provider


async def state(pool: asyncpg.Pool, name: str) -> str:
    found = await pool.fetchval("select state from flow.breaker where name = $1", name)
    return found or "closed"


async def over(pool: asyncpg.Pool, name: str) -> None:
    await pool.execute("update flow.breaker set retry_at = now() - interval '1 s' where name like $1 || '%'", name)


async def fail(analyst: BreakerAnalyst, times: int, channel: str = "shopee") -> None:
    for _ in range(times):
        with pytest.raises((AgentUnavailable, AgentRejected, AnswerUnusable)):
            await analyst.analyse(channel, facts())


async def test_an_unreachable_provider_is_left_alone_by_every_channel(pool: asyncpg.Pool) -> None:
    agent, analyst, provider = guarded(pool)
    agent.error = AgentUnavailable("no connection", kind="connection")
    await fail(analyst, 3)
    assert await state(pool, provider) == "open"

    with pytest.raises(BreakerOpen) as refused:
        await analyst.analyse("amazon", facts())

    assert agent.asked == 3
    assert isinstance(refused.value, Postponed)
    assert refused.value.name == provider
    assert refused.value.retry_at is not None


async def test_rubbish_opens_its_channel_only(pool: asyncpg.Pool) -> None:
    agent, analyst, provider = guarded(pool)
    agent.error = AnswerUnusable("no_json")
    await fail(analyst, 3)
    agent.error = None

    with pytest.raises(BreakerOpen):
        await analyst.analyse("shopee", facts())

    assert await analyst.analyse("amazon", facts()) is ANALYSIS
    assert (await state(pool, provider), await state(pool, f"{provider}:shopee")) == ("closed", "open")


@pytest.mark.parametrize("kind", ["content_filter", "too_long"])
async def test_a_document_that_the_agent_will_not_take_is_nobodys_failure(pool: asyncpg.Pool, kind: str) -> None:
    agent, analyst, provider = guarded(pool)
    agent.error = AgentRejected("not this one", kind=kind)
    await fail(analyst, 10)

    assert (await state(pool, provider), await state(pool, f"{provider}:shopee")) == ("closed", "closed")
    agent.error = None
    assert await analyst.analyse("shopee", facts()) is ANALYSIS


@pytest.mark.parametrize("kind", ["deadline", "budget"])
async def test_a_call_that_is_not_made_is_nobodys_failure(
    pool: asyncpg.Pool, kind: Literal["deadline", "budget"]
) -> None:
    agent, analyst, provider = guarded(pool)
    agent.error = AgentNotCalled("not now", kind=kind)
    for _ in range(10):
        with pytest.raises(AgentNotCalled):
            await analyst.analyse("shopee", facts())

    assert (await state(pool, provider), await state(pool, f"{provider}:shopee")) == ("closed", "closed")


async def test_such_a_document_is_no_probe_of_its_channel_and_a_good_one_of_the_provider(pool: asyncpg.Pool) -> None:
    agent, analyst, provider = guarded(pool)
    agent.error = AgentUnavailable("no connection", kind="connection")
    await fail(analyst, 3)
    await over(pool, provider)
    agent.error = AgentRejected("not this one", kind="content_filter")
    await fail(analyst, 2)  # it answers: that closes the provider's

    assert (await state(pool, provider), await state(pool, f"{provider}:shopee")) == ("closed", "half_open")
    agent.error = None
    for _ in range(2):
        assert await analyst.analyse("shopee", facts()) is ANALYSIS
    assert await state(pool, f"{provider}:shopee") == "closed"


async def test_what_no_database_stores_counts_as_a_failure_all_the_same(pool: asyncpg.Pool) -> None:
    agent, analyst, provider = guarded(pool)
    agent.error = AnswerUnusable("refusal", "I can\0not \ud800 do that")
    await fail(analyst, 3)

    assert await state(pool, f"{provider}:shopee") == "open"


async def test_one_probe_goes_among_many_callers_and_two_successes_close_it(pool: asyncpg.Pool) -> None:
    agent, analyst, provider = guarded(pool)
    agent.error = AgentRejected("bad key", kind="auth")
    await fail(analyst, 3)
    await over(pool, provider)
    agent.error, agent.asked = None, 0
    agent.slow.clear()

    calls = [asyncio.create_task(analyst.analyse("shopee", facts())) for _ in range(20)]
    left = set(calls)
    while len(left) > 1:
        _, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
        assert agent.asked <= 1
    assert agent.asked == 1
    done = set(calls) - left
    assert all(isinstance(c.exception(), BreakerOpen) for c in done)
    agent.slow.set()
    assert (await asyncio.gather(*(c for c in calls if c not in done))) == [ANALYSIS]
    assert await state(pool, provider) == "half_open"

    await analyst.analyse("shopee", facts())

    assert (await state(pool, provider), await state(pool, f"{provider}:shopee")) == ("closed", "closed")


async def test_a_probe_that_is_cancelled_gives_its_turn_back(pool: asyncpg.Pool) -> None:
    agent, analyst, provider = guarded(pool)
    agent.error = AgentUnavailable("503", kind="server_error")
    await fail(analyst, 3)
    await over(pool, provider)
    agent.error = None
    agent.slow.clear()
    probe = asyncio.create_task(analyst.analyse("shopee", facts()))
    while agent.asked < 4:
        await asyncio.sleep(0.01)
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    agent.slow.set()

    assert await analyst.analyse("shopee", facts()) is ANALYSIS


@pytest.mark.parametrize("ends", ["cancelled", "well", "badly"])
async def test_a_call_that_is_no_probe_leaves_the_turn_to_the_one_that_is(pool: asyncpg.Pool, ends: str) -> None:
    agent, analyst, provider = guarded(pool)
    agent.slow.clear()
    before = asyncio.create_task(analyst.analyse("shopee", facts()))  # the breakers are closed
    while agent.asked < 1:
        await asyncio.sleep(0.01)
    await pool.execute("select flow.breaker_trip($1, 'x', 0.001, 'test')", provider)
    await asyncio.sleep(0.01)
    early, agent.slow = agent.slow, asyncio.Event()
    probe = asyncio.create_task(analyst.analyse("shopee", facts()))
    while agent.asked < 2:
        await asyncio.sleep(0.01)

    if ends == "cancelled":
        before.cancel()
    elif ends == "badly":
        agent.error = AgentUnavailable("503", kind="server_error")
    early.set()
    await asyncio.wait([before])
    agent.error = None
    row = await pool.fetchrow("select state, failures, successes from flow.breaker where name = $1", provider)
    assert row is not None
    assert tuple(row) == ("half_open", 0, 0), "what is no probe does not count"

    with pytest.raises(BreakerOpen):
        await analyst.analyse("shopee", facts())
    assert agent.asked == 2, "one probe at a time"
    agent.slow.set()
    assert await probe is ANALYSIS
    assert await pool.fetchval("select successes from flow.breaker where name = $1", provider) == 1


async def test_a_refused_probe_does_not_keep_the_turn_of_another_breaker(pool: asyncpg.Pool) -> None:
    agent, analyst, provider = guarded(pool)
    await pool.execute("select flow.breaker_trip($1, 'x', 0.001, 'test')", provider)
    await pool.execute("select flow.breaker_trip($1, 'x', 600, 'test')", f"{provider}:shopee")
    await asyncio.sleep(0.01)

    with pytest.raises(BreakerOpen):
        await analyst.analyse("shopee", facts())

    assert agent.asked == 0
    assert await analyst.analyse("amazon", facts()) is ANALYSIS


async def test_a_runner_makes_its_breakers_known_and_leaves_those_that_are(pool: asyncpg.Pool) -> None:
    provider = f"agent:{uuid4()}/m"
    await pool.execute("select flow.breaker_trip($1, 'maintenance', 600, 'ana')", f"{provider}:shopee")

    for _ in range(2):
        await Breakers(pool, "system:runner", LIMITS).make_known(breakers_of(provider))

    rows = await pool.fetch("select name, state from flow.breaker where name like $1 || '%'", provider)
    states = {row["name"]: row["state"] for row in rows}
    assert set(states) == {provider, *(f"{provider}:{channel}" for channel in CHANNELS)}
    assert [name for name, state in states.items() if state != "closed"] == [f"{provider}:shopee"]


async def test_without_the_database_nothing_is_held_back() -> None:
    pool = asyncpg.create_pool("postgresql://nobody@127.0.0.1:1/none", min_size=0, max_size=1, timeout=1)
    async with pool:
        agent, analyst, _ = guarded(pool)
        assert await analyst.analyse("shopee", facts()) is ANALYSIS
        assert agent.asked == 1


def test_a_providers_name_says_where_and_which_and_no_secret() -> None:
    settings = AgentSettings("key", base_url="https://user:secret@llm.example:8443/v1", model="gpt")
    assert provider_of(settings) == "agent:llm.example:8443/gpt"


@pytest.mark.parametrize("wrong", ["0", "-1", "many", "nan", "inf"])
def test_limits_are_checked(wrong: str) -> None:
    with pytest.raises(SettingsError, match="MARKETPLACE_BREAKER_RESET"):
        Limits.from_env({"MARKETPLACE_BREAKER_RESET": wrong})
    assert Limits.from_env({}) == Limits(5, 60.0, 2)
