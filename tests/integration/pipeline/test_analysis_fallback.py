"""A plan has all its channels before its deadline, whatever its agents do: by the rules, which says so."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from local.load import CHANNEL, facts
from schemas import headers
from schemas.wire import Codec
from streams.analysis.agents.client import AgentClient
from streams.analysis.agents.errors import AgentUnavailable
from streams.analysis.agents.meter import Taken
from streams.analysis.agents.prices import Price
from streams.analysis.in_turn import InTurn
from streams.analysis.results import Results
from streams.analysis.rules import analyse
from streams.analysis.spending import Spending
from streams.analysis.work import Work
from streams.breakers.errors import BreakerOpen
from streams.retries.ladder import Ladder
from streams.watchdog.actions import Actions
from streams.watchdog.snapshot import Wait
from tests.support.misbehaving_agent import MisbehavingAgent
from tests.support.patience import PATIENCE_S

from .test_analysis_work import NOBODY, Sent, item, raising, stored, waiting

DUE_S = 75.0


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingAgent]:
    with MisbehavingAgent() as running:
        yield running


@pytest.fixture
async def agents(server: MisbehavingAgent) -> AsyncIterator[list[AgentClient]]:
    """Two agents; named like a behaviour, each has it."""
    made: list[AgentClient] = []
    yield made
    for one in made:
        await one.close()


def in_turn(server: MisbehavingAgent, agents: list[AgentClient], *models: str, **changes: Any) -> InTurn:
    server.behave("good")
    given = {"deadline_s": 30.0, "attempts": 2, **changes}
    agents += [AgentClient(server.settings(model=model, **given)) for model in models]
    return InTurn([(one.settings.name, one) for one in agents])


async def spent(pool: asyncpg.Pool, plan: str, seconds: float) -> None:
    """Let a plan have waited for so long."""
    await pool.execute(
        "update flow.deadline set since = clock_timestamp() - make_interval(secs => $2) where plan_id = $1::uuid",
        plan,
        seconds,
    )


async def analysed(
    pool: asyncpg.Pool, codec: Codec, analyst: Any, *, waited_s: float = 0.0, attempt: int = 0, **given: Any
) -> tuple[dict[str, Any], Sent]:
    """Return what is stored of a new plan after one attempt at its only channel, and what was sent."""
    plan, document = await waiting(pool, [CHANNEL])
    await spent(pool, plan, waited_s)
    sent = Sent()
    carried = [(headers.ATTEMPT, str(attempt).encode())] if attempt else []
    given = {"due_s": DUE_S, **given}
    work = Work(codec, analyst, Results(pool), sent, **given)  # type: ignore[arg-type] # a stand-in
    await work.see_through(item(codec, plan, document, CHANNEL, *carried))
    return await stored(pool, plan), sent


def channel_of(after: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = after[f"plan.channel.analyzed .{CHANNEL}"]
    return found


@pytest.mark.parametrize(
    ("behaviour", "code", "requests"),
    [
        ("nonsense", "answer-language", 2),
        ("example", "answer-language", 2),
        ("echo", "answer-echo", 2),
        ("other-numbers", "answer-unfounded", 2),
        ("english", "answer-language", 2),
        ("half", "answer-truncated", 2),
        ("not-json", "answer-no-json", 2),
        ("empty", "answer-empty", 2),
        ("empty-lists", "answer-empty", 2),
        ("refusal", "answer-refusal", 1),
        ("bad-key", "agent-key", 1),
        ("status:500", "agent-server-error", 2),
        ("close", "agent-connection", 2),
    ],
)
async def test_whatever_the_agent_says_the_plan_is_whole_by_the_rules_and_says_so(
    pool: asyncpg.Pool,
    codec: Codec,
    server: MisbehavingAgent,
    agents: list[AgentClient],
    behaviour: str,
    code: str,
    requests: int,
) -> None:
    analyst = in_turn(server, agents, behaviour)

    after, sent = await analysed(pool, codec, analyst, attempt=Ladder().max_attempts)

    assert sent.records == []
    assert after["plan.analyzed"]["partial"] is False
    found = channel_of(after)
    rules = json.loads(json.dumps(analyse(CHANNEL, facts()).to_dict()))
    kept = ("source", "model", "summary", "opportunities", "phases", "limits", "repairs", "unmatched")
    assert {name: found[name] for name in kept} == {name: rules[name] for name in kept}, "nothing is the model's"
    [failed] = found["fallback"]
    assert (failed["agent"], failed["code"]) == (agents[0].settings.name, code)
    assert failed["reason"]
    [use] = found["use"]
    assert (use["calls"], len(server.served)) == (requests, requests)


async def test_an_agent_that_hangs_is_left_in_time_and_not_asked_again(
    pool: asyncpg.Pool, codec: Codec, server: MisbehavingAgent, agents: list[AgentClient]
) -> None:
    """By its own deadline alone the agent would be waited for longer than this test may take."""
    analyst = in_turn(server, agents, "hang", deadline_s=600.0)
    given: list[float] = []

    class Noting:
        async def analyse(self, channel: str, facts: Any, *, deadline: float) -> Any:
            given.append(deadline)
            return await analyst.analyse(channel, facts, deadline=deadline)

    after, sent = await analysed(pool, codec, Noting(), due_s=5.0)

    [left] = given
    assert 0 < left <= 0.9 * 5.0, "the analysis is to end before the plan's deadline"
    assert channel_of(after)["fallback"][0]["code"] == "agent-timeout"
    assert channel_of(after)["source"] == "rules"
    assert sent.records == [], "a second answer would come too late"
    assert len(server.served) == 1


@pytest.mark.parametrize("waited_s", [71.5, 74.0, 500.0])
async def test_no_call_begins_that_cannot_be_of_use(
    pool: asyncpg.Pool, codec: Codec, server: MisbehavingAgent, agents: list[AgentClient], waited_s: float
) -> None:
    after, _ = await analysed(pool, codec, in_turn(server, agents, "good"), waited_s=waited_s)

    assert server.served == []
    assert channel_of(after)["fallback"][0]["code"] == "agent-deadline"
    assert channel_of(after)["use"] == []


async def test_no_agent_writes_of_a_channel_of_which_the_document_tells_nothing(
    pool: asyncpg.Pool, codec: Codec, server: MisbehavingAgent, agents: list[AgentClient]
) -> None:
    """Chosen for a document of another channel's sales: whatever it wrote would be made up, and look like a plan."""
    plan, document = await waiting(pool, [CHANNEL, "amazon"])
    sent = Sent()
    analyst = in_turn(server, agents, "good")
    work = Work(codec, analyst, Results(pool), sent, due_s=DUE_S)  # type: ignore[arg-type] # a stand-in

    await work.see_through(item(codec, plan, document, CHANNEL))
    await work.see_through(item(codec, plan, document, "amazon"))

    after = await stored(pool, plan)
    assert channel_of(after)["source"] == "agent"
    empty = after["plan.channel.analyzed .amazon"]
    assert (empty["source"], empty["opportunities"], empty["use"]) == ("rules", [], [])
    assert [failure["code"] for failure in empty["fallback"]] == ["agent-nothing"]
    assert "O documento não traz vendas de Amazon" in empty["summary"]
    assert len(server.served) == 1


