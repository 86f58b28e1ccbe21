"""Expired rows go in chunks, table by table; what fails stays for the next round and keeps no other table waiting."""

from __future__ import annotations

from typing import Any, cast

import asyncpg
import pytest

from gateway.operations import housekeeping
from gateway.operations.housekeeping import CHUNK, MOST_CHUNKS, RESULTS, TABLES, keep_house

EVERY = (*TABLES, RESULTS)


class Database:
    """Has so many expired rows in each table; `failing` is away when it is asked."""

    def __init__(self, rows: int, failing: str = "") -> None:
        self.left = dict.fromkeys((kept.table for kept in EVERY), rows)
        self.statements: list[str] = []
        self._failing = failing

    async def execute(self, statement: str, chunk: int) -> str:
        self.statements.append(statement)
        table = next(kept.table for kept in EVERY if kept.delete == statement)
        if table == self._failing:
            raise asyncpg.CannotConnectNowError("the database system is shutting down")
        gone = min(chunk, self.left[table])
        self.left[table] -= gone
        return f"DELETE {gone}"


async def kept(database: Database) -> int:
    return await keep_house(cast("Any", database))


async def test_every_expired_row_goes_and_is_counted() -> None:
    database = Database(CHUNK + 1)

    assert await kept(database) == len(database.left) * (CHUNK + 1)
    assert set(database.left.values()) == {0}
    assert await kept(database) == 0


async def test_one_round_deletes_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "CHUNK", 1)
    database = Database(10 * MOST_CHUNKS)

    await kept(database)

    most = {table: MOST_CHUNKS * sum(one.table == table for one in EVERY) for table in database.left}
    assert {table: 10 * MOST_CHUNKS - left for table, left in database.left.items()} == most


async def test_a_table_that_fails_keeps_its_rows_and_no_other_one_waits() -> None:
    failing = TABLES[0].table
    database = Database(3, failing)

    await kept(database)

    assert {table for table, left in database.left.items() if left} == {failing}


async def test_an_error_of_ours_is_not_taken_for_an_outage() -> None:
    class Broken(Database):
        async def execute(self, statement: str, chunk: int) -> str:
            raise KeyError(statement)

    with pytest.raises(KeyError):
        await kept(Broken(1))


def test_what_refers_to_rows_goes_before_them() -> None:
    tables = [one.table for one in TABLES]
    for part, whole in [
        ("flow.webhook_delivery", "flow.webhook"),
        ("flow.replay_item", "flow.replay_job"),
    ]:
        assert len(tables) - 1 - tables[::-1].index(part) < tables.index(whole)
