"""Tasks over HTTP: list, read, work."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from gateway.shapes.days import HOW
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running, one_row
from tests.support.patience import PATIENCE_S


async def task_of(gateway: Running, **fields: Any) -> UUID:
    return await seed.add_task(gateway.pool, await seed.add_plan(gateway.pool, status="executing"), **fields)


WORK: list[tuple[str, dict[str, str], str, str]] = [
    ("open", {"action": "assign", "assignee": "bia"}, "assigned", "task.assigned"),
    ("assigned", {"action": "assign", "assignee": ""}, "open", "task.assigned"),
    ("open", {"action": "start"}, "started", "task.started"),
    ("started", {"action": "complete", "note": "feito"}, "completed", "task.completed"),
    ("started", {"action": "complete"}, "completed", "task.completed"),
    ("started", {"action": "fail", "reason": "sem fotos"}, "failed", "task.failed"),
    ("failed", {"action": "retry"}, "open", "task.retried"),
    ("open", {"action": "cancel"}, "cancelled", "task.cancelled"),
    ("completed", {"action": "comment", "comment": "ótimo\nmesmo"}, "completed", "task.commented"),
]


@pytest.mark.parametrize(("status", "body", "then", "event"), WORK, ids=[f"{s}-{b['action']}" for s, b, _, _ in WORK])
async def test_work(
    gateway: Running, api: httpx.AsyncClient, status: str, body: dict[str, str], then: str, event: str
) -> None:
    task_id = await task_of(gateway, status=status)
    answer = await api.patch(f"/api/tasks/{task_id}", json=body)
    assert answer.status_code == 202, answer.text
    assert (answer.json()["status"], answer.json()["version"]) == (then, 2)
    row = await one_row(gateway.pool, "select type, data from decide.outbox where stream = $1", f"task-{task_id}")
    assert row["type"] == event
    said = {k: v for k, v in body.items() if k != "action"}
    assert said.items() <= orjson.loads(row["data"]).items()


async def test_a_task_gets_another_day_and_none(gateway: Running, api: httpx.AsyncClient) -> None:
    task_id = await task_of(gateway)
    for day in ("2026-12-01", ""):
        answer = await api.patch(f"/api/tasks/{task_id}", json={"action": "reschedule", "dueOn": day})
        assert (answer.status_code, answer.json()["status"]) == (202, "open"), answer.text
    said = await gateway.pool.fetch(
        "select type, data ->> 'due_on' as day from decide.outbox where stream = $1 order by version", f"task-{task_id}"
    )
    assert [tuple(row) for row in said] == [("task.rescheduled", "2026-12-01"), ("task.rescheduled", "")]
    for wrong in ("amanhã", "31/12/2026", "2026-02-30"):
        refused = await api.patch(f"/api/tasks/{task_id}", json={"action": "reschedule", "dueOn": wrong})
        assert (refused.status_code, refused.json()["detail"]) == (
            422,
            f"dueOn: {HOW}; an empty one takes the day back",
        )
    for body in ({}, {"dueOn": "2026-12-01", "note": "x"}):
        refused = await api.patch(f"/api/tasks/{task_id}", json={"action": "reschedule", **body})
        assert refused.status_code == 422, body


async def test_overdue_tasks_are_found(gateway: Running, api: httpx.AsyncClient) -> None:
    late, other = await task_of(gateway), await task_of(gateway)
    await gateway.pool.execute("update rm.task set due_on = '2026-01-31' where task_id = $1", late)
    found = (await api.get("/api/tasks", params={"overdue": "true"})).json()["items"]
    assert [(t["taskId"], t["dueOn"], t["overdue"]) for t in found] == [(str(late), "2026-01-31", True)]
    assert (await api.get(f"/api/tasks/{other}")).json()["dueOn"] is None


async def test_a_read_waits_for_the_version_of_a_command(gateway: Running, api: httpx.AsyncClient) -> None:
    task_id = await task_of(gateway)
    accepted = (await api.patch(f"/api/tasks/{task_id}", json={"action": "start"})).json()
    reading = asyncio.create_task(api.get(f"/api/tasks/{task_id}", params={"min_version": accepted["version"]}))
    # until somebody waits for the plan's changes, there is nothing to be told
    async with asyncio.timeout(PATIENCE_S):
        while accepted["planId"] not in gateway.app.state.services.live._waiters:
            await asyncio.sleep(0.01)
    assert not reading.done()
    await gateway.pool.execute("update rm.task set version = 2, status = 'started' where task_id = $1", task_id)
    await gateway.pool.execute("select pg_notify('projected', $1)", f'{{"plans": ["{accepted["planId"]}"], "n": 1}}')
    answer = await reading

    assert (answer.json()["version"], answer.json()["status"]) == (2, "started")
    assert answer.headers["etag"] == '"2"'
    assert "x-projection-lag" not in answer.headers


async def test_a_read_of_a_task_says_what_is_missing(gateway: Running, api: httpx.AsyncClient) -> None:
    answer = await api.get(f"/api/tasks/{await task_of(gateway)}", params={"min_version": 4})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert answer.headers["x-projection-lag"] == "3"


async def test_min_version_of_a_task_is_described(api: httpx.AsyncClient) -> None:
    described = (await api.get("/openapi.json")).json()["paths"]["/api/tasks/{task_id}"]["get"]
    assert "min_version" in {parameter["name"] for parameter in described["parameters"]}
    assert "422" in described["responses"]


async def test_a_task_in_the_wrong_status(gateway: Running, api: httpx.AsyncClient) -> None:
    task_id = await task_of(gateway, status="completed")
    refused = await api.patch(f"/api/tasks/{task_id}", json={"action": "start"})
    assert refused.status_code == 409
    assert (refused.json()["currentStatus"], refused.json()["actions"]) == ("completed", ["comment"])


async def test_a_task_is_read_with_its_comments(gateway: Running, api: httpx.AsyncClient) -> None:
    task_id = await task_of(gateway)
    plan_id = await gateway.pool.fetchval("select plan_id from rm.task where task_id = $1", task_id)
    await seed.add_comment(gateway.pool, task_id, plan_id, "olá")
    answer = await api.get(f"/api/tasks/{task_id}")
    assert answer.headers["etag"] == '"1"'
    task = answer.json()
    assert [(c["actor"], c["comment"]) for c in task["comments"]] == [("ana", "olá")]
    assert task["actions"][0] == "assign"
    assert (await api.get(f"/api/tasks/{uuid4()}")).status_code == 404
    assert [t["taskId"] for t in (await api.get(f"/api/marketplace/analysis/{plan_id}/tasks")).json()["items"]] == [
        str(task_id)
    ]


async def test_tasks_are_listed_and_filtered(gateway: Running, api: httpx.AsyncClient) -> None:
    mine, nobodys = await task_of(gateway, assignee="zoé", status="assigned"), await task_of(gateway, title="Zzz")
    assert [t["taskId"] for t in (await api.get("/api/tasks", params={"assignee": "zoé"})).json()["items"]] == [
        str(mine)
    ]
    found = await api.get("/api/tasks", params={"assignee": "nobody", "q": "zzz", "status": "open,failed"})
    assert [t["taskId"] for t in found.json()["items"]] == [str(nobodys)]


async def test_many_tasks_each_have_their_own_result(gateway: Running, api: httpx.AsyncClient) -> None:
    good, done, unknown = await task_of(gateway), await task_of(gateway, status="completed"), uuid4()
    body = {"action": "assign", "assignee": "bia", "ids": [str(i) for i in (good, done, unknown)]}
    answer = await api.post("/api/tasks/bulk", json=body, headers={"Idempotency-Key": "bulk-1"})
    assert answer.status_code == 200
    assert [r["outcome"] for r in answer.json()["results"]] == ["accepted", "wrong_status", "not_found"]
    again = await api.post("/api/tasks/bulk", json=body, headers={"Idempotency-Key": "bulk-1"})
    assert again.json()["results"][0] == answer.json()["results"][0]
    assert await gateway.pool.fetchval("select count(*) from decide.outbox where stream = $1", f"task-{good}") == 1


async def test_a_task_tells_which_numbers_of_an_agents_text_have_no_source(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan_id = await seed.add_plan(gateway.pool, status="executing")
    await seed.add_channel(gateway.pool, plan_id, "shopee")
    strange = [{"path": "phases[0].tasks[0].what", "number": number} for number in ("R$ 9.999", "77%")]
    await gateway.pool.execute(
        "update rm.plan_channel set unmatched = $2 where plan_id = $1", plan_id, orjson.dumps(strange).decode()
    )
    marked = await seed.add_task(gateway.pool, plan_id, what="Cobrir R$ 9.999 de frete")
    plain = await seed.add_task(gateway.pool, plan_id, position=2, what="Cobrir R$ 10 de frete")

    told = {one["taskId"]: one["unmatched"] for one in (await api.get(f"/api/tasks?plan={plan_id}")).json()["items"]}
    assert told == {str(marked): ["R$ 9.999"], str(plain): []}
    assert (await api.get(f"/api/tasks/{marked}")).json()["unmatched"] == ["R$ 9.999"]
    async with gateway.client(None, **{"accept-language": "pt-BR"}) as page:
        await page.post("/login", data={"key": gateway.keys["operator"]})
        assert "1 número sem origem" in (await page.get(f"/plans/{plan_id}")).text
        assert "não tem origem no documento: R$ 9.999" in (await page.get(f"/tasks/{marked}")).text
        assert "sem origem" not in (await page.get(f"/tasks/{plain}")).text
