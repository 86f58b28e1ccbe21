"""Keys end, change and rotate; nobody locks everybody out; a link signs a browser in once."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.key_changes import Change, expiry
from gateway.access.last_admin import LastAdmin
from gateway.access.links import Links
from gateway.access.roles import Principal, Role
from gateway.access.sign_ins import COOKIE, SignIns
from gateway.audit.writing import Who
from tests.integration.gateway.gateway_running import Running

PLANS = "/api/marketplace/analysis"


async def ends(gateway: Running, key_id: str) -> None:
    """Let the key expire now."""
    await gateway.pool.execute("update access.api_key set expires_at = now() where key_id = $1", key_id)


async def test_a_key_ends_by_itself(gateway: Running, api: httpx.AsyncClient) -> None:
    made = (await api.post("/api/keys", json={"name": "temp", "role": "viewer", "days": 30})).json()
    assert made["expiresAt"] is not None
    keys = ApiKeys(gateway.pool)
    assert await keys.verify(made["key"]) == Principal(made["keyId"], "temp", Role.VIEWER)
    token = await SignIns(gateway.pool).open(Principal(made["keyId"], "temp", Role.VIEWER))
    await ends(gateway, made["keyId"])
    assert await ApiKeys(gateway.pool).verify(made["key"]) is None
    assert await SignIns(gateway.pool).verify(token) is None


async def test_a_key_is_not_remembered_beyond_its_end(gateway: Running) -> None:
    now = [0.0]
    keys = ApiKeys(gateway.pool, clock=lambda: now[0])
    made = await keys.create("brief", Role.VIEWER, "test", expiry(3 / 86_400))  # three seconds
    assert await keys.verify(made.key) is not None
    await ends(gateway, made.key_id)
    now[0] = 3.1
    assert await keys.verify(made.key) is None


async def test_a_key_is_renamed_gets_a_role_and_an_end(gateway: Running, api: httpx.AsyncClient) -> None:
    made = (await api.post("/api/keys", json={"name": "nia", "role": "viewer"})).json()
    async with gateway.bearer(made["key"]) as nia:
        assert (await nia.get("/api/keys")).status_code == 403
        changed = await api.patch(f"/api/keys/{made['keyId']}", json={"name": "Nia", "role": "admin", "days": 1})
        assert changed.status_code == 200, changed.text
        assert (changed.json()["name"], changed.json()["role"]) == ("Nia", "admin")
        assert (await nia.get("/api/keys")).status_code == 200
    lasting = await api.patch(f"/api/keys/{made['keyId']}", json={"lasting": True, "role": "viewer"})
    assert lasting.json()["expiresAt"] is None
    assert (await api.patch("/api/keys/nobody", json={"name": "x"})).status_code == 404
    assert (await api.patch(f"/api/keys/{made['keyId']}", json={"role": "boss"})).status_code == 422


@pytest.mark.parametrize("grace", [0, 60])
async def test_a_secret_is_replaced(gateway: Running, api: httpx.AsyncClient, grace: int) -> None:
    made = (await api.post("/api/keys", json={"name": "rota", "role": "viewer"})).json()
    token = await SignIns(gateway.pool).open(Principal(made["keyId"], "rota", Role.VIEWER))
    rotated = (await api.post(f"/api/keys/{made['keyId']}/rotate", json={"graceSeconds": grace})).json()
    assert rotated["keyId"] == made["keyId"]
    for key, good in ((rotated["key"], True), (made["key"], grace > 0)):
        async with gateway.bearer(key) as client:
            assert (await client.get(PLANS)).status_code == (200 if good else 401)
    assert (await SignIns(gateway.pool).verify(token) is not None) == (grace > 0)
    await gateway.pool.execute("update access.api_key set previous_until = now() where key_id = $1", made["keyId"])
    assert await ApiKeys(gateway.pool).verify(made["key"]) is None
    assert (await api.post("/api/keys/nobody/rotate", json={})).status_code == 404
    assert (await api.post(f"/api/keys/{made['keyId']}/rotate", json={"graceSeconds": 1e9})).status_code == 422


async def session_until(gateway: Running, token: str) -> Any:
    digest = hashlib.sha256(token.encode()).hexdigest()
    return await gateway.pool.fetchval("select expires_at from access.session where session_sha256 = $1", digest)


async def signed_in(gateway: Running, key: str) -> str:
    async with httpx.AsyncClient(base_url=gateway.url) as browser:
        entered = await browser.post("/login", data={"key": key})
        assert entered.status_code == 303
        return str(entered.cookies[COOKIE])


async def test_what_the_secret_before_opened_ends_with_it(gateway: Running, api: httpx.AsyncClient) -> None:
    """Sign-ins by the earlier secret end, also those from meanwhile; one by the new secret lasts as long as any."""
    made = (await api.post("/api/keys", json={"name": "rota", "role": "viewer"})).json()
    before = await signed_in(gateway, made["key"])
    rotated = (await api.post(f"/api/keys/{made['keyId']}/rotate", json={"graceSeconds": 60})).json()
    meanwhile, now = await signed_in(gateway, made["key"]), await signed_in(gateway, rotated["key"])
    until = await gateway.pool.fetchval("select previous_until from access.api_key where key_id = $1", made["keyId"])
    assert [await session_until(gateway, token) for token in (before, meanwhile)] == [until, until]
    assert await session_until(gateway, now) > until + timedelta(hours=1)


@pytest.mark.parametrize("grace", [0, 60])
async def test_a_link_of_before_ends_with_a_new_secret(gateway: Running, api: httpx.AsyncClient, grace: int) -> None:
    key_id, path = await link_for(gateway, api)
    assert (await api.post(f"/api/keys/{key_id}/rotate", json={"graceSeconds": grace})).status_code == 200
    assert (await use(gateway, path)).status_code == 401


@pytest.fixture
async def two_admins(gateway: Running) -> Any:
    """Leave two admin keys without an end, and no other; afterwards the earlier ones are restored."""
    keys = ApiKeys(gateway.pool)
    others = await gateway.pool.fetch(
        "update access.api_key set role = 'operator' where role = 'admin' returning key_id"
    )
    made = [await keys.create(name, Role.ADMIN, "test") for name in ("one", "two")]
    yield keys, [one.key_id for one in made]
    for one in made:
        await gateway.pool.execute("update access.api_key set role = 'viewer' where key_id = $1", one.key_id)
    ids = [row["key_id"] for row in others]
    await gateway.pool.execute("update access.api_key set role = 'admin' where key_id = any ($1)", ids)


@pytest.mark.parametrize("way", ["revoke", "demote", "end"])
async def test_the_last_admin_cannot_lock_everybody_out(two_admins: Any, way: str) -> None:
    keys, (one, two) = two_admins

    async def away(key_id: str) -> bool:
        if way == "revoke":
            return bool(await keys.revoke(key_id, "test"))
        wanted = Change(role=Role.VIEWER) if way == "demote" else Change(expires_at=expiry(1))
        return bool(await keys.change(key_id, wanted, "test"))

    assert await away(one)
    with pytest.raises(LastAdmin):
        await away(two)
    assert await keys.change(two, Change(name="still here"), "test")


async def test_two_admins_who_revoke_each_other_leave_one(two_admins: Any) -> None:
    keys, both = two_admins
    found = await asyncio.gather(*(keys.revoke(one, "test") for one in both), return_exceptions=True)
    assert [one for one in found if one is True] == [True]
    assert [type(one) for one in found if one is not True] == [LastAdmin]


async def test_the_refusal_says_what_to_do(gateway: Running, two_admins: Any) -> None:
    keys, (one, two) = two_admins
    await keys.revoke(one, "test")
    whole = await keys.rotate(two, 0, "test")
    async with gateway.bearer(whole) as last:
        refused = await last.delete(f"/api/keys/{two}")
    assert (refused.status_code, refused.json()["currentStatus"]) == (409, "last-admin")
    assert "Make another one first" in refused.json()["detail"]


async def link_for(gateway: Running, api: httpx.AsyncClient, **body: Any) -> tuple[str, str]:
    """(key id, path) of a link for a new analyst."""
    made = await ApiKeys(gateway.pool).create("mia", Role.ANALYST, "test")
    link = await api.post(f"/api/keys/{made.key_id}/link", json=body)
    assert link.status_code == 201, link.text
    return made.key_id, link.json()["path"]


async def use(gateway: Running, path: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=gateway.url) as browser:
        return await browser.post("/login", data={"link": path.partition("link=")[2]})


async def test_a_link_signs_in_once_and_to_look_at_it_uses_nothing_up(gateway: Running, api: httpx.AsyncClient) -> None:
    key_id, path = await link_for(gateway, api)
    secret = path.partition("link=")[2]
    stored = await gateway.pool.fetch("select l::text from access.sign_in_link l where key_id = $1", key_id)
    assert not any(secret in row[0] for row in stored)
    async with httpx.AsyncClient(base_url=gateway.url) as browser:
        for _ in range(3):  # previews look at it
            page = await browser.get(path)
            assert (page.status_code, "mia" in page.text, COOKIE in page.cookies) == (200, True, False)
    entered = await use(gateway, path)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    async with httpx.AsyncClient(base_url=gateway.url, cookies={COOKIE: entered.cookies[COOKIE]}) as browser:
        assert (await browser.get(PLANS)).status_code == 200
        assert (await browser.get("/api/keys")).status_code == 403
    again = await use(gateway, path)
    assert (again.status_code, "was used" in again.text) == (401, True)
    actions = await gateway.pool.fetch(
        "select action, outcome from audit.entry where key_id = $1 or target = $1 order by entry_id", key_id
    )
    assert ("sign-in", "accepted") in [tuple(row) for row in actions]


async def test_of_many_who_press_the_button_one_gets_in(gateway: Running, api: httpx.AsyncClient) -> None:
    _, path = await link_for(gateway, api)
    answers = await asyncio.gather(*(use(gateway, path) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [303, *[401] * 7]


@pytest.mark.parametrize("end", ["time", "revoked", "key"])
async def test_a_link_ends(gateway: Running, api: httpx.AsyncClient, end: str) -> None:
    key_id, path = await link_for(gateway, api)
    if end == "time":
        await gateway.pool.execute("update access.sign_in_link set expires_at = now() where key_id = $1", key_id)
    elif end == "revoked":
        await ApiKeys(gateway.pool).revoke(key_id, "test")
    else:
        await ends(gateway, key_id)
    assert (await use(gateway, path)).status_code == 401
    async with httpx.AsyncClient(base_url=gateway.url) as browser:
        assert (await browser.get(path)).status_code == 401


async def test_nothing_is_a_link_but_a_link(gateway: Running, api: httpx.AsyncClient) -> None:
    for wrong in ("x", "a" * 43, "'; drop table access.api_key", "%00" * 14):
        assert (await use(gateway, f"/login?link={wrong}")).status_code == 401
    assert (await api.post("/api/keys/nobody/link", json={})).status_code == 404
    assert await Links(gateway.pool).make("nobody", 15, Who()) is None


async def test_a_link_lasts_no_longer_than_its_key(gateway: Running, api: httpx.AsyncClient) -> None:
    made = (await api.post("/api/keys", json={"name": "short", "role": "viewer", "days": 0.001})).json()
    link = (await api.post(f"/api/keys/{made['keyId']}/link", json={"minutes": 60})).json()
    assert link["expiresAt"] == made["expiresAt"]


async def test_what_happens_to_a_key_is_told(gateway: Running, api: httpx.AsyncClient) -> None:
    made = (await api.post("/api/keys", json={"name": "eva", "role": "viewer"})).json()
    await api.patch(f"/api/keys/{made['keyId']}", json={"role": "operator"})
    await api.post(f"/api/keys/{made['keyId']}/rotate", json={})
    await api.post(f"/api/keys/{made['keyId']}/link", json={})
    await api.delete(f"/api/keys/{made['keyId']}")
    rows = await gateway.pool.fetch("select * from audit.entry where target = $1 order by entry_id", made["keyId"])
    actions = ["key.create", "key.change", "key.rotate", "link.create", "key.revoke"]
    assert [row["action"] for row in rows] == actions
    assert {(row["actor"], row["address"]) for row in rows} == {("the admin", "127.0.0.1")}
    assert '"role": "viewer"' in rows[1]["before"]
    assert '"role": "operator"' in rows[1]["after"]
    assert not any(made["key"].split("_", 2)[2] in str(tuple(row.values())) for row in rows)


@pytest.mark.parametrize("minutes", [True, "60"])
async def test_for_how_long_a_link_works_is_a_number(api: httpx.AsyncClient, minutes: object) -> None:
    made = (await api.post("/api/keys", json={"name": f"k {uuid4().hex[:6]}", "role": "viewer"})).json()
    refused = await api.post(f"/api/keys/{made['keyId']}/link", json={"minutes": minutes})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "minutes")
    tripped = {"name": "agent:x", "action": "trip", "forSeconds": minutes}
    assert (await api.patch("/api/system/breakers", json=tripped)).status_code == 422
