"""Four eyes through the gateway: API, in bulk, pages, with Phase 1; what the refusal says, and what a page shows."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import httpx
import pytest

from gateway.access.api_keys import ApiKeys
from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from gateway.settings import Settings
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import OFF, serving
from tests.integration.gateway.test_gateway_phase1 import PATH, approval

BY = Who("test")


@dataclass
class Strict:
    """A gateway with the switch on; `keys` of ana (two of them), of rui, and of nobody."""

    url: str
    pool: asyncpg.Pool
    keys: dict[str, str]

    def client(self, who: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, headers={"authorization": f"Bearer {self.keys[who]}"})


@pytest.fixture(scope="module")
async def strict(database_url: str, pool: asyncpg.Pool) -> AsyncIterator[Strict]:
    people, store = People(pool), ApiKeys(pool)
    for handle in ("ana", "rui"):
        await people.make(New(handle, handle.title(), Role.OPERATOR), BY)
    of = {"ana": "ana", "ana's phone": "ana", "rui": "rui", "robot": ""}
    keys = {name: (await store.create(name, Role.OPERATOR, "test", person=who)).key for name, who in of.items()}
    async with serving(Settings(database_url=database_url, limits=OFF, four_eyes=True)) as (url, _):
        yield Strict(url, pool, keys)


@pytest.fixture
async def plan_id(strict: Strict) -> UUID:
    """A plan that ana uploaded."""
    plan_id = await seed.add_plan(strict.pool, channels=("shopee", "amazon"))
    await strict.pool.execute("update rm.plan set uploaded_by = 'ana' where plan_id = $1", plan_id)
    return plan_id


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("ana", "You uploaded it: another person with the role analyst approves it."),
        ("ana's phone", "You uploaded it"),
        ("robot", "Your key belongs to nobody, so whose eyes these are is not known: a person, but not ana, with"),
    ],
)
@pytest.mark.parametrize("body", [{"action": "approve"}, approval()], ids=["plain", "with Phase 1"])
async def test_who_may_not_is_told_who_may(
    strict: Strict, plan_id: UUID, who: str, said: str, body: dict[str, object]
) -> None:
    async with strict.client(who) as client:
        refused = await client.patch(f"{PATH}/{plan_id}", json=body)
        many = await client.post(f"{PATH}/bulk", json={"action": "approve", "ids": [str(plan_id)]})
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (403, "/docs#four-eyes")
    assert said in problem["detail"]
    assert (problem["uploadedBy"], problem["neededRole"]) == ("ana", "analyst")
    (one,) = many.json()["results"]
    assert (one["outcome"], one["problem"]["type"]) == ("four_eyes", "/docs#four-eyes")
    told = await strict.pool.fetch("select outcome from audit.entry where target = $1", str(plan_id))
    assert [row["outcome"] for row in told] == ["four_eyes"] * 2


async def test_another_person_approves(strict: Strict, plan_id: UUID) -> None:
    async with strict.client("rui") as client:
        assert (await client.patch(f"{PATH}/{plan_id}", json={"action": "approve"})).status_code == 202


async def test_who_uploads_here_does_not_approve(strict: Strict) -> None:
    """The uploader is who plan.uploaded names, with whichever key of hers."""
    async with strict.client("ana's phone") as client:
        file = {"file": ("vendas.csv", b"Data;Valor\n2026-01-02;10,00\n", "text/csv")}
        sent = await client.post(f"{PATH}/upload", files=file, data={"channels": "shopee", "anyway": "true"})
    assert sent.status_code == 202, sent.text
    by = await strict.pool.fetchval(
        "select actor from decide.outbox where type = 'plan.uploaded' and key = $1", sent.json()["planId"]
    )
    assert by == "ana"


@pytest.mark.parametrize(
    ("who", "why"), [("ana", "You uploaded this plan"), ("robot", "Your key belongs to nobody"), ("rui", "")]
)
async def test_the_page_shows_the_button_disabled_and_why(strict: Strict, plan_id: UUID, who: str, why: str) -> None:
    async with httpx.AsyncClient(base_url=strict.url, headers={"accept-language": "en"}) as browser:
        await browser.post("/login", data={"key": strict.keys[who]})
        page = (await browser.get(f"/plans/{plan_id}")).text
        buttons = re.findall(r"<button[^>]* data-approve(?:-given)?( disabled aria-describedby=\"bar\")?>", page)
        assert [bool(disabled) for disabled in buttons] == [bool(why)] * 2
        assert ('id="menu-approve"' in page, 'id="menu-reject"' in page) == (not why, True)
        shown = re.search(r'id="bar">.*?</svg> ([^<]*)', page)
        assert (shown[1] if shown else "").startswith(why)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        form = {"csrf_token": token[1], "back": f"/plans/{plan_id}"}
        pressed = await browser.post(f"/plans/{plan_id}/approve", data=form, follow_redirects=True)
        assert why in pressed.text
    status = await strict.pool.fetchval("select status from decide.head where plan_id = $1", plan_id)
    assert status == ("awaiting_approval" if why else "approved")
