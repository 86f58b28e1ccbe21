"""Somebody who has the password of a database user writes events into the outbox: none of them is signed and sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import orjson
import pytest

from local.load import Load
from local.stack import Stack
from schemas.topics import PLAN_EVENTS
from tests.scenarios.conftest import KEY
from tests.support.forging import approval, untouched, verified, waiting_plan
from tests.support.patience import PATIENCE_S, until
from tests.support.systems import Systems

_INSERT = """
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data)
    values ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $3, $9, $10::jsonb) returning seq
"""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory, systems: Systems) -> AsyncIterator[Stack]:
    env = {"MARKETPLACE_BOOTSTRAP_KEY": KEY, "MARKETPLACE_LIMITS": "reads=off"}
    async with systems.system(tmp_path_factory.mktemp("forged"), env) as whole:
        yield whole


async def findings(load: Load) -> set[str]:
    return {one["kind"] for one in (await load.get("/api/system/health"))["verdict"]}


async def planted(system: Stack, plan: str, **row: Any) -> int:
    """Write an approval into the outbox as somebody does who has the password of a database user; return its number."""
    forged = approval(plan)
    stranger = await asyncpg.connect(system.env["MARKETPLACE_DATABASE_URL"])
    try:
        async with stranger.transaction():
            seq: int = await stranger.fetchval(
                _INSERT, forged.event_id, PLAN_EVENTS, plan, forged.type, forged.stream, forged.version,
                forged.occurred_at, forged.causation_id, forged.actor, orjson.dumps(forged.data).decode(),
            )  # fmt: skip
            for name, value in row.items():
                await stranger.execute(f"update decide.outbox set {name} = {value} where seq = $1", seq)
    finally:
        await stranger.close()
    return seq


async def taken_out(load: Load, seq: int) -> None:
    """Take an event out as the runbook says."""
    answer = await load._client.post(f"/api/outbox/set-aside/{seq}/removal", json={"reason": "nobody decided it"})
    assert (answer.status_code, answer.json()["wrong"]) == (200, "nobody has sealed it")


async def test_an_approval_that_is_written_into_the_outbox_is_told_and_makes_no_task(system: Stack) -> None:
    async with Load(system.env, KEY) as load:
        plan = await waiting_plan(load)
        seq = await planted(system, plan)

        async def told() -> Any:
            return "events-changed" in await findings(load)

        await until(told)
        shown = await load.get(f"/api/outbox/set-aside/{seq}")
        assert (shown["reason"], shown["state"]) == ("Forged: nobody has sealed it", "set_aside")
        body = {"data": shown["data"], "reason": "it is mine"}
        answer = await load._client.patch(f"/api/outbox/set-aside/{seq}", json=body)
        assert (answer.status_code, answer.json()["currentStatus"]) == (409, "forged")
        assert (await load.get(f"/api/marketplace/analysis/{plan}"))["status"] == "awaiting_approval"
        assert any(f"`marketplace outbox remove {seq}`" in one for one in (await verified(system)).problems)

        await taken_out(load, seq)

        async def over() -> Any:
            return "events-changed" not in await findings(load)

        await until(over)
        await untouched(load, plan)


@pytest.mark.parametrize("row", [{}, {"published_at": "'infinity'"}, {"held_at": "now()"}])
async def test_what_stands_in_the_way_of_a_decision_is_taken_out_and_the_decision_made(
    system: Stack, row: dict[str, str]
) -> None:
    """Whatever the planted row claims: to wait, to be published, or to wait behind another."""
    async with Load(system.env, KEY) as load:
        plan = await waiting_plan(load)
        seq = await planted(system, plan, **row)

        refused = await load._client.patch(f"/api/marketplace/analysis/{plan}", json={"action": "approve"})

        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
        assert "`marketplace outbox list`" in refused.json()["detail"]

        async def listed() -> Any:
            return [one["seq"] for one in (await load.get("/api/outbox/set-aside"))["items"]] == [seq]

        await until(listed)
        for _ in range(3):  # whoever tries again, the row keeps its place in the list
            again = await load._client.patch(f"/api/marketplace/analysis/{plan}", json={"action": "approve"})
            assert (again.status_code, await listed()) == (503, True)
        await taken_out(load, seq)
        await load.approve([plan])
        await load.wait_for_tasks([plan], within_s=PATIENCE_S)
        entries = (await load.get("/api/audit?action=outbox.remove"))["items"]
        assert entries[0]["before"]["given"]["plan_id"] == plan
        assert (await verified(system)).problems == []


async def test_every_process_seals_what_it_decides(system: Stack) -> None:
    async with Load(system.env, KEY) as load:
        plan = await waiting_plan(load)
        await load.approve([plan])
        await load.wait_for_tasks([plan], within_s=PATIENCE_S)
        rows = await load.pool.fetch("select type, data ->> 'role' as role, seal from decide.outbox")

        assert [row["type"] for row in rows if row["seal"] is None] == []
        assert {row["role"] for row in rows if row["type"] == "worker.started"} >= {
            "gateway", "worker", "runner", "pump", "projections", "watchdog", "alerts",
        }  # fmt: skip
        assert (await verified(system)).problems == []
