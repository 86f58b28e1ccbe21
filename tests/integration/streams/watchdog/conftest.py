"""A database of its own for each test of the watchdog."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from projections.migrate import migrate
from schemas.process.connection import Db


@pytest.fixture
async def pool(new_database: Any) -> AsyncIterator[asyncpg.Pool]:
    url = await new_database()
    await migrate(url)
    async with asyncpg.create_pool(url, min_size=0, max_size=8) as made:
        yield made


@pytest.fixture
async def connection(pool: asyncpg.Pool) -> AsyncIterator[Db]:
    async with pool.acquire() as taken:
        yield taken
