"""A log that lost its end is mended in the database: what is read again has no place until it is."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from projections.rows import Recorded
from projections.run.writer import PROJECTION, Position, rows_of, write
from schemas.process.connection import Db
from schemas.topics import PLAN_EVENTS
from tests.support.letters import upload_of

KEPT, READ = 105, 110
MEND = """
    select lost from flow.mend_log(array[$1::text], array[0], array[5], array[6], array[$2::bigint], array[$2::bigint],
                                   now(), '{}')
"""


def recorded(plan: str, offset: int) -> Recorded:
    return Recorded(upload_of(plan), PLAN_EVENTS, 0, offset, datetime.now(UTC), None)


@pytest.mark.parametrize("noted", [102, 108])  # before what was lost, and within it
async def test_what_was_read_beyond_the_end_has_no_place_until_it_is_read_again(connection: Db, noted: int) -> None:
    await connection.execute("set search_path = rm")
    there, lost, later = (str(uuid4()) for _ in range(3))
    await connection.execute(
        "insert into projection_offset (projection, topic, partition, next_offset) values ($1, $2, 0, 0)",
        PROJECTION,
        PLAN_EVENTS,
    )
    rows = [row for plan, offset in ((there, 103), (lost, 107)) for row in rows_of(recorded(plan, offset))]
    await write(connection, rows, [Position(PLAN_EVENTS, 0, 0, READ)], [])
    await connection.execute(
        "insert into flow.log_end (topic, partition, epoch, next_offset) values ($1, 0, 5, $2)", PLAN_EVENTS, noted
    )

    assert await connection.fetchval(MEND, PLAN_EVENTS, KEPT) == max(0, noted - KEPT)
    places = 'select plan_id::text, "offset" from timeline order by 2'
    assert [tuple(row) for row in await connection.fetch(places)] == [(lost, -2), (there, 103)]
    assert await connection.fetchval("select next_offset from projection_offset") == KEPT

    again = [row for plan, offset in ((later, 105), (lost, 106)) for row in rows_of(recorded(plan, offset))]
    await write(connection, again, [Position(PLAN_EVENTS, 0, KEPT, 107)], [])
    assert [tuple(row) for row in await connection.fetch(places)] == [(there, 103), (later, 105), (lost, 106)]
