"""Replays of dead letters over HTTP: what they would do, many at a capped rate, and what is not replayed."""

from __future__ import annotations

import asyncio
import secrets
import uuid

import httpx
import pytest

from projections.dead_letters.burial import DEAD_LETTERS
from projections.run.topics import TOPICS
from schemas import headers as h
from schemas.topics import WORK, declared
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_retries import OFFSETS, new_plan, raw_of
from tests.support.letters import add_letter, add_waiting, upload_of
from tests.support.patience import PATIENCE_S


async def test_a_dry_run_says_what_would_happen_and_does_nothing(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = new_plan()
    head = await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS))
    record = await add_letter(gateway.pool, plan=plan, offset=int(head.rpartition("|")[2]) + 500_000)
    projections = await add_letter(gateway.pool, plan=plan, group="projections")

    answer = await api.post("/api/dead-letters/dry-run", json={"recordIds": [record, projections, "nobody|x|0|1"]})

    assert [(i["outcome"], i["topic"], i["behind"], i["readable"]) for i in answer.json()["items"]] == [
        ("accepted", "agents.redeliver", head, False),
        ("accepted", "plan.events", "", False),
        ("not_found", "", "", False),
    ]
    assert await raw_of(gateway.pool, plan) == []


async def test_replays_side_by_side_share_the_turns(gateway: Running) -> None:
    """One statement takes the next turn, however many replays run: whoever waited longest comes first in the next."""
    outcomes = """
        select count(outcome) from flow.replay_job j left join flow.replay_item i using (job_id)
         where j.actor = $1 group by j.job_id order by j.job_id"""
    async with gateway.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()  # nobody else takes a turn of them
        try:
            await connection.execute(
                "insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total, moved_at)"
                " select md5(n::text)::uuid, 'turns', 'r', '{}', false, 1000, 90, now() - interval '1 min'"
                "   from generate_series(1, 3) n;"
                "insert into flow.replay_item (job_id, position, record_id)"
                " select md5(n::text)::uuid, p, 'nobody' from generate_series(1, 3) n, generate_series(1, 90) p"
            )
            seen = []
            for _ in range(3):
                assert await connection.fetchval("select flow.replay_turn()") == 50
                await connection.execute("update flow.replay_job set moved_at = moved_at - interval '1 min'")
                seen.append(sorted(r["count"] for r in await connection.fetch(outcomes, "turns")))
        finally:
            await transaction.rollback()

    assert seen == [[0, 0, 50], [0, 50, 50], [50, 50, 50]]


