"""What people do on pages goes through the door of the API: one key, one version, one count."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from gateway.access.roles import Role
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

PATH = "/api/marketplace/analysis"
#: A Phase 1 of one task, as the form sends it.
TASK = {
    "title": "Fotos",
    "what": "Trocar",
    "channel": "shopee",
    "priority": "high",
    "opportunity": "",
    "name": "Fase 1",
    "weeks": "",
    "investment": "",
    "impact": "",
}
CHANGED = "it was changed since this page was made"
A_PLAN = "9d1f0a5e-7a0c-4a8e-9d55-0f6c3f1c8f11"


class Forms(HTMLParser):
    """The forms of a page: address -> its fields as they stand, those of the first form for an address."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._open: dict[str, str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = said.get("action", "")
            self._open = None if action in self.found else self.found.setdefault(action, {})
        elif tag == "input" and self._open is not None and said.get("type") == "hidden":
            self._open[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


async def form(page: httpx.AsyncClient, path: str, action: str) -> dict[str, str]:
    answer = await page.get(path)
    assert answer.status_code == 200
    return Forms(answer.text).found[action]


async def send(page: httpx.AsyncClient, action: str, fields: dict[str, str]) -> tuple[str, str]:
    """Send a form; return tone and words of what the next page says."""
    answer = await page.post(action, data=fields)
    assert answer.status_code == 303, answer.text
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(answer.cookies["flash"] + "=="))
    return said["tone"], said["text"]


