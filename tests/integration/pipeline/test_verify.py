"""The verification while the system is at work: what is on its way is no finding, what is missing is one."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import orjson
import pytest
from aiokafka import AIOKafkaProducer

from projections.run.runner import Runner
from projections.settings import Settings
from projections.verify.verify import verify
from schemas import headers
from schemas.events import Event
from schemas.topics import PLAN_EVENTS
from schemas.wire import Codec
from streams.broker.placement import topic_of
from streams.hosts.dispatch import dispatch
from tests.support import events

LATE_S = 0.4
#: What is missing for good is found by hasty looks, too; a busy machine takes longer to heal what is under way.
PATIENCE_S = (10 * LATE_S, 50 * LATE_S)


class System:
    """Decides, publishes, makes Phase 1 and heals, as the processes do: each a moment after the other."""

    def __init__(self, pool: asyncpg.Pool, producer: AIOKafkaProducer, codec: Codec) -> None:
        self._pool = pool
        self._producer = producer
        self._codec = codec
        self._under_way: set[asyncio.Task[None]] = set()
        self.plans = 0

    async def send(self, topic: str, event: Event) -> None:
        await self._producer.send_and_wait(
            topic,
            self._codec.encode(topic, event),
            key=event.correlation_id.encode(),
            headers=headers.for_event(event, None),
        )

    async def decide(self, event: Event, *, sent: bool = True) -> None:
        """Store the event in the outbox, publish it, mark it."""
        await self._pool.execute(
            "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
            " correlation_id, actor, data) values ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $3, $9, $10::jsonb)",
            event.event_id,
            PLAN_EVENTS,
            event.correlation_id,
            event.type,
            event.stream,
            event.version,
            event.occurred_at,
            # as it is published: the read models show it from here where the log is away
            event.causation_id,
            event.actor,
            orjson.dumps(event.data).decode(),
        )
        if sent:
            await asyncio.sleep(0.01)
            await self.send(PLAN_EVENTS, event)
        await self._pool.execute(
            "update decide.outbox set published_at = clock_timestamp() where event_id = $1::uuid", event.event_id
        )

    async def plan(self) -> str:
        plan = str(uuid.uuid4())
        await self.decide(of(plan, events.uploaded()))
        approved = of(plan, replace(events.approved(phases=[events.phase()]), version=2))
        await self.decide(approved)
        task = asyncio.create_task(self._heal(plan, approved))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        self.plans += 1
        return plan

    async def _heal(self, plan: str, approved: Event) -> None:
        await asyncio.sleep(LATE_S)
        care = f"recovery-{plan}"
        stalled = {"plan_id": plan, "state": "approved", "cause": "worker-gone", "due_at": 1, "evidence": {}}
        recovered = {"plan_id": plan, "attempt": 1, "stalled_ms": 5}
        await self.decide(of(plan, events.event("plan.stalled", stalled, stream=care)))
        for out in dispatch(approved):
            await asyncio.sleep(0.02)
            await self.send(topic_of(out), out)
        await self.decide(of(plan, events.event("plan.recovered", recovered, stream=care, version=2)))

    async def rest(self) -> None:
        while self._under_way:
            await asyncio.wait(self._under_way)


def of(plan: str, event: Event) -> Event:
    """Return the event as one of this plan, with an id of its own."""
    stream = event.stream if plan in event.stream else f"plan-{plan}"
    data = {**event.data, "plan_id": plan}
    return replace(event, event_id=str(uuid.uuid4()), stream=stream, correlation_id=plan, data=data)


@pytest.fixture(scope="module")
async def system(pool: asyncpg.Pool, settings: Settings, codec: Codec) -> AsyncIterator[System]:
    """A system with projections; what it does is the test's to say."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.brokers.servers, enable_idempotence=True)
    await producer.start()
    runner = Runner(settings, codec)
    projecting = asyncio.create_task(runner.run())
    try:
        yield System(pool, producer, codec)
    finally:
        runner.stop()
        await projecting
        await producer.stop()


