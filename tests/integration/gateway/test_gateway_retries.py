"""Retries and dead letters over HTTP: what is shown, what is done, and what the outbox carries then."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from projections.reads.written import Shown
from schemas import headers as h
from tests.integration.gateway.gateway_running import Running, one_row
from tests.support.letters import add_waiting

OFFSETS = iter(range(1_000, 100_000))


def new_plan() -> str:
    return str(uuid.uuid4())


async def raw_of(pool: asyncpg.Pool, plan: str) -> list[dict[str, Any]]:
    """Return the raw records in the outbox, with headers as text."""
    rows = await Shown(pool).fetch(
        "select topic, raw, raw_headers from decide.outbox where key = $1 and raw_headers is not null order by seq",
        plan,
    )
    return [
        {"topic": r["topic"], "raw": r["raw"], "headers": dict(h.from_json(orjson.loads(r["raw_headers"])))}
        for r in rows
    ]


async def test_what_waits_is_listed_the_next_one_first(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = new_plan()
    later = await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS))
    sooner = await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS), due=timedelta(seconds=30))
    await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS), state="done")

    page = (await api.get("/api/retries", params={"plan": plan, "total": "true"})).json()
    one = (await api.get(f"/api/retries/{sooner}")).json()
    first = (await api.get("/api/retries", params={"plan": plan, "limit": 1})).json()
    second = (await api.get("/api/retries", params={"plan": plan, "limit": 1, "cursor": first["nextCursor"]})).json()

    assert [i["recordId"] for i in page["items"]] == [sooner, later]
    assert page["total"] == 2
    assert one == page["items"][0]
    assert (one["attempt"], one["code"], one["state"]) == (1, "ValueError", "waiting")
    assert [first["items"][0]["recordId"], second["items"][0]["recordId"]] == [sooner, later]
    assert (await api.get("/api/retries/agents|plan.events|3|999999999")).status_code == 404


async def test_retry_now_sends_the_stored_bytes_once(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = new_plan()
    record = await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS))

    answers = [(await api.post("/api/retries/now", json={"recordIds": [record]})).json() for _ in range(2)]

    assert [a["results"][0]["outcome"] for a in answers] == ["accepted", "unchanged"]
    (sent,) = await raw_of(gateway.pool, plan)
    assert (sent["topic"], sent["raw"]) == ("agents.redeliver", b"bytes")
    assert sent["headers"][h.ATTEMPT] == b"1"
    audit = await one_row(
        gateway.pool,
        "select actor, data from decide.outbox where type = 'command.audited' and data ->> 'target' = $1",
        record,
    )
    assert audit["actor"] == "the admin"
    assert orjson.loads(audit["data"])["command"] == "retry.now"


async def test_what_waits_behind_another_is_refused_and_given_up_heads_let_it_go(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan = new_plan()
    head, behind = [await add_waiting(gateway.pool, plan=plan, offset=next(OFFSETS)) for _ in range(2)]

    refused = await api.post("/api/retries/now", json={"recordIds": [behind]})
    both = await api.post("/api/retries/now", json={"recordIds": [behind, "agents|x|0|0"]})
    given_up = await api.post("/api/retries/give-up", json={"recordIds": [head], "reason": "não serve"})
    after = await api.post("/api/retries/now", json={"recordIds": [behind]})

    assert (refused.status_code, refused.json()["behind"]) == (409, head)
    assert [r["outcome"] for r in both.json()["results"]] == ["behind", "not_found"]
    assert given_up.json()["results"][0]["outcome"] == "accepted"
    assert after.status_code == 200
    dead, redelivered = await raw_of(gateway.pool, plan)
    assert (dead["topic"], redelivered["topic"]) == ("agents.dlq", "agents.redeliver")
    assert dead["headers"][h.GIVEN_UP_REASON].decode() == "não serve"
    assert dead["headers"][h.GIVEN_UP_BY] == b"the admin"
    assert h.NEXT_ATTEMPT_AT not in dead["headers"]
    audit = await one_row(
        gateway.pool,
        "select actor, data from decide.outbox where type = 'command.audited' and data ->> 'target' = $1",
        head,
    )
    said = orjson.loads(audit["data"])
    assert (audit["actor"], said["command"], said["reason"]) == ("the admin", "retry.give-up", "não serve")
    again = await api.post("/api/retries/now", json={"recordIds": [head]})
    assert (again.status_code, again.json()["currentStatus"]) == (409, "given_up")


@pytest.mark.parametrize("how", ["now", "give-up"])
async def test_those_behind_a_record_go_with_it_in_their_order(
    gateway: Running, api: httpx.AsyncClient, how: str
) -> None:
    plan = new_plan()
    places = [next(OFFSETS) for _ in range(5)]
    head = await add_waiting(gateway.pool, plan=plan, offset=places[0])
    followers = [await add_waiting(gateway.pool, plan=plan, offset=at, behind=head, code="") for at in places[1:3]]
    failed = await add_waiting(gateway.pool, plan=plan, offset=places[3])
    stays = await add_waiting(gateway.pool, plan=plan, offset=places[4], behind=failed, code="")

    reason = {"reason": "não serve"} if how == "give-up" else {}
    await api.post(f"/api/retries/{how}", json={"recordIds": [head], **reason})

    sent = await raw_of(gateway.pool, plan)
    assert [s["topic"] for s in sent] == [
        "agents.redeliver" if how == "now" else "agents.dlq",
        "agents.redeliver",
        "agents.redeliver",
    ]
    left = await gateway.pool.fetch(
        "select record_id from flow.parked where key = $1 and state = 'waiting' and due_at > now()", plan
    )
    assert {r["record_id"] for r in left} == {failed, stays}
    due = "select record_id from flow.parked where record_id = any ($1) and due_at <= now() and behind = ''"
    assert {r["record_id"] for r in await gateway.pool.fetch(due, followers)} == set(followers)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/retries/now", {"recordIds": []}),
        ("/api/retries/give-up", {"recordIds": ["a"]}),
        ("/api/dead-letters/replay", {}),
        ("/api/dead-letters/replay", {"recordIds": ["a"], "selection": {}}),
        ("/api/dead-letters/replay", {"recordIds": ["a"], "rate": 0}),
        ("/api/dead-letters/discard", {"recordIds": ["a"], "reason": ""}),
    ],
)
async def test_what_makes_no_sense_is_refused(api: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    assert (await api.post(path, json=body)).status_code == 422
