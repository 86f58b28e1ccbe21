"""A real gateway on a free port, with a real database: started once per test module."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.roles import Role
from gateway.settings import Settings
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.support.patience import PATIENCE_S
from tests.support.taken_back import BY_INDEX, taken_back


@pytest.fixture(scope="module")
async def gateway(database_url: str, pool: asyncpg.Pool) -> AsyncIterator[Running]:
    # a busy machine answers late, and is no less well; tests of servers that are away have settings of their own
    settings = Settings(
        database_url, limits=OFF, connect_timeout=PATIENCE_S, database_timeout=PATIENCE_S, request_timeout=PATIENCE_S
    )
    async with serving(settings) as (url, app):
        running = Running(url, app, pool)
        for role in Role:
            running.keys[role.value] = (await ApiKeys(pool).create(f"the {role}", role, "test")).key
        yield running


@pytest.fixture
async def api(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    """A client with an admin key."""
    async with gateway.client() as client:
        yield client


@pytest.fixture
async def admin(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    """A browser with an admin's sign-in, and the token of its forms in the header that scripts send."""
    async with httpx.AsyncClient(base_url=gateway.url, headers={"accept-language": "en"}) as client:
        await client.post("/login", data={"key": gateway.keys["admin"]})
        token = re.search(r'name="csrf_token" value="([^"]+)"', (await client.get("/keys")).text)
        assert token is not None
        client.headers["x-csrf-token"] = token[1]
        yield client


@pytest.fixture
async def db(pool: asyncpg.Pool) -> AsyncIterator[Any]:
    """A transaction that is taken back, in a session that reads by index as the gateway's do."""
    async with taken_back(pool, BY_INDEX) as connection:
        yield connection
