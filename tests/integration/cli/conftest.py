"""A running system, and the command that finds it: as a person and a script use it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.connection import ensure_key
from tests.support.command import alone, within
from tests.support.module import Done
from tests.support.systems import PROCESSES, Systems


@dataclass(frozen=True)
class Marketplace:
    """`marketplace ...` that finds the system by the state file in its data folder."""

    data_dir: Path
    database_url: str

    def __call__(self, *arguments: str, status: int | None = 0, said: str = "", **env: str) -> Done:
        done = within(arguments, {"MARKETPLACE_DATA": str(self.data_dir), **env}, said)
        assert status is None or done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def alone(self, *arguments: str, said: str = "", **env: str) -> Done:
        """Run the command as a process of its own; any exit status is returned."""
        return alone(arguments, {"MARKETPLACE_DATA": str(self.data_dir), **env}, said)

    def json(self, *arguments: str, status: int | None = 0, said: str = "", **env: str) -> Any:
        """What --json prints: it has to be one document, and nothing else is said."""
        done = self(*arguments, "--json", status=status, said=said, **env)
        assert done.stderr == ""
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def processes() -> tuple[str, ...]:
    """The processes of the system that a module's commands are answered by: all, where it does not say."""
    return PROCESSES


@pytest.fixture(scope="module")
async def marketplace(
    systems: Systems, tmp_path_factory: pytest.TempPathFactory, processes: tuple[str, ...]
) -> AsyncIterator[Marketplace]:
    data_dir = tmp_path_factory.mktemp("system")
    key = ensure_key(data_dir)
    async with systems.system(data_dir, {"MARKETPLACE_BOOTSTRAP_KEY": key}, processes) as stack:
        yield Marketplace(data_dir, stack.env["MARKETPLACE_DATABASE_URL"])


@pytest.fixture(scope="module")
def database_url(marketplace: Marketplace) -> str:
    """The URL of the system's database."""
    return marketplace.database_url
