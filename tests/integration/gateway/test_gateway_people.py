"""People sign in by a link or by their keys, act under one handle, and lose all of it when they are ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.people import People
from gateway.access.roles import Principal, Role
from gateway.access.sign_ins import COOKIE, SignIns
from gateway.audit.writing import Who
from gateway.settings import Settings
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.support.patience import PATIENCE_S

PLANS = "/api/marketplace/analysis"


async def made(api: httpx.AsyncClient, role: str = "analyst", **more: str) -> dict[str, Any]:
    """Create a person with a new handle."""
    handle = f"ana.{uuid4().hex[:8]}"
    answer = await api.post("/api/people", json={"handle": handle, "name": "Ana Lima", "role": role, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def key_of(api: httpx.AsyncClient, handle: str, role: str = "admin") -> dict[str, Any]:
    answer = await api.post("/api/keys", json={"name": "laptop", "role": role, "person": handle})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def link_of(api: httpx.AsyncClient, handle: str) -> str:
    answer = await api.post(f"/api/people/{handle}/link", json={})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["path"]).partition("link=")[2]


@asynccontextmanager
async def browser_of(gateway: Running, api: httpx.AsyncClient, handle: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that a link has signed in."""
    async with httpx.AsyncClient(base_url=gateway.url) as browser:
        entered = await browser.post("/login", data={"link": await link_of(api, handle)})
        assert entered.status_code == 303
        yield browser


async def test_a_person_signs_in_by_a_link_without_a_key(gateway: Running, api: httpx.AsyncClient) -> None:
    ana = await made(api)
    async with httpx.AsyncClient(base_url=gateway.url) as stranger:
        shown = await stranger.get(f"/login?link={await link_of(api, ana['handle'])}")
        assert ana["handle"] in shown.text
    async with browser_of(gateway, api, ana["handle"]) as browser:
        assert (await browser.get(PLANS)).status_code == 200
        assert (await browser.get("/api/keys")).status_code == 403
        token = browser.cookies[COOKIE]
    sign_in = await SignIns(gateway.pool).verify(token)
    assert sign_in is not None
    assert (sign_in.principal.key_id, sign_in.principal.name) == ("", ana["handle"])
    told = await gateway.pool.fetchrow(
        "select actor, key_id, kind, target from audit.entry where action = 'sign-in' and actor = $1", ana["handle"]
    )
    person = f"person:{sign_in.principal.person_id}"
    assert told is not None
    assert tuple(told) == (ana["handle"], person, "person", ana["handle"])


