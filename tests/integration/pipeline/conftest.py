"""Broker, database and registry, provisioned, without the processes: the tests run those parts themselves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.broker import Broker
from projections.settings import Settings
from schemas.registry import wait_for_codec
from schemas.wire import Codec
from tests.support.topics import fresh_topics


@dataclass(frozen=True)
class Bare:
    """`env`: the MARKETPLACE_* variables that lead to the servers."""

    env: dict[str, str]
    logs: Path


@pytest.fixture(scope="module")
async def bare(broker: Broker, registry_url: str, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Bare:
    """A provisioned system in which nothing works yet: the session's servers, with topics and a database of its own."""
    env = {
        "MARKETPLACE_BROKERS": broker.bootstrap,
        "MARKETPLACE_REGISTRY_URL": registry_url,
        "MARKETPLACE_DATABASE_URL": database_url,
    }
    await fresh_topics(env)
    return Bare(env, tmp_path_factory.mktemp("logs"))


@pytest.fixture(scope="module")
def settings(bare: Bare) -> Settings:
    return Settings.from_env(bare.env)


@pytest.fixture(scope="module")
async def codec(settings: Settings) -> Codec:
    return await asyncio.to_thread(wait_for_codec, settings.registry_url)
