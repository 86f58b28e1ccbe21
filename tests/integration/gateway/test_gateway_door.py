"""No route is open by accident, every role gets what it may and no more, every failure has its answer."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route

from gateway.access.roles import Role
from gateway.app import all_routes, create_app
from gateway.http.door import OPEN_PATHS, Operation, Resource, resource
from gateway.settings import Settings
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, contents

PLANS = "/api/marketplace/analysis"
#: What is served without a key: files of our own, and nothing else.
MOUNTS = {"/static"}


def declared(routes: list[BaseRoute]) -> list[tuple[str, str, Operation]]:
    found = []
    for route in routes:
        if isinstance(route, Mount):
            assert route.path in MOUNTS
            continue
        assert isinstance(route, Route), route
        assert isinstance(route.endpoint, Resource), f"{route.path} does not pass the door"
        found += [(route.path, method, operation) for method, operation in route.endpoint.operations.items()]
    return found


DECLARED = declared(all_routes())
API = [d for d in DECLARED if not d[2].page]


def filled(path: str) -> str:
    return re.sub(r"{\w+_id}", str(uuid4()), path).replace("{action}", "approve")


def test_only_the_listed_paths_are_open() -> None:
    assert {path for path, _, operation in DECLARED if operation.role is None} <= OPEN_PATHS


def test_a_route_without_a_role_cannot_be_declared() -> None:
    async def handler(request: Any) -> Any: ...

    with pytest.raises(ValueError, match="demands no role"):
        resource("/api/secret", GET=Operation(handler, None))


@pytest.mark.parametrize(("path", "method", "operation"), DECLARED, ids=[f"{m} {p}" for p, m, _ in DECLARED])
async def test_without_a_key_nothing_but_the_open_paths(
    gateway: Running, path: str, method: str, operation: Operation
) -> None:
    async with gateway.client(None) as stranger:
        answer = await stranger.request(method, filled(path))
    if operation.role is None:
        assert answer.status_code not in (401, 403)
    elif operation.page and answer.status_code == 303:
        assert answer.headers["location"].startswith("/login")
    else:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_passes_where_it_may_and_nowhere_else(gateway: Running, role: Role) -> None:
    before = await contents(gateway.pool)
    async with gateway.client(role) as client:
        for path, method, operation in API:
            if operation.role is None or path == "/api/events":
                continue
            # a body that no route takes: who may pass the door gets 4xx for it, or reads
            answer = await client.request(method, filled(path), content=b"nonsense")
            if role.includes(operation.role):
                assert answer.status_code not in (401, 403), (method, path)
            else:
                assert answer.status_code == 403, (method, path)
                assert answer.json()["neededRole"] == operation.role
    assert await contents(gateway.pool) == before


async def test_the_roles_are_the_documented_ones() -> None:
    needed = {(m, p): o.role for p, m, o in API}
    assert needed["GET", PLANS] == Role.VIEWER
    assert needed["PATCH", PLANS + "/{plan_id}"] == Role.ANALYST
    assert needed["POST", PLANS + "/upload"] == Role.ANALYST
    assert {r for (_, p), r in needed.items() if p.startswith("/api/keys")} == {Role.ADMIN}
    own = ("GET", "/api/people/me"), ("PATCH", "/api/people/me")
    assert {r for one, r in needed.items() if one[1].startswith("/api/people") and one not in own} == {Role.ADMIN}
    assert {needed[one] for one in own} == {Role.VIEWER}
    # everybody ends his own sign-ins, has his own reminders, and sees what a replay would do
    viewers = {("DELETE", "/api/sign-ins/{sign_in_id}"), ("POST", "/api/dead-letters/dry-run"), own[1]}
    assert {needed[one] for one in viewers} == {Role.VIEWER}
    writes = {r for one, r in needed.items() if one[0] != "GET" and one not in viewers}
    assert Role.VIEWER not in writes
    # who has no key signs what is told: test_gateway_hooks.py, test_gateway_signed_out.py
    signed = {"/api/hooks/pagerduty", "/login/oidc/ended"}
    assert {p for (m, p), r in needed.items() if m != "GET" and r is None} == signed


UNKNOWN = f"{PLANS}/{uuid4()}"
JSON = {"content-type": "application/json"}
DECIDE = b'{"action": "approve"}'
DEEP = b'{"action": "approve", "reason": ' + b"[" * 100 + b"]" * 100 + b"}"
#: what, method, path, headers, body, expected status, a word of the detail
HOSTILE: list[tuple[str, str, str, dict[str, str], bytes, int, str]] = [
    ("no body", "PATCH", UNKNOWN, JSON, b"", 400, "not JSON"),
    ("cut JSON", "PATCH", UNKNOWN, JSON, b'{"action": "app', 400, "line 1"),
    ("latin-1 JSON", "PATCH", UNKNOWN, JSON, '{"action": "é"}'.encode("latin-1"), 400, "not JSON"),
    ("lone surrogate", "PATCH", UNKNOWN, JSON, b'{"action": "approve", "reason": "\\ud800"}', 400, "not JSON"),
    ("NaN", "PATCH", UNKNOWN, JSON, b'{"action": NaN}', 400, "not JSON"),
    ("deep JSON", "PATCH", UNKNOWN, JSON, DEEP, 400, "nested"),
    ("very deep JSON", "PATCH", UNKNOWN, JSON, b"[" * 200_000, 400, "JSON"),
    ("not an object", "PATCH", UNKNOWN, JSON, b"[1]", 422, "dictionary"),
    ("unknown action", "PATCH", UNKNOWN, JSON, b'{"action": "explode"}', 422, "approve"),
    ("unknown member", "PATCH", UNKNOWN, JSON, b'{"action": "approve", "admin": true}', 422, "admin"),
    ("wrong type", "PATCH", UNKNOWN, JSON, b'{"action": "approve", "reason": 5}', 422, "string"),
    ("NUL", "PATCH", UNKNOWN, JSON, b'{"action": "approve", "reason": "a\\u0000b"}', 422, "control"),
    ("escape signs", "PATCH", UNKNOWN, JSON, b'{"action": "approve", "reason": "\\u001b[2J"}', 422, "control"),
    ("long reason", "PATCH", UNKNOWN, JSON, b'{"action": "approve", "reason": "%s"}' % (b"x" * 5000), 422, "4000"),
    ("no type", "PATCH", UNKNOWN, {}, DECIDE, 415, "application/json"),
    ("form", "PATCH", UNKNOWN, {"content-type": "application/x-www-form-urlencoded"}, b"action=approve", 415, "JSON"),
    ("big JSON", "PATCH", UNKNOWN, JSON, b'{"x": "' + b"x" * 1_100_000, 413, "1 MiB"),
    ("bad id", "PATCH", f"{PLANS}/not-an-id", JSON, DECIDE, 404, "ids look like"),
    ("id with quote", "GET", f"{PLANS}/1' or '1'='1", {}, b"", 404, "ids look like"),
    ("id without dashes", "GET", f"{PLANS}/{uuid4().hex}", {}, b"", 404, "ids look like"),
    ("NUL in the path", "GET", f"{PLANS}/%00", {}, b"", 404, "ids look like"),
    ("bytes in the path", "GET", f"{PLANS}/%ff%fe", {}, b"", 404, "ids look like"),
    ("unknown plan", "PATCH", UNKNOWN, JSON, DECIDE, 404, "There is no plan"),
    ("If-Match no tag", "PATCH", UNKNOWN, {**JSON, "if-match": "latest"}, DECIDE, 400, "If-Match"),
    ("If-Match weak", "PATCH", UNKNOWN, {**JSON, "if-match": 'W/"1"'}, DECIDE, 400, "If-Match"),
    ("If-Match huge", "PATCH", UNKNOWN, {**JSON, "if-match": '"99999999999"'}, DECIDE, 400, "If-Match"),
    ("key with spaces", "PATCH", UNKNOWN, {**JSON, "idempotency-key": "a b"}, DECIDE, 400, "Idempotency-Key"),
    ("long key", "PATCH", UNKNOWN, {**JSON, "idempotency-key": "k" * 500}, DECIDE, 400, "Idempotency-Key"),
    ("no ids", "POST", f"{PLANS}/bulk", JSON, b'{"action": "approve", "ids": []}', 422, "at least 1"),
    ("bad ids", "POST", f"{PLANS}/bulk", JSON, b'{"action": "approve", "ids": ["x"]}', 422, "UUID"),
    ("huge limit", "GET", f"{PLANS}?limit=100000000000000000000", {}, b"", 422, "limit"),
    ("limit 0", "GET", f"{PLANS}?limit=0", {}, b"", 422, "limit"),
    ("limit twice", "GET", f"{PLANS}?limit=1&limit=2", {}, b"", 422, "more than once"),
    ("unknown parameter", "GET", f"{PLANS}?statuss=analyzing", {}, b"", 422, "statuss"),
    ("unknown status", "GET", f"{PLANS}?status=stuck", {}, b"", 422, "status"),
    ("unknown channel", "GET", f"{PLANS}?channel=ebay", {}, b"", 422, "mercado_livre"),
    ("unknown sort", "GET", f"{PLANS}?sort=1;drop+table", {}, b"", 422, "sort"),
    ("bad cursor", "GET", f"{PLANS}?cursor=garbage", {}, b"", 422, "cursor"),
    ("NUL in the search", "GET", f"{PLANS}?q=%00", {}, b"", 422, "control"),
    ("bad version", "GET", f"{UNKNOWN}?min_version=-1", {}, b"", 422, "min_version"),
    ("bad version of a task", "GET", f"/api/tasks/{uuid4()}?min_version=x", {}, b"", 422, "min_version"),
    ("parameter where none is", "GET", "/api/channels?x=1", {}, b"", 422, "no query"),
    ("task, wrong member", "PATCH", f"/api/tasks/{uuid4()}", JSON, b'{"action": "start", "note": "x"}', 422, "belong"),
    ("task, nothing said", "PATCH", f"/api/tasks/{uuid4()}", JSON, b'{"action": "comment"}', 422, "needs comment"),
    ("task, no reason", "PATCH", f"/api/tasks/{uuid4()}", JSON, b'{"action": "fail", "reason": " "}', 422, "needs"),
    ("key, bad role", "POST", "/api/keys", JSON, b'{"name": "x", "role": "root"}', 422, "role"),
    ("key, no name", "POST", "/api/keys", JSON, b'{"name": " ", "role": "viewer"}', 422, "name"),
    ("unknown key", "DELETE", "/api/keys/nobody", {}, b"", 404, "nobody"),
    ("unknown address", "GET", "/api/nothing", {}, b"", 404, "nothing at this address"),
    ("climbing path", "GET", "/api/../../etc/passwd", {}, b"", 404, ""),
    ("wrong method", "PUT", UNKNOWN, JSON, DECIDE, 405, "GET, HEAD, PATCH"),
    ("wrong method", "DELETE", "/health/live", {}, b"", 405, "GET"),
]


@pytest.mark.parametrize(
    ("what", "method", "path", "headers", "body", "status", "word"), HOSTILE, ids=[h[0] for h in HOSTILE]
)
async def test_bad_requests_are_refused_and_change_nothing(
    gateway: Running,
    api: httpx.AsyncClient,
    what: str,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    status: int,
    word: str,
) -> None:
    before = await contents(gateway.pool)
    answer = await api.request(method, path, headers=headers, content=body)
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in problem["detail"]
    assert problem["status"] == status
    assert problem["requestId"] == answer.headers["x-request-id"]
    assert problem["type"].startswith("/docs#")
    if status == 422:
        assert all({"path", "message"} == set(e) for e in problem["errors"])
    assert await contents(gateway.pool) == before


@pytest.mark.parametrize(
    "q", ["%", "_", "\\", "'; drop table rm.plan; --", "🦆" * 50, "\u202eabc", "%F0%28%8C%BC", "é" * 150]
)
async def test_odd_searches_find_nothing_and_break_nothing(gateway: Running, api: httpx.AsyncClient, q: str) -> None:
    for path in (PLANS, "/api/tasks"):
        answer = await api.get(path, params={"q": q})
        assert answer.status_code == 200
        assert answer.json()["items"] == []


async def test_405_names_the_methods(api: httpx.AsyncClient) -> None:
    assert (await api.post(UNKNOWN)).headers["allow"] == "GET, HEAD, PATCH"


async def test_head_is_get_without_a_body(api: httpx.AsyncClient) -> None:
    answer = await api.head(PLANS)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_wrong_values_are_listed(api: httpx.AsyncClient) -> None:
    answer = await api.get(f"{PLANS}?limit=0&status=x&priority=y")
    assert [e["path"] for e in answer.json()["errors"]] == ["status.0", "priority.0", "limit"]


async def test_a_mistake_of_ours_says_nothing_but_its_number(gateway: Running, api: httpx.AsyncClient) -> None:
    services = gateway.app.state.services
    plan_id = await seed.add_plan(gateway.pool)
    run, services.commands.run = services.commands.run, _broken
    try:
        answer = await api.patch(f"{PLANS}/{plan_id}", json={"action": "approve"})
    finally:
        services.commands.run = run
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["requestId"] == answer.headers["x-request-id"]


async def _broken(_command: object) -> None:
    raise RuntimeError("secret detail")


async def test_every_answer_is_strict_with_browsers(gateway: Running) -> None:
    async with gateway.client(None) as stranger:
        answers = [await stranger.get(p) for p in ("/health/live", PLANS, "/nowhere")]
    for answer in answers:
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
        assert len(answer.headers.get_list("content-security-policy")) == 1


@pytest.mark.parametrize(("given", "kept"), [("abc-1.2:3_x", True), ("a b", False), ("x" * 65, False), ("é", False)])
async def test_a_sane_request_id_is_kept(api: httpx.AsyncClient, given: str, kept: bool) -> None:
    answer = await api.get("/health/live", headers={b"x-request-id": given.encode()})
    assert (answer.headers["x-request-id"] == given) is kept


@pytest.mark.parametrize(
    "value",
    [
        "Basic YTpi",
        "Bearer",
        "Bearer x",
        "Bearer mrs_a_b",
        "Bearer mrs_aaaa_" + "b" * 43,
        "é",
    ],
)
async def test_a_wrong_key_is_refused_with_how_to_do_it(gateway: Running, value: str) -> None:
    async with gateway.client(None) as client:
        answer = await client.get(PLANS, headers={b"authorization": value.encode()})
    assert answer.status_code == 401
    assert "Authorization: Bearer" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("plans.example", "/health/live", 200),
        ("evil.test", "/health/live", 200),  # probes ask by address
        ("plans.example", "/login", 200),
        ("plans.example:8443", "/login", 200),
        ("PLANS.example", "/login", 200),
        ("[::1]", "/login", 200),
        ("evil.test", "/login", 400),
        ("evil.test:plans.example", "/login", 400),
        ("plans.example.evil.test", "/api/openapi.json", 400),
        ("evil.test", "/api/marketplace/analysis/3f2b8c1e-5d4a-4e0b-9a57-1f0c2d3e4b5a", 400),  # whose way is short
        ("", "/login", 400),
    ],
)
async def test_it_is_asked_by_the_names_that_are_allowed(database_url: str, host: str, path: str, status: int) -> None:
    app = create_app(Settings(database_url, allowed_hosts=("plans.example", "[::1]")))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://plans.example") as client,
    ):
        answer = await client.get(path, headers={"Host": host})
    assert answer.status_code == status
    assert answer.headers["x-request-id"]
