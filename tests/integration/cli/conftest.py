"""The whole system, and the command as a process of its own: as a person and a script use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.connection import ensure_key
from tests.support.systems import Systems


@dataclass(frozen=True)
class Marketplace:
    """`marketplace ...` that finds the system by the state file in its data folder."""

    data_dir: Path
    database_url: str

    def __call__(
        self, *arguments: str, status: int | None = 0, said: str = "", **env: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "gateway.cli", *arguments],
            env=_without_ours(os.environ) | {"MARKETPLACE_DATA": str(self.data_dir)} | env,
            input=said,  # on stdin
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert status is None or done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def json(self, *arguments: str, status: int | None = 0, said: str = "", **env: str) -> Any:
        """What --json prints: it has to be one document, and nothing else is said."""
        done = self(*arguments, "--json", status=status, said=said, **env)
        assert done.stderr == ""
        return json.loads(done.stdout)


def _without_ours(env: Any) -> dict[str, str]:
    # nor the width of the terminal from which the tests were started
    return {name: value for name, value in env.items() if not name.startswith("MARKETPLACE_") and name != "COLUMNS"}


@pytest.fixture(scope="module")
async def marketplace(systems: Systems, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Marketplace]:
    data_dir = tmp_path_factory.mktemp("system")
    key = ensure_key(data_dir)
    async with systems.system(data_dir, {"MARKETPLACE_BOOTSTRAP_KEY": key}) as stack:
        yield Marketplace(data_dir, stack.env["MARKETPLACE_DATABASE_URL"])


@pytest.fixture(scope="module")
def database_url(marketplace: Marketplace) -> str:
    """The URL of the system's database."""
    return marketplace.database_url