async def test_a_good_agent_is_asked_while_there_is_time(
    pool: asyncpg.Pool, codec: Codec, server: MisbehavingAgent, agents: list[AgentClient]
) -> None:
    after, _ = await analysed(pool, codec, in_turn(server, agents, "good"), waited_s=30.0)

    assert (channel_of(after)["source"], channel_of(after)["fallback"]) == ("agent", [])
    assert channel_of(after)["use"][0]["calls"] == 1


@pytest.mark.parametrize(
    ("waited_s", "attempt", "goes_to"),
    [
        (0.0, 0, ["agents.retry.1s"]),
        (0.0, 2, ["agents.retry.30s"]),
        (68.0, 0, ["agents.retry.1s"]),
        (70.5, 0, []),
        (45.0, 2, []),  # 33 s at the longest, and then a second for a call
    ],
)
async def test_what_may_pass_is_tried_again_only_where_that_is_in_time(
    pool: asyncpg.Pool, codec: Codec, waited_s: float, attempt: int, goes_to: list[str]
) -> None:
    away = raising(AgentUnavailable("away", kind="connection"))

    after, sent = await analysed(pool, codec, away, waited_s=waited_s, attempt=attempt)

    assert [record.topic for record in sent.records] == goes_to
    assert (f"plan.channel.analyzed .{CHANNEL}" in after) is not bool(goes_to)


