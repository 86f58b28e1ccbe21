"""What an operator takes out of the outbox: what nobody decided, and nothing else."""

from __future__ import annotations

import html
import uuid
from collections.abc import Iterator
from dataclasses import replace

import asyncpg
import httpx
import pytest

from schemas import outbox_seal
from schemas.belief import Mode
from schemas.process.signing import Signing
from schemas.signing import parse
from tests.integration.gateway.gateway_running import Running
from tests.support.outbox import put_rejection

KEYS = parse("k1 " + "a1" * 32)


@pytest.fixture(autouse=True)
def signing(gateway: Running) -> Iterator[None]:
    """The gateway asks for seals."""
    services = gateway.app.state.services
    asking = replace(services.settings, signing=Signing(KEYS, Mode.REQUIRE))
    gateway.app.state.services = replace(services, settings=asking)
    yield
    gateway.app.state.services = services


@pytest.fixture
def plan() -> str:
    return str(uuid.uuid4())


async def removal(api: httpx.AsyncClient, seq: int | str) -> httpx.Response:
    return await api.post(f"/api/outbox/set-aside/{seq}/removal", json={"reason": "nobody decided it"})


async def decided(gateway: Running, plan: str, version: int, *, analyzed: bool = False, reserved: int = 0) -> None:
    """The plan's head says that a decision has this version."""
    await gateway.pool.execute(
        "insert into decide.head (stream, kind, plan_id, status, version, analyzed, reserved)"
        " values ($1, 'plan', $2, 'rejected', $3, $4, $5)",
        f"plan-{plan}", uuid.UUID(plan), version, analyzed, reserved,
    )  # fmt: skip


async def is_there(gateway: Running, seq: int) -> bool:
    found: bool = await gateway.pool.fetchval("select exists (select from decide.outbox where seq = $1)", seq)
    return found


async def test_an_event_that_nobody_decided_goes_and_the_audit_keeps_it(
    gateway: Running, api: httpx.AsyncClient, plan: str
) -> None:
    seq = await put_rejection(gateway.pool, plan, 3, set_aside=True, why="Forged: nobody has sealed it")
    await decided(gateway, plan, 2)

    async with gateway.client("analyst") as analyst:
        forbidden = await removal(analyst, seq)
    without = await api.post(f"/api/outbox/set-aside/{seq}/removal", json={"reason": " "})
    assert await is_there(gateway, seq)
    taken = await removal(api, seq)
    again = await removal(api, seq)

    assert (forbidden.status_code, without.status_code) == (403, 422)
    assert (taken.status_code, taken.json()["version"], taken.json()["wrong"]) == (200, 3, "nobody has sealed it")
    assert not await is_there(gateway, seq)
    assert again.status_code == 404
    entries = (await api.get("/api/audit", params={"action": "outbox.remove", "limit": 2})).json()["items"]
    (gone, told) = entries
    assert (gone["outcome"], told["outcome"], told["reason"]) == ("not_found", "accepted", "nobody decided it")
    assert (told["before"]["stream"], told["before"]["given"]["plan_id"]) == (f"plan-{plan}", plan)


@pytest.mark.parametrize(("version", "analyzed", "reserved"), [(3, False, 0), (2, True, 1)])
async def test_a_decision_that_somebody_changed_stays(
    gateway: Running, api: httpx.AsyncClient, plan: str, version: int, analyzed: bool, reserved: int
) -> None:
    """What was decided last, and what an agent owed the plan and wrote."""
    seq = await put_rejection(gateway.pool, plan, version, set_aside=True, why="Forged: it was changed")
    await decided(gateway, plan, version, analyzed=analyzed, reserved=reserved)

    refused = await removal(api, seq)

    assert (refused.status_code, refused.json()["currentStatus"]) == (409, "decided")
    assert await is_there(gateway, seq)
    await gateway.pool.execute("delete from decide.outbox where seq = $1", seq)