async def test_a_letter_whose_key_no_index_takes_is_replayed(gateway: Running, api: httpx.AsyncClient) -> None:
    key = secrets.token_hex(h.KEY_LIMIT // 2)
    record = await add_letter(gateway.pool, plan=key)
    head = await add_waiting(gateway.pool, plan=key[: h.NAME_LIMIT], offset=int(record.rpartition("|")[2]) - 1)
    outlook = (await api.post("/api/dead-letters/dry-run", json={"recordIds": [record]})).json()["items"][0]
    assert outlook["behind"] == head
    await gateway.pool.execute("delete from flow.parked where record_id = $1", head)

    answer = await api.post(f"/api/dead-letters/{record}/replay", json={})

    assert answer.status_code == 200, answer.text
    assert len(await raw_of(gateway.pool, key)) == 1
    waiting = await gateway.pool.fetchval("select key from flow.parked where record_id = $1", record)
    assert waiting == key[: h.NAME_LIMIT]


async def test_a_letter_that_cannot_be_sent_again_stops_no_replay_but_its_own(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    """A header says that it was replayed as often as a number can say: there is no next one."""
    odd = await add_letter(gateway.pool, replay=2**31 - 1)
    good = [await add_letter(gateway.pool) for _ in range(2)]

    alone = await api.post(f"/api/dead-letters/{odd}/replay", json={"force": True})
    started = [
        (await api.post("/api/dead-letters/replay", json={"recordIds": ids, "force": True, "rate": 500})).json()[
            "jobId"
        ]
        for ids in ([odd, good[0]], [good[1]])
    ]

    assert (alone.status_code, alone.json()["currentStatus"]) == (409, "failed")
    outcomes = []
    for job in started:
        async with asyncio.timeout(PATIENCE_S):
            while (seen := (await api.get(f"/api/dead-letters/jobs/{job}")).json())["state"] != "done":
                await asyncio.sleep(0.05)
        outcomes.append(seen["outcomes"])
    assert outcomes == [{"failed": 1, "accepted": 1}, {"accepted": 1}]


@pytest.mark.parametrize(
    ("group", "topic"),
    [
        ("analysis", "of.nobody"),
        ("analysis", "plan.events"),
        ("projections", "of.nobody"),
        ("somebody", "plan.events"),
        ("", "plan.events"),
    ],
)
async def test_a_letter_that_nobody_would_read_is_not_replayed(
    gateway: Running, api: httpx.AsyncClient, group: str, topic: str
) -> None:
    record = await add_letter(gateway.pool, plan=new_plan(), group=group, topic=topic)
    before = await gateway.pool.fetchval("select count(*) from decide.outbox")

    asked = {"recordIds": [record], "force": True}
    outlook = (await api.post("/api/dead-letters/dry-run", json=asked)).json()["items"][0]
    answer = await api.post(f"/api/dead-letters/{record}/replay", json={"force": True})

    assert (outlook["outcome"], outlook["topic"]) == ("unread", "")
    assert (answer.status_code, answer.json()["currentStatus"]) == (409, "unread")
    assert f"'{topic}'" in answer.json()["detail"]
    assert await gateway.pool.fetchval("select count(*) from decide.outbox") == before
    discarded = await api.post("/api/dead-letters/discard", json={"recordIds": [record], "reason": "não serve"})
    assert discarded.json()["results"][0]["outcome"] == "accepted"


async def test_replays_go_to_declared_topics_and_to_all_that_a_group_reads(gateway: Running) -> None:
    read = {
        (group, topic)
        for group in ("agents", "analysis", "projections")
        for topic in declared()
        if await gateway.pool.fetchval("select flow.is_read($1, $2)", group, topic)
    }
    assert read == {
        *(("agents", topic) for topic in declared()),
        *(("analysis", topic) for topic in WORK.values()),
        *(("projections", topic) for topic in TOPICS if topic not in DEAD_LETTERS),
    }
    sent_to = {await gateway.pool.fetchval("select flow.replay_topic($1, $2)", *one) for one in read}
    assert sent_to <= declared().keys()


async def test_many_are_replayed_at_a_capped_rate_and_each_has_its_result(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    code = f"code-{uuid.uuid4().hex[:6]}"
    records = [await add_letter(gateway.pool, event=upload_of(new_plan()), code=code) for _ in range(12)]
    await api.post("/api/dead-letters/discard", json={"recordIds": [records[3]], "reason": "não"})
    body = {"selection": {"code": [code]}, "rate": 10}

    started = asyncio.get_running_loop().time()
    made = await api.post("/api/dead-letters/replay", json=body, headers={"Idempotency-Key": code})
    twice = await api.post("/api/dead-letters/replay", json=body, headers={"Idempotency-Key": code})
    location = made.headers["location"]
    while (job := (await api.get(location)).json())["state"] == "running":
        await asyncio.sleep(0.1)
    took = asyncio.get_running_loop().time() - started

    assert (made.status_code, made.json()["total"], twice.headers["location"]) == (202, 12, location)
    assert took >= 1.0
    assert job["outcomes"] == {"accepted": 11, "discarded": 1}
    assert job["done"] == 12
    assert {i["recordId"]: i["outcome"] for i in job["items"]} == {
        r: "discarded" if r == records[3] else "accepted" for r in records
    }
    assert {i["retry"] for i in job["items"] if i["outcome"] == "accepted"} == {"waiting"}
    assert location.rpartition("/")[2] in [
        j["jobId"] for j in (await api.get("/api/dead-letters/jobs")).json()["items"]
    ]


async def test_a_job_can_be_ended(gateway: Running, api: httpx.AsyncClient) -> None:
    async def start(count: int) -> str:
        code = f"code-{uuid.uuid4().hex[:6]}"
        for _ in range(count):
            await add_letter(gateway.pool, event=upload_of(new_plan()), code=code)
        made = await api.post("/api/dead-letters/replay", json={"selection": {"code": [code]}, "rate": 10})
        return str(made.headers["location"])

    async def seen(job: str) -> tuple[str, int]:
        found = (await api.get(job)).json()
        return found["state"], found["done"]

    ended = await start(60)
    async with asyncio.timeout(PATIENCE_S):
        while (await seen(ended))[1] == 0:
            await asyncio.sleep(0.02)

    assert (await api.delete(ended)).status_code == 204
    state, done = await seen(ended)
    other = await start(10)  # a second's worth at the same rate: the first would have gone on as well
    async with asyncio.timeout(PATIENCE_S):
        while (await seen(other))[0] != "done":
            await asyncio.sleep(0.05)

    assert (state, 0 < done < 60) == ("cancelled", True)
    assert await seen(ended) == ("cancelled", done)
    assert (await api.delete(f"/api/dead-letters/jobs/{uuid.uuid4()}")).status_code == 404
    empty = await api.post("/api/dead-letters/replay", json={"selection": {"code": ["nobody"]}})
    assert empty.status_code == 404