async def test_a_server_that_asks_for_more_time_than_there_is_gets_none(pool: asyncpg.Pool, codec: Codec) -> None:
    busy = raising(AgentUnavailable("too many requests", kind="rate_limit", retry_after=600.0))

    after, sent = await analysed(pool, codec, busy)

    assert sent.records == []
    assert channel_of(after)["fallback"][0]["code"] == "agent-rate-limit"


def open_for(seconds: float) -> Any:
    return raising(BreakerOpen("agent:test/held", datetime.now(UTC) + timedelta(seconds=seconds)))


@pytest.mark.parametrize(("seconds", "waited_s", "waits"), [(10.0, 0.0, True), (80.0, 0.0, False), (1.0, 68.0, False)])
async def test_an_open_breaker_is_waited_for_as_long_as_there_is_time(
    pool: asyncpg.Pool, codec: Codec, seconds: float, waited_s: float, waits: bool
) -> None:
    after, sent = await analysed(pool, codec, open_for(seconds), waited_s=waited_s)

    assert [record.topic for record in sent.records] == (["agents.retry.5s"] if waits else [])
    if not waits:
        assert channel_of(after)["fallback"][0]["code"] == "agent-held"


@pytest.fixture
async def held(pool: asyncpg.Pool) -> AsyncIterator[str]:
    """A breaker that a person holds open."""
    name = f"agent:test/{uuid.uuid4().hex}"
    await pool.execute("select flow.breaker_trip($1, 'maintenance', null, 'ana')", name)
    yield name
    await pool.execute("select flow.breaker_reset($1, 'done', 'ana')", name)


@pytest.mark.parametrize("waited_s", [0.0, 70.0, 500.0])
async def test_what_a_person_holds_back_waits_past_the_deadline(
    pool: asyncpg.Pool, codec: Codec, held: str, waited_s: float
) -> None:
    _, sent = await analysed(pool, codec, raising(BreakerOpen(held, None)), waited_s=waited_s, agents=(held,))

    assert [record.topic for record in sent.records] == ["agents.retry.5s"]


async def test_after_a_persons_hold_a_plan_has_all_its_time_again(
    pool: asyncpg.Pool, codec: Codec, server: MisbehavingAgent, agents: list[AgentClient], held: str
) -> None:
    await pool.execute("select flow.breaker_reset($1, 'done', 'ana')", held)

    after, _ = await analysed(pool, codec, in_turn(server, agents, "good"), waited_s=500.0, agents=(held,))

    assert channel_of(after)["source"] == "agent"


async def test_the_second_agent_answers_where_the_first_one_fails(
    pool: asyncpg.Pool, codec: Codec, server: MisbehavingAgent, agents: list[AgentClient]
) -> None:
    after, sent = await analysed(pool, codec, in_turn(server, agents, "status:500", "good"))

    found = channel_of(after)
    first, second = (one.settings.name for one in agents)
    assert (found["source"], found["model"]) == ("agent", "good")
    assert [(f["agent"], f["code"]) for f in found["fallback"]] == [(first, "agent-server-error")]
    assert [(u["agent"], u["calls"]) for u in found["use"]] == [(first, 2), (second, 1)]
    assert sent.records == []


async def test_the_first_agent_leaves_time_for_the_second_one(
    pool: asyncpg.Pool, codec: Codec, server: MisbehavingAgent, agents: list[AgentClient]
) -> None:
    after, _ = await analysed(pool, codec, in_turn(server, agents, "hang", "good"), due_s=5.0)

    assert channel_of(after)["source"] == "agent"
    assert channel_of(after)["fallback"][0]["code"] == "agent-timeout"


async def test_where_both_agents_fail_the_rules_say_of_both(
    pool: asyncpg.Pool, codec: Codec, server: MisbehavingAgent, agents: list[AgentClient]
) -> None:
    after, _ = await analysed(pool, codec, in_turn(server, agents, "bad-key", "not-json"))

    found = channel_of(after)
    assert found["source"] == "rules"
    assert [f["code"] for f in found["fallback"]] == ["agent-key", "answer-no-json"]
    assert [u["calls"] for u in found["use"]] == [1, 2]


