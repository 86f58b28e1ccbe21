"""Retries on a real broker: the ladder, the order of each plan through it, poison, and kills in the middle of it."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.producer import message_accumulator
from aiokafka.producer import producer as client
from aiokafka.record import default_records

from local.stack import Stack
from schemas import headers as h
from schemas.events import Event
from schemas.registry import wait_for_codec
from schemas.topics import AGENTS, AGENTS_DLQ, PLAN_EVENTS, RETRY_TIERS, WORK
from schemas.wire import Codec
from tests.support.events import uploaded
from tests.support.patience import PATIENCE_S, until
from tests.support.signed import signed

DELAYS = (0.4, 0.8, 1.6)
PARTS = ["postgres", "broker", "registry", "migrate", "provision", "worker", "pump"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Workers and the pump alone: nobody heals what is tested here."""
    faults = "fail plan.uploaded where title=never; fail plan.uploaded where title=third time times 2"
    env = {"MARKETPLACE_RETRY_DELAYS": ",".join(map(str, DELAYS)), "MARKETPLACE_FAULTS": faults}
    whole = Stack(tmp_path_factory.mktemp("retries"), PARTS, env=env)
    whole.start(timeout=PATIENCE_S)
    try:
        yield whole
    finally:
        whole.stop()


@dataclass
class Seen:
    """What came out: (key, causation id) of each output and the dead letters, in the order of their appearance."""

    outputs: list[tuple[str, str, float]] = field(default_factory=list)
    dead: list[Any] = field(default_factory=list)
    #: causation id -> when its first output was written, in milliseconds since 1970
    first_at: dict[str, int] = field(default_factory=dict)

    def take(self, record: Any) -> None:
        if record.topic == AGENTS_DLQ:
            self.dead.append(record)
        else:
            cause = h.text(record.headers, "ce_causationid") or ""
            self.outputs.append((record.key.decode(), cause, time.monotonic()))
            self.first_at.setdefault(cause, record.timestamp)

    def order(self, plan: str) -> list[str]:
        """Return the causes of a plan's outputs, each at its first appearance."""
        return list(dict.fromkeys(cause for key, cause, _ in self.outputs if key == plan))

    def at(self, cause: str) -> float:
        return next(at for _, found, at in self.outputs if found == cause)


class Plans:
    """Writes plan events, as the gateway's relay does."""

    def __init__(self, producer: AIOKafkaProducer, codec: Codec, env: Mapping[str, str]) -> None:
        self._producer = producer
        self._env = env
        self._codec = codec

    def encoded(self, event: Event) -> bytes:
        return self._codec.encode(PLAN_EVENTS, event)

    async def upload(self, plan: str, title: str) -> str:
        """Announce an upload; return the event's id."""
        event = replace(uploaded(["shopee"]), event_id=str(uuid.uuid4()), correlation_id=plan, stream=f"plan-{plan}")
        event = replace(event, data={**event.data, "plan_id": plan, "title": title})
        await self._producer.send_and_wait(
            PLAN_EVENTS,
            self.encoded(event),
            key=plan.encode(),
            headers=signed(self._env, PLAN_EVENTS, event, self.encoded(event)),
        )
        return event.event_id

    async def raw(self, plan: str, value: bytes | None, headers: h.Headers | None = None) -> None:
        await self._producer.send_and_wait(PLAN_EVENTS, value, key=plan.encode(), headers=headers or [])


@pytest.fixture
async def plans(stack: Stack) -> AsyncIterator[Plans]:
    codec = await asyncio.to_thread(wait_for_codec, stack.env["MARKETPLACE_REGISTRY_URL"])
    producer = AIOKafkaProducer(bootstrap_servers=stack.env["MARKETPLACE_BROKERS"], enable_idempotence=True)
    await producer.start()
    yield Plans(producer, codec, stack.env)
    await producer.stop()


