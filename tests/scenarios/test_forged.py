"""Somebody who reaches the broker writes events of his own: nothing follows from them, and people are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from local.chaos.faults.records import last_records
from local.load import Load
from local.stack import Stack
from schemas import headers as h
from schemas.belief import sign
from schemas.registry import wait_for_codec
from schemas.signing import parse
from schemas.topics import AGENTS_DLQ, PLAN_EVENTS, REDELIVER, TASK_EVENTS
from schemas.wire import Codec
from tests.scenarios.conftest import KEY
from tests.support.forging import approval, gone_past, letters, put, untouched, verified, waiting_plan
from tests.support.patience import PATIENCE_S, until
from tests.support.signed import signed
from tests.support.systems import Systems

#: Seconds that a record waits in each tier: long enough to forge something meanwhile.
HELD = "12,13,14"


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory, systems: Systems) -> AsyncIterator[Stack]:
    env = {
        "MARKETPLACE_BOOTSTRAP_KEY": KEY,
        "MARKETPLACE_LIMITS": "reads=off",
        "MARKETPLACE_FAULTS": "fail plan.approved where priority=low times 1",
        "MARKETPLACE_RETRY_DELAYS": HELD,
    }
    async with systems.system(tmp_path_factory.mktemp("forged"), env) as whole:
        yield whole


@pytest.fixture(scope="module")
async def codec(system: Stack) -> Codec:
    return await asyncio.to_thread(wait_for_codec, system.env["MARKETPLACE_REGISTRY_URL"])


@pytest.fixture
async def load(system: Stack) -> AsyncIterator[Load]:
    """Plans of the system; at the end a person has seen all letters, so that the next test finds none of this one."""
    async with Load(system.env, KEY) as found:
        yield found
        await discarded(found)


async def discarded(load: Load) -> None:
    """A person has seen all letters, and has discarded them."""
    rows = await load.pool.fetch("select record_id from rm.dead_letter where state <> 'discarded'")
    if ids := [row["record_id"] for row in rows]:
        answer = await load._client.post("/api/dead-letters/discard", json={"recordIds": ids, "reason": "forged"})
        assert answer.status_code == 200, answer.text

    async def done() -> Any:
        return await load.pool.fetchval(
            "select count(*) = 0 from rm.dead_letter where state <> 'discarded' and record_id = any($1::text[])", ids
        )

    await until(done)


async def test_an_approval_that_nobody_gave_is_told_and_makes_no_task(system: Stack, load: Load, codec: Codec) -> None:
    plan = await waiting_plan(load)
    forged = approval(plan)
    value = codec.encode(PLAN_EVENTS, forged)

    place = await put(system, PLAN_EVENTS, plan, value, h.for_event(forged, None))

    assert await letters(load, place) == {"unsigned"}
    report = await load.get("/api/system/health")
    (finding,) = [f for f in report["verdict"] if f["kind"] == "records-forged"]
    assert (report["status"], finding["severity"]) == ("degraded", "critical")
    found = await verified(system)
    assert found.counts["forged"] == 1
    assert any(forged.stream in problem and "unsigned" in problem for problem in found.problems)
    await untouched(load, plan)
    await discarded(load)  # a person has seen it: it stays in the log, and is no finding any more
    assert (await verified(system)).problems == []


@pytest.mark.parametrize("version", [2**31 - 1, 900_000])
async def test_a_far_version_freezes_no_plan(system: Stack, load: Load, codec: Codec, version: int) -> None:
    plan = await waiting_plan(load)
    forged = approval(plan, version)

    place = await put(system, PLAN_EVENTS, plan, codec.encode(PLAN_EVENTS, forged), h.for_event(forged, None))

    assert await letters(load, place) <= {"misplaced", "unsigned"}
    await untouched(load, plan)


@pytest.mark.parametrize("what", ["stream", "plan", "key"])
async def test_an_event_that_contradicts_itself_moves_neither_plan(
    system: Stack, load: Load, codec: Codec, what: str
) -> None:
    """Even one that was signed: a mistake of a producer, or of who has its key."""
    plan, other = await waiting_plan(load), await waiting_plan(load)
    forged = approval(plan)
    key = plan
    if what == "stream":
        forged = replace(forged, stream=f"plan-{other}")
    elif what == "plan":
        forged = replace(forged, data={**forged.data, "plan_id": other})
    else:
        key = other
    value = codec.encode(PLAN_EVENTS, forged)

    place = await put(system, PLAN_EVENTS, key, value, signed(system.env, PLAN_EVENTS, forged, value))

    assert await letters(load, place) == {"misplaced"}
    await untouched(load, plan)
    await untouched(load, other)


async def real_approval(system: Stack, load: Load) -> Any:
    """Return the record of an approval that a person gave."""
    plan = await waiting_plan(load)
    await load.approve([plan])
    await load.wait_for_tasks([plan], within_s=PATIENCE_S)
    records = await last_records(system.env["MARKETPLACE_BROKERS"], (PLAN_EVENTS,), 1000)
    return next(
        r
        for r in records
        if r.key == plan.encode() and dict(r.headers)[h.TYPE] == b"plan.approved" and not h.raw(r.headers, h.GROUP)
    )


async def test_a_right_signature_is_of_no_use_on_another_plan_or_topic(system: Stack, load: Load) -> None:
    real = await real_approval(system, load)
    plan = await waiting_plan(load)

    elsewhere = await put(system, PLAN_EVENTS, plan, real.value, list(real.headers))
    on_tasks = await put(system, TASK_EVENTS, real.key.decode(), real.value, list(real.headers))

    assert await letters(load, elsewhere) == {"misplaced"}
    assert await letters(load, on_tasks, ("projections",)) == {"misplaced"}
    await untouched(load, plan)


async def test_a_true_record_a_second_time_changes_nothing(system: Stack, load: Load) -> None:
    real = await real_approval(system, load)
    plan = real.key.decode()
    before = await load.pool.fetchval("select count(*) from rm.task where plan_id = $1::uuid", plan)

    place = await put(system, PLAN_EVENTS, plan, real.value, list(real.headers))
    await gone_past(system, load, place)

    made = await load.pool.fetchval("select count(*) from rm.task where plan_id = $1::uuid", plan)
    assert (made, made > 0) == (before, True)
    assert (await load.get(f"/api/marketplace/analysis/{plan}"))["status"] == "executing"
    assert await load.pool.fetchval("select count(*) from rm.dead_letter where record_id like $1", f"%|{place}") == 0


async def test_a_key_that_nobody_knows_is_told_as_such(system: Stack, load: Load, codec: Codec) -> None:
    plan = await waiting_plan(load)
    forged = approval(plan)
    value = codec.encode(PLAN_EVENTS, forged)
    stranger = parse(f"stranger {'ab' * 32}")
    carried = sign(stranger, PLAN_EVENTS, plan.encode(), forged.type, value, h.for_event(forged, None))

    place = await put(system, PLAN_EVENTS, plan, value, carried)

    assert await letters(load, place) == {"unknown-key"}
    await untouched(load, plan)


async def test_a_letter_that_nobody_of_ours_wrote_is_told_and_never_sent_again(
    system: Stack, load: Load, codec: Codec
) -> None:
    plan = await waiting_plan(load)
    forged = approval(plan)
    claims = [
        (h.GROUP, b"agents"),
        (h.ORIG_TOPIC, PLAN_EVENTS.encode()),
        (h.ORIG_PARTITION, b"0"),
        (h.ORIG_OFFSET, b"0"),
    ]
    carried = [*h.for_event(forged, None), *claims, (h.ERROR_CODE, b"TimeoutError")]

    place = await put(system, AGENTS_DLQ, plan, codec.encode(PLAN_EVENTS, forged), carried)

    assert await letters(load, place, ("",)) == {"unsealed"}
    answer = await load._client.post("/api/dead-letters/replay", json={"recordIds": [f"|{place}"], "force": True})
    assert answer.status_code == 202, answer.text

    async def done() -> Any:
        job = await load.get(answer.headers["location"])
        return job if job["state"] == "done" else None

    assert (await until(done))["outcomes"] == {"unread": 1}
    await untouched(load, plan)  # what is published later than the job has been published by now, too
    sent = await last_records(system.env["MARKETPLACE_BROKERS"], (REDELIVER,), 1000)
    assert [record for record in sent if record.key == plan.encode()] == []


async def test_a_copy_that_claims_a_place_ends_nobody_elses_wait(system: Stack, load: Load) -> None:
    """Who reads the log can send a true record again as a copy, with the place of another one as its own."""
    real = await real_approval(system, load)
    plan = await waiting_plan(load, "low")
    await load.approve([plan])

    async def waits() -> Any:
        return await load.pool.fetchrow("select record_id, state from flow.parked where key = $1", plan)

    record_id, state = await until(waits)
    assert state == "waiting"
    group, topic, partition, offset = record_id.split("|")
    assert (group, topic) == ("agents", PLAN_EVENTS)
    claims = [(h.GROUP, b"agents"), (h.ORIG_TOPIC, topic.encode()), (h.ORIG_PARTITION, partition.encode())]
    claims += [(h.ORIG_OFFSET, offset.encode()), (h.REPLAY, b"5"), (h.ATTEMPT, b"3")]

    copy = await put(system, REDELIVER, real.key.decode(), real.value, [*real.headers, *claims])
    await gone_past(system, load, copy, projected=False)

    assert await waits() == (record_id, "waiting")
    assert (await load.wait_for_tasks([plan], within_s=PATIENCE_S))[plan] > 0

    async def handled() -> bool:
        return bool((await waits())["state"] == "done")

    await until(handled)
    assert await load.pool.fetchval("select count(*) from rm.dead_letter where record_id = $1", record_id) == 0
