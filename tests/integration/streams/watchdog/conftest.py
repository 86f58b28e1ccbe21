"""A database of its own for each test of the watchdog."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from schemas.process.connection import Db


@pytest.fixture
async def pool(new_migrated: Any) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(await new_migrated(), min_size=0, max_size=8) as made:
        yield made


@pytest.fixture
async def connection(pool: asyncpg.Pool) -> AsyncIterator[Db]:
    async with pool.acquire() as taken:
        yield taken
