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


async def begun(db: asyncpg.Connection, source: str, *, started_s: float = -60.0) -> int:
    """A process that started so many seconds from now, and whose last heartbeat was 30 s ago."""
    made: int = await db.fetchval("select flow.worker_start($1, $2, 'h', 7, 0, '1')", source, source.partition("-")[0])
    await db.execute(
        "update flow.worker set started_at = clock_timestamp() + make_interval(secs => $2),"
        " beat_at = clock_timestamp() - interval '30 s' where worker_id = $1",
        made,
        started_s,
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


async def test_one_that_said_that_it_ends_is_not_gone(db: asyncpg.Connection) -> None:
    first, _ = [await begun(db, source) for source in ("worker-1", "worker-2")]
    await db.execute("select flow.worker_stop($1, 'told to stop')", first)
    assert await gone(db, "worker-1") == []