@asynccontextmanager
async def followed(stack: Stack, *topics: str, take: Callable[[Any], None]) -> AsyncIterator[None]:
    """Take every record that comes from now on."""
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=stack.env["MARKETPLACE_BROKERS"], auto_offset_reset="latest")
    await consumer.start()
    for tp in consumer.assignment():
        await consumer.position(tp)

    async def follow() -> None:
        async for record in consumer:
            take(record)

    task = asyncio.create_task(follow())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await consumer.stop()


@pytest.fixture
async def seen(stack: Stack) -> AsyncIterator[Seen]:
    """Everything that comes out from now on."""
    found = Seen()
    async with followed(stack, *WORK.values(), AGENTS_DLQ, take=found.take):
        yield found


@pytest.fixture
async def kept_back(stack: Stack) -> AsyncIterator[list[Any]]:
    """Every record that goes to a retry topic from now on."""
    found: list[Any] = []
    async with followed(stack, *(topic for topic, _ in RETRY_TIERS), take=found.append):
        yield found


async def test_the_whole_ladder_then_a_dead_letter_while_its_plan_waits_and_the_others_flow(
    stack: Stack, plans: Plans, seen: Seen, kept_back: list[Any]
) -> None:
    late = await ladder(stack, plans, seen, kept_back)

    print(f"the retries of a ladder were {late} ms late")


async def ladder(stack: Stack, plans: Plans, seen: Seen, kept_back: list[Any]) -> int:
    """Have one record fail to its end; return by how many milliseconds its retries were late."""
    plan, other = str(uuid.uuid4()), str(uuid.uuid4())
    head = await plans.upload(plan, "never")
    behind = [await plans.upload(plan, f"fine {n}") for n in range(3)]
    free = await plans.upload(other, "fine")

    await until(lambda: len(seen.order(plan)) == 3 and any(r.key == plan.encode() for r in seen.dead))
    assert seen.order(other) == [free]
    assert seen.at(free) < seen.at(behind[0])

    (dead,) = [r for r in seen.dead if r.key == plan.encode()]
    assert h.number(dead.headers, h.ATTEMPT) == 4
    assert h.text(dead.headers, h.ERROR_CODE) == "InjectedFault"
    assert seen.order(plan) == behind
    assert head not in seen.order(plan)
    late = await lateness(head, kept_back, dead)
    await until_none_waits(stack)  # how a record ended is noted after what follows from it was published
    rows = await states(stack, plan)
    assert rows == [("given_up", 3), ("done", 0), ("done", 0), ("done", 0)]
    return late


async def lateness(head: str, kept_back: list[Any], dead: Any) -> int:
    """Return by how many milliseconds the retries before a dead letter were late; each has waited as its tier says."""

    def copies() -> list[Any]:
        return [r for r in kept_back if h.text(r.headers, "ce_id") == head]

    await until(lambda: len(copies()) == len(DELAYS))  # another consumer may be slower than the one of dead letters
    in_order = sorted(copies(), key=lambda r: h.number(r.headers, h.ATTEMPT))
    assert [r.topic for r in in_order] == [topic for topic, _ in RETRY_TIERS]
    failed = [h.number(r.headers, h.LAST_FAILED_AT) for r in (*in_order, dead)]
    due = [h.number(r.headers, h.NEXT_ATTEMPT_AT) for r in in_order]
    assert h.number(dead.headers, h.FIRST_FAILED_AT) == failed[0]
    for delay_s, failed_at, due_at in zip(DELAYS, failed[:-1], due, strict=True):
        assert delay_s * 1000 <= due_at - failed_at <= delay_s * 1000 * 1.1
    late = [again - due_at for due_at, again in zip(due, failed[1:], strict=True)]
    assert min(late) >= 0, "a retry came before its time"
    return sum(late)


