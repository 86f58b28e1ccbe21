"""Two letters of one record make the same row in one batch as in two: else a rebuild differs from what it checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import asyncpg

from projections.dead_letters.projection import project_letter
from projections.rows import Row, fold
from projections.run.writer import put
from schemas import headers as h
from tests.unit.projections.dead_letters.test_dead_letters import AT, HEADERS, LETTER

SECOND = [(name, value) for name, value in HEADERS if name != h.FIRST_FAILED_AT]


async def becomes(connection: asyncpg.Connection, *batches: list[Row]) -> asyncpg.Record:
    transaction = connection.transaction()
    await transaction.start()
    try:
        for batch in batches:
            await put(connection, fold(batch))
        found = await connection.fetchrow("select * from dead_letter")
    finally:
        await transaction.rollback()
    assert found is not None
    return found


async def test_two_letters_of_one_record(database_url: str) -> None:
    later = AT + timedelta(hours=1)
    first, second = (
        list(project_letter(letter))
        for letter in (LETTER, replace(LETTER, headers=SECOND, offset=12, recorded_at=later))
    )
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "rm"})
    try:
        one_by_one = await becomes(connection, first, second)
        assert await becomes(connection, first + second) == one_by_one
        assert (one_by_one["first_failed_at"], one_by_one["dlq_offset"]) == (AT, 12)
    finally:
        await connection.close()