async def test_one_that_is_as_it_was_decided_stays(gateway: Running, api: httpx.AsyncClient, plan: str) -> None:
    sealing = outbox_seal.session(KEYS)
    db = await asyncpg.connect(gateway.app.state.services.settings.database_url, server_settings=sealing)
    try:
        await put_rejection(db, plan, 1, set_aside=True, why="Invalid: it does not fit", reason=7)
    finally:
        await db.close()
    seq = await gateway.pool.fetchval("select seq from decide.outbox where key = $1", plan)

    refused = await removal(api, seq)

    assert (refused.status_code, refused.json()["currentStatus"]) == (409, "genuine")
    assert await is_there(gateway, seq)
    await gateway.pool.execute("delete from decide.outbox where seq = $1", seq)


async def test_where_nobody_asks_for_seals_nothing_goes(gateway: Running, api: httpx.AsyncClient, plan: str) -> None:
    services = gateway.app.state.services
    gateway.app.state.services = replace(
        services, settings=replace(services.settings, signing=Signing(KEYS, Mode.WARN))
    )
    seq = await put_rejection(gateway.pool, plan, 1, set_aside=True, why="Forged: nobody has sealed it")

    refused = await removal(api, seq)

    assert (refused.status_code, refused.json()["currentStatus"]) == (409, "unasked")
    assert await is_there(gateway, seq)
    await gateway.pool.execute("delete from decide.outbox where seq = $1", seq)


@pytest.mark.parametrize("seq", ["0", "-1", "x", str(2**63), "9" * 30, "%00"])
async def test_what_is_no_number_of_an_event_is_not_found(gateway: Running, api: httpx.AsyncClient, seq: str) -> None:
    assert (await removal(api, seq)).status_code == 404


async def test_one_that_was_sent_meanwhile_is_not_found_and_stays(
    gateway: Running, api: httpx.AsyncClient, plan: str
) -> None:
    seq = await put_rejection(gateway.pool, plan, 3)
    await gateway.pool.execute("update decide.outbox set published_at = now() where seq = $1", seq)

    assert (await removal(api, seq)).status_code == 404
    assert await is_there(gateway, seq)


async def test_its_page_takes_it_out_as_well(
    gateway: Running, api: httpx.AsyncClient, admin: httpx.AsyncClient, plan: str
) -> None:
    seq = await put_rejection(gateway.pool, plan, 3, set_aside=True, why="Forged: nobody has sealed it")
    await decided(gateway, plan, 3)
    page = (await admin.get(f"/set-aside/{seq}")).text
    assert (f'action="/set-aside/{seq}/removal"' in page, "It cannot be dropped" in page) == (True, False)

    without = await admin.post(f"/set-aside/{seq}/removal", data={"reason": " "})
    stays = await admin.post(f"/set-aside/{seq}/removal", data={"reason": "nobody did"})
    assert (without.status_code, "Say why: the audit keeps it" in without.text) == (422, True)
    assert (stays.status_code, "It stays: it is a decision that somebody has changed." in stays.text) == (409, True)
    assert await is_there(gateway, seq)

    await gateway.pool.execute("update decide.head set version = 2 where plan_id = $1", uuid.UUID(plan))
    gone = await admin.post(f"/set-aside/{seq}/removal", data={"reason": "nobody did"}, follow_redirects=True)
    assert f"Taken out: version 3 of plan-{plan} is free again." in html.unescape(gone.text)
    assert not await is_there(gateway, seq)
    (entry,) = (await api.get("/api/audit", params={"action": "outbox.remove", "limit": 1})).json()["items"]
    assert (entry["outcome"], entry["reason"]) == ("accepted", "nobody did")


async def test_the_page_of_another_event_takes_nothing_out(
    gateway: Running, admin: httpx.AsyncClient, plan: str
) -> None:
    seq = await put_rejection(gateway.pool, plan, 1, set_aside=True, why="Invalid: it does not fit", reason=7)
    page = (await admin.get(f"/set-aside/{seq}")).text
    assert (f"/set-aside/{seq}/removal" in page, "It cannot be dropped" in page) == (False, True)
    await gateway.pool.execute("delete from decide.outbox where seq = $1", seq)