@pytest.fixture
async def page(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    """A person who is signed in as an operator."""
    async with gateway.browser(Role.OPERATOR) as client:
        yield client


async def events(gateway: Running, plan_id: UUID) -> list[str]:
    rows = await gateway.pool.fetch("select type from decide.outbox where key = $1 order by seq", str(plan_id))
    return [row["type"] for row in rows]


@pytest.mark.parametrize("action", ["approve", "reject", "cancel", "phase1"])
async def test_what_was_cancelled_since_is_not_decided(
    gateway: Running, api: httpx.AsyncClient, page: httpx.AsyncClient, action: str
) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    address = f"/plans/{plan_id}/{action}"
    fields = await form(page, f"/plans/{plan_id}", address)
    assert fields["version"] == "2"
    await api.patch(f"{PATH}/{plan_id}", json={"action": "cancel", "reason": "no"})
    written = dict(TASK) if action == "phase1" else {}
    tone, text = await send(page, address, {**fields, **written, "reason": "sim"})
    if action == "cancel":
        assert (tone, text) == ("info", "That was done before: nothing changed.")
    else:
        assert tone == "fail"
        assert CHANGED in text
        assert "“Cancelled”" in text
    assert await events(gateway, plan_id) == ["plan.cancelled"]


async def test_the_same_form_twice_is_done_once(gateway: Running, page: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    address = f"/plans/{plan_id}/reject"
    fields = {**await form(page, f"/plans/{plan_id}", address), "reason": "duas\nlinhas"}
    said = [await send(page, address, fields), await send(page, address, {**fields, "reason": "duas\r\nlinhas"})]
    assert {tone for tone, _ in said} == {"done"}  # however the browser ends its lines, the second hears the first
    assert await events(gateway, plan_id) == ["plan.rejected"]


async def test_eight_at_a_time_are_done_once(gateway: Running, page: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    task = await seed.add_task(gateway.pool, plan_id)
    address = f"/tasks/{task}/comment"
    fields = {**await form(page, f"/tasks/{task}", address), "comment": "olha"}
    await asyncio.gather(*(send(page, address, fields) for _ in range(8)))
    assert await events(gateway, plan_id) == ["task.commented"]
    await send(page, address, {**await form(page, f"/tasks/{task}", address), "comment": "olha"})  # another form
    assert await events(gateway, plan_id) == ["task.commented"] * 2


async def test_a_form_with_a_used_key_and_other_words_is_refused(gateway: Running, page: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    task = await seed.add_task(gateway.pool, plan_id)
    address = f"/tasks/{task}/comment"
    fields = await form(page, f"/tasks/{task}", address)
    await send(page, address, {**fields, "comment": "olha"})
    tone, text = await send(page, address, {**fields, "comment": "outra"})
    assert (tone, "the form was used before" in text) == ("fail", True)
    assert await events(gateway, plan_id) == ["task.commented"]


@pytest.mark.parametrize("action", ["start", "assign", "complete", "fail", "cancel", "reschedule"])
async def test_a_task_that_somebody_worked_on_since_is_left_alone(
    gateway: Running, api: httpx.AsyncClient, page: httpx.AsyncClient, action: str
) -> None:
    plan_id = await seed.add_plan(gateway.pool, status="executing", version=4)
    task = await seed.add_task(gateway.pool, plan_id)
    address = f"/tasks/{task}/{action}"
    row = f"/tasks?plan={plan_id}"
    fields = await form(page, row if action == "start" else f"/tasks/{task}/menu?back={row}", address)
    assert fields["back"] == row
    await api.patch(f"/api/tasks/{task}", json={"action": "assign", "assignee": "rui"})
    words = {"assignee": "bia", "note": "feito", "reason": "não", "due_on": "2026-12-01"}
    tone, text = await send(page, address, {**fields, **words})
    assert (tone, CHANGED in text, "“Assigned”" in text) == ("fail", True, True)
    assert await events(gateway, plan_id) == ["task.assigned"]


@pytest.mark.parametrize(("sent", "kept"), [("2026-12-01", "2026-12-01"), ("20261201", "2026-12-01"), ("", "")])
async def test_a_task_gets_another_day_or_none(gateway: Running, page: httpx.AsyncClient, sent: str, kept: str) -> None:
    task = await seed.add_task(gateway.pool, await seed.add_plan(gateway.pool, status="executing"))
    address = f"/tasks/{task}/reschedule"
    fields = await form(page, f"/tasks/{task}", address)
    assert (await send(page, address, {**fields, "due_on": sent}))[0] == "done"
    data = await gateway.pool.fetchval("select data from decide.outbox where stream = $1", f"task-{task}")
    assert orjson.loads(data)["due_on"] == kept
    assert (await page.post(address, data={**fields, "due_on": "amanhã"})).status_code == 400


async def test_a_comment_takes_nothing_from_anybody(
    gateway: Running, api: httpx.AsyncClient, page: httpx.AsyncClient
) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    task = await seed.add_task(gateway.pool, plan_id)
    fields = await form(page, f"/tasks/{task}", f"/tasks/{task}/comment")
    await api.patch(f"/api/tasks/{task}", json={"action": "assign", "assignee": "rui"})
    assert (await send(page, f"/tasks/{task}/comment", {**fields, "comment": "olha"}))[0] == "done"


async def test_many_at_once_are_done_once_each(gateway: Running, page: httpx.AsyncClient) -> None:
    plans = [await seed.add_plan(gateway.pool) for _ in range(3)]
    fields = {**await form(page, "/plans", "/plans/bulk"), "action": "approve"}
    seen = [f"{plan}@2" for plan in plans]
    for _ in range(2):
        answer = await page.post("/plans/bulk", data={**fields, "id": [str(p) for p in plans], "seen": seen})
        assert answer.status_code == 303
    assert [await events(gateway, plan) for plan in plans] == [["plan.approved"]] * 3


async def test_many_are_decided_as_the_page_showed_them(gateway: Running, page: httpx.AsyncClient) -> None:
    """One of which a channel was analysed again is approved with the rest; one that changed since is told by name."""
    again, changed = await seed.add_plan(gateway.pool, version=4), await seed.add_plan(gateway.pool, version=4)
    text = (await page.get("/plans")).text
    shown = re.findall(r'name="seen" value="([^"]+)" form="bulk"', text)
    await gateway.pool.execute("update decide.head set version = 5 where stream = $1", f"plan-{changed}")
    fields = {**Forms(text).found["/plans/bulk"], "action": "approve"}
    answer = await page.post("/plans/bulk", data={**fields, "id": [str(again), str(changed)], "seen": shown})
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(answer.cookies["flash"] + "=="))

    assert [await events(gateway, plan) for plan in (again, changed)] == [["plan.approved"], []]
    assert (said["tone"], said["text"]) == ("info", "Done for 1. 1 was not possible:")
    assert [(CHANGED in row["text"], row["path"]) for row in said["rows"]] == [(True, f"/plans/{changed}")]


@pytest.mark.parametrize(("chosen", "tone"), [("both", "info"), ("the other", "fail")])
async def test_what_could_not_be_decided_on_the_page_is_left_out(gateway: Running, chosen: str, tone: str) -> None:
    """Its proposal came after the page was made, so nobody has had it before his eyes."""
    await gateway.pool.execute("insert into access.team (name) values ($1)", f"Norte {chosen}")
    shown, other = await seed.add_plan(gateway.pool), await seed.add_plan(gateway.pool, status="analyzing")
    proposed = "update decide.head set status = 'awaiting_approval' where stream = $1"
    async with gateway.browser(Role.ADMIN) as page:
        text = (await page.get("/plans")).text
        await gateway.pool.execute(proposed, f"plan-{other}")
        fields = {**Forms(text).found["/plans/bulk"], "action": "approve"}
        seen = re.findall(r'name="seen" value="([^"]+)" form="bulk"', text)
        ids = [str(shown), str(other)] if chosen == "both" else [str(other)]
        assert all(f'name="id" value="{one}" form="bulk"' in text for one in ids), "an admin moves either to a team"
        answer = await page.post("/plans/bulk", data={**fields, "id": ids, "seen": seen})
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(answer.cookies["flash"] + "=="))

    assert [await events(gateway, plan) for plan in (shown, other)] == [["plan.approved"] * (chosen == "both"), []]
    assert said["tone"] == tone
    assert said["text"].endswith("1 was left out: there was nothing to decide when this page was made.")


@pytest.mark.parametrize("wrong", ["x@2", "2", "@2", A_PLAN, f"{A_PLAN}@", f"{A_PLAN}@x"])
async def test_rows_that_no_page_shows_are_refused(gateway: Running, page: httpx.AsyncClient, wrong: str) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    fields = {**await form(page, "/plans", "/plans/bulk"), "action": "approve", "id": str(plan_id)}
    answer = await page.post("/plans/bulk", data={**fields, "seen": wrong})

    assert answer.status_code == 400
    assert await events(gateway, plan_id) == []


async def test_pages_and_api_are_counted_alike(
    gateway: Running, api: httpx.AsyncClient, page: httpx.AsyncClient
) -> None:
    def counted(outcome: str) -> float:
        text = gateway.app.state.services.metrics.exposition()[0].decode()
        name = f'marketplace_commands_total{{command="plan.reject",outcome="{outcome}"}} '
        return float(next((line.rpartition(" ")[2] for line in text.splitlines() if line.startswith(name)), 0.0))

    accepted, stale = counted("accepted"), counted("version_mismatch")
    by_page, by_api = await seed.add_plan(gateway.pool), await seed.add_plan(gateway.pool)
    fields = await form(page, f"/plans/{by_page}", f"/plans/{by_page}/reject")
    await send(page, f"/plans/{by_page}/reject", {**fields, "reason": "não", "version": "1"})
    await send(page, f"/plans/{by_page}/reject", {**fields, "reason": "não"})
    await api.patch(f"{PATH}/{by_api}", json={"action": "reject"})
    assert (counted("accepted"), counted("version_mismatch")) == (accepted + 2, stale + 1)


@pytest.mark.parametrize("wrong", [{"version": "x"}, {"version": "\u0663"}, {"version": "9" * 10}, {"key": "a b"}])
async def test_fields_that_no_page_sends_are_refused(
    gateway: Running, page: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    address = f"/plans/{plan_id}/approve"
    answer = await page.post(address, data={**await form(page, f"/plans/{plan_id}", address), **wrong})
    assert answer.status_code == 400
    assert await events(gateway, plan_id) == []


async def test_every_form_carries_a_key_and_what_can_be_stale_a_version(
    gateway: Running, page: httpx.AsyncClient
) -> None:
    """Of the pages of plans and tasks; those of records and switches ask for what is harmless to repeat."""
    plan_id = await seed.add_plan(gateway.pool)
    task = await seed.add_task(gateway.pool, plan_id)
    seen: dict[str, dict[str, str]] = {}
    for path in (f"/plans/{plan_id}", f"/tasks?plan={plan_id}", f"/tasks/{task}"):
        seen |= Forms((await page.get(path)).text).found
    decisions = {
        path: fields for path, fields in seen.items() if path.startswith((f"/plans/{plan_id}", f"/tasks/{task}"))
    }
    assert {path.rpartition("/")[2] for path in decisions} == {
        "approve", "reject", "cancel", "analysis", "phase1", "start", "assign", "complete", "fail", "comment",
        "reschedule", "text",
    }  # fmt: skip
    assert all(fields["key"] for fields in decisions.values())
    assert {path for path, fields in decisions.items() if "version" not in fields} == {f"/tasks/{task}/comment"}
