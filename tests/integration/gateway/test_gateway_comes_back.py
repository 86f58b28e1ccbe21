"""A form that a page refused is the answer, with what the person wrote: nobody writes it twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.access.roles import Role
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running

#: What a browser without scripts asks for after a form.
PAGE = {"accept": "text/html,application/xhtml+xml"}


class Fields(HTMLParser):
    """What the fields of the forms show that go to one address."""

    def __init__(self, text: str, action: str) -> None:
        super().__init__()
        self.shown: dict[str, str] = {}
        self.open = False
        self._action, self._inside, self._name, self._folds = action, False, "", list[bool]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "details":
            self._folds.append("open" in said)
        elif tag == "form":
            self._inside = said.get("action") == self._action
            self.open |= self._inside and all(self._folds)
        elif self._inside and tag in {"input", "textarea", "select"} and "name" in said:
            self._name = said["name"]
            if tag == "input" and (said.get("type") not in {"checkbox", "radio"} or "checked" in said):
                self.shown[self._name] = said.get("value", "")
        elif self._inside and tag == "option" and "selected" in said:
            self.shown[self._name] = said["value"]

    def handle_data(self, data: str) -> None:
        if self._inside and self.lasttag == "textarea" and data.strip():
            self.shown[self._name] = data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._folds.pop()
        elif tag == "form":
            self._inside = False


@pytest.fixture
async def page(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway.browser(Role.ADMIN) as client:
        yield client


async def csrf(page: httpx.AsyncClient, address: str) -> str:
    return (await page.get(address)).text.split('name="csrf_token" value="')[1].split('"')[0]


async def refused(page: httpx.AsyncClient, address: str, action: str, written: dict[str, str]) -> Fields:
    """Send a form as a browser does, and return its fields as they come back."""
    sent = {"csrf_token": await csrf(page, address), "back": address, **written}
    answer = await page.post(action, data=sent, headers=PAGE)
    assert answer.status_code == 422, answer.text
    assert 'class="flash fail' in answer.text
    assert f'data-once="{address}"' in answer.text, "the browser is told the address of the page"
    found = Fields(answer.text, action)
    assert found.open, "the form is not folded away"
    return found


async def plan_with_task(gateway: Running) -> tuple[UUID, UUID]:
    plan_id = await seed.add_plan(gateway.pool, status="executing")
    return plan_id, await seed.add_task(gateway.pool, plan_id)


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"title": "x" * 201}, {"opportunity": "gone"}, {"due_on": "x"}])
async def test_an_added_task_comes_back_as_it_was_written(
    gateway: Running, page: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    plan_id, _ = await plan_with_task(gateway)
    written = {
        "title": 'Fotos "novas" & <b>',
        "what": "uma\nduas",
        "channel": "shopee",
        "priority": "high",
        "due_on": "2031-05-20",
        "opportunity": "shopee-returns",
        "reason": "faltava",
    } | wrong

    found = await refused(page, f"/plans/{plan_id}", f"/plans/{plan_id}/tasks", written)

    kept = {name: value for name, value in written.items() if value.strip() and value != "gone"}
    assert kept.items() <= found.shown.items()
    assert found.shown["csrf_token"], "what the page makes is its own"
    assert await gateway.pool.fetchval("select count(*) from decide.outbox where type = 'task.added'") == 0


@pytest.mark.parametrize(
    ("action", "written", "kept"),
    [
        ("reject", {"version": "1", "reason": "os custos faltam"}, "reason"),
        ("erasure", {"reason": ""}, ""),
        ("team", {"reason": "é do norte"}, "reason"),
    ],
)
async def test_a_decision_comes_back_with_its_reason(
    gateway: Running, page: httpx.AsyncClient, action: str, written: dict[str, str], kept: str
) -> None:
    await gateway.pool.execute("insert into access.team (name) values ($1)", f"Sul {action}")
    plan_id = await seed.add_plan(gateway.pool)
    found = await refused(page, f"/plans/{plan_id}", f"/plans/{plan_id}/{action}", written)
    assert found.shown.get(kept, "") == written.get(kept, "")


async def test_an_erasure_that_has_to_wait_comes_back_with_its_reason(
    gateway: Running, page: httpx.AsyncClient
) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    before = await csrf(page, f"/plans/{plan_id}")
    await gateway.pool.execute("insert into flow.deadline (plan_id, kind) values ($1, 'analysis')", plan_id)
    sent = {"csrf_token": before, "back": f"/plans/{plan_id}", "reason": "pedido do cliente"}
    answer = await page.post(f"/plans/{plan_id}/erasure", data=sent, headers=PAGE)
    assert answer.status_code == 422
    assert Fields(answer.text, f"/plans/{plan_id}/erasure").shown["reason"] == "pedido do cliente"


async def test_actions_on_a_task_come_back(gateway: Running, page: httpx.AsyncClient) -> None:
    _, task = await plan_with_task(gateway)
    stale = {"version": "7"}
    at = f"/tasks/{task}"
    found = await refused(page, at, f"{at}/fail", {**stale, "reason": "o fornecedor\nfechou"})
    assert found.shown["reason"] == "o fornecedor\nfechou"
    found = await refused(page, at, f"{at}/reschedule", {**stale, "due_on": "2031-05-20"})
    assert found.shown["due_on"] == "2031-05-20"
    await page.post(f"{at}/assign", data={"csrf_token": found.shown["csrf_token"], "assignee": "ana"})
    found = await refused(page, at, f"{at}/assign", {**stale, "assignee": "rui"})
    assert found.shown["assignee"] == "rui"


async def test_forms_of_access_and_webhooks_come_back(gateway: Running, page: httpx.AsyncClient) -> None:
    found = await refused(page, "/teams", "/teams", {"name": " "})
    assert found.shown["name"] == " "
    sent = {"csrf_token": found.shown["csrf_token"], "handle": "ana.lima", "name": "Ana", "role": "viewer"}
    assert (await page.post("/people", data=sent)).status_code == 303
    changed = {"name": "Ana Lima", "email": "nada", "role": "operator", "was_name": "Ana", "was_email": ""}
    found = await refused(page, "/people", "/people/ana.lima/change", {**changed, "was_role": "viewer"})
    assert (found.shown["name"], found.shown["email"], found.shown["role"]) == ("Ana Lima", "nada", "operator")
    assert found.shown["was_name"] == "Ana", "what the page showed is what holds now"
    made = uuid4()
    await gateway.pool.execute(
        "insert into flow.webhook (webhook_id, name, url, secret, types, created_by)"
        " values ($1, $2, 'https://erp.example.com', 's', '{plan.*}', 'ana')",
        made,
        made.hex,
    )
    at = f"/webhooks/{made}"
    found = await refused(page, at, f"{at}/change", {"url": "https://127.0.0.1/y", "types": "plan.nothing"})
    assert (found.shown["url"], found.shown["types"]) == ("https://127.0.0.1/y", "plan.nothing")


async def test_a_refusal_with_a_page_of_its_own_comes_back_too(gateway: Running, page: httpx.AsyncClient) -> None:
    """Where the form says which page it stands on, it is there again with why: a day that is none, for example."""
    _, task = await plan_with_task(gateway)
    found = await refused(page, f"/tasks/{task}", f"/tasks/{task}/reschedule", {"due_on": "amanhã"})
    assert found.shown["due_on"] == "amanhã"


async def test_nobody_sees_a_page_by_a_form_that_says_it_stands_there(gateway: Running) -> None:
    """The page that comes back goes by the door of its own address."""
    plan_id, _ = await plan_with_task(gateway)
    async with gateway.browser(Role.ANALYST) as analyst:
        sent = {"csrf_token": await csrf(analyst, f"/plans/{plan_id}"), "back": "/audit", "title": "x", "reason": ""}
        answer = await analyst.post(f"/plans/{plan_id}/tasks", data=sent, headers=PAGE)
    assert answer.status_code == 403
    assert 'href="/audit.csv' not in answer.text


async def test_scripts_are_led_on_as_before(gateway: Running, page: httpx.AsyncClient) -> None:
    """They keep what is written themselves, and put the page that they are led to in place."""
    plan_id, _ = await plan_with_task(gateway)
    sent = {"csrf_token": await csrf(page, f"/plans/{plan_id}"), "title": "Fotos", "reason": ""}
    answer = await page.post(f"/plans/{plan_id}/tasks", data=sent, headers={**PAGE, "x-part": "main"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/plans/{plan_id}")


async def test_an_upload_comes_back_with_its_channels(gateway: Running, page: httpx.AsyncClient) -> None:
    fields = {"csrf_token": await csrf(page, "/plans"), "channels": "shopee", "priority": "high"}
    answer = await page.post("/plans/upload", data=fields, files={"file": ("nada.csv", b"\x00\x01\x02")}, headers=PAGE)
    assert answer.status_code == 422, answer.text
    shown = Fields(answer.text, "/plans/upload").shown
    assert (shown["channels"], shown["priority"]) == ("shopee", "high")
