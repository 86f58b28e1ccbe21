"""Who did what is written with what it tells of, and shown to admins alone."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from gateway.__main__ import config
from gateway.access.api_keys import ApiKeys
from gateway.access.key_text import new_key
from gateway.access.limits import Limit
from gateway.access.roles import Role
from gateway.audit import writing
from gateway.audit.writing import Entry, Who
from gateway.operations.housekeeping import erase_old
from gateway.settings import Settings
from projections.reads.written import Shown
from schemas.retention import BY_RETENTION
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.support.letters import add_letter

PLANS = "/api/marketplace/analysis"
MEASURE = "MARKETPLACE_DOCUMENT_DAYS=30"


async def told(gateway: Running, **fields: Any) -> list[dict[str, Any]]:
    """The entries with these fields, in their order."""
    where = " and ".join(f"{name} = ${n}" for n, name in enumerate(fields, start=1))
    rows = await Shown(gateway.pool).fetch(
        f"select * from audit.entry where {where} order by entry_id", *fields.values()
    )
    return [dict(row) for row in rows]


async def test_a_command_is_told_once_with_before_and_after(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool)
    request = f"r-{uuid4()}"
    headers = {"x-request-id": request, "idempotency-key": str(uuid4())}
    for _ in range(2):  # the second answer is the first one given again
        answer = await api.patch(f"{PLANS}/{plan_id}", json={"action": "reject", "reason": "dull"}, headers=headers)
        assert answer.status_code == 202
    [entry] = await told(gateway, plan_id=UUID(str(plan_id)))
    assert (entry["actor"], entry["address"], entry["request_id"]) == ("the admin", "127.0.0.1", request)
    assert entry["key_id"] == gateway.keys["admin"].split("_")[1]
    assert (entry["action"], entry["kind"], entry["target"]) == ("plan.reject", "plan", str(plan_id))
    assert (entry["outcome"], entry["reason"]) == ("accepted", "dull")
    assert entry["before"] == '{"status": "awaiting_approval"}'
    assert '"status": "rejected"' in entry["after"]


async def test_a_refusal_is_told_as_one(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = uuid4()
    assert (await api.patch(f"{PLANS}/{plan_id}", json={"action": "approve"})).status_code == 404
    [entry] = await told(gateway, plan_id=plan_id)
    assert (entry["outcome"], entry["before"]) == ("not_found", None)


async def test_commands_that_are_decided_together_are_told_each(gateway: Running, api: httpx.AsyncClient) -> None:
    plans = [await seed.add_plan(gateway.pool) for _ in range(5)]
    body = {"ids": [str(p) for p in plans], "action": "reject", "reason": "all"}
    assert (await api.post(f"{PLANS}/bulk", json=body)).status_code == 200
    for plan in plans:
        assert [one["outcome"] for one in await told(gateway, plan_id=UUID(str(plan)))] == ["accepted"]


async def test_a_decision_that_is_undone_is_not_told(gateway: Running, api: httpx.AsyncClient) -> None:
    """The entry stands or falls with the decision: where it cannot be written, nothing is decided."""
    plan_id = await seed.add_plan(gateway.pool)
    await gateway.pool.execute("alter table audit.entry add constraint planted check (reason = '') not valid")
    try:
        body = {"action": "reject", "reason": "forbidden"}
        assert (await api.patch(f"{PLANS}/{plan_id}", json=body)).status_code >= 500
    finally:
        await gateway.pool.execute("alter table audit.entry drop constraint planted")
    head = await gateway.pool.fetchval("select status from decide.head where stream = $1", f"plan-{plan_id}")
    assert head == "awaiting_approval"
    assert await told(gateway, plan_id=UUID(str(plan_id))) == []


async def test_an_upload_is_told_without_what_it_is_called(gateway: Running, api: httpx.AsyncClient) -> None:
    body = f"SKU;Quantidade;Valor\nA;1;{uuid4().int % 100000},00\n".encode()
    taken = await api.post(
        f"{PLANS}/upload", files={"file": ("maria-silva.csv", body)}, data={"channels": "shopee", "title": "Maria"}
    )
    assert taken.status_code == 202, taken.text
    [entry] = await told(gateway, plan_id=UUID(taken.json()["planId"]))
    assert (entry["action"], entry["outcome"]) == ("plan.upload", "accepted")
    assert "aria" not in entry["after"]


async def test_a_wrong_key_is_told_with_whose_it_claims_to_be(gateway: Running) -> None:
    made = await ApiKeys(gateway.pool).create("eva", Role.VIEWER, "test")
    await ApiKeys(gateway.pool).revoke(made.key_id, "test")
    async with httpx.AsyncClient(base_url=gateway.url, headers={"authorization": f"Bearer {made.key}"}) as gone:
        assert (await gone.get("/api/keys")).status_code == 401
    entries = await told(gateway, target=made.key_id)
    assert [one["action"] for one in entries] == ["key.create", "key.revoke", "sign-in.failed"]
    assert (entries[2]["actor"], entries[2]["key_id"], entries[2]["outcome"]) == ("", made.key_id, "refused")
    assert not any(made.key.split("_", 2)[2] in str(one) for one in entries)


async def test_a_wrong_key_is_told_whatever_the_path_has(gateway: Running) -> None:
    key_id, key = new_key()
    async with httpx.AsyncClient(base_url=gateway.url, headers={"authorization": f"Bearer {key}"}) as stranger:
        assert (await stranger.delete("/api/keys/%00x")).status_code == 401
    assert ["/api/keys/x" in one["after"] for one in await told(gateway, target=key_id)] == [True]


async def test_what_an_entry_tells_is_storable_within_too(gateway: Running) -> None:
    within = {"a\0": ["b\0", {"c": "d\0"}, 1, None], "e": "\ud800"}
    await writing.write(gateway.pool, Who(), [Entry("alert.test", "alert", "storable", after=within)])
    assert [one["after"] for one in await told(gateway, target="storable")] == [
        '{"a": ["b", {"c": "d"}, 1, null], "e": "?"}'
    ]


async def test_signing_in_and_out_is_told(gateway: Running) -> None:
    made = await ApiKeys(gateway.pool).create("lia", Role.VIEWER, "test")
    async with httpx.AsyncClient(base_url=gateway.url) as browser:
        assert (await browser.post("/login", data={"key": made.key})).status_code == 303
        csrf = await gateway.pool.fetchval("select csrf from access.session where key_id = $1", made.key_id)
        assert (await browser.post("/logout", data={"csrf_token": csrf})).status_code == 303
    entries = await told(gateway, key_id=made.key_id)
    assert [one["action"] for one in entries] == ["sign-in", "sign-out"]
    assert {one["address"] for one in entries} == {"127.0.0.1"}


async def test_who_reads_raw_bytes_is_told_once_in_a_while(gateway: Running) -> None:
    record = await add_letter(gateway.pool)
    async with gateway.client("operator") as operator:
        for _ in range(3):
            assert (await operator.get(f"/api/dead-letters/{record}")).status_code == 200
    async with gateway.client("admin") as admin:
        assert (await admin.get(f"/api/dead-letters/{record}")).status_code == 200
    entries = await told(gateway, target=record)
    assert [(one["action"], one["actor"]) for one in entries] == [
        ("letter.read", "the operator"),
        ("letter.read", "the admin"),
    ]


async def test_what_is_in_a_letter_is_for_operators(gateway: Running) -> None:
    record = await add_letter(gateway.pool)
    for role in Role:
        async with gateway.client(role) as client:
            letter = (await client.get(f"/api/dead-letters/{record}")).json()
        contents = [letter["data"], letter["valueBase64"], letter["edit"], letter["stack"], letter["differences"]]
        if role.includes(Role.OPERATOR):
            assert not letter["withheld"]
            assert letter["valueBase64"]
        else:
            assert letter["withheld"]
            assert not any(contents)
            assert letter["message"]
            assert letter["sizeBytes"]
            assert await told(gateway, target=record) == []


async def test_only_admins_see_it(gateway: Running) -> None:
    for role in Role:
        async with gateway.client(role) as client:
            assert (await client.get("/api/audit")).status_code == (200 if role is Role.ADMIN else 403)


async def test_it_is_found_by_actor_action_plan_address_and_day(gateway: Running, api: httpx.AsyncClient) -> None:
    plans = [await seed.add_plan(gateway.pool) for _ in range(3)]
    for plan in plans:
        await api.patch(f"{PLANS}/{plan}", json={"action": "reject", "reason": "x"})
    found = (await api.get("/api/audit", params={"plan": str(plans[0])})).json()["items"]
    assert [(one["action"], one["planId"]) for one in found] == [("plan.reject", str(plans[0]))]
    day = found[0]["at"][:10]
    whole = {"actor": "the admin", "action": "plan.reject", "address": "127.0.0.1", "day": day}
    first = (await api.get("/api/audit", params={**whole, "limit": 2})).json()
    rest = (await api.get("/api/audit", params={**whole, "limit": 200, "cursor": first["nextCursor"]})).json()
    ids = [one["entryId"] for one in (*first["items"], *rest["items"])]
    assert ids == sorted(set(ids), reverse=True)
    assert len(ids) >= 3
    for other in ({"actor": "nobody"}, {"address": "10.9.9.9"}, {"day": "2020-01-01"}, {"action": "plan.cancel"}):
        assert (await api.get("/api/audit", params={**whole, **other})).json()["items"] == []
    for wrong in (
        {"day": "tomorrow"},
        {"day": "9999-12-31"},
        {"day": "0001-01-01"},
        {"day": "20261130"},
        {"action": "dance"},
        {"plan": "x"},
        {"cursor": "x"},
    ):
        assert (await api.get("/api/audit", params=wrong)).status_code == 422


async def test_the_table_takes_no_text_for_a_formula_and_is_told(gateway: Running) -> None:
    name = f"=cmd|' /C calc'!A{uuid4().int % 1000}"
    evil = await ApiKeys(gateway.pool).create(name, Role.ADMIN, "test")
    async with httpx.AsyncClient(base_url=gateway.url) as browser:
        assert (await browser.post("/login", data={"key": evil.key})).status_code == 303
        text = (await browser.get("/audit.csv", params={"actor": name})).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[1] for row in rows[1:]] == [f"'{name}"]
    [entry] = await told(gateway, key_id=evil.key_id, action="export.audit")
    assert '"rows": 1' in entry["after"]


async def test_the_table_of_many_entries_is_whole_in_its_order_and_without_itself(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    address = f"many-{uuid4().hex[:8]}"
    await gateway.pool.execute(
        "insert into audit.entry (actor, key_id, address, action, kind, target, outcome, reason, request_id)"
        " select 'ana', 'k', $1, 'plan.approve', 'plan', n::text, 'accepted', '', '' from generate_series(1, 1234) n",
        address,
    )
    text = (await api.get("/audit.csv", params={"address": address})).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row[6] for row in rows[1:]] == [str(n) for n in range(1234, 0, -1)]
    entries = await told(gateway, action="export.audit")
    assert any('"rows": 1234' in one["after"] for one in entries)


@pytest.mark.parametrize(("declared", "address"), [("10.1.1.1", "203.0.113.7"), ("", "10.1.1.1")])
async def test_the_address_is_the_callers_behind_a_declared_proxy_alone(
    gateway: Running, declared: str, address: str
) -> None:
    served = config(Settings(database_url="", trusted_proxies=declared), gateway.app)
    served.load()
    key = f"mrs_{uuid4().hex[:12]}_{'x' * 43}"
    headers = {"x-forwarded-for": "203.0.113.7", "authorization": f"Bearer {key}"}
    transport = httpx.ASGITransport(served.loaded_app, client=("10.1.1.1", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        assert (await client.get("/api/keys", headers=headers)).status_code == 401
    assert [one["address"] for one in await told(gateway, key_id=key.split("_")[1])] == [address]


async def test_a_flood_of_wrong_keys_fills_no_table(database_url: str, pool: asyncpg.Pool) -> None:
    limits = {**OFF, "failures": Limit("failures", 0.001, 3)}
    async with serving(Settings(database_url=database_url, limits=limits)) as (url, _):
        before = await pool.fetchval("select count(*) from audit.entry where action = 'sign-in.failed'")
        async with httpx.AsyncClient(base_url=url) as stranger:
            for _ in range(8):
                await stranger.get("/api/keys", headers={"authorization": f"Bearer {new_key()[1]}"})
            for _ in range(8):
                await stranger.get("/api/keys", headers={"authorization": "Basic eDp5"})
        after = await pool.fetchval("select count(*) from audit.entry where action = 'sign-in.failed'")
    assert after - before == 3


async def test_what_goes_by_its_age_is_told_by_page_api_and_file(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await seed.add_plan(gateway.pool, status="completed", version=5)
    await gateway.pool.execute(
        "insert into decide.document (document_id, plan_id, sha256, channels, facts, stored_at)"
        " values ($1, $1, 'ab', '{shopee}', '{}', now() - interval '40 days')",
        plan_id,
    )
    assert await erase_old(gateway.pool, 30) == 1
    [entry] = await told(gateway, plan_id=plan_id)
    assert (entry["action"], entry["actor"], entry["reason"]) == ("plan.erase", BY_RETENTION, MEASURE)

    found = (await api.get("/api/audit", params={"plan": str(plan_id)})).json()["items"]
    assert [(one["actor"], one["action"], one["reason"]) for one in found] == [(BY_RETENTION, "plan.erase", MEASURE)]
    async with gateway.browser("admin") as page:
        shown = (await page.get(f"/audit?plan={plan_id}")).text
        table = (await page.get(f"/audit.csv?plan={plan_id}")).text
    assert all(part in shown for part in ("Erased the document of a plan", BY_RETENTION, MEASURE))
    (row,) = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")), delimiter=";")
    assert BY_RETENTION in row.values()
    assert MEASURE in row.values()
