"""Processes that ended without a word are read for a while, where others of their kind live on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from projections.reads.processes import GONE_S, REPLACED_S, processes
from schemas.process.liveness import GONE
from tests.support.taken_back import taken_back

_ENDED = "update flow.worker set stopped_at = clock_timestamp() - make_interval(secs => $2) where worker_id = $1"


@pytest.fixture
async def db(pool: asyncpg.Pool) -> AsyncIterator[Any]:
    async with taken_back(pool, "delete from flow.worker") as connection:
        yield connection


async def begun(db: asyncpg.Connection, source: str, *, started_s: float = -60.0, beat_s: float = -30.0) -> int:
    """A process that started, and whose last heartbeat was, so many seconds from now."""
    made: int = await db.fetchval("select flow.worker_start($1, $2, 'h', 7, 0, '1')", source, source.partition("-")[0])
    await db.execute(
        "update flow.worker set started_at = clock_timestamp() + make_interval(secs => $2),"
        " beat_at = clock_timestamp() + make_interval(secs => $3) where worker_id = $1",
        made,
        started_s,
        beat_s,
    )
    return made


async def gone(db: asyncpg.Connection, *ended: str) -> list[str]:
    return [one.source for one in await processes(db) if one.source in ended and not one.connected]


async def test_one_of_several_that_ended_without_a_word_is_told_for_a_while(db: asyncpg.Connection) -> None:
    alone, first, _ = [await begun(db, source) for source in ("pump-1", "worker-1", "worker-2")]
    for one in (alone, first):
        await db.execute("select flow.worker_stop($1, $2)", one, GONE)
    ended = "pump-1", "worker-1"
    assert await gone(db, *ended) == ["worker-1"], "of the only one of its kind it is said that none is there"

    await db.execute(_ENDED, first, REPLACED_S + 1)
    assert await gone(db, *ended) == ["worker-1"]
    again = await begun(db, "worker-3", started_s=-1.0)
    assert await gone(db, *ended) == [], "another one has started since"
    await db.execute(_ENDED, first, REPLACED_S - 1)
    assert await gone(db, *ended) == ["worker-1"]
    await db.execute("delete from flow.worker where worker_id = $1", again)
    await db.execute(_ENDED, first, GONE_S + 1)
    assert await gone(db, *ended) == [], "the others have taken over its work"


async def test_the_only_one_is_told_to_have_gone_if_it_is_back_before_anybody_looked(db: asyncpg.Connection) -> None:
    alone = await begun(db, "pump-1", beat_s=-1.5)
    await db.execute("select flow.worker_stop($1, $2)", alone, GONE)
    assert await gone(db, "pump-1") == [], "that none is there says it"
    await begun(db, "pump-2", started_s=-0.5, beat_s=-0.1)
    assert await gone(db, "pump-1") == ["pump-1"]
    await db.execute(_ENDED, alone, REPLACED_S + 1)
    assert await gone(db, "pump-1") == []


async def test_what_ended_with_all_the_others_long_ago_is_not_told_as_it_is_noticed(db: asyncpg.Connection) -> None:
    alone = await begun(db, "pump-1", beat_s=-GONE_S - 1)
    await db.execute("select flow.worker_stop($1, $2)", alone, GONE)
    await begun(db, "pump-2", started_s=-0.5, beat_s=-0.1)
    assert await gone(db, "pump-1") == []


async def test_one_that_said_that_it_ends_is_not_gone(db: asyncpg.Connection) -> None:
    first, _ = [await begun(db, source) for source in ("worker-1", "worker-2")]
    await db.execute("select flow.worker_stop($1, 'told to stop')", first)
    assert await gone(db, "worker-1") == []
