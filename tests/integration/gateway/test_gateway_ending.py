"""One process is asked to end in order: by whom and why, what the page shows meanwhile, and what is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from schemas.process.liveness import ASKED, LOCK, TOLD
from tests.integration.gateway.gateway_running import Running

PROCESSES = "/api/system/processes"


@dataclass
class Site:
    """Rows of processes that hold their locks on `locks`, as living ones do."""

    gateway: Running
    locks: asyncpg.Connection

    async def enrol(self, role: str, *, connected: bool = True) -> int:
        worker: int = await self.gateway.pool.fetchval(
            "select flow.worker_start($1, $2, 'a-host', 4711, 0, '1')", f"{role}-{uuid4().hex[:6]}", role
        )
        if connected:
            await self.locks.execute("select pg_advisory_lock($1, $2)", LOCK, worker)
        self.gateway.app.state.services.verdicts.forget()  # what was read a moment ago is shown for a second
        return worker


@pytest.fixture
async def site(gateway: Running, database_url: str) -> AsyncIterator[Site]:
    locks = await asyncpg.connect(database_url)
    try:
        yield Site(gateway, locks)
    finally:
        await locks.close()
        await gateway.pool.execute("delete from flow.worker where host = 'a-host'")


async def source_of(gateway: Running, worker: int) -> str:
    found: str = await gateway.pool.fetchval("select source from flow.worker where worker_id = $1", worker)
    return found


def asking(name: str, reason: str = "a new disk") -> dict[str, str]:
    return {"name": name, "action": "end", "reason": reason}


async def beat(gateway: Running, worker: int) -> Any:
    return await gateway.pool.fetchval("select flow.worker_beat($1, '{}')::jsonb ->> 'leave'", worker)


async def health(gateway: Running, api: httpx.AsyncClient) -> dict[str, Any]:
    gateway.app.state.services.verdicts.forget()
    found: dict[str, Any] = (await api.get("/api/system/health")).raise_for_status().json()
    return found


async def test_it_hears_who_asked_and_why_and_nobody_else_does(
    gateway: Running, api: httpx.AsyncClient, site: Site
) -> None:
    one, other = await site.enrol("worker"), await site.enrol("worker")
    name = await source_of(gateway, one)
    answer = await api.patch(PROCESSES, json=asking(name))
    assert (answer.status_code, answer.json()) == (200, {"name": name, "outcome": "accepted"})
    assert (await beat(gateway, one), await beat(gateway, other)) == ("the admin: a new disk", None)
    assert (await api.patch(PROCESSES, json=asking(name, "again"))).json()["outcome"] == "unchanged"
    assert await beat(gateway, one) == "the admin: a new disk"

    shown = {p["source"]: p["leaves"] for p in (await health(gateway, api))["processes"]}
    assert (shown[name], shown[await source_of(gateway, other)]) == ("the admin: a new disk", "")
    page = (await api.get("/system", headers={"accept-language": "en"})).text
    assert "Ends, and begins anew" in page
    assert "the admin: a new disk" in page
    assert f'id="end-{name}"' not in page
    rows = await gateway.pool.fetch(
        "select actor, outcome, reason from audit.entry where action = 'process.end' and target = $1 order by at", name
    )
    assert [tuple(row) for row in rows] == [
        ("the admin", "accepted", "a new disk"), ("the admin", "unchanged", "again")
    ]  # fmt: skip
    events = "select count(*) from decide.outbox where type = 'command.audited' and data ->> 'command' = 'process.end'"
    assert await gateway.pool.fetchval(events) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (asking("worker-that-is-not"), 404),
        (asking("", "x"), 422),
        (asking("worker-1", ""), 422),
        (asking("worker-1", "  "), 422),
        ({"name": "worker-1", "action": "kill", "reason": "x"}, 422),
    ],
)
async def test_what_makes_no_sense_is_refused(api: httpx.AsyncClient, body: dict[str, str], status: int) -> None:
    assert (await api.patch(PROCESSES, json=body)).status_code == status


async def test_one_that_does_not_live_cannot_be_asked(gateway: Running, api: httpx.AsyncClient, site: Site) -> None:
    gone = await source_of(gateway, await site.enrol("worker", connected=False))
    assert (await api.patch(PROCESSES, json=asking(gone))).status_code == 404


async def test_an_operator_may_and_others_may_not(gateway: Running, site: Site) -> None:
    name = await source_of(gateway, await site.enrol("runner"))
    async with gateway.client("analyst") as analyst, gateway.client("operator") as operator:
        assert (await analyst.patch(PROCESSES, json=asking(name))).status_code == 403
        assert f'id="end-{name}"' not in (await analyst.get("/system")).text
        assert f'id="end-{name}"' in (await operator.get("/system")).text
        assert (await operator.patch(PROCESSES, json=asking(name))).status_code == 200


async def test_a_person_asks_on_the_page(gateway: Running, admin: httpx.AsyncClient, site: Site) -> None:
    worker = await site.enrol("projections")
    name = await source_of(gateway, worker)
    page = (await admin.get("/system")).text
    assert "It is the only one of its kind" in page
    token = admin.headers["x-csrf-token"]
    answer = await admin.post("/system/process", data={"name": name, "reason": "a new disk", "csrf_token": token})
    assert answer.status_code == 303
    assert await beat(gateway, worker) == "the admin: a new disk"


async def test_a_role_is_missing_only_where_it_is_not_back_in_a_moment(
    gateway: Running, api: httpx.AsyncClient, site: Site
) -> None:
    """It ended as it was asked: its supervisor starts it again."""

    async def kinds() -> set[tuple[str, str]]:
        return {(one["kind"], one["subject"]) for one in (await health(gateway, api))["verdict"]}

    worker = await site.enrol("runner")
    source = await source_of(gateway, worker)
    assert ("role-missing", "runner") not in await kinds()
    await gateway.pool.execute("select flow.worker_stop($1, $2)", worker, f"{ASKED}ana: a new disk")
    await site.locks.execute("select pg_advisory_unlock_all()")
    assert ("role-missing", "runner") not in await kinds()
    listed = {p["source"]: p["leaves"] for p in (await health(gateway, api))["processes"]}
    assert listed[source] == "ana: a new disk"

    await gateway.pool.execute(
        "update flow.worker set stopped_at = stopped_at - interval '16 s' where worker_id = $1", worker
    )
    assert ("role-missing", "runner") in await kinds()
    other = await site.enrol("runner")
    await gateway.pool.execute("update flow.worker set stopped_at = now() where worker_id = $1", worker)
    await gateway.pool.execute("update flow.worker set started_at = clock_timestamp() where worker_id = $1", other)
    assert source not in {p["source"] for p in (await health(gateway, api))["processes"]}, "another one has begun"


async def test_a_role_whose_deaf_process_was_told_to_end_is_missing_only_where_it_is_not_back_in_a_moment(
    gateway: Running, api: httpx.AsyncClient, site: Site
) -> None:
    async def kinds() -> set[str]:
        found = (await health(gateway, api))["verdict"]
        return {one["kind"] for one in found if one["kind"] in ("role-missing", "process-deaf", "process-gone")}

    before, why = await kinds(), "deaf: nothing is taken from analysis.work.normal/3"
    worker = await site.enrol("runner")
    await gateway.pool.execute("update flow.worker set told_to_end = $2 where worker_id = $1", worker, why)
    assert await kinds() == before | {"process-deaf"}
    await site.locks.execute("select pg_advisory_unlock($1, $2)", LOCK, worker)
    assert await kinds() == before | {"process-deaf"}, "it has ended, and nobody has seen that yet"
    await gateway.pool.execute("select flow.worker_stop($1, $2)", worker, f"{TOLD}{why}")
    assert await kinds() == before | {"process-deaf"}, "it is on its way back"

    await gateway.pool.execute(
        "update flow.worker set stopped_at = stopped_at - interval '16 s' where worker_id = $1", worker
    )
    assert "process-deaf" not in await kinds()
    await gateway.pool.execute("update flow.worker set stopped_at = now() where worker_id = $1", worker)
    other = await site.enrol("runner")
    await gateway.pool.execute("update flow.worker set started_at = clock_timestamp() where worker_id = $1", other)
    assert await kinds() == before, "another one has begun"
