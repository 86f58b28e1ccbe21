"""An outage of the database, statements that hang, and the gateway's process itself."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from gateway.access.key_text import new_key
from gateway.settings import Settings
from local.ports import free_port
from local.postgres import Postgres
from projections.migrate import migrate
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import OFF, Running, contents, serving
from tests.integration.gateway.test_gateway_system import PLANS
from tests.support.patience import PATIENCE_S


async def test_an_outage_is_said_while_it_lasts_and_ends_by_itself(tmp_path: Path) -> None:
    """The database stays away until the answer is there: it comes back after them."""
    _, key = new_key()
    with Postgres(tmp_path / "postgres", durable=False) as first:
        await migrate(first.url)
        connection = await asyncpg.connect(first.url)
        plan_id = await seed.add_plan(connection)
        await connection.close()
        settings = Settings(database_url=first.url, limits=OFF, bootstrap_key=key)
        async with (
            serving(settings) as (url, _),
            httpx.AsyncClient(base_url=url, headers={"authorization": f"Bearer {key}"}, timeout=PATIENCE_S) as api,
        ):
            path = f"{PLANS}/{plan_id}"
            assert (await api.get(path)).status_code == 200
            await asyncio.to_thread(first.stop)
            for answer in (
                await api.get(path),
                await api.patch(path, json={"action": "approve"}),
                await api.get(PLANS),
            ):
                assert answer.status_code == 503
                assert answer.headers["retry-after"] == "2"
                assert answer.json()["type"] == "/docs#unavailable"
            assert (await api.get("/health/live")).status_code == 200
            assert (await api.get("/health/ready")).status_code == 503
            assert (await api.get("/api/system/health")).json()["status"] == "down"
            first.start()
            async with asyncio.timeout(PATIENCE_S):
                while (await api.get("/health/ready")).status_code != 200:
                    await asyncio.sleep(0.1)
            assert (await api.patch(path, json={"action": "approve"})).status_code == 202


#: Seconds that a statement may take in the test below.
HANGS_S = 1.0


_HANGING = """
    select count(*) from pg_stat_activity
     where datname = current_database() and application_name = 'gateway' and wait_event_type = 'Lock'
"""


async def test_a_locked_table_is_said_while_it_is_locked_and_harms_nothing(gateway: Running, database_url: str) -> None:
    """The database answers, but statements hang, as behind a careless migration: no refused connection tells it.

    The table is let go after the answers: one that waited for it would not come.
    """
    pool = gateway.pool
    plan_id = await seed.add_plan(pool)
    path, approve = f"{PLANS}/{plan_id}", {"action": "approve"}
    idempotent = {"Idempotency-Key": str(uuid4())}
    settings = Settings(database_url=database_url, limits=OFF, database_timeout=HANGS_S)
    async with (
        serving(settings) as (url, _),
        httpx.AsyncClient(
            base_url=url, headers={"authorization": f"Bearer {gateway.keys['admin']}"}, timeout=PATIENCE_S
        ) as api,
        gateway.client() as patient,
    ):

        async def answered(path: str) -> httpx.Response:
            """Return the first answer that is none of a statement that took too long: what works may take its time."""
            async with asyncio.timeout(PATIENCE_S):
                while (answer := await api.get(path)).status_code == 503:
                    await asyncio.sleep(0.1)
            return answer

        assert (await answered(PLANS)).status_code == 200
        before = await contents(pool)
        other = await asyncpg.connect(database_url)
        try:
            await other.execute("begin; lock table rm.plan in access exclusive mode")
            asked = await asyncio.gather(  # at once: they do not wait for each other
                api.get(PLANS),
                api.get(path),
                api.get("/plans"),
                api.patch(path, json=approve, headers=idempotent),
                api.patch(path, json=approve),
            )
            for answer in asked:
                _says_unavailable(answer)
            _says_down(await api.get("/api/system/health"))
            async with asyncio.timeout(PATIENCE_S):  # what was given up is called off in the database, too
                while await pool.fetchval(_HANGING):
                    await asyncio.sleep(0.05)
        finally:
            await other.close()

        # nothing that was refused waits in the database for the lock to go
        assert await contents(pool) == before
        assert await _decided(pool, plan_id) == []
        assert (await answered("/health/ready")).status_code == 200
        assert (await answered(PLANS)).status_code == 200
        assert (await answered(path)).json()["status"] == "awaiting_approval"
        # decided by the other gateway, whose statements may take their time
        accepted, again = [await patient.patch(path, json=approve, headers=idempotent) for _ in range(2)]
        assert (accepted.status_code, accepted.json()["outcome"]) == (202, "accepted")
        assert again.headers["idempotent-replayed"] == "true"
        assert again.json() == accepted.json()
        assert (await patient.patch(path, json=approve)).json()["outcome"] == "unchanged"
        assert await _decided(pool, plan_id) == ["plan.approved"]


def _says_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0
    if answer.request.url.path == "/plans":  # a page, for people
        assert answer.headers["content-type"].startswith("text/html")
        return
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/docs#unavailable"


def _says_down(health: httpx.Response) -> None:
    assert health.status_code == 200
    assert health.json()["status"] == "down"
    assert health.json()["database"]["reachable"] is False
    assert health.json()["findings"][0].startswith("The database does not answer.")


async def _decided(pool: asyncpg.Pool, plan_id: str | UUID) -> list[str]:
    rows = await pool.fetch("select type from decide.outbox where stream = 'plan-' || $1::uuid", plan_id)
    return [row["type"] for row in rows]


def _start(port: int, database_url: str, host: str = "127.0.0.1", **more: str) -> subprocess.Popen[str]:
    env = {
        **os.environ,
        "MARKETPLACE_DATABASE_URL": database_url,
        "MARKETPLACE_HOST": host,
        "MARKETPLACE_PORT": str(port),
        **more,
    }
    return subprocess.Popen([sys.executable, "-m", "gateway"], env=env, stderr=subprocess.PIPE, text=True)


async def test_the_process_stops_with_live_streams_open(gateway: Running, database_url: str) -> None:
    _, key = new_key()
    port = free_port()
    process = _start(port, database_url, MARKETPLACE_BOOTSTRAP_KEY=key)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S) as client:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    try:
                        if (await client.get("/health/ready")).status_code == 200:
                            break
                    except httpx.TransportError:
                        await asyncio.sleep(0.1)
            async with client.stream("GET", "/api/events", headers={"authorization": f"Bearer {key}"}) as answer:
                assert answer.status_code == 200
                lines = answer.aiter_lines()
                assert await anext(lines) == "retry: 1000"
                process.send_signal(signal.SIGTERM)
                assert [line async for line in lines][-1] == ""
        assert await asyncio.to_thread(process.wait, 60) == 0  # it would wait for its streams for ever
    finally:
        process.kill()
        process.communicate()


async def test_without_any_key_it_is_not_exposed(new_migrated: Any) -> None:
    process = _start(free_port(), await new_migrated(), host="0.0.0.0")
    try:
        _, said = await asyncio.to_thread(process.communicate, timeout=PATIENCE_S)
    finally:
        process.kill()
    assert process.returncode == 3
    assert "python -m gateway.access.keys create" in said
    assert "Traceback" not in said
