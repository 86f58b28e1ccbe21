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


async def test_an_approval_that_is_written_into_the_outbox_is_told_and_makes_no_task(system: Stack) -> None:
    async with Load(system.env, KEY) as load:
        plan = await waiting_plan(load)
        forged = approval(plan)

        stranger = await asyncpg.connect(system.env["MARKETPLACE_DATABASE_URL"])
        seq = await stranger.fetchval(
            _INSERT, forged.event_id, PLAN_EVENTS, plan, forged.type, forged.stream, forged.version,
            forged.occurred_at, forged.causation_id, forged.actor, orjson.dumps(forged.data).decode(),
        )  # fmt: skip
        await stranger.close()

        async def told() -> Any:
            return "events-changed" in await findings(load)

        await until(told)
        shown = await load.get(f"/api/outbox/set-aside/{seq}")
        assert (shown["reason"], shown["state"]) == ("Forged: nobody has sealed it", "set_aside")
        answer = await load._client.patch(
            f"/api/outbox/set-aside/{seq}", json={"data": forged.data, "reason": "it is mine"}
        )
        assert (answer.status_code, answer.json()["currentStatus"]) == (409, "forged")
        assert (await load.get(f"/api/marketplace/analysis/{plan}"))["status"] == "awaiting_approval"

        await load.pool.execute("delete from decide.outbox where seq = $1", seq)  # by the owner, as the runbook says

        async def over() -> Any:
            return "events-changed" not in await findings(load)

        await until(over)
        await untouched(load, plan)


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