async def test_a_link_of_a_person_works_once(gateway: Running, api: httpx.AsyncClient) -> None:
    ana = await made(api)
    secret = await link_of(api, ana["handle"])
    async with httpx.AsyncClient(base_url=gateway.url) as one:
        answers = await asyncio.gather(*(one.post("/login", data={"link": secret}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [303, *[401] * 7]


@pytest.mark.parametrize(
    ("key", "person", "both"),
    [("admin", "analyst", "analyst"), ("viewer", "operator", "viewer"), ("admin", "admin", "admin")],
)
async def test_a_key_acts_as_its_person_with_the_lesser_role(
    gateway: Running, api: httpx.AsyncClient, key: str, person: str, both: str
) -> None:
    ana = await made(api, person)
    hers = await key_of(api, ana["handle"], key)
    found = await ApiKeys(gateway.pool).verify(hers["key"])
    assert found is not None
    assert (found.key_id, found.name, found.role) == (hers["keyId"], ana["handle"], both)
    token = await SignIns(gateway.pool).open(found)
    sign_in = await SignIns(gateway.pool).verify(token)
    assert sign_in is not None
    assert sign_in.principal == found


async def test_another_role_holds_at_once_for_keys_and_sign_ins(gateway: Running, api: httpx.AsyncClient) -> None:
    ana = await made(api, "viewer")
    hers = await key_of(api, ana["handle"])
    async with gateway.bearer(hers["key"]) as client, browser_of(gateway, api, ana["handle"]) as browser:
        both = (client, browser)
        assert [(await one.get("/api/people")).status_code for one in both] == [403, 403]
        changed = await api.patch(f"/api/people/{ana['handle']}", json={"role": "admin", "name": "Ana Reis"})
        assert (changed.json()["role"], changed.json()["name"]) == ("admin", "Ana Reis")
        assert [(await one.get("/api/people")).status_code for one in both] == [200, 200]


async def test_a_key_is_given_to_a_person_and_taken_back(gateway: Running, api: httpx.AsyncClient) -> None:
    ana = await made(api)
    key = (await api.post("/api/keys", json={"name": "robot", "role": "viewer"})).json()
    names = []
    for person in (ana["handle"], ""):
        given = await api.patch(f"/api/keys/{key['keyId']}", json={"person": person})
        assert given.json()["person"] == person
        found = await ApiKeys(gateway.pool).verify(key["key"])
        assert found is not None
        names.append(found.name)
    assert names == [ana["handle"], "robot"]
    entries = await gateway.pool.fetch(
        "select after ->> 'person' as person from audit.entry where action = 'key.change' and target = $1"
        " order by entry_id",
        key["keyId"],
    )
    assert [row["person"] for row in entries] == [ana["handle"], None]


async def test_an_ended_person_gets_in_nowhere(gateway: Running, api: httpx.AsyncClient) -> None:
    ana = await made(api)
    handle = ana["handle"]
    hers, unused = await key_of(api, handle), await link_of(api, handle)
    async with gateway.bearer(hers["key"]) as client, browser_of(gateway, api, handle) as browser:
        assert [(await one.get(PLANS)).status_code for one in (client, browser)] == [200, 200]
        assert (await api.delete(f"/api/people/{handle}")).status_code == 204
        assert [(await one.get(PLANS)).status_code for one in (client, browser)] == [401, 401]
        assert (await browser.post("/login", data={"link": unused})).status_code == 401
    assert (await api.delete(f"/api/people/{handle}")).status_code == 404
    assert (await api.post(f"/api/people/{handle}/link", json={})).status_code == 404
    assert (await api.patch(f"/api/people/{handle}", json={"name": "x"})).status_code == 404
    assert (await api.post("/api/keys", json={"name": "n", "role": "viewer", "person": handle})).status_code == 422
    assert (await api.post("/api/people", json={"handle": handle, "name": "x", "role": "viewer"})).status_code == 422
    told = await gateway.pool.fetch(
        "select action, target from audit.entry where target = any ($1) and action like any ('{person.%,key.revoke}')"
        " order by entry_id",
        [handle, hers["keyId"]],
    )
    assert [tuple(row) for row in told] == [
        ("person.create", handle),
        ("key.revoke", hers["keyId"]),
        ("person.end", handle),
    ]


async def begun(stream: httpx.Response) -> AsyncIterator[str]:
    """Lines of a stream that has begun."""
    lines = stream.aiter_lines()
    assert await anext(lines) == "retry: 1000"
    return lines


async def nobody_looks(_: object) -> None:
    """Switch off the look that finds out who was ended by another gateway."""


@pytest.mark.parametrize("where", ["here", "elsewhere"])
async def test_an_ended_person_hears_no_more(
    gateway: Running, api: httpx.AsyncClient, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if where == "here":  # at once, and by no look
        monkeypatch.setattr("gateway.operations.system_changes._end_what_ended", nobody_looks)
    ana = await made(api)
    hers = await key_of(api, ana["handle"], "viewer")
    async with (
        gateway.bearer(hers["key"]) as client,
        browser_of(gateway, api, ana["handle"]) as browser,
        client.stream("GET", "/api/events", timeout=PATIENCE_S) as one,
        browser.stream("GET", "/api/events", timeout=PATIENCE_S) as two,
    ):
        heard = [await begun(stream) for stream in (one, two)]
        if where == "here":
            await api.delete(f"/api/people/{ana['handle']}")
        else:
            await People(gateway.pool).end(ana["handle"], Who("another gateway"))
        for lines in heard:
            async for _ in lines:
                pass
    # each has come to its end by itself


async def test_an_ended_person_is_forgotten_elsewhere_in_time(database_url: str, api: httpx.AsyncClient) -> None:
    """Another gateway remembers a key and a sign-in for ten seconds at most; both ask the database again after it."""
    ana = await made(api)
    hers = await key_of(api, ana["handle"])
    now = [0.0]
    async with asyncpg.create_pool(database_url, min_size=0, max_size=2) as pool:
        keys, sign_ins = ApiKeys(pool, clock=lambda: now[0]), SignIns(pool, clock=lambda: now[0])
        principal = await keys.verify(hers["key"])
        assert principal is not None
        token = await sign_ins.open(principal)
        assert await sign_ins.verify(token) is not None
        await api.delete(f"/api/people/{ana['handle']}")
        now[0] = 10.1
        assert await keys.verify(hers["key"]) is None
        assert await sign_ins.verify(token) is None


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"handle": "Ana"}, "handle"),
        ({"handle": "a b"}, "handle"),
        ({"handle": "nobody"}, "handle"),
        ({"handle": "a" * 41}, "handle"),
        ({"handle": "ana\u202e"}, "handle"),
        ({"email": "no mail"}, "email"),
        ({"name": ""}, "name"),
        ({"role": "boss"}, "role"),
    ],
)
async def test_what_makes_no_person(api: httpx.AsyncClient, wrong: dict[str, str], path: str) -> None:
    person = {"handle": "rui", "name": "Rui", "role": "viewer", **wrong}
    refused = await api.post("/api/people", json=person)
    assert refused.status_code == 422
    assert [one["path"] for one in refused.json()["errors"]] == [path]


