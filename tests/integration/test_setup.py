"""What the compose file's one-shot service does to an empty broker and an empty database, twice."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from gateway.access.keys import ApiKeys
from local.broker import Broker
from tests.conftest import NewDatabase
from tests.support.topics import without_topics

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
async def servers(broker: Broker, registry_url: str, new_database: NewDatabase) -> dict[str, str]:
    """The variables that lead to an empty broker, an empty database and a registry."""
    await without_topics(broker.bootstrap)
    return {
        "MARKETPLACE_BROKERS": broker.bootstrap,
        "MARKETPLACE_REGISTRY_URL": registry_url,
        "MARKETPLACE_DATABASE_URL": await new_database(),
    }


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    for name in ("admin", "metrics"):
        (tmp_path / name).mkdir()
    return tmp_path


def set_up(servers: dict[str, str], keys: Path) -> str:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    command = ["sh", "deploy/setup.sh", str(keys)]
    done = subprocess.run(
        command, cwd=ROOT, env={**servers, "PATH": path}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_all_is_made_once(servers: dict[str, str], keys: Path) -> None:
    first = set_up(servers, keys)
    assert "applied tables/decide.sql" in first
    assert "+ topic plan.events (12 partitions)" in first
    files = [keys / "admin" / "key", keys / "metrics" / "key"]
    made = [file.read_text("ascii") for file in files]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o644]

    second = set_up(servers, keys)
    assert "the database is up to date" in second
    assert "topics and schemas are as declared" in second
    assert [file.read_text("ascii") for file in files] == made

    async with asyncpg.create_pool(servers["MARKETPLACE_DATABASE_URL"], min_size=0, max_size=1) as pool:
        known = ApiKeys(pool)
        assert len(await known.all()) == 2
        principals = [await known.verify(key) for key in made]
    assert [(p.name, p.role.value) for p in principals if p is not None] == [
        ("administrator", "admin"),
        ("prometheus", "viewer"),
    ]


def test_it_fails_loudly_where_the_broker_is_away(servers: dict[str, str], keys: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**servers, "PATH": path, "MARKETPLACE_BROKERS": "127.0.0.1:1"}
    done = subprocess.run(
        ["sh", "deploy/setup.sh", str(keys)], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert "provision: KafkaConnectionError" in done.stderr
    assert not (keys / "admin" / "key").exists()
