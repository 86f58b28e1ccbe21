"""Broker, database and registry, provisioned, without the processes: the tests run those parts themselves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from projections.settings import Settings
from schemas.registry import wait_for_codec
from schemas.wire import Codec
from tests.support.systems import Systems


@dataclass(frozen=True)
class Bare:
    """`env`: the MARKETPLACE_* variables that lead to the servers."""

    env: dict[str, str]
    logs: Path


@pytest.fixture(scope="module")
async def bare(systems: Systems, tmp_path_factory: pytest.TempPathFactory) -> Bare:
    """A provisioned system in which nothing works yet."""
    return Bare(await systems.bare(), tmp_path_factory.mktemp("logs"))


@pytest.fixture(scope="module")
def database_url(bare: Bare) -> str:
    """The URL of that system's database."""
    return bare.env["MARKETPLACE_DATABASE_URL"]


@pytest.fixture(scope="module")
def settings(bare: Bare) -> Settings:
    return Settings.from_env(bare.env)


@pytest.fixture(scope="module")
async def codec(settings: Settings) -> Codec:
    return await asyncio.to_thread(wait_for_codec, settings.registry_url)