async def test_an_e_mail_is_of_one_person_and_free_when_he_has_ended(api: httpx.AsyncClient) -> None:
    mail = f"Ana.{uuid4().hex[:6]}@Example.com"
    ana = await made(api, email=mail)
    assert ana["email"] == mail.lower()
    again = {"handle": f"eva.{uuid4().hex[:6]}", "name": "Eva", "role": "viewer", "email": mail.upper()}
    refused = await api.post("/api/people", json=again)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "email")
    await api.delete(f"/api/people/{ana['handle']}")
    assert (await api.post("/api/people", json=again)).status_code == 201


async def test_no_key_of_nobody_has_the_name_of_a_person(gateway: Running, api: httpx.AsyncClient) -> None:
    ana = await made(api)
    refused = await api.post("/api/keys", json={"name": ana["handle"], "role": "viewer"})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "name")
    other = await ApiKeys(gateway.pool).create("other", Role.VIEWER, "test")
    renamed = await api.patch(f"/api/keys/{other.key_id}", json={"name": ana["handle"]})
    assert (renamed.status_code, renamed.json()["errors"][0]["path"]) == (422, "name")
    assert (await api.patch(f"/api/keys/{other.key_id}", json={"person": "nobody.here"})).status_code == 422


async def test_everybody_sees_and_ends_his_own_sign_ins_alone(gateway: Running, api: httpx.AsyncClient) -> None:
    ana, rui = await made(api), await made(api)
    hers = await key_of(api, ana["handle"], "viewer")
    async with (
        browser_of(gateway, api, ana["handle"]) as desk,
        browser_of(gateway, api, ana["handle"]) as phone,
        browser_of(gateway, api, rui["handle"]) as other,
    ):
        csrf = {}
        for browser in (desk, phone, other):
            sign_in = await SignIns(gateway.pool).verify(browser.cookies[COOKIE])
            assert sign_in is not None
            csrf[browser] = {"x-csrf-token": sign_in.csrf}
        own = (await desk.get("/api/sign-ins")).json()["items"]
        assert sorted(one["current"] for one in own) == [False, True]
        assert {one["openedBy"] for one in own} == {"link"}
        phones = next(one["signInId"] for one in own if not one["current"])
        assert (await other.delete(f"/api/sign-ins/{phones}", headers=csrf[other])).status_code == 404
        assert (await phone.get(PLANS)).status_code == 200
        async with gateway.bearer(hers["key"]) as client:  # her key sees the same, of the whole person
            assert len((await client.get("/api/sign-ins")).json()["items"]) == 2
        assert (await desk.delete(f"/api/sign-ins/{phones}", headers=csrf[desk])).status_code == 204
        assert (await phone.get(PLANS)).status_code == 401
        assert (await other.get(PLANS)).status_code == 200
    told = await gateway.pool.fetchval(
        "select count(*) from audit.entry where action = 'sign-in.end' and target = $1", ana["handle"]
    )
    assert told == 1