async def test_a_retry_that_succeeds_keeps_the_order(stack: Stack, plans: Plans, seen: Seen) -> None:
    many = [str(uuid.uuid4()) for _ in range(20)]
    sent = {
        plan: [await plans.upload(plan, title) for title in ("third time", "a", "third time", "b")] for plan in many
    }

    await until(lambda: all(len(seen.order(plan)) == 4 for plan in many), PATIENCE_S)

    assert {plan: seen.order(plan) for plan in many} == sent
    assert [r for r in seen.dead if r.key.decode() in many] == []
    await until_none_waits(stack)


async def test_poison_is_put_aside_at_once_and_holds_nobody(plans: Plans, seen: Seen, kept_back: list[Any]) -> None:
    plan = str(uuid.uuid4())
    good = plans.encoded(uploaded())
    poison: list[bytes | None] = [
        None, b"", b"nonsense", good[:-4], b"\0\x7f\xff\xff\xff" + good[5:], good + b"\1", good[:5]
    ]  # fmt: skip
    sent = []
    for value in poison:
        await plans.raw(plan, value)
        sent.append(await plans.upload(plan, "fine"))
    nonsense: h.Headers = [(h.ATTEMPT, b"many"), (h.ORIG_TOPIC, b"\0"), (h.ORIG_OFFSET, b"\xff"), (h.REPLAY, b"-1")]
    await plans.raw(plan, b"x", nonsense)
    sent.append(await plans.upload(plan, "fine"))

    await until(lambda: seen.order(plan) == sent and sum(r.key == plan.encode() for r in seen.dead) == len(poison) + 1)

    assert [r for r in kept_back if r.key == plan.encode()] == [], "nobody can read it later either"
    assert [r.value for r in seen.dead if r.key == plan.encode()][: len(poison)] == poison


class Damaged(str):
    """A header name with a byte that is no UTF-8 in front, as no library of ours writes one."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return b"\xff" + str(self).encode(encoding, errors)


async def test_a_header_name_that_is_no_text_holds_nobody(
    stack: Stack, seen: Seen, plans: Plans, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (message_accumulator, client):  # what is built, and the estimate of its size before that
        monkeypatch.setattr(module, "DefaultRecordBatchBuilder", default_records._DefaultRecordBatchBuilderPy)
    plan = str(uuid.uuid4())
    name: list[tuple[str, bytes]] = [(Damaged("name"), b"x")]
    producer = AIOKafkaProducer(bootstrap_servers=stack.env["MARKETPLACE_BROKERS"])
    await producer.start()
    try:
        for topic in (PLAN_EVENTS, RETRY_TIERS[0][0]):
            await producer.send_and_wait(topic, b"nonsense", key=plan.encode(), headers=name)
    finally:
        await producer.stop()

    after = await plans.upload(plan, "third time")  # through worker and pump

    await until(lambda: seen.order(plan) == [after] and sum(r.key == plan.encode() for r in seen.dead) == 2)
    buried = [r for r in seen.dead if r.key == plan.encode()]
    assert all("\ufffdname" in dict(r.headers) for r in buried)


async def test_what_concerns_no_agent_counts_as_done(stack: Stack, plans: Plans, seen: Seen) -> None:
    """The last record of a partition is often the agents' own output: it must not look like work that is left."""
    plan = str(uuid.uuid4())
    first = await plans.upload(plan, "fine")
    for _ in range(3):
        await plans.raw(plan, b"not looked at", [(h.TYPE, b"plan.analyzed")])
    second = await plans.upload(plan, "fine")
    await plans.raw(plan, b"not looked at", [(h.TYPE, b"plan.phase1.created")])
    await until(lambda: seen.order(plan) == [first, second])
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.env["MARKETPLACE_BROKERS"])
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.env["MARKETPLACE_BROKERS"])
    await admin.start()
    await consumer.start()
    try:
        async with asyncio.timeout(PATIENCE_S):
            left = {"?": 1}
            while any(left.values()):
                await asyncio.sleep(0.2)
                done = await admin.list_consumer_group_offsets(AGENTS)
                ends = await consumer.end_offsets([tp for tp in done if tp.topic == PLAN_EVENTS])
                left = {str(tp): end - done[tp].offset for tp, end in ends.items() if done[tp].offset >= 0}
    finally:
        await consumer.stop()
        await admin.close()

    assert sum(ends.values()) >= 6
    assert [r for r in seen.dead if r.key == plan.encode()] == []