@asynccontextmanager
async def load(system: System) -> AsyncIterator[None]:
    going = True

    async def work() -> None:
        while going:
            await system.plan()

    tasks = [asyncio.create_task(work()) for _ in range(3)]
    try:
        await asyncio.sleep(2 * LATE_S)
        yield
    finally:
        going = False
        await asyncio.gather(*tasks)
        await system.rest()


async def test_what_is_on_its_way_is_no_finding(system: System, settings: Settings) -> None:
    async with load(system):
        before = system.plans
        reports = [await verify(settings) for _ in range(4)]
        assert system.plans > before
    for report in reports:
        assert report.problems == []
        assert report.plans > 0
    after = await verify(settings)
    assert (after.problems, after.plans) == ([], system.plans)


async def test_what_was_shown_before_it_was_in_the_log_is_what_the_log_says(
    system: System, settings: Settings, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where somebody holds up who publishes, as a backup may for a moment, the read models show the outbox."""
    send, going = system.send, asyncio.Event()

    async def send_late(topic: str, event: Event) -> None:
        await going.wait()
        await send(topic, event)

    monkeypatch.setattr(system, "send", send_late)
    before = await pool.fetchval("select count(*) from rm.plan")
    begun = [asyncio.create_task(system.plan()) for _ in range(3)]
    while await pool.fetchval("select count(*) from rm.plan") < before + 3:
        await asyncio.sleep(0.05)
    going.set()
    await asyncio.gather(*begun)
    await system.rest()

    report = await verify(settings, contents=True)

    assert (report.problems, report.plans) == ([], system.plans)


async def test_what_is_missing_is_found_under_load(
    system: System, settings: Settings, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, unsaid, gap = await system.plan(), str(uuid.uuid4()), str(uuid.uuid4())
    await system.rest()
    wanted = await verify(settings)
    assert wanted.problems == []
    task = await pool.fetchval("select task_id::text from rm.task where plan_id = $1::uuid", gone)

    await pool.execute("delete from rm.task where plan_id = $1::uuid", gone)
    await pool.execute("update rm.plan set status = 'rejected' where plan_id = $1::uuid", gone)
    await system.decide(of(unsaid, events.uploaded()), sent=False)
    await system.send(PLAN_EVENTS, of(gap, events.uploaded()))
    await system.send(PLAN_EVENTS, of(gap, replace(events.approved(), version=3)))
    forgotten, waits = str(uuid.uuid4()), str(uuid.uuid4())
    for plan in (forgotten, waits):
        await system.decide(of(plan, events.uploaded()))
    await pool.execute("insert into flow.deadline (plan_id, kind) values ($1::uuid, 'analysis')", waits)
    forged = str(uuid.uuid4())
    approval = of(forged, replace(events.approved(phases=[events.phase()]), version=2))
    phase1, other = dispatch(approval)
    for event in (of(forged, events.uploaded()), approval, phase1):
        await system.send(PLAN_EVENTS, event)
    await system.send(topic_of(other), replace(other, data={**other.data, "title": "outra"}))
    missing = [
        f"drift: task {task} is missing",
        f"drift: plan {gone} is (3, 'rejected'), the log says (3, 'executing')",
        f"lost: plan-{unsaid} version 1 was published and is not in the log",
        f"gap: plan-{gap} has no version 2, but 3",
        f"lost: plan {gap} is approved and has no Phase 1",
        f"lost: plan {forgotten} is not analysed, and has no deadline by which it must be",
        f"conflict: the task.created of task {other.data['task_id']} says other than its phase does",
    ]
    async with load(system):
        for patience_s in PATIENCE_S:
            report = await verify(replace(settings, settle_s=patience_s))
            if sorted(report.problems) == sorted(missing):
                break

    assert sorted(report.problems) == sorted(missing)
    await system.rest()
    whole = await verify(settings)
    in_parts = await verify(settings, at_once=whole.records // 5)
    assert sorted(in_parts.problems) == sorted(whole.problems) == sorted(missing)
    assert replace(in_parts, problems=[]) == replace(whole, problems=[])
