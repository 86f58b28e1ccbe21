"""What the compose file's one-shot service does to an empty broker and an empty database, twice."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import yaml

from gateway.access.api_keys import ApiKeys
from local.broker import Broker
from local.postgres import Postgres
from schemas.database.grants import PROCESSES, user_of
from schemas.process import audited
from tests.support.patience import PATIENCE_S
from tests.support.topics import without_topics

ROOT = Path(__file__).parents[2]
USERS = {process: user_of(process) for found in PROCESSES.values() for process in found}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    """A server of its own: users are of the whole server."""
    with Postgres(tmp_path / "postgres", durable=False) as own:
        yield own


@pytest.fixture
async def servers(broker: Broker, registry_url: str, server: Postgres, keys: Path) -> dict[str, str]:
    """The variables that lead to a broker, a registry and, as Compose names it, a database."""
    await without_topics(broker.bootstrap)
    return {
        "MARKETPLACE_BROKERS": broker.bootstrap,
        "MARKETPLACE_REGISTRY_URL": registry_url,
        "MARKETPLACE_DATABASE_URL": address(server, keys, "owner"),
    }


@pytest.fixture
def keys(tmp_path: Path, server: Postgres) -> Path:
    for name in ("admin", "metrics"):
        (tmp_path / name).mkdir()
    make_passwords(tmp_path, POSTGRES_PASSWORD=urlsplit(server.url).password or "")
    return tmp_path


def address(server: Postgres, keys: Path, of: str) -> str:
    """Return the address that Compose gives a process, on this machine."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    written: str = services["setup" if of == "owner" else of]["environment"]["MARKETPLACE_DATABASE_URL"]
    return written.replace("@postgres:5432/", f"@127.0.0.1:{server.port}/").replace("=/keys/", f"={keys}/")


def make_passwords(keys: Path, **given: str) -> None:
    """Do what the service before the database does."""
    env = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **given}
    subprocess.run(["sh", "deploy/passwords.sh", str(keys)], cwd=ROOT, env=env, check=True)


def texts(keys: Path) -> dict[str, str]:
    """Return what is in the files of passwords."""
    return {str(one.relative_to(keys)): one.read_text("utf-8") for one in sorted(keys.rglob("pass*"))}


def test_passwords_are_made_once_and_each_is_another(tmp_path: Path) -> None:
    make_passwords(tmp_path)
    made = texts(tmp_path)
    passwords = [text for name, text in made.items() if name.endswith("/password")]
    assert len(passwords) == len(set(passwords)) == 2 + len(USERS)
    assert min(map(len, passwords)) >= 32

    make_passwords(tmp_path)
    assert texts(tmp_path) == made


def test_only_its_own_process_reads_a_password(tmp_path: Path) -> None:
    make_passwords(tmp_path)
    modes = {str(one.relative_to(tmp_path)): stat.S_IMODE(one.stat().st_mode) for one in tmp_path.rglob("pass*")}
    # other images, with users of their own, read these two; their volumes are mounted nowhere else
    by_others = {"database/owner/password", "grafana/password"}
    assert {name for name, mode in modes.items() if mode != 0o600} == by_others
    assert {modes[name] for name in by_others} == {0o444}


def test_a_password_that_somebody_sets_is_taken(tmp_path: Path) -> None:
    make_passwords(tmp_path)
    make_passwords(tmp_path, POSTGRES_PASSWORD=r"a:b\c", GRAFANA_PASSWORD="mine")
    made = texts(tmp_path)
    assert (made["database/owner/password"], made["grafana/password"]) == (r"a:b\c", "mine")
    assert made["database/owner/passfile"] == r"*:*:*:*:a\:b\\c"


def set_up(servers: dict[str, str], keys: Path) -> str:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    command = ["sh", "deploy/setup.sh", str(keys)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**servers, "PATH": path},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_all_is_made_once(servers: dict[str, str], keys: Path, server: Postgres) -> None:
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

    async with asyncpg.create_pool(address(server, keys, "gateway"), min_size=0, max_size=1) as pool:
        known = ApiKeys(pool)
        assert len(await known.all()) == 2
        principals = [await known.verify(key) for key in made]
    assert [(p.name, p.role.value) for p in principals if p is not None] == [
        ("administrator", "admin"),
        ("prometheus", "viewer"),
    ]
    owner = await asyncpg.connect(servers["MARKETPLACE_DATABASE_URL"])
    told = await owner.fetch("select after ->> 'done' as done from audit.entry where action = 'system.provision'")
    rights = await owner.fetch(
        "select actor, after ->> 'passwords' as passwords from audit.entry where action = 'system.rights'"
    )
    await owner.close()
    assert [tuple(row) for row in rights] == [(audited.actor(), str(len(USERS)))] * 2
    assert ["+ topic plan.events (12 partitions)" in row["done"] for row in told] == [True], "the second made none"


async def test_each_process_signs_in_with_its_own_password_and_rights(
    servers: dict[str, str], keys: Path, server: Postgres
) -> None:
    assert f"each process has its rights: {', '.join(USERS.values())}" in set_up(servers, keys)
    for process, user in USERS.items():
        connection = await asyncpg.connect(address(server, keys, process))
        assert await connection.fetchval("select current_user") == user
        assert not await connection.fetchval("select rolsuper or rolcreaterole from pg_roles where rolname = $1", user)
        await connection.close()
    worker = await asyncpg.connect(address(server, keys, "worker"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await worker.fetch("select * from access.api_key")
    await worker.close()
    swapped = address(server, keys, "gateway").replace("/gateway/passfile", "/worker/passfile")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(swapped)


def test_without_a_password_nothing_is_changed_and_it_says_which_is_missing(
    servers: dict[str, str], keys: Path
) -> None:
    (keys / "database" / "pump" / "password").unlink()
    command = [sys.executable, "-m", "projections.migrate", "--grants", "--apply", str(keys / "database")]
    done = subprocess.run(command, cwd=ROOT, env=servers, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"no password in {keys / 'database' / 'pump' / 'password'}" in done.stderr


def test_it_fails_loudly_where_the_broker_is_away(servers: dict[str, str], keys: Path) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {**servers, "PATH": path, "MARKETPLACE_BROKERS": "127.0.0.1:1"}
    done = subprocess.run(
        ["sh", "deploy/setup.sh", str(keys)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode != 0
    assert "provision: KafkaConnectionError" in done.stderr
    assert not (keys / "admin" / "key").exists()
