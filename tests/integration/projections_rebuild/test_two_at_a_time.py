"""A rebuild maps a batch while the one before it is written; what the tables refuse is found all the same."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest
from aiokafka import TopicPartition

from projections.rebuild.shadow import Shadow
from projections.run.writer import start_positions
from projections.settings import Settings
from schemas.catalogue import newest
from schemas.events import Event
from schemas.phase_tasks import created_by
from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS, TASK_EVENTS
from schemas.typed.plan import PlanPhase1Created
from schemas.wire import Codec, as_read
from streams.phase1.handler import handle
from tests.support.events import approved
from tests.support.patience import PATIENCE_S

TYPES = ("plan.approved", "plan.phase1.created", "task.created")
PLACES = {(PLAN_EVENTS if type_.startswith("plan.") else TASK_EVENTS, type_): n for n, type_ in enumerate(TYPES, 1)}
CODEC = Codec(PLACES, {n: (type_, newest(type_).raw) for (_, type_), n in PLACES.items()})


class Driven(Shadow):
    """A rebuild's runner on the tables of the test, handed its batches instead of a log."""

    def __init__(self, database_url: str, connection: asyncpg.Connection) -> None:
        super().__init__(Settings(Brokers(""), "http://127.0.0.1:1", database_url), CODEC, "rm")
        self._connection = connection
        self.at: dict[tuple[str, int], int] = {(PLAN_EVENTS, 0): 0, (TASK_EVENTS, 0): 0}

    async def begin(self) -> None:
        """Start at the log's beginning."""
        assert self._connection is not None
        await start_positions(self._connection, self.at)
        await self._connection.execute("update projection_offset set next_offset = 0")

    async def take(self, topic: str, *events: Event) -> None:
        """Take a batch of records of one topic."""
        records: list[Any] = [
            SimpleNamespace(
                topic=topic,
                partition=0,
                offset=self.at[topic, 0] + n,
                timestamp=1,
                key=event.correlation_id.encode(),
                value=CODEC.encode(topic, event),
                headers=[],
            )
            for n, event in enumerate(events)
        ]
        assert self._connection is not None
        await self._batch(self._connection, {TopicPartition(topic, 0): records}, self.at)

    async def end(self) -> None:
        """Wait for the last batch."""
        await self._written()


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(database_url, server_settings={"search_path": "rm"})
    yield made
    await made.close()


def phase_of(event_id: str) -> PlanPhase1Created:
    """Return the Phase 1 of a plan of its own."""
    plan = str(uuid.uuid4())
    made = approved()
    made = replace(
        made,
        event_id=str(uuid.uuid4()),
        stream=f"plan-{plan}",
        correlation_id=plan,
        data={**made.data, "plan_id": plan},
    )
    return cast("PlanPhase1Created", replace(as_read(handle(made)[0]), event_id=event_id))


async def test_a_batch_is_mapped_while_the_one_before_it_waits_for_the_database(
    connection: asyncpg.Connection, database_url: str
) -> None:
    shadow = Driven(database_url, connection)
    await shadow.begin()
    first, second = phase_of(str(uuid.uuid4())), phase_of(str(uuid.uuid4()))
    other = await asyncpg.connect(database_url)
    try:
        async with other.transaction():
            await other.execute("lock table rm.timeline in access exclusive mode")
            await asyncio.wait_for(shadow.take(PLAN_EVENTS, first), PATIENCE_S)  # it does not wait
            taking = asyncio.create_task(shadow.take(PLAN_EVENTS, second))
            while shadow._told.plan_of(CODEC.encode(TASK_EVENTS, created_by(second)[0])) is None:
                await asyncio.sleep(0.01)
            assert not taking.done()
    finally:
        await other.close()
    await taking
    await shadow.end()
    assert await start_positions(connection, shadow.at) == {(PLAN_EVENTS, 0): 2, (TASK_EVENTS, 0): 0}
    assert (
        await connection.fetchval(
            "select count(distinct plan_id) from task where plan_id = any ($1::uuid[])",
            [first.correlation_id, second.correlation_id],
        )
        == 2
    )


async def test_the_tasks_of_a_phase_that_is_refused_are_read_though_they_were_mapped_before_that_was_known(
    connection: asyncpg.Connection, database_url: str
) -> None:
    shadow = Driven(database_url, connection)
    await shadow.begin()
    refused, good = phase_of("typed by hand"), phase_of(str(uuid.uuid4()))

    await shadow.take(PLAN_EVENTS, refused, good)
    await shadow.take(TASK_EVENTS, *created_by(refused), *created_by(good))
    await shadow.end()

    assert await start_positions(connection, shadow.at) == shadow.at
    assert shadow.given_up == 1
    for phase in (refused, good):
        tasks = await connection.fetch("select task_id from task where plan_id = $1::uuid", phase.correlation_id)
        assert len(tasks) == len(created_by(phase)) > 0
