"""The page of keys: what is shown once, what is refused and how it is said, and that nobody else gets there."""

from __future__ import annotations

import re

import httpx
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.roles import Role
from tests.integration.gateway.gateway_running import Running


def secrets(page: str) -> list[str]:
    return re.findall(r'id="once" value="([^"]+)"', page)


async def test_a_key_is_made_and_shown_once(gateway: Running, admin: httpx.AsyncClient) -> None:
    made = await admin.post("/keys", data={"name": "Nia & Co", "role": "analyst", "days": "30"})
    assert made.status_code == 200
    (key,) = secrets(made.text)
    found = await ApiKeys(gateway.pool).verify(key)
    assert found is not None
    assert (found.name, found.role) == ("Nia & Co", Role.ANALYST)
    assert made.headers["cache-control"] == "no-store"
    assert key not in str(made.headers), "in no cookie"
    page = (await admin.get("/keys")).text
    assert "Nia &amp; Co" in page
    assert key not in page
    told = await gateway.pool.fetchval(
        "select string_agg(e::text, '') from audit.entry e where target = $1", found.key_id
    )
    assert "key.create" in told
    assert key.rpartition("_")[2] not in told


async def test_a_key_is_changed_rotated_and_revoked(gateway: Running, admin: httpx.AsyncClient) -> None:
    keys = ApiKeys(gateway.pool)
    made = await keys.create("rota", Role.VIEWER, "test")
    at = f"/keys/{made.key_id}"
    assert (await admin.post(f"{at}/change", data={"name": "Rota", "role": "analyst"})).status_code == 303
    (key,) = secrets((await admin.post(f"{at}/rotate", data={"grace": "3600"})).text)
    assert "The secret before works until" in (await admin.get("/keys")).text
    assert await ApiKeys(gateway.pool).verify(made.key) == await ApiKeys(gateway.pool).verify(key)
    (link,) = secrets((await admin.post(f"{at}/link", data={"minutes": "15"})).text)
    assert link.startswith(f"{gateway.url}/login?link=")
    async with httpx.AsyncClient() as stranger:
        assert "Rota" in (await stranger.get(link)).text
    assert (await admin.post(f"{at}/revoke", data={"back": "/keys"})).status_code == 303
    assert await ApiKeys(gateway.pool).verify(key) is None
    gone = await admin.post(f"{at}/revoke", data={"back": "/keys"}, follow_redirects=True)
    assert "This key has ended meanwhile" in gone.text


async def test_the_last_admin_is_told_kindly_and_stays(gateway: Running, admin: httpx.AsyncClient) -> None:
    own = gateway.keys["admin"].split("_")[1]
    others = await gateway.pool.fetch(
        "update access.api_key set revoked_at = now() where role = 'admin' and key_id <> $1 and revoked_at is null"
        " returning key_id",
        own,
    )
    try:
        for action, data in (
            ("revoke", {"back": "/keys"}),
            ("change", {"name": "x", "role": "viewer"}),
            ("change", {"name": "x", "role": "admin", "days": "3"}),
        ):
            refused = await admin.post(f"/keys/{own}/{action}", data=data, follow_redirects=True)
            assert refused.status_code == 200
            assert "Make another admin key first, then this one can go." in refused.text
        assert await gateway.pool.fetchval("select name from access.api_key where key_id = $1", own) != "x"
    finally:
        await gateway.pool.execute(
            "update access.api_key set revoked_at = null where key_id = any ($1)", [row["key_id"] for row in others]
        )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "", "role": "viewer"}, "Say whose key it is"),
        ({"name": "x", "role": "viewer", "days": "-1"}, "write a number above 0"),
        ({"name": "x", "role": "boss"}, "Check what was entered"),
    ],
)
async def test_what_makes_no_key_says_why_and_keeps_what_was_written(
    gateway: Running, admin: httpx.AsyncClient, data: dict[str, str], said: str
) -> None:
    before = await gateway.pool.fetchval("select count(*) from access.api_key")
    refused = await admin.post("/keys", data=data)
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{data["name"]}"' in refused.text
    assert await gateway.pool.fetchval("select count(*) from access.api_key") == before


@pytest.mark.parametrize("data", [{"name": "x", "role": "viewer", "days": "3", "lasting": "true"}])
async def test_an_end_and_none_at_once_is_refused(
    gateway: Running, admin: httpx.AsyncClient, data: dict[str, str]
) -> None:
    made = await ApiKeys(gateway.pool).create("both", Role.VIEWER, "test")
    refused = await admin.post(f"/keys/{made.key_id}/change", data=data, follow_redirects=True)
    assert "not both" in refused.text


async def test_a_form_from_elsewhere_makes_nothing(gateway: Running, admin: httpx.AsyncClient) -> None:
    del admin.headers["x-csrf-token"]
    refused = await admin.post("/keys", data={"name": "evil", "role": "admin"})
    assert refused.status_code == 403
    assert not await gateway.pool.fetchval("select exists (select from access.api_key where name = 'evil')")


@pytest.mark.parametrize("role", ["viewer", "analyst", "operator"])
async def test_others_are_refused(gateway: Running, role: str) -> None:
    async with gateway.client(role) as client:
        assert (await client.get("/keys", headers={"accept": "text/html"})).status_code == 403
        assert (await client.post("/keys", data={"name": "x", "role": "admin"})).status_code == 403


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "nothing is to be changed: send name, role, person, scopes, and days or lasting"),
        ({"lasting": False}, "nothing is to be changed"),
        ({"days": 3, "lasting": True}, "days says when the key ends, lasting that it does not: send one of them"),
    ],
)
async def test_a_change_of_nothing_or_of_two_things_is_refused(
    gateway: Running, api: httpx.AsyncClient, body: dict[str, object], said: str
) -> None:
    made = await ApiKeys(gateway.pool).create("patched", Role.VIEWER, "test")
    refused = await api.patch(f"/api/keys/{made.key_id}", json=body)
    assert refused.status_code == 422
    assert said in refused.json()["detail"]
    assert not await gateway.pool.fetchval(
        "select exists (select from audit.entry where action = 'key.change' and target = $1)", made.key_id
    )
