"""Somebody writes rows into the outbox: the watchdog, which seals what follows from them, begins nothing by these."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from schemas import outbox_seal
from schemas.belief import Mode
from schemas.process.outbox_seals import Seals
from schemas.process.signing import Signing
from schemas.signing import parse
from streams.watchdog import deadlines, outbox_events
from streams.watchdog.actions import Actions
from streams.watchdog.snapshot import Wait
from tests.integration.streams.watchdog.watched import PATIENCE, Watched, approved, publish, said, uploaded
from tests.support.events import given_phase1, phase_task

KEYS = parse("k1 " + "a1" * 32)
MARK = "Pagar ao atacante"


@pytest.fixture
async def pool(new_migrated: Any) -> AsyncIterator[asyncpg.Pool]:
    """Sessions as those have that decide."""
    async with asyncpg.create_pool(
        await new_migrated(), min_size=0, max_size=8, server_settings=outbox_seal.session(KEYS)
    ) as made:
        yield made


@pytest.fixture
def seals() -> Seals:
    return Seals(Signing(KEYS, Mode.REQUIRE))


async def planted(pool: asyncpg.Pool, plan_id: str, type_: str, version: int, stream: str = "", **data: Any) -> int:
    """Write a row as somebody does who has the password of a database user; return its number."""
    async with pool.acquire() as stranger:
        await stranger.execute("select set_config('marketplace.outbox_seal', '', false)")
        seq: int = await stranger.fetchval(
            "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
            " correlation_id, actor, data, published_at) values ($1, 'plan.events', $2, $3, $4, $5, 1, 'c', $2,"
            " 'mallory', $6::jsonb, 'infinity') returning seq",
            uuid4(),
            plan_id,
            type_,
            stream or f"plan-{plan_id}",
            version,
            json.dumps({"plan_id": plan_id, **data}),
        )
        await stranger.execute("reset marketplace.outbox_seal")
    return seq


async def is_judged(pool: asyncpg.Pool, seq: int) -> bool:
    """Say whether the relay looks at a row now, although it claimed to be published."""
    looks = "select published_at is null and held_at is null from decide.outbox where seq = $1"
    return bool(await pool.fetchval(looks, seq))


def attack() -> dict[str, Any]:
    given = given_phase1([phase_task(7, channel="", title=MARK)])
    return {
        "reason": "",
        "channels": ["shopee"],
        "priority": "normal",
        "opportunities": [],
        "phases": [],
        "phase1": given,
    }


async def made(pool: asyncpg.Pool) -> str:
    """Return all that the outbox has of a Phase 1."""
    return str(
        await pool.fetchval(
            "select coalesce(string_agg(data::text, ' '), '') from decide.outbox"
            " where type in ('plan.phase1.created', 'task.created')"
        )
    )


@pytest.mark.parametrize("forgotten", [False, True])
async def test_an_approval_that_nobody_gave_makes_no_phase1_in_the_place_of_the_true_one(
    pool: asyncpg.Pool, connection: asyncpg.Connection, seals: Seals, forgotten: bool
) -> None:
    """Also when the outbox has forgotten the true one, which the history has."""
    plan_id = await approved(pool)
    await publish(pool)
    if forgotten:
        await pool.execute("delete from decide.outbox")
    seq = await planted(pool, plan_id, "plan.approved", 1 if forgotten else 99, **attack())
    await asyncio.sleep(0.06)

    assert await Watched(PATIENCE, seals).round(connection) == 1

    phase1 = await made(pool)
    assert (phase1 != "", MARK in phase1) == (True, False)
    assert await is_judged(pool, seq)
    found = await outbox_events.cause_of(connection, plan_id, "plan.approved", seals=seals)
    assert found is not None
    assert found[0].actor == "ana"


async def test_an_approval_that_nobody_gave_makes_none_at_all(
    pool: asyncpg.Pool, connection: asyncpg.Connection, seals: Seals
) -> None:
    plan_id = await uploaded(pool)
    seq = await planted(pool, plan_id, "plan.approved", 3, **attack())

    assert await outbox_events.cause_of(connection, plan_id, "plan.approved", seals=seals) is None

    assert await is_judged(pool, seq)
    why = f"{outbox_seal.FORGED} nobody has sealed it"
    await pool.execute("update decide.outbox set held_at = now(), held_why = $2 where seq = $1", seq, why)
    assert await outbox_events.cause_of(connection, plan_id, "plan.approved", seals=seals) is None
    assert await pool.fetchval(f"select {outbox_seal.IS_TOLD} from decide.outbox where seq = $1", seq)


async def test_an_end_that_nobody_decided_ends_no_wait(
    pool: asyncpg.Pool, connection: asyncpg.Connection, seals: Seals
) -> None:
    plan_id = await approved(pool)
    await publish(pool)
    seq = await planted(pool, plan_id, "plan.phase1.created", 99, tasks=[])
    rows = await deadlines.missed(connection, PATIENCE) or await _soon(connection)

    waits = await deadlines.waits(connection, rows, PATIENCE, seals)

    assert [(one.concluded, one.conclusion_published) for one in waits] == [(False, True)]
    assert await is_judged(pool, seq)


async def test_what_stands_in_the_way_of_what_the_watchdog_says_is_judged(
    pool: asyncpg.Pool, connection: asyncpg.Connection, seals: Seals
) -> None:
    plan_id = await approved(pool)
    await publish(pool)
    seq = await planted(pool, plan_id, "plan.recovered", 1, f"recovery-{plan_id}", attempt=0, stalled_ms=0)
    await asyncio.sleep(0.06)

    await Watched(PATIENCE, seals).round(connection)

    assert await said(pool, plan_id) == [("plan.recovered", 1), ("plan.recovery.started", 2)]
    assert await is_judged(pool, seq)


async def test_an_upload_that_nobody_made_has_no_other_document_analysed(
    pool: asyncpg.Pool, connection: asyncpg.Connection, seals: Seals
) -> None:
    """Such as another team's, by the rules, into a plan that the writer sees."""
    mine, others = await uploaded(pool), await uploaded(pool)
    document = await pool.fetchval("select document_id::text from decide.document where plan_id = $1::uuid", others)
    await pool.execute("delete from decide.outbox")  # a day later
    upload = {"document_id": document, "channels": ["shopee"], "priority": "normal", "title": "t", "filename": "f"}
    seq = await planted(pool, mine, "plan.uploaded", 1, **upload)

    wait = Wait(mine, "analysis", 80.0, 5.0, 1, missing=("shopee",))
    await Actions(pool, None, seals)("fail-channels", wait)  # type: ignore[arg-type] # no process is told anything

    assert await pool.fetchval("select count(*) from decide.channel_result") == 0
    assert await is_judged(pool, seq)


async def test_where_nothing_is_signed_nothing_is_asked_of_a_row(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    plan_id = await uploaded(pool)
    await planted(pool, plan_id, "plan.approved", 3, **attack())
    found = await outbox_events.cause_of(connection, plan_id, "plan.approved")
    assert found is not None
    assert found[0].actor == "mallory"


async def _soon(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    await asyncio.sleep(0.06)
    return await deadlines.missed(connection, PATIENCE)
