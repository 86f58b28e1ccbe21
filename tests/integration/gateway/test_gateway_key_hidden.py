"""A gateway of 0.2.0 asks for keys and sign-ins as it did: it knows no scopes, and refuses a key that has some."""

from __future__ import annotations

from typing import Final

import httpx
import pytest

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.access.sign_ins import COOKIE, digest_of
from tests.integration.gateway.gateway_running import Running

#: The statements of 0.2.0, as they stand there.
_KEY: Final = (
    "select name, role, secret_sha256, coalesce(last_used_at < now() - interval '1 minute', true) as stale"
    " from access.api_key where key_id = $1 and revoked_at is null"
)
_SESSION: Final = (
    "update access.session s set seen_at = now() from access.api_key k"
    " where s.session_sha256 = $1 and s.expires_at > now() and k.key_id = s.key_id and k.revoked_at is null"
    " returning k.key_id, k.name, k.role, s.csrf, s.expires_at"
)


async def old(gateway: Running, key_id: str, browser: httpx.AsyncClient) -> tuple[bool, bool]:
    """Say whether a gateway of 0.2.0 would take a key, and the browser that is signed in by it."""
    digest = digest_of(str(browser.cookies[COOKIE]))
    return (
        await gateway.pool.fetchrow(_KEY, key_id) is not None,
        await gateway.pool.fetchrow(_SESSION, digest) is not None,
    )


async def test_a_limited_key_is_a_revoked_one_to_a_gateway_of_0_2_0(gateway: Running, api: httpx.AsyncClient) -> None:
    wanted = {"name": "robot", "role": "analyst", "scopes": ["read"]}
    made = (await api.post("/api/keys", json=wanted)).json()
    gateway.keys["robot"] = made["key"]
    path = f"/api/keys/{made['keyId']}"
    async with gateway.bearer(made["key"]) as robot, gateway.browser("robot") as browser:
        assert (await robot.get("/api/tasks")).status_code == 200
        assert (await browser.get("/plans")).status_code == 200
        assert await old(gateway, made["keyId"], browser) == (False, False)
        listed = {one["keyId"]: one for one in (await api.get("/api/keys")).json()["items"]}
        assert listed[made["keyId"]]["revokedAt"] is None

        assert (await api.patch(path, json={"scopes": []})).status_code == 200
        assert await old(gateway, made["keyId"], browser) == (True, True)
        assert (await api.patch(path, json={"scopes": ["read", "tasks"]})).status_code == 200
        assert await old(gateway, made["keyId"], browser) == (False, False)
        assert (await robot.get("/api/tasks")).status_code == 200

        assert (await api.post(f"{path}/rotate", json={})).status_code == 200
        assert await gateway.pool.fetchrow(_KEY, made["keyId"]) is None
        assert (await api.delete(path)).status_code == 204
        assert (await api.delete(path)).status_code == 404
        assert (await robot.get("/api/tasks")).status_code == 401
    listed = {one["keyId"]: one for one in (await api.get("/api/keys")).json()["items"]}
    assert listed[made["keyId"]]["revokedAt"] is not None


@pytest.mark.parametrize("scopes", [(), (KeyScope.READ,)])
async def test_a_key_that_was_revoked_stays_so_whatever_is_made_of_it(
    gateway: Running, api: httpx.AsyncClient, scopes: tuple[KeyScope, ...]
) -> None:
    keys = gateway.app.state.services.access.keys
    made = await keys.create("leaving", Role.VIEWER, "test", scopes=scopes)
    assert await keys.revoke(made.key_id)
    assert await keys.verify(made.key) is None
    changes: list[dict[str, object]] = [{"scopes": []}, {"scopes": ["read"]}, {"name": "again"}]
    for wanted in changes:
        assert (await api.patch(f"/api/keys/{made.key_id}", json=wanted)).status_code == 404
    assert (await api.post(f"/api/keys/{made.key_id}/link", json={})).status_code == 404
    assert await keys.verify(made.key) is None


async def test_a_key_that_an_old_gateway_revokes_is_revoked_here(gateway: Running) -> None:
    keys = gateway.app.state.services.access.keys
    made = await keys.create("leaving", Role.VIEWER, "test")
    await gateway.pool.execute(
        "update access.api_key set revoked_at = now() where key_id = $1 and revoked_at is null", made.key_id
    )
    assert await keys.verify(made.key) is None
