"""Which of an agent's latest answers could be used, as the database tells it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from projections.reads.answers import ANSWERS, LAST, Answers, answers
from tests.integration.gateway import gateway_seed as seed
from tests.support.taken_back import taken_back

AGENT, OTHER = "agent:x/m", "agent:y/n"


@pytest.fixture
async def db(pool: asyncpg.Pool) -> AsyncIterator[Any]:
    """A connection in a transaction that is taken back, in which no agent has answered and no breaker is there."""
    async with taken_back(pool, "delete from rm.task; delete from rm.plan; delete from flow.breaker") as connection:
        yield connection


async def channel(
    db: asyncpg.Connection, *failed: tuple[str, str], by: str = "", ago: str = "9 s", channel: str = "shopee"
) -> None:
    """A channel that was analysed `ago`: these agents failed so, and `by` or the rules wrote it then."""
    plan = await seed.add_plan(db, status="awaiting_approval")
    await db.execute(
        f"update rm.plan set analyzed_at = now() - interval '{ago}', changed_at = now() where plan_id = $1", plan
    )
    await db.execute("delete from rm.plan_channel where plan_id = $1", plan)
    fallback = [{"agent": agent, "code": code, "reason": f"so: {code}", "attempts": 1} for agent, code in failed]
    use = [{"agent": agent} for agent, _ in failed] + ([{"agent": by}] if by else [])
    await db.execute(
        "insert into rm.plan_channel (plan_id, channel, version, status, source, changed_at, fallback, agent_use)"
        f" values ($1, $2, 1, 'analyzed', $3, now() - interval '{ago}', $4::jsonb, $5::jsonb)",
        plan,
        channel,
        "agent" if by else "rules",
        json.dumps(fallback),
        json.dumps(use),
    )


async def found(db: asyncpg.Connection) -> list[tuple[str, int, int, int]]:
    return [(one.agent, one.given, one.unusable, one.by_rules) for one in await read(db)]


async def read(db: asyncpg.Connection) -> tuple[Answers, ...]:
    return answers(await db.fetchval(ANSWERS))


async def test_answers_are_counted_by_agent_and_calls_without_one_are_not(db: asyncpg.Connection) -> None:
    await channel(db, by=AGENT)
    await channel(db, (AGENT, "answer-no-json"))
    await channel(db, (AGENT, "answer-unfounded"), by=OTHER)
    await channel(db, (AGENT, "agent-timeout"), (OTHER, "agent-held"))
    assert await found(db) == [(AGENT, 3, 2, 1), (OTHER, 1, 0, 0)]


async def test_the_latest_answer_that_cannot_be_used_says_why(db: asyncpg.Connection) -> None:
    await channel(db, (AGENT, "answer-no-json"), ago="3 minutes")
    await channel(db, (AGENT, "answer-language"), ago="2 minutes", channel="amazon")
    await channel(db, by=AGENT, ago="1 minute")
    [one] = await read(db)
    assert (one.channel, one.reason) == ("amazon", "so: answer-language")
    assert one.since is not None


async def test_good_answers_displace_those_before_them(db: asyncpg.Connection) -> None:
    for _ in range(LAST):
        await channel(db, (AGENT, "answer-empty"), ago="5 minutes")
    assert await found(db) == [(AGENT, LAST, LAST, LAST)]
    for n in range(1, LAST + 1):
        await channel(db, by=AGENT)
        assert await found(db) == [(AGENT, LAST, LAST - n, LAST - n)]


async def test_an_agent_that_nobody_has_asked_for_long_is_not_judged(db: asyncpg.Connection) -> None:
    await channel(db, (AGENT, "answer-empty"), ago="16 minutes")
    assert await found(db) == []


@pytest.mark.parametrize(
    ("name", "state", "ago", "counted"),
    [
        (AGENT, "closed", "1 minute", False),
        (f"{AGENT}:shopee", "closed", "1 minute", False),
        (f"{AGENT}:amazon", "closed", "1 minute", True),
        (AGENT, "open", "1 minute", True),
        (AGENT, "closed", "3 minutes", True),
    ],
)
async def test_what_a_breaker_has_forgiven_is_not_held_against_an_agent(
    db: asyncpg.Connection, name: str, state: str, ago: str, counted: bool
) -> None:
    await channel(db, (AGENT, "answer-empty"), ago="2 minutes")
    await db.execute(
        f"insert into flow.breaker (name, state, changed_at) values ($1, $2, now() - interval '{ago}')", name, state
    )
    assert await found(db) == ([(AGENT, 1, 1, 1)] if counted else [])
