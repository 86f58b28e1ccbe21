"""Live changes, health, metrics, the OpenAPI document, and an outage of the database."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.app import all_routes
from gateway.http.door import Resource
from gateway.problems.kinds import KINDS
from projections.reads import ended, overview
from projections.reads.answers import ANSWERS
from schemas.process.database import PLANNED_EMPTY
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.support.api_document import api_document
from tests.support.letters import add_letter, add_waiting
from tests.support.patience import PATIENCE_S
from tests.support.visible import vacuumed

PLANS = "/api/marketplace/analysis"


async def frames(answer: httpx.Response, without: str = "health") -> AsyncIterator[tuple[str, str]]:
    """Yield what a stream tells, without news of the system's health, which come at any time."""
    event = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            event = line[7:]
        elif line.startswith("data: ") and event != without:
            yield event, line[6:]


async def notify(gateway: Running, payload: str) -> None:
    await gateway.pool.execute("select pg_notify('projected', $1)", payload)


async def test_changes_are_told_as_they_happen(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = uuid4()
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", "/api/events", headers={"Last-Event-ID": "?"}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        heard = frames(answer)
        assert await anext(heard) == ("all", "{}")
        while not gateway.app.state.services.live.connected:
            await asyncio.sleep(0.01)
        await notify(gateway, f'{{"plans": ["{plan_id}"], "n": 1}}')
        while (frame := await anext(heard)) == ("all", "{}"):
            pass  # the listener's own first connection
        assert frame == ("plan", f'{{"planId":"{plan_id}"}}')
        await notify(gateway, '{"plans": [], "n": 900, "all": true}')
        assert await anext(heard) == ("all", "{}")
        assert gateway.app.state.services.streams.open == 1
    async with asyncio.timeout(PATIENCE_S):
        while gateway.app.state.services.streams.open:
            await asyncio.sleep(0.05)


async def test_a_quiet_stream_shows_that_it_lives(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.routes.events.HEARTBEAT_S", 0.1)
    async with asyncio.timeout(PATIENCE_S), api.stream("GET", "/api/events") as answer:
        heard = frames(answer)
        while (frame := await anext(heard)) == ("all", "{}"):
            pass  # how each connection begins
        assert frame == ("ping", "{}")


async def test_health_says_what_waits(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    await api.patch(f"{PLANS}/{plan_id}", json={"action": "approve"})
    await gateway.pool.execute("update decide.outbox set stored_at = now() - interval '9 s'")
    health = (await api.get("/api/system/health")).json()
    assert health["status"] == "degraded"
    assert health["database"]["reachable"] is True
    assert health["broker"]["relay"] == "off"
    assert health["broker"]["outboxWaiting"] == 1
    (waited,) = [f["values"]["age"] for f in health["verdict"] if f["kind"] == "outbox-backlog"]
    assert 9 <= waited < 600
    assert health["plans"]["awaiting_approval"]["count"] >= 1


async def test_dead_letters_are_noticed_and_counted_and_the_status_stays(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    async def health() -> dict[str, Any]:
        found: dict[str, Any] = (await api.get("/api/system/health")).json()
        return found

    await gateway.pool.execute("update rm.plan set analyzed_at = now() where status = 'awaiting_approval'")
    before = await health()
    for replay in (0, 0, 3):
        await add_letter(gateway.pool, plan=str(uuid4()), replay=replay, at=datetime.now(UTC) - timedelta(hours=5))
    await add_waiting(gateway.pool, plan=str(uuid4()), offset=910_001, due=timedelta(seconds=-90))
    after, text = await health(), (await api.get("/metrics")).text

    assert (before["notices"], before["deadLetters"]) == ([], {"open": 0, "blocked": 0, "oldestSeconds": 0.0})
    assert (before["retrying"]["count"], before["retrying"]["oldestDueAt"]) == (0, None)
    assert (after["status"], len(after["findings"])) == (before["status"], len(before["findings"]))
    assert after["notices"][0].startswith("3 dead letters wait for a decision, the oldest for 5 h.")
    assert "marketplace letters groups" in after["noticeRecommendations"][0]
    assert (after["deadLetters"]["open"], after["deadLetters"]["blocked"]) == (2, 1)
    assert after["retrying"]["count"] == 1
    assert 90 <= after["retrying"]["overdueSeconds"] < 600
    assert 'marketplace_dead_letters{state="open"} 2.0' in text
    assert 'marketplace_dead_letters{state="blocked"} 1.0' in text
    assert re.search(r"marketplace_dead_letters_oldest_seconds 180\d\d", text)
    assert "marketplace_retries_waiting 1.0" in text
    assert re.search(r"marketplace_retries_overdue_seconds [19]\d", text)


async def planned(pool: asyncpg.Pool, asked: str) -> str:
    """Return how a statement is done in a session as the gateway has them: none reads what has an index whole."""
    async with pool.acquire() as db, db.transaction():
        for name, value in PLANNED_EMPTY.items():
            await db.execute("select set_config($1, $2, true)", name, value)
        return "\n".join(row[0] for row in await db.fetch(f"explain {asked}"))


async def test_one_record_that_two_groups_gave_up_is_told_once(gateway: Running, api: httpx.AsyncClient) -> None:
    """Two groups make two letters, each with its own decision; what needs somebody is one record."""
    pool = gateway.pool
    await pool.execute("truncate rm.dead_letter")
    lately = datetime.now(UTC) - timedelta(minutes=2)
    for group in ("agents", "projections"):
        await add_letter(pool, plan=str(uuid4()), group=group, offset=77, code="unsigned", at=lately)
    old = datetime.now(UTC) - timedelta(hours=1)
    await add_letter(pool, plan=str(uuid4()), offset=78, replay=3, at=old)
    await add_letter(pool, plan=str(uuid4()), group="projections", offset=78, at=old)
    began = datetime.now(UTC)
    seen = (await overview.read(pool)).aside.letters

    assert (seen.open, seen.blocked, seen.count, seen.recent, seen.forged) == (1, 1, 2, 1, 1)
    now = datetime.now(UTC)  # the ages were read between the letters and now, and are rounded to the millisecond
    for age, at in ((seen.latest_seconds, lately), (seen.oldest_seconds, old)):
        assert began - at <= timedelta(seconds=age + 0.001) <= now - at + timedelta(seconds=0.002)
    health = (await api.get("/api/system/health")).json()
    assert (health["deadLetters"]["open"], health["deadLetters"]["blocked"]) == (1, 1)
    text = (await api.get("/metrics")).text
    assert 'marketplace_dead_letters{state="open"} 1.0' in text
    await pool.execute("truncate rm.dead_letter")


async def test_many_letters_are_counted_from_an_index_alone(gateway: Running) -> None:
    """Counting 100,000 letters of 1 kB reads an index only, and none of their rows."""
    pool = gateway.pool
    await pool.execute(
        "insert into rm.dead_letter (record_id, orig_topic, orig_offset, fingerprint, stack, replay, dead_at)"
        " select 'many|t|0|' || n, 't', n, 'many', repeat('x', 900), 0, now() - n * interval '1 s'"
        " from generate_series(1, 100000) n"
    )
    try:
        await vacuumed(pool, "rm.dead_letter")
        plan = await planned(pool, f"(analyze) {overview.LETTERS}")
        forged = await planned(pool, f"(analyze) {overview.FORGED}")
        seen = await overview.read(pool)
    finally:
        await pool.execute("delete from rm.dead_letter where fingerprint = 'many'")

    assert seen.aside.letters.open >= 100_000
    assert "Index Only Scan using dead_letter_origin" in plan, plan
    assert "Seq Scan on dead_letter" not in plan
    assert "using dead_letter_disbelieved" in forged, forged


async def test_a_look_reads_no_history_that_grows_for_ever(gateway: Running) -> None:
    """The health report looks up only the last events and the last analyses."""
    pool = gateway.pool
    many = """
        with many as (select md5(n::text)::uuid as plan, 'many-' || n as stream, now() as at
                        from generate_series(1, 5000) n),
             sent as (insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at,
                                                 causation_id, correlation_id, actor, data, published_at)
                      select plan, 'plan.events', plan, 'plan.uploaded', stream, 1, 0, '', plan, '', '{}', at
                        from many limit 500),
             analysed as (insert into rm.plan_channel (plan_id, channel, version, status, changed_at)
                          select plan, 'shopee', 1, 'analyzed', at from many)
        insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor,
                                 causation_id, topic, partition, "offset", data)
        select plan, plan, 'plan.uploaded', stream, 1, at, at, '', '', 'plan.events', 0, 1, '{}' from many"""
    try:
        await pool.execute(many)
        await pool.execute("analyze rm.timeline, rm.plan_channel, decide.outbox")
        lag = overview.LAG.replace("$2", "null")  # none of it is known to be shown
        plan = await planned(pool, f"select ({lag}), ({ended.ANALYSED}), ({ANSWERS})")
        seen = await overview.read(pool)
    finally:
        await pool.execute("delete from rm.timeline where stream like 'many-%'")
        await pool.execute("delete from decide.outbox where stream like 'many-%'")
        await pool.execute(
            "delete from rm.plan_channel where plan_id in (select md5(n::text)::uuid from generate_series(1, 5000) n)"
        )

    assert seen.projection.behind == 0
    assert "Seq Scan on timeline" not in plan, plan
    assert "Seq Scan on plan_channel" not in plan, plan


async def test_metrics_count_what_happened(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    await api.patch(f"{PLANS}/{plan_id}", json={"action": "reject"})
    await api.get(PLANS, headers={"authorization": "Bearer nonsense"})
    text = (await api.get("/metrics")).text
    route = PLANS + "/{plan_id}"
    assert f'marketplace_http_requests_total{{method="PATCH",route="{route}",status="202"}}' in text
    assert f'marketplace_http_request_seconds_bucket{{le="0.005",method="PATCH",route="{route}"}}' in text
    assert 'marketplace_commands_total{command="plan.reject",outcome="accepted"} 1.0' in text
    assert "marketplace_auth_failures_total 1.0" in text
    assert "marketplace_outbox_waiting" in text
    assert "marketplace_database_up 1.0" in text
    assert str(plan_id) not in text


async def test_the_openapi_document_is_valid_and_served(api: httpx.AsyncClient) -> None:
    served = (await api.get("/openapi.json")).json()
    OpenAPIV31SpecValidator(served).validate()
    assert served["openapi"].startswith("3.1")
    approve = served["paths"][PLANS + "/{plan_id}"]["patch"]
    assert {"202", "401", "403", "404", "409", "412", "413", "415", "422", "429", "500", "503"} <= set(
        approve["responses"]
    )
    assert {p["name"] for p in approve["parameters"]} == {"plan_id", "Idempotency-Key", "If-Match"}
    assert approve["x-role"] == "analyst"


async def test_the_asyncapi_document_is_served_and_linked(api: httpx.AsyncClient) -> None:
    served = (await api.get("/asyncapi.json")).json()
    assert served["asyncapi"] == "3.0.0"
    assert served["channels"]["plan_events"]["address"] == "plan.events"
    assert 'href="/asyncapi.json"' in (await api.get("/docs")).text


def test_every_api_route_is_in_the_document() -> None:
    described = api_document()["paths"]
    for route in all_routes():
        endpoint = getattr(route, "endpoint", None)
        if isinstance(endpoint, Resource) and route.path.startswith(("/api/", "/health/", "/metrics")):  # type: ignore[attr-defined] # a Route
            methods = described[route.path]  # type: ignore[attr-defined] # a Route
            assert set(methods) == {m.lower() for m in endpoint.operations}
            assert all(m["summary"] for m in methods.values())


async def test_the_document_tells_the_truth_about_answers(gateway: Running, api: httpx.AsyncClient) -> None:
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # comes without types

    spec = (await api.get("/openapi.json")).json()
    plan_id = await seed.add_plan(gateway.pool)
    await seed.add_channel(gateway.pool, plan_id, "shopee")
    task_id = await seed.add_task(gateway.pool, plan_id)
    await seed.add_event(gateway.pool, plan_id, 1, "plan.uploaded")
    asked = [
        ("get", PLANS + "/{plan_id}", f"{PLANS}/{plan_id}"),
        ("get", PLANS, PLANS),
        ("get", PLANS + "/{plan_id}/events", f"{PLANS}/{plan_id}/events"),
        ("get", PLANS + "/{plan_id}/tasks", f"{PLANS}/{plan_id}/tasks"),
        ("get", "/api/tasks", "/api/tasks"),
        ("get", "/api/tasks/{task_id}", f"/api/tasks/{task_id}"),
        ("get", "/api/system/health", "/api/system/health"),
        ("get", "/api/keys", "/api/keys"),
        ("get", "/api/channels", "/api/channels"),
        ("patch", PLANS + "/{plan_id}", f"{PLANS}/{plan_id}"),
    ]
    for method, path, url in asked:
        answer = await api.request(method, url, json={"action": "approve"} if method == "patch" else None)
        content = spec["paths"][path][method]["responses"][str(answer.status_code)]["content"]
        schema = {**content["application/json"]["schema"], "components": spec["components"]}
        Draft202012Validator(schema).validate(answer.json())


async def test_every_kind_of_problem_is_documented(api: httpx.AsyncClient) -> None:
    docs = (await api.get("/docs")).text
    assert all(f'id="{kind}"' in docs for kind in KINDS)
    assert "style=" not in docs


async def test_one_of_several_values_may_be_empty_as_forms_send_it(api: httpx.AsyncClient) -> None:
    paths = (await api.get("/openapi.json")).json()["paths"]
    for path, name in (("/api/retries", "state"), (PLANS, "status"), (PLANS, "team")):
        (said,) = [one["schema"]["items"] for one in paths[path]["get"]["parameters"] if one["name"] == name]
        (blank,) = [one["pattern"] for one in said["anyOf"] if "pattern" in one]
        for value in ("", " "):
            assert re.search(blank, value)
            assert (await api.get(path, params={name: value})).status_code == 200
        assert not re.search(blank, "unheard")
        assert (await api.get(path, params={name: "unheard"})).status_code == 422