async def test_a_runner_that_never_answered_is_replaced_by_the_rules(pool: asyncpg.Pool, codec: Codec) -> None:
    """What the watchdog does at the deadline."""
    plan, _ = await waiting(pool, [CHANNEL])
    wait = Wait(plan, "analysis", 80.0, 5.0, 1, missing=(CHANNEL,))

    await Actions(pool, None)("fail-channels", wait)  # type: ignore[arg-type] # no process is told anything

    after = await stored(pool, plan)
    assert after["plan.analyzed"]["partial"] is False
    assert channel_of(after)["source"] == "rules"
    assert [f["code"] for f in channel_of(after)["fallback"]] == ["deadline-missed"]


async def test_the_budget_of_a_month_is_never_passed_by_many_at_once(pool: asyncpg.Pool) -> None:
    await pool.execute("delete from flow.agent_spend")
    purse = Spending(pool, 1.0)

    tickets = await asyncio.gather(*(purse.reserve(f"agent:{n % 2}", 0.3) for n in range(10)))

    given = [ticket for ticket in tickets if ticket is not None]
    assert len(given) == 3
    await purse.settle(given[0], Taken(1.5, 100, 50, 0.1))
    assert await purse.reserve("agent:0", 0.3) is not None, "what was not needed is there again"
    assert await purse.reserve("agent:0", 0.3) is None
    total = await pool.fetchrow(
        "select sum(cost) as cost, sum(calls) as calls, sum(input_tokens) as asked from flow.agent_spend"
    )
    assert total is not None
    assert total["cost"] == pytest.approx(1.0)
    assert (total["calls"], total["asked"]) == (4, 100)


async def test_who_reserves_waits_for_those_who_do_so_just_now(pool: asyncpg.Pool) -> None:
    await pool.execute("delete from flow.agent_spend")
    async with pool.acquire() as other, asyncio.timeout(PATIENCE_S):
        transaction = other.transaction()
        await transaction.start()
        await other.fetchval("select flow.agent_reserve('agent:0', 0.9, 1.0)")
        asked = asyncio.create_task(Spending(pool, 1.0).reserve("agent:1", 0.3))
        waits = "select true from pg_locks where locktype = 'advisory' and not granted"
        while not asked.done() and not await pool.fetchval(waits):
            await asyncio.sleep(0.01)
        await transaction.commit()
        assert await asked is None


async def test_without_a_budget_calls_are_counted_and_none_is_stopped(pool: asyncpg.Pool) -> None:
    await pool.execute("delete from flow.agent_spend")
    purse = Spending(pool)
    for _ in range(3):
        ticket = await purse.reserve("agent:0", 1e6)
        assert ticket is not None
        await purse.settle(ticket, Taken(1.0, 10, 5, None if _ else 2.0))
    row = await pool.fetchrow("select calls, input_tokens, output_tokens, seconds, cost from flow.agent_spend")
    assert row is not None
    assert tuple(row) == (3, 30, 15, 3.0, 2e6 + 2.0)


async def test_a_spent_budget_leaves_the_plan_to_the_rules(
    pool: asyncpg.Pool, codec: Codec, server: MisbehavingAgent
) -> None:
    await pool.execute("delete from flow.agent_spend")
    server.behave("good")
    settings = server.settings(model="good", deadline_s=30.0, price=Price(1.0, 1.0))
    async with AgentClient(settings, meter=Spending(pool, 0.01)) as client:
        after, _ = await analysed(pool, codec, InTurn([(settings.name, client)]))
        once = [f["code"] for f in channel_of(after)["fallback"]]
        spent_by_then = await pool.fetchval("select sum(cost) from flow.agent_spend")
        await pool.execute("update flow.agent_spend set cost = 0.0099")
        after, _ = await analysed(pool, codec, InTurn([(settings.name, client)]))
    assert once == []
    assert 0 < spent_by_then < 0.01
    assert [f["code"] for f in channel_of(after)["fallback"]] == ["agent-budget"]
    assert len(server.served) == 1


async def test_nobody_is_asked_where_the_result_is_there(pool: asyncpg.Pool, codec: Codec) -> None:
    plan, document = await waiting(pool, [CHANNEL])
    await Actions(pool, None)("fail-channels", Wait(plan, "analysis", 80.0, 5.0, 1, missing=(CHANNEL,)))  # type: ignore[arg-type] # as above
    before = await stored(pool, plan)

    await Work(codec, NOBODY, Results(pool), Sent()).see_through(item(codec, plan, document, CHANNEL))  # type: ignore[arg-type] # a stand-in

    assert await stored(pool, plan) == before
