"""A limited key passes where a route is of its scopes, and nowhere else; one without limits has all of its role."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest

from gateway.access.key_changes import Change, change
from gateway.access.last_admin import LastAdmin
from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.app import all_routes
from gateway.audit.writing import Who
from gateway.http.door import EVERY_SCOPE, Operation, resource, scope_of
from gateway.routes.answers import json_answer
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, contents
from tests.integration.gateway.test_gateway_door import declared, filled
from tests.support.command import within
from tests.support.letters import add_letter

DECLARED = [
    (path, method, operation)
    for path, method, operation in declared(all_routes())
    if operation.role is not None and path != "/api/events" and path not in EVERY_SCOPE
]


async def limited(gateway: Running, *scopes: KeyScope, role: Role = Role.ADMIN) -> str:
    """Make a key of an admin's role with these scopes."""
    made = await gateway.app.state.services.access.keys.create(
        f"limited to {' '.join(scopes)}", role, Who(actor="test"), scopes=scopes
    )
    return str(made.key)


@pytest.mark.parametrize("scope", list(KeyScope))
async def test_each_scope_passes_where_it_may_and_nowhere_else(gateway: Running, scope: KeyScope) -> None:
    """Every route of the door, pages too, with a body that no route takes."""
    key = await limited(gateway, scope)
    before = await contents(gateway.pool)
    passed = 0
    async with gateway.bearer(key) as client:
        for path, method, operation in DECLARED:
            answer = await client.request(method, filled(path), content=b"nonsense")
            needed = scope_of(method, operation)
            if needed == scope:
                passed += 1
                assert answer.status_code != 401, (method, path)
                assert "This needs the scope" not in answer.text, (method, path)
            elif operation.page:
                assert answer.status_code in (303, 403), (method, path)
            else:
                assert answer.status_code == 403, (method, path)
                assert answer.json()["neededScope"] == needed
    assert passed
    assert await contents(gateway.pool) == before


def test_every_route_with_a_role_is_of_one_scope() -> None:
    assert {scope_of(method, operation) for _, method, operation in DECLARED} == set(KeyScope)


def test_what_changes_something_and_says_no_scope_cannot_be_declared() -> None:
    async def handler(request: Any) -> Any:
        return json_answer(request)

    with pytest.raises(ValueError, match="does not say of which scope"):
        resource("/api/x", POST=Operation(handler, Role.ANALYST, "commands"))


async def test_a_sign_in_and_a_link_of_a_limited_key_are_limited(gateway: Running) -> None:
    key = await limited(gateway, KeyScope.READ)
    gateway.keys["reads"] = key
    async with gateway.browser("reads") as browser:
        assert (await browser.get("/plans")).status_code == 200
        assert (await browser.get("/keys")).status_code == 403


async def test_a_decision_is_of_one_scope_by_whichever_way(gateway: Running) -> None:
    """Approving with other tasks is an operator's, and a decision: a key that may repair alone takes none."""
    plan = await seed.add_plan(gateway.pool)
    tried = {"action": "approve", "phase1": {"name": "x", "tasks": [{"title": "x"}], "reason": "x"}}
    gateway.keys["repairs"] = await limited(gateway, KeyScope.READ, KeyScope.OPERATE, role=Role.OPERATOR)
    async with gateway.bearer(gateway.keys["repairs"]) as api:
        assert (await api.patch(f"/api/marketplace/analysis/{plan}", json=tried)).json()["neededScope"] == "approve"
    async with gateway.browser("repairs") as browser:
        token = re.search(r'name="csrf_token" value="([^"]+)"', (await browser.get("/plans")).text)
        assert token is not None
        form = {"csrf_token": token[1], "back": "/", "version": "2", "name": "x", "title": "x", "reason": "x"}
        assert (await browser.post(f"/plans/{plan}/phase1", data=form)).status_code == 403
    assert await gateway.pool.fetchval("select status from decide.head where stream = 'plan-' || $1", str(plan)) == (
        "awaiting_approval"
    )


async def test_what_is_in_a_letter_is_of_the_scope_of_repair(gateway: Running) -> None:
    letter = await add_letter(gateway.pool)
    for scopes, seen in (((KeyScope.READ,), False), ((KeyScope.READ, KeyScope.OPERATE), True)):
        async with gateway.bearer(await limited(gateway, *scopes)) as api:
            told = (await api.get(f"/api/dead-letters/{letter}")).json()
        assert told["withheld"] != seen
        assert bool(told["valueBase64"]) == seen


async def test_scopes_are_made_changed_told_and_audited(gateway: Running) -> None:
    async with gateway.client() as admin:
        wanted = {"name": "robot", "role": "analyst", "scopes": ["upload", "read", "read"]}
        made = (await admin.post("/api/keys", json=wanted)).json()
        assert made["scopes"] == ["read", "upload"]
        async with gateway.bearer(made["key"]) as robot:
            refused = await robot.post("/api/tasks/bulk", json={})
            assert (refused.status_code, refused.json()["neededScope"]) == (403, "tasks")
            changed = await admin.patch(f"/api/keys/{made['keyId']}", json={"scopes": []})
            assert changed.json()["scopes"] == []
            assert (await robot.post("/api/tasks/bulk", json={})).status_code == 422, "all that its role may, at once"
            assert (await robot.get("/api/keys")).json()["neededRole"] == "admin"
        wrong = await admin.post("/api/keys", json={**wanted, "scopes": ["everything"]})
        assert wrong.status_code == 422
    rows = await gateway.pool.fetch(
        "select action, before::text, after::text from audit.entry where target = $1 order by entry_id", made["keyId"]
    )
    told = [(row["action"], json.loads(row["before"] or "{}"), json.loads(row["after"] or "{}")) for row in rows]
    assert told[0][2]["scopes"] == ["read", "upload"]
    assert (told[1][1]["scopes"], told[1][2]["scopes"]) == (["read", "upload"], [])


async def test_the_last_admin_key_cannot_be_limited_to_what_makes_no_keys(gateway: Running) -> None:
    key_id = gateway.keys["admin"].split("_")[1]
    async with gateway.pool.acquire() as connection:
        undone = connection.transaction()
        await undone.start()
        await connection.execute(
            "update access.api_key set revoked_at = now(), ended_at = now() where key_id <> $1", key_id
        )
        assert await change(connection, key_id, Change(scopes=(KeyScope.READ, KeyScope.ADMIN)), Who(actor="test"))
        with pytest.raises(LastAdmin):
            await change(connection, key_id, Change(scopes=(KeyScope.READ,)), Who(actor="test"))
        await undone.rollback()


async def test_the_page_and_the_command_line_limit_a_key(gateway: Running) -> None:
    env = {"MARKETPLACE_URL": gateway.url, "MARKETPLACE_API_KEY": gateway.keys["admin"]}
    done = await asyncio.to_thread(
        within, ("keys", "create", "reader", "--role", "viewer", "--scope", "read", "--json"), env
    )
    assert json.loads(done.stdout)["scopes"] == ["read"]
    async with gateway.browser("admin") as browser:
        page = await browser.get("/keys")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        form = {"csrf_token": token[1], "back": "/keys", "name": "by page", "role": "analyst", "limits": "1"}
        made = await browser.post("/keys", data={**form, "scopes": ["tasks", "read"]})
        assert made.status_code == 200
    stored = await gateway.pool.fetchval("select scopes from access.api_key where name = 'by page'")
    assert stored == ["read", "tasks"]
