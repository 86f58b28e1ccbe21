"""Attempts at analyses of one channel: a page is read by an index, however many are of other channels."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from projections.reads import tried
from projections.reads.tried_filter import TriedFilter
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.test_growth import Reading
from tests.support.taken_back import BY_INDEX, taken_back

FEW, MANY = 600, 6000
#: One in a hundred is of Magalu. What an analysis says is large, and stored beside its row.
EVENTS = """
    insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id,
                             topic, partition, "offset", data)
    select md5('done' || n)::uuid, md5(n::text)::uuid, 'plan.channel.analyzed',
           'plan-' || md5(n::text)::uuid || '.' || c, 1, now(), $3::timestamptz - n * interval '1 second', '', '',
           'plan.events', 0, n,
           json_build_object('channel', c, 'summary',
               (select string_agg(md5(n || ' ' || i), '') from generate_series(1, 150) i))
      from generate_series($1::int, $2::int) n,
           lateral (select case n % 100 when 0 then 'magalu' else 'shopee' end as c) s
"""


@pytest.fixture
async def db(pool: asyncpg.Pool) -> AsyncIterator[Any]:
    async with taken_back(pool, BY_INDEX) as connection:
        await connection.execute(EVENTS, 1, FEW, seed.NOW)
        await connection.execute("analyze rm.timeline")
        yield connection


async def read(db: asyncpg.Connection, channel: str) -> tuple[Reading, list[int], int]:
    """Return what a page of a channel reads, which attempts it lists, and how many fit."""
    reading, wanted = Reading(db), TriedFilter(channels=(channel,))
    page = await tried.find(reading, "done", wanted, limit=4)
    total, _ = await tried.count(reading, "done", wanted, most=50)
    assert {one.subject for one in page.items} <= {channel}
    return reading, [round((seed.NOW - one.at).total_seconds()) for one in page.items], total


@pytest.mark.parametrize(
    ("channel", "listed", "totals"),
    [
        ("magalu", [100, 200, 300, 400], (6, 50)),
        ("shopee", [1, 2, 3, 4], (50, 50)),
        ("amazon", [], (0, 0)),
    ],
)
async def test_a_page_of_a_channel_reads_no_more_where_there_is_ten_times_as_much(
    db: asyncpg.Connection, channel: str, listed: list[int], totals: tuple[int, int]
) -> None:
    few, shown, fit = await read(db, channel)
    assert (shown, fit) == (listed, totals[0])
    await db.execute(EVENTS, FEW + 1, MANY, seed.NOW)
    await db.execute("analyze rm.timeline")
    many, shown, fit = await read(db, channel)
    assert (shown, fit) == (listed, totals[1])
    assert many.rows <= 2 * few.rows + 100, many.of
    assert many.pages <= 2 * few.pages + 500, many.of
