"""What leaves as a file is told, whichever route it leaves by."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import uuid4

import httpx
import pytest
from starlette.requests import Request
from starlette.routing import Route

from gateway.app import all_routes
from gateway.http.door import Resource
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_figures import document

#: Goes on until it is left.
ENDLESS = "/api/events"
#: What there is today; one more is told, too, or this test fails.
LEAST = {
    "/api/exports/attempts": "export.attempts",
    "/api/exports/audit": "export.audit",
    "/api/exports/month": "export.slo",
    "/api/exports/plans": "export.plans",
    "/api/exports/tasks": "export.tasks",
    "/attempts.csv": "export.attempts",
    "/attempts.xlsx": "export.attempts",
    "/audit.csv": "export.audit",
    "/audit.xlsx": "export.audit",
    "/plans.csv": "export.plans",
    "/plans.xlsx": "export.plans",
    "/tasks.csv": "export.tasks",
    "/tasks.ics": "export.tasks",
    "/tasks.xlsx": "export.tasks",
    "/slo.csv": "export.slo",
    "/slo.xlsx": "export.slo",
    "/plans/{plan_id}/costs.csv": "export.costs",
    **{
        f"/plans/{{plan_id}}/{table}.{form}": "export.figures"
        for table in ("figures", "months", "products", "orders")
        for form in ("csv", "xlsx")
    },
    "/plans/{plan_id}/proposals.csv": "export.proposals",
    "/plans/{plan_id}/proposals.xlsx": "export.proposals",
    "/plans/{plan_id}/events.csv": "export.events",
    "/plans/{plan_id}/events.json": "export.events",
}


async def test_each_file_that_leaves_is_told(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await document(gateway)
    await seed.add_event(gateway.pool, plan_id, 1, "plan.uploaded")
    left = {}
    for route in all_routes():
        if not isinstance(route, Route) or not isinstance(route.endpoint, Resource):
            continue
        if "GET" not in route.endpoint.operations or route.path == ENDLESS:
            continue
        path = re.sub(r"\{\w+\}", str(uuid4()), route.path.replace("{plan_id}", str(plan_id)))
        request = f"r-{uuid4()}"
        answer = await api.get(path, headers={"x-request-id": request})
        if answer.headers.get("content-disposition", "").startswith("attachment"):
            left[route.path] = await gateway.pool.fetchval(
                "select string_agg(action, ' ') from audit.entry where request_id = $1", request
            )
    assert left.items() >= LEAST.items()
    assert [path for path, action in left.items() if not (action or "").startswith("export.")] == []


async def test_a_plans_events_are_told_with_how_many_they_are(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id, nobodys = await seed.add_plan(gateway.pool), uuid4()
    for version in (1, 2):
        await seed.add_event(gateway.pool, plan_id, version, "plan.uploaded")
    assert (await api.get(f"/plans/{plan_id}/events.csv")).status_code == 200
    assert (await api.get(f"/plans/{nobodys}/events.json")).status_code == 404
    rows = await gateway.pool.fetch(
        "select actor, target, plan_id, after from audit.entry where action = 'export.events' and plan_id = any ($1)",
        [plan_id, nobodys],
    )
    assert [tuple(row) for row in rows] == [("the admin", str(plan_id), plan_id, '{"rows": 2}')]


async def asks(gateway: Running, key: str) -> Callable[[], Awaitable[bool]]:
    """Return what a file that leaves by this key asks for."""
    access = gateway.app.state.services.access
    request = Request({"type": "http", "scheme": "http", "headers": [(b"authorization", f"Bearer {key}".encode())]})
    return partial(access.lasts, request, await access.check_key(request, key))


@pytest.mark.parametrize("change", ["revoked", "of-another-role", "of-another-scope"])
async def test_a_file_leaves_for_as_long_as_its_key_is_the_same(
    gateway: Running, api: httpx.AsyncClient, change: str
) -> None:
    made = (await api.post("/api/keys", json={"name": f"k {uuid4().hex[:6]}", "role": "operator"})).json()
    lasts = await asks(gateway, made["key"])
    assert await lasts()
    path = f"/api/keys/{made['keyId']}"
    if change == "revoked":
        assert (await api.delete(path)).is_success
    else:
        wanted = {"role": "viewer"} if change == "of-another-role" else {"scopes": ["read"]}
        assert (await api.patch(path, json=wanted)).is_success
    assert not await lasts()


async def test_a_file_leaves_for_as_long_as_its_sign_in(gateway: Running) -> None:
    access = gateway.app.state.services.access
    async with gateway.browser("viewer") as browser:
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        request = Request({"type": "http", "scheme": "http", "headers": [(b"cookie", cookies.encode())]})
        identity = await access.identify(request)
        assert identity is not None
        assert await access.lasts(request, identity.principal)
        access.sign_ins.forget_all()
        await gateway.pool.execute("delete from access.session")
        assert not await access.lasts(request, identity.principal)
