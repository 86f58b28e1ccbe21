"""Rules that hold for one request hold for many at the same moment: no two together do what each may not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import uuid4

import httpx
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.last_admin import LastAdmin
from gateway.access.people import Change, New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from gateway.settings import Settings
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.integration.gateway.test_gateway_forms import form
from tests.integration.gateway.test_gateway_last_admin import no_admin

__all__ = ["no_admin"]  # the fixture
BY = Who("test")
PATH = "/api/marketplace/analysis"


async def admins(gateway: Running, count: int) -> dict[str, str]:
    """Return the keys of so many admins who are people, by handle; nobody else is an admin."""
    people, keys = People(gateway.pool), ApiKeys(gateway.pool)
    made = {}
    for handle in (f"root.{uuid4().hex[:8]}" for _ in range(count)):
        await people.make(New(handle, "Root", Role.ADMIN), BY)
        made[handle] = (await keys.create("laptop", Role.ADMIN, "test", person=handle)).key
    return made


async def test_admins_who_end_each_other_at_once_leave_one(gateway: Running, no_admin: None) -> None:
    """Each ends the next, in a ring; over HTTP, as who is remembered to be an admin still."""
    made = await admins(gateway, 4)
    handles = list(made)
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(gateway.bearer(made[one])) for one in handles]
        for client in clients:
            assert (await client.get("/api/people")).status_code == 200
        others = [*handles[1:], handles[0]]
        answers = await asyncio.gather(
            *(client.delete(f"/api/people/{other}") for client, other in zip(clients, others, strict=True))
        )
    left = await gateway.pool.fetch(
        "select handle from access.person where handle = any ($1) and ended_at is null", handles
    )
    assert len(left) >= 1
    assert {answer.status_code for answer in answers} <= {204, 401, 409}
    assert sum(answer.status_code == 204 for answer in answers) == 4 - len(left)
    key = await ApiKeys(gateway.pool).verify(made[left[0]["handle"]])
    assert key is not None
    assert key.role is Role.ADMIN


async def test_whatever_takes_the_last_admins_away_at_once_one_stays(gateway: Running, no_admin: None) -> None:
    """One is ended, one demoted, the key of one revoked, at the same moment."""
    one, two, three = await admins(gateway, 3)
    people, keys = People(gateway.pool), ApiKeys(gateway.pool)
    key_id = await gateway.pool.fetchval(
        "select key_id from access.api_key join access.person using (person_id) where handle = $1", three
    )
    found = await asyncio.gather(
        people.end(one, BY),
        people.change(two, Change(role=Role.VIEWER), BY),
        keys.revoke(key_id, "test"),
        return_exceptions=True,
    )
    assert [type(way) for way in found].count(LastAdmin) == 1


async def test_of_secrets_that_are_made_at_once_one_works(gateway: Running) -> None:
    keys = ApiKeys(gateway.pool)
    made = await keys.create("robot", Role.VIEWER, "test")
    new = await asyncio.gather(*(keys.rotate(made.key_id, 0, "test") for _ in range(6)))
    fresh = ApiKeys(gateway.pool)
    works = [whole for whole in (made.key, *new) if whole and await fresh.verify(whole) is not None]
    assert len(works) == 1
    assert works[0] in new


@pytest.fixture
async def strict(database_url: str, gateway: Running) -> AsyncIterator[str]:
    async with serving(Settings(database_url=database_url, limits=OFF, four_eyes=True)) as (url, _):
        yield url


async def test_no_number_of_tries_at_once_approves_ones_own_upload(gateway: Running, strict: str) -> None:
    """By API, in bulk, from both pages, with all keys of hers at once; then somebody else approves, once."""
    handle, other = (f"p-{uuid4().hex[:8]}" for _ in range(2))
    people, keys = People(gateway.pool), ApiKeys(gateway.pool)
    for one in (handle, other):
        await people.make(New(one, one, Role.OPERATOR), BY)
    hers = [(await keys.create(name, Role.OPERATOR, "test", person=handle)).key for name in ("one", "two")]
    plans = [str(await seed.add_plan(gateway.pool, channels=("shopee",))) for _ in range(3)]
    await gateway.pool.execute("update rm.plan set uploaded_by = $2 where plan_id = any ($1::uuid[])", plans, handle)
    approve = {"action": "approve"}
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                httpx.AsyncClient(base_url=strict, headers={"authorization": f"Bearer {key}"}, timeout=30)
            )
            for key in hers
        ]
        browser = await stack.enter_async_context(httpx.AsyncClient(base_url=strict, timeout=30))
        await browser.post("/login", data={"key": hers[0]})
        fields = await form(browser, f"/plans/{plans[0]}", f"/plans/{plans[0]}/reject")
        token = {"csrf_token": fields["csrf_token"], "back": "/plans"}
        tries = [client.patch(f"{PATH}/{plan}", json=approve) for client in clients for plan in plans]
        tries += [client.post(f"{PATH}/bulk", json={**approve, "ids": plans}) for client in clients for _ in range(3)]
        tries += [browser.post(f"/plans/{plan}/approve", data=token) for plan in plans]
        tries += [browser.post("/plans/bulk", data={**token, **approve, "id": plans})]
        answers = await asyncio.gather(*tries)
        assert {answer.status_code for answer in answers} <= {200, 303, 403}
        status = "select status from decide.head where plan_id = any ($1::uuid[])"
        assert {row[0] for row in await gateway.pool.fetch(status, plans)} == {"awaiting_approval"}

        key = (await keys.create("his", Role.OPERATOR, "test", person=other)).key
        his = await stack.enter_async_context(
            httpx.AsyncClient(base_url=strict, headers={"authorization": f"Bearer {key}"}, timeout=30)
        )
        both = [one.post(f"{PATH}/bulk", json={**approve, "ids": plans}) for one in (*clients, his, his)]
        await asyncio.gather(*both)
    events = "select actor, count(*) from decide.outbox where key = any ($1) and type = 'plan.approved' group by actor"
    assert [tuple(row) for row in await gateway.pool.fetch(events, plans)] == [(other, len(plans))]
