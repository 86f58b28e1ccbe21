"""Broker, database and registry, provisioned, without the processes: the tests run those parts themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from local.stack import Stack
from projections.settings import Settings
from schemas.registry import wait_for_codec
from schemas.wire import Codec


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A provisioned system in which nothing works yet."""
    stack = Stack(tmp_path_factory.mktemp("bare"), ["postgres", "broker", "registry", "migrate", "provision"])
    stack.start(timeout=90)
    try:
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="module")
def settings(bare: Stack) -> Settings:
    return Settings.from_env(bare.env)


@pytest.fixture(scope="module")
def codec(settings: Settings) -> Codec:
    return wait_for_codec(settings.registry_url)


@pytest.fixture(scope="module")
async def pool(settings: Settings) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(settings.database_url, min_size=0, max_size=8) as made:
        yield made
