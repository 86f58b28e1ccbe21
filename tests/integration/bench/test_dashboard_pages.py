"""The benchmark of the pages: what it fills fits the tables of today, and every address that it asks for answers."""

from __future__ import annotations

import asyncpg
import pytest

from bench.cost.statements import Statement
from bench.dashboard.addresses import addresses
from bench.dashboard.filled import Filled, fill
from bench.dashboard.pages import Measured, after_first, looks_at, slow, told
from bench.load.connection import Connection
from gateway.access.api_keys import ApiKeys
from gateway.access.roles import Role
from gateway.settings import Settings
from gateway.ui.navigation import PAGES
from tests.conftest import NewDatabase
from tests.integration.gateway.gateway_running import OFF, serving


async def test_every_page_of_a_filled_database_answers(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    database = await new_database()
    await fill(database, 60)
    async with (
        serving(Settings(database_url=database, limits=OFF)) as (url, _app),
        asyncpg.create_pool(database, min_size=0, max_size=1) as pool,
    ):
        connection = await asyncpg.connect(database)
        key = (await ApiKeys(pool).create("bench", Role.ADMIN, "test")).key
        filled = Filled(url, key, 0, 0, database, tmp_path_factory.mktemp("log"))
        asked = await addresses(connection, await after_first(filled))
        assert {page.path for page in PAGES} <= set(asked)
        line = Connection(url, key)
        for path in asked.values():
            times, size = await looks_at(line, path, 1)
            assert len(times) == 1
            assert size >= len('{"items":[]}'), path
        line.close()
        tasks = await connection.fetchval("select count(*) from rm.task")
        await connection.close()
    assert tasks > 60 * 4 + 200


def test_a_page_is_told_with_its_median_and_its_slow_statements() -> None:
    found = [Measured("/plans", [3.0, 1.0, 2.0], 1.4, 2048, [Statement("gateway", 1, "select 1", 7.0)])]
    assert told(found)[2] == "| /plans | 2 | 3 | 1 | 1 | 2 |"
    assert slow(found) == ["/plans: 7.0 ms select 1"]
