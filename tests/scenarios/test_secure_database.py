"""A Postgres that wants TLS, with a user for each process that may do what its modules do, and nothing else."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from local.load import Load
from local.postgres import Postgres
from local.stack import Stack
from projections.migrate import migrate
from schemas.database.grants import PROCESSES, statements
from tests.scenarios.conftest import KEY
from tests.support import one_plan
from tests.support.patience import PATIENCE_S
from tests.support.secure_broker import PASSWORD, certificates
from tests.support.systems import Systems
from tests.support.tls_door import Door, tls_door

OWNER = "marketplace_owner"
USERS = [f"marketplace_{process}" for processes in PROCESSES.values() for process in processes]
#: What others do, and who must not.
FORBIDDEN = [
    ("marketplace_worker", "select * from access.api_key"),
    ("marketplace_worker", "select facts from decide.document"),
    ("marketplace_worker", "update decide.head set version = 1"),
    ("marketplace_pump", "update rm.plan set title = 'mine'"),
    ("marketplace_runner", "select name from access.person"),
    ("marketplace_runner", "update flow.flag set enabled = false"),
    ("marketplace_watchdog", "delete from audit.entry"),
    ("marketplace_alerts", "update decide.head set version = 1"),
    ("marketplace_alerts", "select * from access.session"),
    ("marketplace_projections", "update decide.head set version = 1"),
    ("marketplace_projections", "select * from access.api_key"),
    ("marketplace_projections", "delete from audit.entry"),
    ("marketplace_gateway", "update rm.plan set title = 'mine'"),
    ("marketplace_gateway", "alter table audit.entry disable trigger all"),
    *((user, "create table flow.mine (id int)") for user in USERS),
    *((user, "drop table rm.plan") for user in USERS),
    *((user, "create role mine superuser") for user in USERS),
]


async def make(door: Door, plain: str) -> str:
    """Make owner, tables and users as docs/deploy.md says; return the owner's URL."""
    root = await asyncpg.connect(door.url(plain))
    await root.execute(f"create role {OWNER} login createrole password '{PASSWORD}'")
    await root.execute(f"alter database marketplace owner to {OWNER}")
    url = door.url(plain, user=OWNER, password=PASSWORD)
    assert await migrate(url) != []
    owner = await asyncpg.connect(url)
    for statement in (*statements(), *statements()):  # again, as after an upgrade
        await owner.execute(statement)
    for user in USERS:
        await root.execute(f"alter role {user} password '{PASSWORD}'")
    await owner.close()
    await root.close()
    return url


async def a_kept_lock_is_told(owner: str, load: Load) -> None:
    """Another user's session is seen with no rights of its own."""
    holder = await asyncpg.connect(owner)
    async with holder.transaction():
        await holder.execute("lock table rm.plan in share row exclusive mode")
        plans = await load.upload(1)
        found: list[Any] = []
        async with asyncio.timeout(PATIENCE_S):
            while not found:
                await asyncio.sleep(0.1)
                report = await load.get("/api/system/health")
                found = [one for one in report["verdict"] if one["kind"] == "lock-kept"]
    assert str(holder.get_server_pid()) in found[0]["evidence"]
    await holder.close()
    assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == 1


async def an_open_transaction_is_told(owner: str, load: Load) -> None:
    """The transaction of another user's session is seen, too, though not when it began."""
    holder = await asyncpg.connect(owner, server_settings={"application_name": "a report"})
    await holder.execute("begin isolation level repeatable read; select")
    found: list[Any] = []
    async with asyncio.timeout(PATIENCE_S):
        while not found:
            await asyncio.sleep(0.1)
            report = await load.get("/api/system/health")
            found = [one for one in report["verdict"] if one["kind"] == "transaction-open"]
    assert f"{holder.get_server_pid()} (a report, user {OWNER})" in found[0]["evidence"]
    await holder.close()


async def test_each_process_does_its_part_by_tls_with_its_own_rights_alone(tmp_path: Path, systems: Systems) -> None:
    bare = await systems.bare()
    with Postgres(tmp_path / "postgres", durable=False) as server, tls_door(tmp_path / "door", server.port) as door:
        owner = await make(door, server.url)
        (tmp_path / "other").mkdir()
        another, _ = certificates(tmp_path / "other")
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncpg.connect(door.url(server.url, ca=another))
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await asyncpg.connect(door.url(server.url, mode="disable"))
        assert door.turned_away == 1

        urls = {user: door.url(server.url, user=user, password=PASSWORD) for user in USERS}
        own = {user.removeprefix("marketplace_"): {"MARKETPLACE_DATABASE_URL": url} for user, url in urls.items()}
        env = {**bare, "MARKETPLACE_DATABASE_URL": owner, "MARKETPLACE_BOOTSTRAP_KEY": KEY}
        env |= {"MARKETPLACE_FAULTS": "fail plan.approved times 1", "MARKETPLACE_RETRY_DELAYS": "0.1,0.2,0.3"}
        env["MARKETPLACE_TRANSACTION_DUE"] = "3"
        stack = Stack(tmp_path / "data", [one for found in PROCESSES.values() for one in found], env=env, own=own)
        async with one_plan.through(stack, own["projections"], plans=2) as (load, plan):
            answer = await load._client.patch(
                f"/api/tasks/{(await load.get(f'/api/marketplace/analysis/{plan}/tasks'))['items'][0]['taskId']}",
                json={"action": "start"},
            )
            assert answer.status_code == 202, answer.text
            seen = await load.pool.fetch("select distinct usename from pg_stat_activity where usename is not null")
            await a_kept_lock_is_told(owner, load)
            await an_open_transaction_is_told(owner, load)
            assert set(USERS) <= {row["usename"] for row in seen}

        for user, statement in FORBIDDEN:
            connection = await asyncpg.connect(urls[user])
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
            await connection.close()
        logs = "\n".join(path.read_text("utf-8", "replace") for path in (tmp_path / "data" / "logs").glob("*"))
        assert [line for line in logs.splitlines() if "permission denied" in line] == []
