"""A form changes what its sender changed: what a colleague changed since the page was opened stays."""

from __future__ import annotations

import asyncio
import html
import re
from typing import Final
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.key_changes import Change as KeyChange
from gateway.access.people import Change, New, People
from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.audit.writing import Who
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_mapping import Store, facts_of
from tests.support.patience import until

COLLEAGUE: Final = Who("a colleague")
AS_IT_WAS: Final = "all of it is as the page showed it"
_FIELD: Final = re.compile(r'<input(?=[^>]* name="([^"]+)")(?=[^>]* value="([^"]*)")(?![^>]*type="checkbox")[^>]*>')


async def form(admin: httpx.AsyncClient, page: str, action: str) -> dict[str, list[str]]:
    """Return the fields of a form with a text, as the page has them now; of choices none."""
    _, found, rest = (await admin.get(page)).text.partition(f'action="{action}"')
    assert found
    fields: dict[str, list[str]] = {}
    for name, value in _FIELD.findall(rest.partition("</form>")[0]):
        fields.setdefault(name, []).append(html.unescape(value))
    return fields


async def test_a_page_of_before_raises_no_role_of_a_person(gateway: Running, admin: httpx.AsyncClient) -> None:
    people, handle = People(gateway.pool), f"mia.{uuid4().hex[:8]}"
    await people.make(New(handle, "Mia Souza", Role.OPERATOR), COLLEAGUE)
    at = f"/people/{handle}/change"
    opened = await form(admin, "/people", at) | {"role": ["operator"]}
    await people.change(handle, Change(role=Role.VIEWER), COLLEAGUE)

    assert AS_IT_WAS in (await admin.post(at, data=opened, follow_redirects=True)).text
    assert (await admin.post(at, data={**opened, "name": "Mia Reis"})).status_code == 303

    found = await people.find(handle)
    assert found is not None
    assert (found.name, found.role) == ("Mia Reis", Role.VIEWER)


async def test_a_page_of_before_takes_no_limit_off_a_key(gateway: Running, admin: httpx.AsyncClient) -> None:
    keys = ApiKeys(gateway.pool)
    made = await keys.create("robot", Role.OPERATOR, "test")
    at = f"/keys/{made.key_id}/change"
    opened = await form(admin, "/keys", at) | {"role": ["operator"]}
    await keys.change(made.key_id, KeyChange(role=Role.ANALYST, scopes=(KeyScope.READ,)), "a colleague")

    assert AS_IT_WAS in (await admin.post(at, data=opened, follow_redirects=True)).text
    assert (await admin.post(at, data={**opened, "name": "robot 2"})).status_code == 303
    found = await keys.verify(made.key)
    assert found is not None
    assert (found.name, found.role, set(found.scopes)) == ("robot 2", Role.ANALYST, {KeyScope.READ})

    # and what is ticked by hand is taken
    assert (await admin.post(at, data={**opened, "scopes": ["read", "tasks"]})).status_code == 303
    limited = await ApiKeys(gateway.pool).verify(made.key)
    assert limited is not None
    assert set(limited.scopes) == {KeyScope.READ, KeyScope.TASKS}


@pytest.fixture
async def kept(gateway: Running, api: httpx.AsyncClient) -> str:
    """The header whose mapping is kept: `vlr` is a price, `qtd` units."""
    made = await Store().send(api, map=["price=vlr", "units=qtd"])
    header: str = (await facts_of(gateway, made.json()["planId"]))["tables"][0]["header_id"]
    return header


async def test_a_page_of_before_changes_one_column_of_a_mapping(
    api: httpx.AsyncClient, admin: httpx.AsyncClient, kept: str
) -> None:
    at = f"/mappings/{kept}/change"
    opened = await form(admin, "/mappings", at) | {"currency": [""]}
    opened["pick"] = list(opened["was"])
    await api.put(f"/api/mappings/{kept}", json={"columns": {"vlr": "revenue"}, "currency": "USD"})

    assert AS_IT_WAS in (await admin.post(at, data=opened, follow_redirects=True)).text
    opened["pick"] = [one.replace('"units"', '"ignore"') for one in opened["was"]]
    assert (await admin.post(at, data=opened)).status_code == 303

    (found,) = (one for one in (await api.get("/api/mappings")).json()["items"] if one["headerId"] == kept)
    assert (found["columns"], found["currency"]) == ({"vlr": "revenue", "qtd": "ignore"}, "USD")


async def test_two_who_change_a_mapping_at_once_lose_nothing(
    gateway: Running, api: httpx.AsyncClient, kept: str
) -> None:
    path = f"/api/mappings/{kept}"
    waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    async with gateway.pool.acquire() as session, session.transaction():
        await session.execute("select from decide.column_mapping where header_id = $1 for update", kept)
        wanted = ({"vlr": "revenue"}, {"qtd": "ignore"})
        both = [asyncio.create_task(api.put(path, json={"columns": columns})) for columns in wanted]

        async def both_wait() -> bool:
            return int(await gateway.pool.fetchval(waits)) == 2

        await until(both_wait)
    assert [answer.status_code for answer in await asyncio.gather(*both)] == [200, 200]
    (found,) = (one for one in (await api.get("/api/mappings")).json()["items"] if one["headerId"] == kept)
    assert found["columns"] == {"vlr": "revenue", "qtd": "ignore"}


async def test_a_page_of_before_leads_a_webhook_back_to_no_address(
    api: httpx.AsyncClient, admin: httpx.AsyncClient
) -> None:
    wanted = {"name": f"erp-{uuid4().hex[:8]}", "url": "https://erp.example/old", "types": ["plan.approved"]}
    path = f"/api/webhooks/{UUID((await api.post('/api/webhooks', json=wanted)).json()['webhookId'])}"
    at = f"{path.removeprefix('/api')}/change"
    opened = await form(admin, path.removeprefix("/api"), at)
    assert (await api.patch(path, json={"url": "https://erp.example/new"})).status_code == 200

    assert AS_IT_WAS in (await admin.post(at, data=opened, follow_redirects=True)).text
    assert (await admin.post(at, data={**opened, "types": ["plan.approved, plan.rejected"]})).status_code == 303

    found = (await api.get(path)).json()
    assert (found["url"], sorted(found["types"])) == ("https://erp.example/new", ["plan.approved", "plan.rejected"])
