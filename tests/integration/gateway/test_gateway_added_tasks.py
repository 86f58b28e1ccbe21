"""Tasks that people add and texts that they change, over HTTP, on pages, and as the read model shows them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from schemas.plan import ADDED_TASK_LIMIT
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, one_row

PATH = "/api/marketplace/analysis"


async def plan_with_task(gateway: Running) -> tuple[UUID, UUID]:
    plan_id = await seed.add_plan(gateway.pool, status="executing")
    return plan_id, await seed.add_task(gateway.pool, plan_id)


async def decided(gateway: Running, plan_id: UUID, type_: str) -> list[dict[str, Any]]:
    rows = await gateway.pool.fetch(
        "select data from decide.outbox where key = $1 and type = $2 order by seq", str(plan_id), type_
    )
    return [orjson.loads(row["data"]) for row in rows]


async def test_a_task_is_added_with_all_that_was_given(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id, _ = await plan_with_task(gateway)
    body = {
        "title": "Fotos novas",
        "what": "Com régua",
        "channel": "shopee",
        "priority": "high",
        "dueOn": "2026-12-20",
        "reason": "faltava",
    }

    answer = await api.post(f"{PATH}/{plan_id}/tasks", json=body)

    assert answer.status_code == 202, answer.text
    told = answer.json()
    assert (told["planId"], told["outcome"], told["status"], told["version"]) == (str(plan_id), "accepted", "open", 1)
    assert answer.headers["location"] == f"/api/tasks/{told['taskId']}"
    (made,) = await decided(gateway, plan_id, "task.added")
    assert made["reason"].startswith("by:"), "what people write is encrypted where it stands"
    assert {name: made[name] for name in ("task_id", "title", "what", "channel", "priority", "due_on", "phase")} == {
        "task_id": told["taskId"],
        "title": "Fotos novas",
        "what": "Com régua",
        "channel": "shopee",
        "priority": "high",
        "due_on": "2026-12-20",
        "phase": 1,
    }
    entry = await one_row(
        gateway.pool, "select kind, target, outcome from audit.entry where action = $1", "plan.task.add"
    )
    assert tuple(entry.values()) == ("plan", str(plan_id), "accepted")


async def test_the_same_key_adds_one_task(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id, _ = await plan_with_task(gateway)
    sent = {"json": {"title": "Fotos novas"}, "headers": {"Idempotency-Key": "one"}}

    one, other = [await api.post(f"{PATH}/{plan_id}/tasks", **sent) for _ in range(2)]  # type: ignore[arg-type] # of two kinds

    assert one.json() == other.json()
    assert other.headers["idempotent-replayed"] == "true"
    (made,) = await decided(gateway, plan_id, "task.added")
    assert (made["channel"], made["priority"], made["opportunity_id"], made["due_on"]) == (
        "shopee",
        "normal",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"title": " "}, "title"),
        ({"title": "x", "channel": "amazon"}, "channel: is no channel of this plan"),
        ({"title": "x", "opportunityId": "none"}, "opportunityId: is no opportunity of this plan"),
        ({"title": "x", "dueOn": "2026-02-30"}, "dueOn"),
        ({"title": "x", "alsoServes": []}, "alsoServes"),
        ({}, "title"),
    ],
)
async def test_what_makes_no_task_is_refused(
    gateway: Running, api: httpx.AsyncClient, body: dict[str, Any], told: str
) -> None:
    plan_id, _ = await plan_with_task(gateway)
    refused = await api.post(f"{PATH}/{plan_id}/tasks", json=body)
    assert refused.status_code == 422
    assert told in refused.text
    assert await decided(gateway, plan_id, "task.added") == []


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("awaiting_approval", "Approve it first"),
        ("approved", "try again in a moment"),
        ("completed", "It has ended. If it has another phase, start that one"),
        ("cancelled", "Nothing can be done with it any more"),
    ],
)
async def test_a_plan_that_takes_no_task_says_why(
    gateway: Running, api: httpx.AsyncClient, status: str, told: str
) -> None:
    plan_id = await seed.add_plan(gateway.pool, status=status)
    refused = await api.post(f"{PATH}/{plan_id}/tasks", json={"title": "x"})
    assert (refused.status_code, refused.json()["currentStatus"]) == (409, status)
    assert told in refused.json()["detail"]
    assert (await api.post(f"{PATH}/{uuid4()}/tasks", json={"title": "x"})).status_code == 404
    async with gateway.client("operator") as page:
        assert 'id="add-task"' not in (await page.get(f"/plans/{plan_id}")).text


async def test_a_plan_with_as_many_added_tasks_as_it_takes_says_what_to_do(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan_id, _ = await plan_with_task(gateway)
    await gateway.pool.execute("update decide.head set added = $2 where plan_id = $1", plan_id, ADDED_TASK_LIMIT)

    refused = await api.post(f"{PATH}/{plan_id}/tasks", json={"title": "x"})

    assert (refused.status_code, refused.json()["limit"]) == (409, ADDED_TASK_LIMIT)
    assert refused.json()["type"].endswith("#too-many-tasks")
    assert "change its text, or comment on it" in refused.json()["detail"]
    entry = await one_row(gateway.pool, "select outcome from audit.entry where plan_id = $1", plan_id)
    assert entry["outcome"] == "too_many_tasks"
    async with gateway.browser("operator") as page:
        csrf = (await page.get(f"/plans/{plan_id}")).text.split('name="csrf_token" value="')[1].split('"')[0]
        sent = {"csrf_token": csrf, "title": "Fotos", "channel": "shopee", "priority": "normal", "reason": "faltava"}
        shown = await page.post(f"/plans/{plan_id}/tasks", data=sent, headers={"accept": "text/html"})
    assert f"people have added {ADDED_TASK_LIMIT} tasks" in shown.text
    assert 'value="Fotos"' in shown.text


async def test_a_viewer_adds_and_changes_nothing(gateway: Running) -> None:
    plan_id, task_id = await plan_with_task(gateway)
    async with gateway.client("viewer") as viewer:
        assert (await viewer.post(f"{PATH}/{plan_id}/tasks", json={"title": "x"})).status_code == 403
        assert (await viewer.put(f"/api/tasks/{task_id}/text", json={"title": "x", "what": ""})).status_code == 403
        page = (await viewer.get(f"/plans/{plan_id}")).text
        assert 'id="add-task"' not in page
        assert 'id="reword"' not in (await viewer.get(f"/tasks/{task_id}")).text


async def test_a_text_is_changed_as_a_whole(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id, task_id = await plan_with_task(gateway)
    body = {"title": "Fotos", "what": "", "reason": "mais curto"}

    answer = await api.put(f"/api/tasks/{task_id}/text", json=body, headers={"If-Match": '"1"'})
    stale = await api.put(f"/api/tasks/{task_id}/text", json=body, headers={"If-Match": '"1"'})

    assert (answer.status_code, answer.json()["version"], answer.headers["etag"]) == (202, 2, '"2"')
    assert stale.status_code == 412
    (said,) = await decided(gateway, plan_id, "task.changed")
    assert (said["title"], said["what"]) == ("Fotos", "")
    assert (await api.put(f"/api/tasks/{task_id}/text", json={"title": "x"})).status_code == 422
    done = await seed.add_task(gateway.pool, plan_id, position=2, status="completed")
    late = await api.put(f"/api/tasks/{done}/text", json=body)
    assert (late.status_code, "Comment on it instead" in late.json()["detail"]) == (409, True)


async def test_pages_add_and_change_and_lose_nothing_that_was_written(gateway: Running) -> None:
    plan_id, task_id = await plan_with_task(gateway)
    async with gateway.client(None, **{"accept-language": "pt-BR"}) as page:
        await page.post("/login", data={"key": gateway.keys["operator"]})
        csrf = (await page.get(f"/plans/{plan_id}")).text.split('name="csrf_token" value="')[1].split('"')[0]
        fields = {"csrf_token": csrf, "title": "Fotos novas", "what": "", "channel": "shopee", "priority": "normal"}

        silent = await page.post(f"/plans/{plan_id}/tasks", data={**fields, "reason": ""})
        added = await page.post(f"/plans/{plan_id}/tasks", data={**fields, "reason": "faltava", "due_on": "2026-12-20"})

        assert (silent.status_code, added.status_code) == (303, 303)
        (made,) = await decided(gateway, plan_id, "task.added")
        assert (made["title"], made["due_on"]) == ("Fotos novas", "2026-12-20")

        written = {"csrf_token": csrf, "title": "Outro título", "what": "Outro texto", "reason": "porque sim"}
        stale = await page.post(f"/tasks/{task_id}/text", data={**written, "version": "7"})
        assert stale.status_code == 409
        assert all(said in stale.text for said in ("Outro título", "Outro texto", "porque sim", "Nada foi alterado:"))
        long = await page.post(f"/tasks/{task_id}/text", data={**written, "title": "x" * 201, "version": "1"})
        assert (long.status_code, "x" * 201 in long.text) == (422, True)
        assert (await page.post(f"/tasks/{task_id}/text", data={**written, "version": "1"})).status_code == 303
    (said,) = await decided(gateway, plan_id, "task.changed")
    assert said["title"] == "Outro título"


async def test_a_task_says_who_gave_it_its_text(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id, task_id = await plan_with_task(gateway)
    assert (await api.get(f"/api/tasks/{task_id}")).json()["wordedBy"] == ""
    await gateway.pool.execute("update rm.task set worded_by = 'bia' where task_id = $1", task_id)
    assert (await api.get(f"/api/tasks/{task_id}")).json()["wordedBy"] == "bia"
    async with gateway.client("operator") as page:
        assert "As bia wrote it" in (await page.get(f"/tasks/{task_id}")).text
    assert (await api.get(f"{PATH}/{plan_id}/tasks")).json()["items"][0]["wordedBy"] == "bia"
