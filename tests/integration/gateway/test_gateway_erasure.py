"""A document that is to be forgotten: what the database has of it goes, and its name cannot be read any more."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.access.roles import Role
from projections.reads.written import Shown
from schemas import wire
from schemas.events import Event
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_forms import form, send

PLANS = "/api/marketplace/analysis"
WHY = {"reason": "pedido do titular"}


async def uploaded(gateway: Running, api: httpx.AsyncClient) -> UUID:
    """Upload a document, as if its analysis had ended; return its plan."""
    body = f"SKU;Quantidade;Valor\nA;1;{uuid4().int % 100000},00\n".encode()
    taken = await api.post(
        f"{PLANS}/upload", files={"file": ("maria-silva.csv", body)}, data={"channels": "shopee", "title": "Maria"}
    )
    assert taken.status_code == 202, taken.text
    plan_id = UUID(taken.json()["planId"])
    await gateway.pool.execute("delete from flow.deadline where plan_id = $1", plan_id)
    return plan_id


async def erase(api: httpx.AsyncClient, plan_id: UUID, body: dict[str, str] = WHY) -> httpx.Response:
    return await api.post(f"{PLANS}/{plan_id}/erasure", json=body)


async def test_the_log_has_the_names_by_a_key_that_goes_with_the_document(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan_id = await uploaded(gateway, api)
    data = await gateway.pool.fetchval("select data from decide.outbox where stream = $1", f"plan-{plan_id}")
    assert "aria" not in data
    shown = await seed.upload_of(gateway.pool, plan_id)
    assert (shown["title"], shown["filename"]) == ("Maria", "maria-silva.csv")

    answer = await erase(api, plan_id)

    assert (answer.status_code, answer.json()) == (
        202,
        {"planId": str(plan_id), "outcome": "accepted", "namedInLog": False},
    )
    row = await gateway.pool.fetchrow("select key, erased_at from decide.data_key where plan_id = $1", plan_id)
    assert row is not None
    assert (row["key"], row["erased_at"] is not None) == (None, True)
    assert await gateway.pool.fetchval("select count(*) from decide.document where plan_id = $1", plan_id) == 0
    event = await Shown(gateway.pool).fetchrow("select * from decide.outbox where stream = $1", f"erasure-{plan_id}")
    assert event is not None
    assert json.loads(event["data"]) == {"plan_id": str(plan_id), **WHY}
    wire.check(
        Event(event["type"], str(uuid4()), "s", 1, 1, "c", str(plan_id), event["actor"], json.loads(event["data"]))
    )
    told = await Shown(gateway.pool).fetch(
        "select outcome, reason from audit.entry where plan_id = $1 and action = 'plan.erase'", plan_id
    )
    assert [(one["outcome"], one["reason"]) for one in told] == [("accepted", WHY["reason"])]


async def test_what_webhooks_were_told_of_the_upload_goes_with_it(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id, hook = await uploaded(gateway, api), uuid4()
    await gateway.pool.execute(
        "insert into flow.webhook (webhook_id, name, url, secret, types, created_by)"
        " values ($1, $2, 'https://erp.example.com', 's', '{plan.*}', 'ana')",
        hook,
        str(hook),
    )
    for type_ in ("plan.uploaded", "plan.analyzed"):
        await gateway.pool.execute(
            "insert into flow.webhook_delivery (delivery_id, webhook_id, plan_id, event_id, type, body)"
            " values (gen_random_uuid(), $1, $2, gen_random_uuid(), $3, 'Maria')",
            hook,
            plan_id,
            type_,
        )
    assert (await erase(api, plan_id)).status_code == 202
    left = await gateway.pool.fetch("select type from flow.webhook_delivery where webhook_id = $1", hook)
    assert [row["type"] for row in left] == ["plan.analyzed"]


async def test_what_is_taken_for_a_webhook_at_the_same_moment_goes_with_it(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    """Whoever takes events has read the name before the key was gone, and stores it after."""
    plan_id, hook = await uploaded(gateway, api), uuid4()
    await gateway.pool.execute(
        "insert into flow.webhook (webhook_id, name, url, secret, types, created_by)"
        " values ($1, $2, 'https://erp.example.com', 's', '{plan.*}', 'ana')",
        hook,
        str(hook),
    )
    async with gateway.pool.acquire() as taker:
        taking = taker.transaction()
        await taking.start()
        mine = "select from flow.webhook where webhook_id = $1 for no key update skip locked"  # as taking.py does
        assert await taker.fetchrow(mine, hook) is not None
        asked = asyncio.create_task(erase(api, plan_id))
        await asyncio.wait([asked], timeout=0.3)
        await taker.execute(
            "insert into flow.webhook_delivery (delivery_id, webhook_id, plan_id, event_id, type, body)"
            " values (gen_random_uuid(), $1, $2, gen_random_uuid(), 'plan.uploaded', 'Maria')",
            hook,
            plan_id,
        )
        await taking.commit()
    assert (await asked).status_code == 202
    assert await gateway.pool.fetch("select body from flow.webhook_delivery where webhook_id = $1", hook) == []


async def test_a_mapping_that_was_made_for_it_stays_without_its_name(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id, ours, others = await seed.add_plan(gateway.pool), uuid4().hex, uuid4().hex
    await gateway.pool.execute("update rm.plan set filename = $2 where plan_id = $1", plan_id, f"{ours}.csv")
    for header in (ours, others):
        await gateway.pool.execute(
            "insert into decide.column_mapping (header_id, columns, document, made_by) values ($1, '{}', $2, 'ana')",
            header,
            f"{header}.csv",
        )
    assert (await erase(api, plan_id)).status_code == 202
    kept = "select document from decide.column_mapping where header_id = $1"
    assert await gateway.pool.fetchval(kept, ours) == ""
    assert await gateway.pool.fetchval(kept, others) == f"{others}.csv"


async def test_a_second_time_changes_nothing(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await uploaded(gateway, api)
    said = [(await erase(api, plan_id)).json()["outcome"] for _ in range(2)]
    assert said == ["accepted", "unchanged"]
    events = "select count(*) from decide.outbox where stream = $1"
    assert await gateway.pool.fetchval(events, f"erasure-{plan_id}") == 1


async def test_of_a_plan_from_before_there_were_keys_it_says_that_the_log_has_the_names(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    answer = (await erase(api, plan_id)).json()
    assert (answer["outcome"], answer["namedInLog"]) == ("accepted", True)
    assert (await erase(api, plan_id)).json()["outcome"] == "unchanged"


async def test_it_is_refused_while_the_system_works_on_the_plan(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await uploaded(gateway, api)
    await gateway.pool.execute("insert into flow.deadline (plan_id, kind) values ($1, 'analysis')", plan_id)
    answer = await erase(api, plan_id)
    assert (answer.status_code, answer.json()["type"]) == (409, "/docs#wrong-status")
    kept = "select key is not null from decide.data_key where plan_id = $1"
    assert await gateway.pool.fetchval(kept, plan_id)
    assert await gateway.pool.fetchval("select count(*) from decide.document where plan_id = $1", plan_id) == 1


@pytest.mark.parametrize("body", [{}, {"reason": " "}])
async def test_it_needs_a_reason(gateway: Running, api: httpx.AsyncClient, body: dict[str, str]) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    assert (await erase(api, plan_id, body)).status_code == 422


async def test_it_is_for_admins_alone(gateway: Running) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    async with gateway.client("operator") as operator:
        assert (await erase(operator, plan_id)).status_code == 403


async def test_an_unknown_plan_is_not_found(gateway: Running, api: httpx.AsyncClient) -> None:
    assert (await erase(api, uuid4())).status_code == 404


async def test_an_uploaded_name_can_look_encrypted(gateway: Running, api: httpx.AsyncClient) -> None:
    """Whoever calls a document so gets it back so."""
    body = f"SKU;Quantidade;Valor\nA;1;{uuid4().int % 100000},00\n".encode()
    fields = {"channels": "shopee", "title": "aes-256-gcm:00"}
    taken = await api.post(f"{PLANS}/upload", files={"file": ("a.csv", body)}, data=fields)
    plan_id = UUID(taken.json()["planId"])
    assert (await seed.upload_of(gateway.pool, plan_id))["title"] == "aes-256-gcm:00"


@pytest.fixture
async def page(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    """An admin who is signed in."""
    async with gateway.browser(Role.ADMIN) as client:
        yield client


async def test_from_the_page_it_is_asked_for_once_with_a_reason(
    gateway: Running, page: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    plan_id = await uploaded(gateway, api)
    await seed.add_plan(gateway.pool, plan_id=plan_id, head=False)
    address = f"/plans/{plan_id}/erasure"
    fields = await form(page, f"/plans/{plan_id}", address)

    assert await send(page, address, {**fields, "reason": " "}) == (
        "fail",
        "Say why: everyone who opens the plan reads it.",
    )
    fields = await form(page, f"/plans/{plan_id}", address)
    assert await send(page, address, {**fields, **WHY}) == (
        "done",
        "The document is erased. The plan and its tasks stay.",
    )
    fields = await form(page, f"/plans/{plan_id}", address)
    assert await send(page, address, {**fields, **WHY}) == ("info", "The document was erased before.")


async def test_the_page_offers_it_to_admins_while_the_plan_waits_for_people_and_once(
    gateway: Running, page: httpx.AsyncClient
) -> None:
    waiting = await seed.add_plan(gateway.pool)
    analyzing = await seed.add_plan(gateway.pool, status="analyzing", version=1)
    erased = await seed.add_plan(gateway.pool)
    await gateway.pool.execute("update rm.plan set erased_at = now(), erased_by = 'eva' where plan_id = $1", erased)
    offered = {
        one: f"/plans/{one}/erasure" in (await page.get(f"/plans/{one}")).text for one in (waiting, analyzing, erased)
    }
    assert offered == {waiting: True, analyzing: False, erased: False}
    assert "document erased by eva" in (await page.get(f"/plans/{erased}")).text
    await page.post("/login", data={"key": gateway.keys[Role.OPERATOR]})
    assert f"/plans/{waiting}/erasure" not in (await page.get(f"/plans/{waiting}")).text
