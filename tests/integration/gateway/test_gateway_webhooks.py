"""Webhooks by the API, the page and the command line: what is refused, what is shown once, what is audited."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.alerts.webhooks.taking import take
from gateway.operations import webhooks
from gateway.webhooks.types import place_of
from schemas.sealing import unseal
from schemas.signing import parse
from tests.integration.gateway.gateway_running import Running, one_row
from tests.support.command import within
from tests.support.webhooks import SOURCE, History

HOOKS = "/api/webhooks"
WHERE = "https://erp.example.com/in?key=k3y"


@pytest.fixture(autouse=True)
async def _none_before(gateway: Running) -> None:
    await gateway.pool.execute("truncate flow.webhook cascade")


async def made(api: httpx.AsyncClient, name: str = "erp", **more: Any) -> dict[str, Any]:
    answer = await api.post(HOOKS, json={"name": name, "url": WHERE, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def given_up(gateway: Running, webhook_id: str, count: int) -> list[str]:
    """Have deliveries that were given up; return their ids, the oldest first."""
    history, plan = History(gateway.pool), uuid4()
    await gateway.pool.execute("update flow.webhook_cursor set next_offset = 0")
    await gateway.pool.execute("truncate rm.timeline, rm.projection_offset")
    for _ in range(count):
        await history.event("plan.approved", plan)
    await take(gateway.pool, UUID(webhook_id), SOURCE)
    await gateway.pool.execute(
        "update flow.webhook_delivery set state = 'failed', ended_at = now(), attempts = 11, error = 'HTTP 500: no'"
    )
    rows = await gateway.pool.fetch("select delivery_id::text from flow.webhook_delivery order by seq")
    return [row["delivery_id"] for row in rows]


async def test_its_secret_is_shown_once_and_kept_out_of_all_else(gateway: Running, api: httpx.AsyncClient) -> None:
    first = await made(api)
    assert len(first["secret"]) > 32
    given = await made(api, "crm", secret="a secret of my own".replace(" ", "-"), types=["plan.approved"])
    assert given["secret"] == "a-secret-of-my-own"
    answer = await api.get(HOOKS)
    (erp, crm) = answer.json()["items"]
    assert (erp["name"], erp["url"], erp["types"], erp["breaker"]) == ("erp", WHERE, ["plan.*", "task.*"], "closed")
    assert (crm["types"], crm["waiting"], crm["givenUp"], crm["lastSentAt"]) == (["plan.approved"], 0, 0, None)
    rotated = (await api.post(f"{HOOKS}/{first['webhookId']}/rotate", json={})).json()
    told = await gateway.pool.fetch("select action, e::text as text from audit.entry e where kind = 'webhook'")
    assert [row["action"] for row in told] == ["webhook.create", "webhook.create", "webhook.rotate"]
    for secret in (first["secret"], given["secret"], rotated["secret"]):
        assert secret not in answer.text
        assert not [row for row in told if secret in row["text"]]
    assert rotated["secret"] != first["secret"]


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ({"url": "http://erp.example.com/"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": "https://user:pass@erp.example.com/"}, "url"),
        ({"name": "No Spaces"}, "name"),
        ({"types": ["plan.aproved"]}, "types"),
        ({"types": []}, "types"),
        ({"secret": "short"}, "secret"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_reason(
    api: httpx.AsyncClient, wanted: dict[str, Any], path: str
) -> None:
    answer = await api.post(HOOKS, json={"name": "erp", "url": WHERE, **wanted})
    assert answer.status_code == 422, answer.text
    assert [error["path"] for error in answer.json()["errors"]] == [path]


async def test_a_name_is_there_once_and_there_is_an_end_of_them(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "MOST", 2)
    await made(api)
    again = await api.post(HOOKS, json={"name": "erp", "url": WHERE})
    assert (again.status_code, again.json()["currentStatus"]) == (409, "name-taken")
    await made(api, "crm")
    full = await api.post(HOOKS, json={"name": "third", "url": WHERE})
    assert (full.status_code, full.json()["currentStatus"]) == (409, "too-many")


async def test_a_change_lets_what_waits_go_at_once(gateway: Running, api: httpx.AsyncClient) -> None:
    webhook = await made(api)
    at, pool = f"{HOOKS}/{webhook['webhookId']}", gateway.pool
    await given_up(gateway, webhook["webhookId"], 1)
    await pool.execute("update flow.webhook_delivery set state = 'waiting', due_at = now() + interval '1 h'")
    await pool.execute("update flow.webhook set held_until = now() + interval '1 h'")
    await pool.execute("select flow.breaker_trip('webhook:erp', 'a test', null, 'test')")
    assert (await api.get(at)).json()["breaker"] == "open"
    changed = (await api.patch(at, json={"url": "https://erp.example.com/new", "paused": True})).json()
    assert (changed["url"], changed["breaker"], changed["waiting"]) == ("https://erp.example.com/new", "closed", 1)
    assert changed["pausedAt"]
    assert await pool.fetchval("select due_at <= now() and attempts_then = 11 from flow.webhook_delivery")
    assert (await api.patch(at, json={"paused": False})).json()["pausedAt"] is None
    entry = await one_row(
        pool, "select before, after from audit.entry where action = 'webhook.change' order by entry_id limit 1"
    )
    before = {"url": WHERE, "types": ["plan.*", "task.*"], "paused": False}
    assert json.loads(entry["before"]) == before
    assert json.loads(entry["after"]) == {**before, "url": "https://erp.example.com/new", "paused": True}
    assert (await api.patch(at, json={})).status_code == 422


async def test_what_was_removed_is_gone_and_its_name_is_free(gateway: Running, api: httpx.AsyncClient) -> None:
    webhook = await made(api)
    at = f"{HOOKS}/{webhook['webhookId']}"
    assert (await api.delete(at)).status_code == 204
    for answer in (await api.get(at), await api.delete(at), await api.get(f"{at}/deliveries")):
        assert answer.status_code == 404
    assert await gateway.pool.fetchval("select secret from flow.webhook") == ""
    await made(api)


async def test_what_was_given_up_is_sent_again_with_its_id(gateway: Running, api: httpx.AsyncClient) -> None:
    webhook = await made(api)
    at = f"{HOOKS}/{webhook['webhookId']}"
    first, second, third = await given_up(gateway, webhook["webhookId"], 3)
    assert (await api.get(at)).json()["givenUp"] == 3
    page = (await api.get(f"{at}/deliveries?limit=2")).json()
    assert [one["deliveryId"] for one in page["items"]] == [third, second]
    rest = (await api.get(f"{at}/deliveries", params={"limit": 2, "cursor": page["nextCursor"]})).json()
    assert ([one["deliveryId"] for one in rest["items"]], rest["nextCursor"]) == ([first], None)
    assert (await api.post(f"{at}/again", json={"deliveryIds": [second]})).json() == {"count": 1}
    assert (await api.post(f"{at}/again", json={"deliveryIds": [second]})).json() == {"count": 0}, "it waits already"
    waiting = (await api.get(f"{at}/deliveries?state=waiting")).json()["items"]
    assert [(one["deliveryId"], one["again"]) for one in waiting] == [(second, 1)]
    assert (await api.post(f"{at}/again", json={"givenUp": True})).json() == {"count": 2}
    one = (await api.get(f"{at}/deliveries/{second}")).json()
    assert json.loads(one["body"])["type"] == "plan.approved"
    assert (await api.get(f"{at}/deliveries/{uuid4()}")).status_code == 404
    assert (await api.post(f"{at}/again", json={})).status_code == 422


async def test_only_admins_see_them(gateway: Running) -> None:
    async with gateway.client("operator") as operator:
        assert (await operator.get(HOOKS)).status_code == 403
        assert (await operator.post(HOOKS, json={"name": "erp", "url": WHERE})).status_code == 403


async def test_the_page_registers_one_and_shows_its_log(gateway: Running, admin: httpx.AsyncClient) -> None:
    refused = await admin.post("/webhooks", data={"name": "erp", "url": "http://10.0.0.1/", "types": "plan.*"})
    assert refused.status_code == 422
    assert "has to begin with https://" in refused.text
    answer = await admin.post("/webhooks", data={"name": "erp", "url": WHERE, "types": "plan.*, task.created"})
    (secret,) = re.findall(r'id="once" value="([^"]+)"', answer.text)
    webhook = await one_row(gateway.pool, "select webhook_id::text as id, secret, types from flow.webhook")
    assert (webhook["secret"], webhook["types"]) == (secret, ["plan.*", "task.created"])
    at = f"/webhooks/{webhook['id']}"
    (delivery,) = await given_up(gateway, webhook["id"], 1)
    listed, log = await admin.get("/webhooks"), await admin.get(at)
    assert secret not in listed.text + log.text
    assert "1 was given up" in listed.text
    assert "HTTP 500: no" in log.text
    assert ("Works" in listed.text, "Works" in log.text) == (True, True)
    await gateway.pool.execute("update flow.webhook set failing_since = now()")
    for page in (await admin.get("/webhooks"), await admin.get(at)):
        assert ("Works" in page.text, "Takes nothing" in page.text) == (False, True), "it has taken nothing since"
    await gateway.pool.execute("update flow.webhook set failing_since = null")
    assert "plan.approved" in (await admin.get(f"{at}/deliveries/{delivery}")).text
    assert (await admin.post(f"{at}/again", data={"delivery": delivery})).status_code == 303
    assert "Waiting" in (await admin.get(f"{at}?status=waiting")).text
    assert (await admin.post(f"{at}/pause", data={"back": at})).status_code == 303
    assert "Let it go on" in (await admin.get(at)).text
    refused = await admin.post(f"{at}/change", data={"url": "ftp://x", "types": "plan.*"}, follow_redirects=True)
    assert "has to begin with https://" in refused.text
    assert await gateway.pool.fetchval("select url from flow.webhook") == WHERE
    (other,) = re.findall(r'id="once" value="([^"]+)"', (await admin.post(f"{at}/rotate", data={"back": at})).text)
    assert other != secret
    assert (await admin.post(f"{at}/remove", data={"back": "/webhooks"})).headers["location"].endswith("/webhooks")
    assert (await admin.get(at)).status_code == 404


async def test_the_command_line_does_the_same(gateway: Running) -> None:
    env = {"MARKETPLACE_URL": gateway.url, "MARKETPLACE_API_KEY": gateway.keys["admin"], "COLUMNS": "200"}

    async def run(*arguments: str) -> tuple[int, str, str]:
        done = await asyncio.to_thread(within, ("webhooks", *arguments), env)
        return done.returncode, done.stdout, done.stderr

    status, secret, said = await run("create", "erp", WHERE, "--type", "plan.approved,task.*")
    assert (status, "shown this once" in said) == (0, True)
    assert await gateway.pool.fetchval("select secret from flow.webhook") == secret.strip()
    webhook = await gateway.pool.fetchval("select webhook_id::text from flow.webhook")
    (delivery,) = await given_up(gateway, webhook, 1)
    assert "plan.approved, task.*" in (await run("list"))[1]
    assert delivery[:8] in (await run("log", "erp", "--state", "failed"))[1]
    assert "plan.approved, failed" in (await run("show", "erp", delivery[:8]))[1]
    assert "On their way again: 1." in (await run("again", "erp", delivery[:8]))[2]
    assert "paused" in (await run("change", "erp", "--pause"))[1]
    assert (await run("change", "erp"))[0] == 2
    assert (await run("again", "erp"))[0] == 2
    status, other, said = await run("rotate", "erp")
    assert (status, other != secret, "shown this once" in said) == (0, True, True)
    assert await gateway.pool.fetchval("select secret from flow.webhook") == other.strip()
    assert (await run("remove", "erp"))[0] == 0
    assert (await run("log", "erp"))[0] == 1


async def test_with_a_key_the_database_never_has_the_secret_as_it_is(
    gateway: Running, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, services = parse(f"own {'01' * 32}"), gateway.app.state.services
    sealing = replace(services.settings, secret_keys=keys)
    monkeypatch.setattr(gateway.app.state, "services", replace(services, settings=sealing))
    first = await made(api)
    place = place_of(UUID(first["webhookId"]))
    assert unseal(await kept(gateway), keys, place) == first["secret"] != await kept(gateway)
    rotated = (await api.post(f"{HOOKS}/{first['webhookId']}/rotate", json={})).json()
    assert unseal(await kept(gateway), keys, place) == rotated["secret"] != await kept(gateway)


async def kept(gateway: Running) -> str:
    """Return the one webhook's secret as the database has it."""
    found: str = await gateway.pool.fetchval("select secret from flow.webhook")
    return found
