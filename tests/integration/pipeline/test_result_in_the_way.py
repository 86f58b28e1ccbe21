"""A row that nobody decided stands where a runner's result belongs: it is told, and the result kept in the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from schemas import outbox_seal
from schemas.belief import Mode
from schemas.events import derive_id
from schemas.process.in_the_way import PlaceTaken
from schemas.process.outbox_seals import Seals
from schemas.process.signing import Signing
from schemas.signing import parse
from schemas.topics import AGENTS_DLQ
from schemas.wire import Codec
from streams.analysis.analyst import EmbeddedAnalyst
from streams.analysis.results import HANDLER, Results
from streams.analysis.work import Work
from streams.retries.ladder import Ladder
from streams.watchdog.actions import Actions
from streams.watchdog.snapshot import Wait
from tests.integration.pipeline.test_analysis_work import Sent, item, stored, waiting

KEYS = parse("k1 " + "a1" * 32)
SEALS = Seals(Signing(KEYS, Mode.REQUIRE))


@pytest.fixture
async def pool(new_migrated: Any) -> AsyncIterator[asyncpg.Pool]:
    """Sessions as those have that decide."""
    async with asyncpg.create_pool(
        await new_migrated(), min_size=0, max_size=4, server_settings=outbox_seal.session(KEYS)
    ) as made:
        yield made


async def planted(pool: asyncpg.Pool, plan: str, place: str) -> int:
    """Write a row as somebody does who has a password. It says that it is published."""
    stream, version = (f"plan-{plan}", 2) if place == "of the plan" else (f"plan-{plan}.shopee", 1)
    async with pool.acquire() as stranger:
        await stranger.execute("select set_config('marketplace.outbox_seal', '', false)")
        seq: int = await stranger.fetchval(
            "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
            " correlation_id, actor, data, published_at) values ($1, 'plan.events', $2, 'plan.erased', $3, $4, 1, 'c',"
            " $2, 'mallory', '{}', 'infinity') returning seq",
            derive_id(plan, HANDLER, "plan.analyzed") if place == "by its id" else uuid4(),
            plan,
            f"x-{plan}" if place == "by its id" else stream,
            version,
        )
        await stranger.execute("reset marketplace.outbox_seal")
    return seq


@pytest.mark.parametrize("place", ["of the channel", "of the plan", "by its id"])
async def test_it_is_tried_again_judged_and_delivered(pool: asyncpg.Pool, codec: Codec, place: str) -> None:
    plan, document = await waiting(pool, ["shopee"])
    seq = await planted(pool, plan, place)
    sent = Sent()
    work = Work(codec, EmbeddedAnalyst(), Results(pool), sent, Ladder())  # type: ignore[arg-type] # a stand-in

    await work.see_through(item(codec, plan, document, "shopee"))  # an error here would keep its place in the runner
    (again,) = sent.records
    assert again.topic != AGENTS_DLQ
    assert "plan.analyzed" not in await stored(pool, plan)

    wait = Wait(plan, "analysis", 80.0, 5.0, 1, missing=("shopee",))
    with pytest.raises(asyncpg.UniqueViolationError):
        await Actions(pool, None, SEALS)("fail-channels", wait)  # type: ignore[arg-type] # no process is told anything
    looks = "select published_at is null and held_at is null from decide.outbox where seq = $1"
    assert await pool.fetchval(looks, seq)

    await pool.execute("delete from decide.outbox where seq = $1", seq)  # an operator takes it out
    await work.see_through(item(codec, plan, document, "shopee"))
    assert list(await stored(pool, plan)) == ["plan.uploaded", "plan.channel.analyzed .shopee", "plan.analyzed"]


async def test_what_never_gets_its_place_is_a_letter_that_says_why(pool: asyncpg.Pool, codec: Codec) -> None:
    plan, document = await waiting(pool, ["shopee"])
    await planted(pool, plan, "of the channel")
    sent = Sent()
    work = Work(codec, EmbeddedAnalyst(), Results(pool), sent, Ladder(()))  # type: ignore[arg-type] # a stand-in

    await work.see_through(item(codec, plan, document, "shopee"))

    (letter,) = sent.records
    told = {name: value.decode() for name, value in letter.headers if name.startswith("x-error")}
    assert letter.topic == AGENTS_DLQ
    assert any(PlaceTaken.__name__ in value for value in told.values())
    assert any("`marketplace outbox list`" in value for value in told.values())
