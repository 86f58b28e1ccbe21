"""Where there are people, tasks are theirs: whom one can be assigned to, whose are shown, and who has ended.

Without people any name is taken: test_gateway_tasks.py.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, one_row

BY = Who("test")


@pytest.fixture(scope="module")
async def ana(gateway: Running) -> AsyncIterator[str]:
    """The key of ana, an analyst; rui is here, too, and eva has ended."""
    people = People(gateway.pool)
    for handle in ("ana", "rui", "eva"):
        await people.make(New(handle, f"{handle.title()} Lima", Role.ANALYST), BY)
    await people.end("eva", BY)
    yield (await ApiKeys(gateway.pool).create("laptop", Role.ANALYST, "test", person="ana")).key
    await gateway.pool.execute("update access.person set ended_at = now()")


async def task_of(gateway: Running, **fields: Any) -> UUID:
    return await seed.add_task(gateway.pool, await seed.add_plan(gateway.pool, status="executing"), **fields)


async def test_a_task_is_assigned_to_a_person_and_taken_back(
    gateway: Running, api: httpx.AsyncClient, ana: str
) -> None:
    task_id = await task_of(gateway)
    for assignee, status in (("rui", "assigned"), ("", "open")):
        answer = await api.patch(f"/api/tasks/{task_id}", json={"action": "assign", "assignee": assignee})
        assert (answer.status_code, answer.json()["status"]) == (202, status)


@pytest.mark.parametrize("nobody", ["bia", "eva", "Ana"])
async def test_another_name_is_refused_with_those_that_there_are(
    gateway: Running, api: httpx.AsyncClient, ana: str, nobody: str
) -> None:
    task_id = await task_of(gateway)
    body = {"action": "assign", "assignee": nobody}
    key = {"Idempotency-Key": f"again-{nobody}"}
    refused = await api.patch(f"/api/tasks/{task_id}", json=body, headers=key)
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["path"], "there are ana, rui" in error["message"]) == ("assignee", True)
    many = await api.post("/api/tasks/bulk", json={**body, "ids": [str(task_id)]})
    assert [one["outcome"] for one in many.json()["results"]] == ["unknown_person"]
    told = await gateway.pool.fetch("select outcome from audit.entry where target = $1", str(task_id))
    assert [row["outcome"] for row in told] == ["unknown_person"] * 2
    assert await gateway.pool.fetchval("select count(*) from decide.outbox where stream = $1", f"task-{task_id}") == 0
    right = await api.patch(f"/api/tasks/{task_id}", json={**body, "assignee": "ana"}, headers=key)
    assert right.status_code == 202, "a refusal keeps no key"


async def test_whom_there_is_can_be_asked_for(gateway: Running, ana: str) -> None:
    async with gateway.client("viewer") as client:
        found = (await client.get("/api/tasks/assignees")).json()
    assert found == {"items": [{"handle": one, "name": f"{one.title()} Lima"} for one in ("ana", "rui")]}


async def test_what_has_ended_or_is_unknown_is_told_before_the_name(
    gateway: Running, api: httpx.AsyncClient, ana: str
) -> None:
    task_id = await task_of(gateway, status="completed")
    body = {"action": "assign", "assignee": "bia"}
    assert (await api.patch(f"/api/tasks/{task_id}", json=body)).status_code == 409


async def test_me_is_who_asks(gateway: Running, ana: str) -> None:
    own, other = await task_of(gateway, assignee="ana", status="assigned"), await task_of(gateway, assignee="rui")
    async with httpx.AsyncClient(base_url=gateway.url, headers={"authorization": f"Bearer {ana}"}) as client:
        items = (await client.get("/api/tasks", params={"assignee": "me", "limit": 100})).json()["items"]
    assert str(own) in {one["taskId"] for one in items}
    assert {one["assignee"] for one in items} == {"ana"}
    assert str(other) not in {one["taskId"] for one in items}


async def test_the_pages_offer_people_and_tell_who_has_ended(gateway: Running, ana: str) -> None:
    mine = await task_of(gateway, assignee="ana", status="assigned", title="Tarefa da Ana")
    old = await task_of(gateway, assignee="eva", status="started", title="Tarefa da Eva")
    async with httpx.AsyncClient(base_url=gateway.url, headers={"accept-language": "en"}) as browser:
        await browser.post("/login", data={"key": ana})
        page = (await browser.get(f"/tasks/{mine}")).text
        offered = re.search(r'<select[^>]* name="assignee" required>(.*?)</select>', page, re.DOTALL)
        assert offered is not None
        assert re.findall(r'value="([^"]*)"', offered[1]) == ["", "ana", "rui"]
        assert "rui · Rui Lima" in offered[1]
        assert "(ended)" not in page
        assert re.search(
            r'title="Eva Lima">eva</bdi> <span class="quiet">\(ended\)', (await browser.get(f"/tasks/{old}")).text
        )
        own = (await browser.get("/tasks?assignee=me")).text
        assert ("Tarefa da Ana" in own, "Tarefa da Eva" in own) == (True, False)
        assert '<option value="me" selected>' in own
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        form = {"csrf_token": token[1], "assignee": "eva", "back": f"/tasks/{mine}"}
        refused = await browser.post(f"/tasks/{mine}/assign", data=form, follow_redirects=True)
        assert "it is assigned to nobody who is here" in refused.text
    row = await one_row(gateway.pool, "select status, assignee from rm.task where task_id = $1", old)
    assert tuple(row) == ("started", "eva")


async def test_who_is_here_is_asked_once_in_ten_seconds(gateway: Running) -> None:
    now = [0.0]
    asked = []

    class Counting:
        async def fetch(self, query: str) -> object:
            asked.append(query)
            return await gateway.pool.fetch(query)

    people = People(Counting(), clock=lambda: now[0])  # type: ignore[arg-type]
    first = await people.known()
    now[0] = 9.9
    assert await people.known() is first
    assert len(asked) == 1
    now[0] = 10.0
    await people.known()
    assert len(asked) == 2
