"""PostgreSQL is a real one: durable by default, the same data and port after kill -9, alone with its owner."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import asyncpg

from local.postgres import Postgres
from tests.support.database_values import value
from tests.support.patience import PATIENCE_S


async def test_a_committed_row_survives_kill_9_under_open_sessions(tmp_path: Path) -> None:
    """The server comes back on the same port within seconds, although killed with sessions open."""
    with Postgres(tmp_path) as server:
        url = server.url
        sessions = [await asyncpg.connect(url) for _ in range(10)]
        await sessions[0].execute("create table kept as select 42 as answer")

        server.kill()
        server.restart(timeout=PATIENCE_S)

        assert await value(url, "select answer from kept") == 42
        assert server.url == url
        for session in sessions:
            session.terminate()


async def test_it_is_durable_version_18_and_tuned(tmp_path: Path) -> None:
    with Postgres(tmp_path) as server:
        assert str(await value(server.url, "show server_version")).startswith("18.")
        assert await value(server.url, "show fsync") == "on"
        assert await value(server.url, "show synchronous_commit") == "on"
        assert await value(server.url, "show shared_buffers") == "256MB"
        assert await value(server.url, "show max_connections") == "200"


async def test_it_asks_for_the_password_and_hides_it(tmp_path: Path) -> None:
    """Another user of the machine can neither read the password nor connect without it."""
    with Postgres(tmp_path) as server:
        wrong = server.url.replace(server.url.split(":")[2].split("@")[0], "wrong")
        try:
            await asyncpg.connect(wrong)
        except asyncpg.InvalidPasswordError:
            refused = True
        else:
            refused = False

        assert refused
        assert stat.S_IMODE((tmp_path / "password").stat().st_mode) == 0o600


async def test_an_interrupted_set_up_is_begun_again(tmp_path: Path) -> None:
    """A first start that was cut off in the middle leaves nothing that a second one stumbles over."""
    (tmp_path / "data.building").mkdir()
    (tmp_path / "data.building" / "rubbish").write_text("half a cluster")
    with Postgres(tmp_path) as server:
        assert await value(server.url, "select 1") == 1


async def test_probing_writes_nothing_into_the_log(tmp_path: Path) -> None:
    """Readiness is asked all the time; it must not fill the log."""
    with Postgres(tmp_path) as server:
        while "ready to accept connections" not in server.tail():
            await asyncio.sleep(0.05)
        before = server.tail(1000)
        assert all(server.probe() for _ in range(20))
        await asyncio.sleep(0.2)
        assert server.tail(1000) == before


async def test_each_module_gets_a_database_of_its_own(database_url: str, postgres_url: str) -> None:
    assert database_url != postgres_url
    assert await value(database_url, "select count(*) from decide.outbox") == 0  # migrated, and empty
    assert await value(postgres_url, "select count(*) from pg_tables where schemaname = 'decide'") == 0
