"""Databases of tests are there for their file, and no longer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from local.postgres import Postgres
from tests.support.databases import Databases

HERE = "PYTEST_CURRENT_TEST"


@pytest.fixture
async def databases(postgres: Postgres) -> AsyncIterator[Databases]:
    async with Databases(postgres.url, dropped=True) as made:
        yield made


async def is_there(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.InvalidCatalogNameError:
        return False
    await connection.close()
    return True


async def test_one_is_dropped_when_another_file_asks_although_somebody_still_reads_it(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HERE, "tests/test_first.py::test_a (setup)")
    kept, first = await databases.create(kept=True), await databases.create()
    reader = await asyncpg.connect(first)
    monkeypatch.setenv(HERE, "tests/test_first.py::test_b (call)")
    second = await databases.create()
    assert [await is_there(url) for url in (kept, first, second)] == [True, True, True]

    monkeypatch.setenv(HERE, "tests/test_next.py::test_a (setup)")
    third = await databases.create()

    assert [await is_there(url) for url in (kept, first, second, third)] == [True, False, False, True]
    reader.terminate()


async def test_one_is_a_copy_of_its_template(databases: Databases) -> None:
    template = await databases.create(kept=True)
    before = await asyncpg.connect(template)
    await before.execute("create table told (n int); insert into told values (7)")
    await before.close()

    copy = await asyncpg.connect(await databases.create(template.rpartition("/")[2]))
    assert await copy.fetchval("select n from told") == 7
    await copy.close()
