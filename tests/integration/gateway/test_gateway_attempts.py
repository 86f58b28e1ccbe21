"""The history of jobs over HTTP: attempts of a plan, and what failed and was made again everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import orjson

from streams.retries.index import PostgresParking
from streams.retries.order import Parked
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

PLANS = "/api/marketplace/analysis"
NOW = datetime.now(UTC)


def waiting(plan: object, offset: int, attempt: int, **fields: Any) -> Parked:
    """A record of a plan that waits because its attempt failed."""
    given = {"code": "agent-timeout", "message": "no answer within 30 s", "type": "analysis.requested", **fields}
    due = int(NOW.timestamp() * 1000)
    return Parked(
        f"agents|agents.work|0|{offset}",
        "agents",
        str(plan),
        "agents.work",
        0,
        offset,
        "retry.5s",
        0,
        attempt,
        given["type"],
        given["code"],
        "TimeoutError",
        given["message"],
        "",
        due,
        due,
        value=b"x",
    )


async def event(gateway: Running, plan: object, version: int, type_: str, after_s: float, **data: Any) -> None:
    at = NOW + timedelta(seconds=after_s)
    await gateway.pool.execute(
        "insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor,"
        ' causation_id, topic, partition, "offset", data)'
        " values ($1, $2, $3, $4, $5::int, $6, $6, 'ana', 'c', 'plan.events', 0, $5::int, $7)",
        uuid4(),
        plan,
        type_,
        f"attempts-{plan}",
        version,
        at,
        orjson.dumps(data).decode(),
    )


async def test_each_attempt_of_a_plan_is_listed(database_url: str, gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool)
    await event(gateway, plan, 1, "plan.uploaded", 0, channels=["shopee"])
    await event(gateway, plan, 2, "plan.channel.analyzed", 12.5, channel="shopee", model="rules-2")
    parking = PostgresParking(database_url)
    offset = uuid4().int % 10**9
    try:
        for _ in range(2):  # saved twice, as after a crash
            await parking.save([waiting(plan, offset, 1)])
        await parking.save([waiting(plan, offset, 2, code="agent-away")])
        await parking.save([waiting(plan, offset + 1, 0, code="")])  # kept back, not tried
    finally:
        await parking.close()
    found = (await api.get(f"{PLANS}/{plan}/attempts")).json()["items"]
    told = [(one["job"], one["number"], one["outcome"], one["seconds"], one["code"]) for one in found]
    assert ("analysis", 1, "done", 12.5, "") in told
    assert [one for one in told if one[2] == "failed"] == [
        ("analysis", 2, "failed", None, "agent-away"),
        ("analysis", 1, "failed", None, "agent-timeout"),
    ]
    listed = (await api.get("/api/attempts", params={"plan": str(plan)})).json()["items"]
    assert [(one["attempt"], one["code"]) for one in listed] == [(2, "agent-away"), (1, "agent-timeout")]
    narrowed = (await api.get("/api/attempts", params={"plan": str(plan), "code": "agent-away"})).json()["items"]
    assert len(narrowed) == 1
    first = (await api.get("/api/attempts", params={"plan": str(plan), "limit": 1})).json()
    rest = (await api.get("/api/attempts", params={"plan": str(plan), "cursor": first["nextCursor"]})).json()
    assert [one["attempt"] for one in (*first["items"], *rest["items"])] == [2, 1]


async def test_what_there_is_not_has_no_attempts(api: httpx.AsyncClient) -> None:
    assert (await api.get(f"{PLANS}/{uuid4()}/attempts")).status_code == 404
    assert (await api.get("/api/attempts", params={"cursor": "x"})).status_code == 422


async def test_prometheus_is_told_of_the_oldest_and_of_failures(gateway: Running, api: httpx.AsyncClient) -> None:
    await seed.add_plan(gateway.pool)
    await gateway.pool.execute(
        "insert into flow.job_attempt (record_id, replay, attempt, grp, key, type, code, error_class, message)"
        " values ($1, 0, 1, 'agents', '', 'plan.planted', 'c', 'e', 'm')",
        str(uuid4()),
    )
    text = (await api.get("/metrics")).text
    assert 'marketplace_failed_attempts{type="plan.planted"} 1.0' in text
    assert 'marketplace_oldest_seconds{kind="plan",status="awaiting_approval"}' in text
    assert 'marketplace_oldest_seconds{kind="task",status="open"}' in text
    assert 'status="completed"' not in text
