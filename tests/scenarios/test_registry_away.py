"""While the schema registry is away all that runs goes on, it is told by name, and nothing is given up."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from gateway.verdict.kinds import Kind
from local.chaos.faults.records import UNKNOWN_SCHEMAS, last_records, producer_for
from local.load import Load
from local.stack import Stack
from schemas import headers
from schemas.topics import PLAN_EVENTS
from tests.support.patience import PATIENCE_S, until

PLANS = 5
#: Workers and projections both read the topic of plans.
READERS = 2


@pytest.fixture
def stack(well: Stack) -> Stack:
    """One system for all."""
    return well


async def found(load: Load) -> dict[str, Any]:
    """Return what the health report finds, by kind."""
    return {one["kind"]: one for one in (await load.get("/api/system/health"))["verdict"]}


async def told(load: Load, kind: Kind) -> dict[str, Any]:
    async def said() -> Any:
        return (await found(load)).get(kind)

    finding: dict[str, Any] = await until(said, every_s=0.2)
    return finding


async def done(load: Load, count: int) -> None:
    """Take plans through all of the pipeline."""
    plans = await load.upload(count)
    assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == count
    await load.approve(plans)
    assert len(await load.wait_for_tasks(plans, within_s=PATIENCE_S)) == count


async def send_unknown(stack: Stack, plan: str) -> None:
    """Send an approval whose schema nobody here knows, as a newer version or damage would."""
    brokers = stack.env["MARKETPLACE_BROKERS"]
    (whole,) = (await last_records(brokers, (PLAN_EVENTS,), 1))[-1:]
    value = b"\0" + struct.pack(">I", UNKNOWN_SCHEMAS[0]) + whole.value[5:]
    async with producer_for(brokers) as producer:
        await producer.send_and_wait(PLAN_EVENTS, value, key=plan.encode(), headers=[(headers.TYPE, b"plan.approved")])


async def test_known_schemas_go_on_and_unknown_ones_wait_until_the_registry_is_back(stack: Stack, key: str) -> None:
    letters = "select count(*) from rm.dead_letter where dead_at is not null"
    async with Load(stack.env, key) as load:
        await done(load, 1)
        stack.pause("registry")
        stack.wait_for("registry", "paused", PATIENCE_S)

        finding = await told(load, Kind.REGISTRY_AWAY)
        assert "The schema registry is away" in finding["text"]
        assert finding["runbook"].endswith("#the-schema-registry-is-away")
        await done(load, PLANS)

        await send_unknown(stack, load.plans[-1])
        waits = await told(load, Kind.RETRIES_WAITING)
        assert waits["values"]["count"] == 1
        await load.upload(1)  # what comes behind it is not shown before it
        await told(load, Kind.PROJECTIONS_BEHIND)
        ended = stack.kill("worker")
        assert (await told(load, Kind.ROLE_MISSING))["values"]["role"] == "worker"
        assert await load.pool.fetchval(letters) == 0, "an outage is nobody's failure"

        stack.resume("registry")
        stack.wait_for("worker", timeout=PATIENCE_S, not_pid=ended)

        async def given_up() -> bool:
            return bool(await load.pool.fetchval(letters) == READERS)

        await until(given_up)  # now the registry says that it does not know it

        async def over() -> bool:
            return Kind.REGISTRY_AWAY not in await found(load)

        await until(over, every_s=0.2)
        await done(load, 1)