async def test_a_key_of_nobody_sees_its_own_sign_ins(gateway: Running) -> None:
    keys = ApiKeys(gateway.pool)
    one, two = [await keys.create("same name", Role.VIEWER, "test") for _ in range(2)]
    for key in (one, two):
        await SignIns(gateway.pool).open(Principal(key.key_id, "same name", Role.VIEWER))
    async with gateway.bearer(one.key) as client:
        assert [item["keyId"] for item in (await client.get("/api/sign-ins")).json()["items"]] == [one.key_id]


async def test_what_a_person_decides_is_told_under_his_handle(gateway: Running, api: httpx.AsyncClient) -> None:
    ana = await made(api, "operator")
    hers = await key_of(api, ana["handle"])
    async with gateway.bearer(hers["key"]) as client:
        answer = await client.patch(f"/api/tasks/{uuid4()}", json={"action": "start"})
    assert answer.status_code == 404
    told = await gateway.pool.fetch("select actor, key_id from audit.entry where action = 'task.start'")
    assert (ana["handle"], hers["keyId"]) in [tuple(row) for row in told]


async def test_a_request_costs_as_many_statements_as_before(gateway: Running, api: httpx.AsyncClient) -> None:
    """A key is looked up by one statement, a sign-in by one, whether they are a person's or not."""
    ana = await made(api)
    hers = await key_of(api, ana["handle"])
    principal = await ApiKeys(gateway.pool).verify(hers["key"])
    assert principal is not None
    token = await SignIns(gateway.pool).open(principal)
    sent: list[str] = []

    class Counting:
        async def fetch(self, query: str, *arguments: object) -> object:
            sent.append(query)
            return await gateway.pool.fetch(query, *arguments)

        async def fetchrow(self, query: str, *arguments: object) -> object:
            sent.append(query)
            return await gateway.pool.fetchrow(query, *arguments)

    counting: Any = Counting()
    assert await ApiKeys(counting).verify(hers["key"]) is not None
    assert await SignIns(counting).verify(token) is not None
    assert [query.split()[0] for query in sent] == ["select", "update"]


async def test_others_see_no_people(gateway: Running) -> None:
    for role in ("viewer", "analyst", "operator"):
        async with gateway.client(role) as client:
            assert (await client.get("/api/people")).status_code == 403
            assert (await client.post("/api/people", json={})).status_code == 403


async def test_it_serves_where_nobody_is_a_person(database_url: str, gateway: Running) -> None:
    """A gateway without people: keys, sign-ins and their links are as they were."""
    async with serving(Settings(database_url=database_url, limits=OFF)) as (url, _):
        key = await ApiKeys(gateway.pool).create("plain", Role.VIEWER, "test")
        async with httpx.AsyncClient(base_url=url, headers={"authorization": f"Bearer {key.key}"}) as client:
            assert (await client.get(PLANS)).status_code == 200


async def test_nobody_gets_the_name_of_a_key_that_works(gateway: Running, api: httpx.AsyncClient) -> None:
    """The key's actions would look like the person's, so the name is refused; a renamed key can be given away."""
    name = f"key.{uuid4().hex[:8]}"
    key = await ApiKeys(gateway.pool).create(name, Role.VIEWER, "test")
    wanted = {"handle": name, "name": "Key", "role": "viewer"}
    refused = await api.post("/api/people", json=wanted)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "handle")
    assert "a key that belongs to nobody" in refused.json()["detail"]
    assert (await api.patch(f"/api/keys/{key.key_id}", json={"name": "laptop"})).status_code == 200
    assert (await api.post("/api/people", json=wanted)).status_code == 201
    assert (await api.patch(f"/api/keys/{key.key_id}", json={"person": name})).status_code == 200
