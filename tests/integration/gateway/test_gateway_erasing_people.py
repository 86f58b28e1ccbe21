"""A person who has left is to be forgotten: the name, the e-mail and the key of what he wrote go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.access.roles import Role
from schemas.written import ERASED
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_forms import form, send
from tests.support.marked import tables_with

WHY = {"reason": "pedido do titular"}


async def made(api: httpx.AsyncClient) -> str:
    handle = f"p-{uuid4().hex[:8]}"
    body = {"handle": handle, "name": "Ana Lima", "email": f"{handle}@example.com", "role": "operator"}
    answer = await api.post("/api/people", json=body)
    assert answer.status_code == 201, answer.text
    return handle


async def key_of(api: httpx.AsyncClient, handle: str) -> str:
    answer = await api.post("/api/keys", json={"name": "Ana's laptop", "role": "operator", "person": handle})
    return str(answer.json()["key"])


async def erase(api: httpx.AsyncClient, handle: str, body: dict[str, str] = WHY) -> httpx.Response:
    return await api.post(f"/api/people/{handle}/erasure", json=body)


async def test_what_a_person_writes_is_stored_by_his_key_and_read_by_everybody(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    handle = await made(api)
    key = await key_of(api, handle)
    plan_id = await seed.add_plan(gateway.pool)
    async with httpx.AsyncClient(base_url=gateway.url, headers={"authorization": f"Bearer {key}"}) as ana:
        told = {"action": "reject", "reason": 'diz "não"'}
        assert (await ana.patch(f"/api/marketplace/analysis/{plan_id}", json=told)).status_code == 202
    stored = await gateway.pool.fetchrow(
        "select o.data::text as event, e.reason from decide.outbox o, audit.entry e"
        " where o.stream = $1 and o.type = 'plan.rejected' and e.plan_id = $2 and e.action = 'plan.reject'",
        f"plan-{plan_id}",
        plan_id,
    )
    assert stored is not None
    assert "diz" not in stored["event"] + stored["reason"]
    assert stored["reason"] in stored["event"]
    audit = (await api.get("/api/audit", params={"plan": str(plan_id)})).json()["items"]
    assert audit[0]["reason"] == 'diz "não"'

    assert (await api.delete(f"/api/people/{handle}")).status_code == 204
    assert (await erase(api, handle)).json()["outcome"] == "accepted"
    audit = (await api.get("/api/audit", params={"plan": str(plan_id)})).json()["items"]
    assert (audit[0]["reason"], audit[0]["actor"]) == (ERASED, handle)


async def test_name_e_mail_and_names_of_keys_go_from_people_and_audit(gateway: Running, api: httpx.AsyncClient) -> None:
    handle = await made(api)
    await key_of(api, handle)
    assert (
        await api.patch(f"/api/people/{handle}", json={"name": "Ana Souza", "language": "pt_BR"})
    ).status_code == 200
    entries = "select before::text || after::text as told from audit.entry where kind = 'person' and target = $1"
    assert not [row["told"] for row in await gateway.pool.fetch(entries, handle) if "Ana" in (row["told"] or "")]
    (changed, *_) = (await api.get("/api/audit", params={"action": "person.change"})).json()["items"]
    assert (changed["before"]["name"], changed["after"]["name"]) == ("Ana Lima", "Ana Souza")
    await api.delete(f"/api/people/{handle}")

    said = (await erase(api, handle)).json()

    assert said == {"handle": handle, "outcome": "accepted", "plans": 0, "inLogUntil": None, "namedInLog": False}
    (one,) = [p for p in (await api.get("/api/people")).json()["items"] if p["handle"] == handle]
    assert (one["name"], one["email"], one["language"], one["erasedAt"] is not None) == (handle, "", "", True)
    names = await gateway.pool.fetchval(
        "select bool_and(k.name = k.key_id) from access.api_key k join access.person using (person_id)"
        " where handle = $1",
        handle,
    )
    assert names
    (changed, *_) = (await api.get("/api/audit", params={"action": "person.change"})).json()["items"]
    assert (changed["before"]["name"], changed["after"]["name"]) == (ERASED, ERASED)
    (told, *_) = (await api.get("/api/audit", params={"action": "person.erase"})).json()["items"]
    assert (told["target"], told["outcome"], told["reason"]) == (handle, "accepted", WHY["reason"])


async def ended_with(gateway: Running, api: httpx.AsyncClient, filename: str) -> tuple[str, UUID]:
    """Return a person who has ended, and a plan that the person uploaded."""
    handle = await made(api)
    plan_id: UUID = await seed.add_plan(gateway.pool)
    uploaded = "update rm.plan set uploaded_by = $2, filename = $3 where plan_id = $1"
    await gateway.pool.execute(uploaded, plan_id, handle, filename)
    assert (await api.delete(f"/api/people/{handle}")).status_code == 204
    return handle, plan_id


async def test_a_mapping_that_somebody_else_made_of_his_document_stays_without_its_name(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    ours, others = f"{uuid4().hex}.csv", f"{uuid4().hex}.csv"
    handle, _ = await ended_with(gateway, api, ours)
    for name in (ours, others):
        await gateway.pool.execute(
            "insert into decide.column_mapping (header_id, columns, document, made_by) values ($1, '{}', $1, 'bia')",
            name,
        )
    assert (await erase(api, handle)).json()["outcome"] == "accepted"
    assert await tables_with(gateway.pool, ours.removesuffix(".csv")) == ["decide.column_mapping", "rm.plan"]
    kept = "select document from decide.column_mapping where header_id = $1"
    assert [await gateway.pool.fetchval(kept, name) for name in (ours, others)] == ["", others]


@pytest.mark.parametrize("key", ["the plan's", "no plan's"])
async def test_a_row_that_nobody_decided_has_nobody_elses_plan_erased(
    gateway: Running, api: httpx.AsyncClient, key: str
) -> None:
    """Somebody with the password of a database user writes that he uploaded a plan of theirs."""
    handle, _ = await ended_with(gateway, api, "a.csv")
    theirs: UUID = await seed.add_plan(gateway.pool)
    await gateway.pool.execute("insert into decide.data_key (plan_id, key) values ($1, $2)", theirs, b"k" * 32)
    place = str(theirs) if key == "the plan's" else "mine"
    await gateway.pool.execute(
        "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data, published_at)"
        " values (gen_random_uuid(), 'plan.events', $1, 'plan.uploaded', $2, 1, 1, 'c', $1, $3, '{}', 'infinity')",
        place,
        f"plan-{theirs}" if key == "the plan's" else f"mine-{uuid4()}",
        handle,
    )
    assert (await erase(api, handle)).json()["plans"] == 1  # his own
    assert await gateway.pool.fetchval("select key is not null from decide.data_key where plan_id = $1", theirs)
    await gateway.pool.execute("delete from decide.outbox where published_at = 'infinity'")


async def test_it_says_what_was_written_before_there_were_keys(gateway: Running, api: httpx.AsyncClient) -> None:
    handle = await made(api)
    await gateway.pool.execute(
        "update access.person set made_at = now() - interval '1 year', ended_at = now() where handle = $1", handle
    )
    plan_id = await seed.add_plan(gateway.pool)  # without a key of its names
    await gateway.pool.execute("update rm.plan set uploaded_by = $2 where plan_id = $1", plan_id, handle)
    said = (await erase(api, handle)).json()
    assert (said["plans"], said["namedInLog"], said["inLogUntil"] is not None) == (1, True, True)
    event = await gateway.pool.fetchval("select data from decide.outbox where stream = $1", f"erasure-{plan_id}")
    assert '"names_only": true' in event


async def test_who_has_not_ended_is_not_erased(gateway: Running, api: httpx.AsyncClient) -> None:
    handle = await made(api)
    answer = await erase(api, handle)
    assert (answer.status_code, answer.json()["type"]) == (409, "/docs#wrong-status")
    assert await gateway.pool.fetchval("select name from access.person where handle = $1", handle) == "Ana Lima"


async def test_a_second_time_changes_nothing(api: httpx.AsyncClient) -> None:
    handle = await made(api)
    await api.delete(f"/api/people/{handle}")
    assert [(await erase(api, handle)).json()["outcome"] for _ in range(2)] == ["accepted", "unchanged"]


@pytest.mark.parametrize("body", [{}, {"reason": " "}])
async def test_it_needs_a_reason(api: httpx.AsyncClient, body: dict[str, str]) -> None:
    handle = await made(api)
    assert (await erase(api, handle, body)).status_code == 422


async def test_it_is_for_admins_and_of_people_who_are_there(gateway: Running, api: httpx.AsyncClient) -> None:
    assert (await erase(api, "nobody-here")).status_code == 404
    async with gateway.client("operator") as operator:
        assert (await erase(operator, await made(api))).status_code == 403


@pytest.fixture
async def page(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    """An admin who is signed in and reads Portuguese."""
    async with gateway.browser(Role.ADMIN, "pt-BR") as client:
        yield client


async def test_the_page_erases_who_has_ended_with_a_reason(
    gateway: Running, api: httpx.AsyncClient, page: httpx.AsyncClient
) -> None:
    handle = await made(api)
    address = f"/people/{handle}/erasure"
    assert address not in (await page.get("/people", params={"q": handle})).text
    await api.delete(f"/api/people/{handle}")

    fields = await form(page, f"/people?q={handle}", address)
    assert (await send(page, address, {**fields, "reason": " "}))[0] == "fail"
    fields = await form(page, f"/people?q={handle}", address)
    assert (await send(page, address, {**fields, **WHY}))[0] == "done"
    shown = await page.get("/people", params={"q": handle})
    assert address not in shown.text
    assert "apagada" in shown.text
    assert await gateway.pool.fetchval("select email from access.person where handle = $1", handle) is None
    audit = await page.get("/audit", params={"action": "person.create"})
    assert "[apagado]" in audit.text
