"""No route tells of another team's plan: each that is declared is asked, page or API, by somebody of another team."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx
import pytest

from gateway.access.roles import Role
from gateway.app import all_routes
from gateway.http.door import Operation
from gateway.settings import Settings
from projections.reads.seen import NARROWED
from tests.integration.gateway import team_seed
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.integration.gateway.team_seed import BEGINS, MARK, Planted, plant, told
from tests.integration.gateway.test_gateway_door import declared
from tests.integration.gateway.test_reference import CALLS, SALES, request_of
from tests.support.api_document import api_document

DECLARED = [one for one in declared(all_routes()) if one[2].role is not None and Role.ANALYST.includes(one[2].role)]
READS = [one for one in DECLARED if one[1] == "GET" and one[0] != "/api/events"]
#: Parts of addresses that name something of the other team's plan.
_OF_THE_PLAN: Final = {"plan_id", "task_id", "record_id", "alert_id", "job_id", "message_id"}


def _asked(path: str) -> set[str]:
    """Return which parts of an address name something of a plan."""
    return set(re.findall(r"{(\w+)}", path)) & _OF_THE_PLAN


WRITES = [one for one in DECLARED if one[1] != "GET"]
OF_THE_PLAN = [one for one in WRITES if _asked(one[0])]
#: What changes who is asking, so that whatever is asked after it is asked by nobody.
_OF_HERSELF: Final = {"/logout"}
OTHERS = [one for one in WRITES if not _asked(one[0]) and one[0] not in _OF_HERSELF]
#: Other parts of addresses, and what stands for them: a new one is to be placed in one of both.
_OTHERS: Final = {
    "channel": "shopee",
    "metric": "revenue",
    "key": "none",
    "header_id": "ab" * 16,
    "name": "alerts",
    "action": "approve",
    "sign_in_id": str(uuid4()),
}
_VARIES: Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|agents\|[^\"'<& ]+|agents%7C[\w.%]+"
    r"|\d\d:\d\d(?::\d\d)?|\d{4}-\d\d-\d\dT[^\"<]+|\b\d+ (?:s|min) ago|x-request-id: .*|date: .*|content-length: .*"
    r"|traceparent: .*|[0-9a-f]{8,}"
)


@pytest.fixture(scope="module")
async def gateway(database_url: str, pool: asyncpg.Pool) -> AsyncIterator[tuple[Running, Planted]]:
    planted = await plant(pool)
    async with serving(Settings(database_url=database_url, limits=OFF)) as (url, app):
        yield Running(url, app, pool, {"ana": planted.ana, "bia": planted.bia}), planted


@pytest.fixture(scope="module")
async def ana(gateway: tuple[Running, Planted]) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """Her program, and her browser."""
    running, _ = gateway
    async with running.client("ana") as api, running.browser("ana") as browser:
        page = await browser.get("/plans")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        browser.headers["x-csrf-token"] = token[1]
        yield api, browser


def _filled(path: str, planted: Planted, *, unknown: bool = False) -> str:
    ids: dict[str, Any] = {
        "plan_id": planted.plan,
        "task_id": planted.task,
        "record_id": planted.letter.replace("|", "%7C"),
        "alert_id": planted.alert,
        "job_id": planted.job,
        "message_id": uuid4(),
    }
    if unknown:
        ids = dict.fromkeys(ids, uuid4()) | {"record_id": f"agents%7Cplan.events%7C3%7C{uuid4().int % 10**12}"}
    return path.format(**ids, **_OTHERS)


def _queries(path: str) -> list[dict[str, str]]:
    """Return nothing, and whatever an address takes that could lead to the plan; pages take the same names."""
    parameters = DOCUMENT["paths"].get(path, {}).get("get", {}).get("parameters", [])
    names = {one["name"] for one in parameters if one["in"] == "query"}
    pages = {"q"} if not path.startswith("/api") else set()
    return [{}, *({name: BEGINS} for name in (names | pages) & {"q"})]


DOCUMENT = api_document()


def test_every_part_of_an_address_is_placed() -> None:
    parts = {part for path, _, _ in DECLARED for part in re.findall(r"{(\w+)}", path)}
    assert parts <= _OF_THE_PLAN | set(_OTHERS)


async def test_the_mark_is_in_every_table_and_its_team_reads_it(gateway: tuple[Running, Planted]) -> None:
    """Or the walk below would find nothing whatever leaked."""
    running, planted = gateway
    for table in set(NARROWED) - team_seed._OF_THE_COMPANY:
        rows = await running.pool.fetchval(f"select coalesce(string_agg(x::text, ''), '') from {table} x")
        assert any(one in rows for one in planted.secrets), table
    read = 0
    async with running.client("bia") as bia:
        for path, _, operation in READS:
            if not operation.page:
                answer = await bia.get(_filled(path, planted))
                read += any(one in told(answer) for one in planted.secrets) and answer.status_code == 200
    assert read >= 12


@pytest.mark.parametrize(("path", "_method", "operation"), READS, ids=[path for path, _, _ in READS])
async def test_a_read_tells_nothing_of_it(
    gateway: tuple[Running, Planted],
    ana: tuple[httpx.AsyncClient, httpx.AsyncClient],
    path: str,
    _method: str,
    operation: Operation,
) -> None:
    _, planted = gateway
    client = ana[operation.page]
    for query in _queries(path):
        answer = await client.get(_filled(path, planted), params=query)
        assert answer.status_code < 500, told(answer)
        # what an address names is echoed; whatever else there is of the plan is not told
        secrets = planted.secrets if not _asked(path) else [MARK]
        found = [one for one in secrets if one in told(answer)]
        assert not found, (query, told(answer))
    if _asked(path):
        # what she asked for is echoed, so it has to be the very answer of what there is not
        hidden = await client.get(_filled(path, planted))
        unknown = await client.get(_filled(path, planted, unknown=True))
        assert hidden.status_code in (303, 404), told(hidden)
        assert _VARIES.sub("", told(hidden)) == _VARIES.sub("", told(unknown))
        assert MARK not in told(hidden)


@pytest.mark.parametrize(("path", "method", "operation"), OF_THE_PLAN, ids=[f"{m} {p}" for p, m, _ in OF_THE_PLAN])
async def test_a_command_finds_nothing(
    gateway: tuple[Running, Planted],
    ana: tuple[httpx.AsyncClient, httpx.AsyncClient],
    path: str,
    method: str,
    operation: Operation,
) -> None:
    running, planted = gateway
    client = ana[operation.page]
    before = await running.pool.fetchval("select count(*) from decide.outbox")
    answers = []
    for unknown in (False, True):
        sent: dict[str, Any] = {"data": {"reason": "r"}} if operation.page else {"json": {"action": "approve"}}
        answers.append(await client.request(method, _filled(path, planted, unknown=unknown), **sent))
    hidden, unknown_one = answers
    assert hidden.status_code == 404, told(hidden)
    assert _VARIES.sub("", told(hidden)) == _VARIES.sub("", told(unknown_one))
    assert await running.pool.fetchval("select count(*) from decide.outbox") == before


@pytest.mark.parametrize(("path", "method", "operation"), OTHERS, ids=[f"{m} {path}" for path, m, _ in OTHERS])
async def test_a_command_about_something_else_tells_nothing_of_it(
    gateway: tuple[Running, Planted],
    ana: tuple[httpx.AsyncClient, httpx.AsyncClient],
    path: str,
    method: str,
    operation: Operation,
) -> None:
    """Such as the answer about a mapping, which named the document that it was last used for."""
    _, planted = gateway
    example = _form(path) if operation.page else _example(path, method)

    answer = await ana[operation.page].request(method, _filled(path, planted), **example)

    assert answer.status_code not in (400, 405, 415), told(answer)
    assert answer.status_code < 500, told(answer)
    assert not [one for one in planted.secrets if one in told(answer)], told(answer)


def _form(path: str) -> dict[str, Any]:
    data = {"reason": "r", "channels": "shopee"}
    return {"data": data} | ({"files": {"file": ("sales.csv", SALES)}} if "/upload" in path else {})


def _example(path: str, method: str) -> dict[str, Any]:
    """Return what the reference shows that a call is sent."""
    (call,) = (one for one in CALLS.values() if (one.path, one.method) == (path, method))
    if "-F" in call.curl:
        return {"files": {"file": ("sales.csv", SALES)}, "data": {"channels": "shopee"}}
    _, _, headers, body = request_of(call.curl)
    headers.pop("Authorization")
    return {"headers": headers, "content": body}


async def test_what_is_named_in_a_body_or_a_query_is_not_found(
    gateway: tuple[Running, Planted], ana: tuple[httpx.AsyncClient, httpx.AsyncClient]
) -> None:
    running, planted = gateway
    api, browser = ana
    plans = "/api/marketplace/analysis"
    many = await api.post(f"{plans}/bulk", json={"action": "reject", "reason": "r", "ids": [str(planted.plan)]})
    tasks = await api.post("/api/tasks/bulk", json={"action": "start", "ids": [str(planted.task)]})
    assert [one["outcome"] for one in many.json()["results"]] == ["not_found"]
    assert [one["outcome"] for one in tasks.json()["results"]] == ["not_found"]
    for path in ("/plans/bulk", "/tasks/bulk"):
        form = {
            "action": "reject",
            "ids": [str(planted.plan)],
            "id": [str(planted.plan)],
            "reason": "r",
            "seen": f"{planted.plan}@2",
        }
        await browser.post(path, data=form)
    assert await running.pool.fetchval("select count(*) from decide.outbox where key = $1", str(planted.plan)) == 0
    empty = await api.get("/api/tasks", params={"plan": str(planted.plan)})
    assert empty.json()["items"] == []
    for asked in ("/api/dead-letters", "/api/retries", "/api/system/recoveries"):
        answer = await api.get(asked, params={"plan": str(planted.plan)})
        assert MARK not in answer.text, asked
    assert (await api.get("/api/exports/events", params={"plan": str(planted.plan)})).status_code == 404
    found = await browser.get("/search", params={"q": str(planted.plan)})
    assert f"/plans/{planted.plan}" not in found.text


async def test_she_sees_her_own_and_counts_it_alone(
    gateway: tuple[Running, Planted], ana: tuple[httpx.AsyncClient, httpx.AsyncClient]
) -> None:
    _, planted = gateway
    api, browser = ana
    listed = (await api.get("/api/marketplace/analysis", params={"total": "true"})).json()
    assert [one["planId"] for one in listed["items"]] == [str(planted.own)]
    assert listed["total"] == 1
    health = (await api.get("/api/system/health")).json()
    assert {name: one["count"] for name, one in health["plans"].items()} == {"awaiting_approval": 1}
    assert {name: one["count"] for name, one in health["tasks"].items()} == {"open": 1}
    assert (await browser.get(f"/plans/{planted.own}")).status_code == 200
    alerts = (await api.get("/api/alerts")).json()["items"]
    assert [f"plan:{planted.own}" in c["text"] for one in alerts for c in one["consequences"]] == [True]