async def test_kills_in_the_middle_lose_nothing_and_keep_the_order(
    stack: Stack, plans: Plans, seen: Seen, random_source: Callable[[], int]
) -> None:
    rng = random.Random(random_source())
    many = [str(uuid.uuid4()) for _ in range(60)]
    titles = ("third time", "a", "b")
    sent: dict[str, list[str]] = {plan: [] for plan in many}

    async def write() -> None:
        for title in titles:
            for plan in many:
                sent[plan].append(await plans.upload(plan, title))
            await asyncio.sleep(0.2)

    async def kill() -> None:
        for victim in ("worker", "pump", "worker", "worker", "pump"):
            await asyncio.sleep(rng.uniform(0.3, 1.5))
            await asyncio.to_thread(stack.wait_for, victim)
            stack.kill(victim)

    await asyncio.gather(write(), kill())

    def dead() -> dict[str, int]:
        return {h.text(r.headers, "ce_id") or "": r.timestamp for r in seen.dead}

    # a new process asks for its own two failures: some records fail four times and are dead letters in the end
    await until(lambda: all(set(seen.order(plan)) | set(dead()) >= set(sent[plan]) for plan in many), PATIENCE_S)

    assert {plan: seen.order(plan) for plan in many} == {
        plan: [one for one in sent[plan] if one in seen.first_at] for plan in many
    }
    # one that was handled by a process that was killed before it could say so is tried by the next, and may fail there
    both = {one: (seen.first_at[one], at) for one, at in dead().items() if one in seen.first_at}
    print(f"handled, and then given up all the same: {len(both)}")
    assert all(handled_at < dead_at for handled_at, dead_at in both.values()), f"handled although given up: {both}"
    assert set(dead()) <= {events[0] for events in sent.values()}
    await until_none_waits(stack, 90)


async def test_workers_go_on_while_the_database_is_away(stack: Stack, plans: Plans, seen: Seen) -> None:
    many = [str(uuid.uuid4()) for _ in range(10)]
    before, free = str(uuid.uuid4()), str(uuid.uuid4())
    await plans.upload(before, "fine")
    await until(lambda: len(seen.order(before)) == 1, PATIENCE_S)
    await asyncio.to_thread(stack.pause, "postgres")
    try:
        sent = {plan: [await plans.upload(plan, t) for t in ("third time", "a")] for plan in many}
        await plans.upload(free, "fine")
        await until(lambda: len(seen.order(free)) == 1)
        await until(lambda: all(len(seen.order(plan)) == 2 for plan in many), PATIENCE_S)
        assert {plan: seen.order(plan) for plan in many} == sent
    finally:
        await asyncio.to_thread(stack.resume, "postgres")
        await asyncio.to_thread(stack.wait_for, "postgres")
    await until_none_waits(stack, 60)


async def states(stack: Stack, plan: str) -> list[tuple[str, int]]:
    connection = await asyncpg.connect(stack.env["MARKETPLACE_DATABASE_URL"])
    try:
        rows = await connection.fetch(
            "select state, attempt from flow.parked where key = $1 order by orig_offset", plan
        )
        return [(r["state"], r["attempt"]) for r in rows]
    finally:
        await connection.close()


async def until_none_waits(stack: Stack, within_s: float = PATIENCE_S) -> None:
    connection = await asyncpg.connect(stack.env["MARKETPLACE_DATABASE_URL"])
    try:
        deadline = time.monotonic() + within_s
        while (left := await connection.fetchval("select count(*) from flow.parked where state = 'waiting'")) != 0:
            assert time.monotonic() < deadline, f"{left} records still wait"
            await asyncio.sleep(0.1)
    finally:
        await connection.close()
