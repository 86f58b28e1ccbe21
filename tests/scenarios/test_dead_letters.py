"""From a failing handler to a dead letter, and back by a person's hand: found, mended, replayed, handled."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from local.stack import Stack
from schemas import headers as h
from schemas.events import Event
from schemas.process.places import key_hash
from schemas.registry import wait_for_codec
from schemas.topics import PLAN_EVENTS, WORK, declared
from schemas.wire import Codec
from tests.scenarios.conftest import KEY
from tests.support.command import within
from tests.support.events import uploaded
from tests.support.patience import PATIENCE_S
from tests.support.patience import until as eventually
from tests.support.signed import signed
from tests.support.systems import Systems

PARTS = ("gateway", "worker", "projections", "pump")


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory, systems: Systems) -> AsyncIterator[Stack]:
    env = {
        "MARKETPLACE_BOOTSTRAP_KEY": KEY,
        "MARKETPLACE_LIMITS": "reads=off",
        "MARKETPLACE_RETRY_DELAYS": "0.2,0.3,60",
        "MARKETPLACE_FAULTS": "fail plan.uploaded where title=broken",
    }
    async with systems.system(tmp_path_factory.mktemp("letters"), env, PARTS) as whole:
        yield whole


@pytest.fixture(scope="module")
async def codec(stack: Stack) -> Codec:
    return await asyncio.to_thread(wait_for_codec, stack.env["MARKETPLACE_REGISTRY_URL"])


@pytest.fixture
async def send(stack: Stack, codec: Codec) -> AsyncIterator[Callable[..., Any]]:
    producer = AIOKafkaProducer(bootstrap_servers=stack.env["MARKETPLACE_BROKERS"], enable_idempotence=True)
    await producer.start()

    async def one(title: str = "", plan: str = "", value: bytes | None = None) -> Event:
        plan = plan or str(uuid.uuid4())
        event = replace(uploaded(["shopee"]), event_id=str(uuid.uuid4()), correlation_id=plan, stream=f"plan-{plan}")
        event = replace(event, data={**event.data, "plan_id": plan, "title": title})
        sent = codec.encode(PLAN_EVENTS, event) if value is None else value
        await producer.send_and_wait(
            PLAN_EVENTS, sent, key=plan.encode(), headers=signed(stack.env, PLAN_EVENTS, event, sent)
        )
        return event

    yield one
    await producer.stop()


@pytest.fixture
async def api(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=stack.env["MARKETPLACE_URL"], headers={"Authorization": f"Bearer {KEY}"}, timeout=PATIENCE_S
    ) as client:
        yield client


def marketplace(stack: Stack, *arguments: str, stdin: str = "", status: int = 0) -> Any:
    env = {"MARKETPLACE_URL": stack.env["MARKETPLACE_URL"], "MARKETPLACE_API_KEY": KEY}
    done = within((*arguments, "--json"), env, stdin)
    assert done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    return json.loads(done.stdout)


async def letters(api: httpx.AsyncClient, plan: str, count: int = 1) -> list[dict[str, Any]]:
    async def ask() -> Any:
        items = (await api.get("/api/dead-letters", params={"plan": plan})).json()["items"]
        return items if len(items) >= count else None

    return list(await eventually(ask))


async def outputs(stack: Stack, cause: str) -> int:
    """How many analyses an event has led to."""
    consumer = AIOKafkaConsumer(
        *WORK.values(), bootstrap_servers=stack.env["MARKETPLACE_BROKERS"], auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        found = 0
        ends = await consumer.end_offsets(list(consumer.assignment()))
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += sum(h.text(r.headers, "ce_causationid") == cause for r in records)
        return found
    finally:
        await consumer.stop()


async def test_a_waiting_record_is_given_up_mended_and_replayed_by_hand(
    stack: Stack, api: httpx.AsyncClient, send: Callable[..., Any]
) -> None:
    event = await send("broken")
    plan = event.correlation_id
    behind = await send("fine", plan)

    async def in_the_last_tier() -> Any:
        rows = (await api.get("/api/retries", params={"plan": plan, "sort": "-since"})).json()["items"]
        return next((r for r in rows if r["attempt"] == 3), None)

    waiting = await eventually(in_the_last_tier)
    rows = marketplace(stack, "retries", "list", "--plan", plan)["items"]
    head, second = sorted(rows, key=lambda r: r["offset"])
    assert (head["recordId"], head["code"], second["behind"]) == (
        waiting["recordId"],
        "InjectedFault",
        head["recordId"],
    )
    typed = head["recordId"].replace("|", ":")
    refused = marketplace(stack, "retries", "now", second["recordId"], status=1)
    assert refused["behind"] == head["recordId"]
    assert marketplace(stack, "retries", "give-up", typed, "-r", "título errado")["results"][0]["outcome"] == "accepted"

    (letter,) = await letters(api, plan)
    assert (letter["state"], letter["givenUpReason"], letter["attempts"]) == ("open", "título errado", 3)
    await eventually(lambda: outputs(stack, behind.event_id))
    assert await outputs(stack, event.event_id) == 0
    shown = marketplace(stack, "letters", "show", typed)
    assert shown["data"]["title"] == "broken"
    assert shown["recordId"] in [i["recordId"] for i in marketplace(stack, "letters", "list", "--plan", plan)["items"]]
    assert letter["fingerprint"] in [g["fingerprint"] for g in marketplace(stack, "letters", "groups")["items"]]

    mended = json.dumps({**shown["data"], "title": "mended"})
    edited = marketplace(stack, "letters", "edit", typed, "--file", "-", "-r", "corrigido", stdin=mended)
    assert [d["path"] for d in edited["differences"]] == ["/title"]
    outlook = marketplace(stack, "letters", "replay", typed, "--dry-run")["items"][0]
    assert (outlook["outcome"], outlook["topic"], outlook["readable"]) == ("accepted", "agents.redeliver", True)
    assert marketplace(stack, "letters", "replay", typed)["results"][0]["outcome"] == "accepted"

    await eventually(lambda: outputs(stack, event.event_id))

    async def handled() -> Any:
        found = (await api.get(f"/api/dead-letters/{letter['recordId']}")).json()
        return found["state"] == "replayed" and found["retry"] == "done" and found

    found = await eventually(handled)
    assert (found["replays"], found["actedBy"]) == (1, "bootstrap")


async def test_letters_that_come_back_three_times_are_blocked(
    stack: Stack, api: httpx.AsyncClient, send: Callable[..., Any]
) -> None:
    event = await send(value=b"\0\0\0\0\1damaged")
    both = await letters(api, event.correlation_id, 2)  # the agents' and the projections'
    assert {i["group"] for i in both} == {"agents", "projections"}
    assert {i["readable"] for i in both} == {False}
    for group in ("agents", "projections"):
        record = next(i["recordId"] for i in both if i["group"] == group)
        for n in range(1, 4):
            assert marketplace(stack, "letters", "replay", record)["results"][0]["outcome"] == "accepted"

            async def back(n: int = n, record: str = record) -> Any:
                found = (await api.get(f"/api/dead-letters/{record}")).json()
                return found["replays"] == n and found["state"] in {"open", "blocked"} and found

            found = await eventually(back)
            assert found["state"] == ("blocked" if n == 3 else "open")
        assert marketplace(stack, "letters", "replay", record, status=1)["currentStatus"] == "blocked"
    assert len(await letters(api, event.correlation_id)) == 2


async def test_a_projections_letter_is_mended_and_the_plan_appears(
    stack: Stack, api: httpx.AsyncClient, send: Callable[..., Any], codec: Codec
) -> None:
    plan = str(uuid.uuid4())
    good = replace(uploaded(["shopee"]), event_id=str(uuid.uuid4()), correlation_id=plan, stream=f"plan-{plan}")
    good = replace(good, data={**good.data, "plan_id": plan})
    await send(plan=plan, value=codec.encode(PLAN_EVENTS, good)[:-2])
    both = await letters(api, plan, 2)
    record = next(i["recordId"] for i in both if i["group"] == "projections")
    payload = {
        "event_id": good.event_id, "stream": good.stream, "version": 1, "occurred_at": good.occurred_at,
        "causation_id": good.causation_id, "correlation_id": plan, "actor": good.actor, **good.data,
    }  # fmt: skip

    marketplace(stack, "letters", "edit", record, "--file", "-", "-r", "cortado", stdin=json.dumps(payload))
    marketplace(stack, "letters", "replay", record)

    async def there() -> Any:
        answer = await api.get(f"/api/marketplace/analysis/{plan}")
        return answer.status_code == 200 and answer.json()

    assert (await eventually(there))["title"] == good.data["title"]
    behind = await send("later", plan)  # the agents come to it after the replay, if they take that at all
    await eventually(lambda: outputs(stack, behind.event_id))
    assert await outputs(stack, good.event_id) == 0  # it was for the projections alone


async def test_poison_with_a_large_key_stops_neither_agents_nor_projections(
    stack: Stack, api: httpx.AsyncClient, send: Callable[..., Any]
) -> None:
    plan = str(uuid.uuid4())
    partition = key_hash(plan.encode()) % declared()[PLAN_EVENTS].partitions
    async with AIOKafkaProducer(bootstrap_servers=stack.env["MARKETPLACE_BROKERS"]) as producer:
        poison = await producer.send_and_wait(PLAN_EVENTS, b"v" * 947_900, key=b"k" * 100_000, partition=partition)
    behind = await send("fine", plan)

    await eventually(lambda: outputs(stack, behind.event_id))  # the agents have gone on
    for group in ("agents", "projections"):
        record = f"{group}|{PLAN_EVENTS}|{partition}|{poison.offset}"

        async def came(replays: int, record: str = record) -> Any:
            answer = await api.get(f"/api/dead-letters/{record}")
            found = answer.json()
            return answer.status_code == 200 and (found["replays"], found["state"]) == (replays, "open") and found

        found = await eventually(partial(came, 0))
        assert found["key"] == "k" * h.KEY_KEPT
        assert [h.KEY_OMITTED, "100000 bytes"] in found["headers"]
        assert marketplace(stack, "letters", "replay", record)["results"][0]["outcome"] == "accepted"
        await eventually(partial(came, 1))


async def test_a_replay_of_many_goes_on_through_a_restart(
    stack: Stack, api: httpx.AsyncClient, send: Callable[..., Any]
) -> None:
    plans = [(await send(value=b"garbage")).correlation_id for _ in range(30)]
    for plan in plans:
        await letters(api, plan, 2)
    wanted = [i["recordId"] for p in plans for i in await letters(api, p) if i["group"] == "agents"]

    made = await api.post("/api/dead-letters/replay", json={"recordIds": wanted, "rate": 5})

    async def under_way() -> Any:
        return 0 < (await api.get(made.headers["location"])).json()["done"] < 30

    await eventually(under_way)
    stack.kill("gateway")

    async def done() -> Any:
        try:
            job = (await api.get(made.headers["location"])).json()
        except httpx.TransportError:
            return None
        return job if job["state"] == "done" else None

    job = await eventually(done)
    assert job["outcomes"] == {"accepted": 30}

    async def all_back() -> Any:
        return all(
            [
                next(i for i in await letters(api, p) if i["group"] == "agents")["replays"] == 1
                and next(i for i in await letters(api, p) if i["group"] == "agents")["state"] == "open"
                for p in plans
            ]
        )

    assert await eventually(all_back)
