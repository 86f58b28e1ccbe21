"""What somebody writes who reaches the broker, and what may come of it: for scenarios that forge events."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from local.load import Load
from local.stack import Stack
from projections.settings import Settings
from projections.verify.verify import Report, verify
from schemas import headers as h
from schemas.events import Event
from schemas.topics import AGENTS
from tests.support import events
from tests.support.patience import PATIENCE_S, until


async def put(system: Stack, topic: str, key: str, value: bytes, headers: h.Headers) -> str:
    """Write a record as anybody can who reaches the broker; return the place of it, as letters name it."""
    async with AIOKafkaProducer(bootstrap_servers=system.env["MARKETPLACE_BROKERS"]) as producer:
        there = await producer.send_and_wait(topic, value, key=key.encode(), headers=headers)
    return f"{topic}|{there.partition}|{there.offset}"


async def waiting_plan(load: Load, priority: str = "normal") -> str:
    (plan,) = await load.upload(1, priority=priority)
    assert await load.wait([plan], ["awaiting_approval"], within_s=PATIENCE_S) == 1
    return plan


def approval(plan: str, version: int = 3, **changed: Any) -> Event:
    """Return the approval of a plan that nobody has approved."""
    event = events.approved(phases=[events.phase()], opportunities=[events.opportunity()])
    return replace(
        event,
        **{
            "event_id": str(uuid.uuid4()),
            "version": version,
            "correlation_id": plan,
            "stream": f"plan-{plan}",
            "data": {**event.data, "plan_id": plan},
            **changed,
        },
    )


async def letters(load: Load, place: str, groups: Sequence[str] = ("agents", "projections")) -> set[str]:
    """Return the codes of the letters of a record, once each group has made one."""

    async def there() -> Any:
        rows = await load.pool.fetch(
            "select code from rm.dead_letter where record_id = any($1::text[])", [f"{g}|{place}" for g in groups]
        )
        return {row["code"] for row in rows} if len(rows) == len(groups) else None

    found: set[str] = await until(there)
    return found


async def gone_past(system: Stack, load: Load, place: str, *, projected: bool = True) -> None:
    """The workers, and where `projected` the projections, are through with a record: they have gone on behind it."""
    topic, partition, offset = place.split("|")
    admin = AIOKafkaAdminClient(bootstrap_servers=system.env["MARKETPLACE_BROKERS"])
    await admin.start()

    async def committed() -> bool:
        found = (await admin.list_consumer_group_offsets(AGENTS)).get(TopicPartition(topic, int(partition)))
        return found is not None and found.offset > int(offset)

    async def stored() -> Any:
        return await load.pool.fetchval(
            'select next_offset > $3 from rm.projection_offset where topic = $1 and "partition" = $2',
            topic, int(partition), int(offset),
        )  # fmt: skip

    try:
        await until(committed)
        if projected:
            await until(stored)
    finally:
        await admin.close()


async def untouched(load: Load, plan: str, status: str = "awaiting_approval") -> None:
    """A plan is as it was, nobody has made tasks of it, and a person can still decide on it."""
    row = await load.pool.fetchrow("select status, version, phase1 from rm.plan where plan_id = $1::uuid", plan)
    assert row is not None
    assert (row["status"], row["phase1"]) == (status, None)
    assert row["version"] < 10
    assert await load.pool.fetchval("select count(*) from rm.task where plan_id = $1::uuid", plan) == 0
    await load.approve([plan])
    assert (await load.wait_for_tasks([plan], within_s=PATIENCE_S))[plan] > 0


async def verified(system: Stack) -> Report:
    return await verify(Settings.from_env(system.env))
