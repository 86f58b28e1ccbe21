"""Keys, sign-ins, CSRF tokens and rate limits over HTTP."""

from __future__ import annotations

import asyncio
import random
import secrets
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from gateway.access.api_keys import ApiKeys
from gateway.access.key_changes import expiry
from gateway.access.key_text import new_key
from gateway.access.limits import PAUSE_S, Grant, Limit, RateLimiter
from gateway.access.recorded_failures import BEYOND
from gateway.access.roles import Principal, Role
from gateway.access.sign_ins import COOKIE, SignIns
from gateway.settings import Settings
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.support.module import run

PLANS = "/api/marketplace/analysis"


async def test_a_key_is_shown_once_works_and_is_revoked(gateway: Running, api: httpx.AsyncClient) -> None:
    made = await api.post("/api/keys", json={"name": "ana", "role": "viewer"})
    assert made.status_code == 201
    key = made.json()
    assert made.headers["location"] == f"/api/keys/{key['keyId']}"
    stored = await gateway.pool.fetchval("select k::text from access.api_key k where key_id = $1", key["keyId"])
    assert key["key"].split("_", 2)[2] not in stored
    async with httpx.AsyncClient(base_url=gateway.url, headers={"authorization": f"Bearer {key['key']}"}) as ana:
        assert (await ana.get(PLANS)).status_code == 200
        assert (await ana.get("/api/keys")).status_code == 403
        assert (await api.delete(f"/api/keys/{key['keyId']}")).status_code == 204
        assert (await ana.get(PLANS)).status_code == 401
    listed = {k["keyId"]: k for k in (await api.get("/api/keys")).json()["items"]}
    assert listed[key["keyId"]]["revokedAt"] is not None
    assert listed[key["keyId"]]["createdBy"] == "the admin"
    assert key["key"] not in (await api.get("/api/keys")).text


async def test_a_key_revoked_elsewhere_ends_when_it_is_no_longer_remembered(gateway: Running) -> None:
    now = [0.0]
    keys = ApiKeys(gateway.pool, clock=lambda: now[0])
    made = await keys.create("gone", Role.VIEWER, "test")
    assert await keys.verify(made.key) == Principal(made.key_id, "gone", Role.VIEWER)
    await ApiKeys(gateway.pool).revoke(made.key_id)
    assert await keys.verify(made.key) is not None
    now[0] = 10.1
    assert await keys.verify(made.key) is None


@pytest.mark.parametrize("change", ["secret", "id"])
async def test_half_a_key_is_none(gateway: Running, change: str) -> None:
    keys = ApiKeys(gateway.pool)
    made, other = await keys.create("a", Role.ADMIN, "t"), await keys.create("b", Role.ADMIN, "t")
    _, key_id, secret = made.key.split("_", 2)
    _, other_id, other_secret = other.key.split("_", 2)
    wrong = f"mrs_{key_id}_{other_secret}" if change == "secret" else f"mrs_{other_id}_{secret}"
    assert await keys.verify(wrong) is None


async def test_a_bootstrap_key_is_stored_once(gateway: Running) -> None:
    _, key = new_key()
    keys = ApiKeys(gateway.pool)
    assert await keys.verify(key) is None
    assert await keys.ensure(key, "bootstrap", Role.ADMIN) is True
    assert await keys.ensure(key, "bootstrap", Role.ADMIN) is False
    assert (await keys.verify(key)) is not None


@pytest.fixture
async def browser(gateway: Running) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """A signed-in browser and its CSRF token."""
    made = await ApiKeys(gateway.pool).create("bia", Role.ANALYST, "test")
    sign_ins = SignIns(gateway.pool)
    token = await sign_ins.open(Principal(made.key_id, "bia", Role.ANALYST))
    sign_in = await sign_ins.verify(token)
    assert sign_in is not None
    async with httpx.AsyncClient(base_url=gateway.url, cookies={COOKIE: token}) as client:
        yield client, sign_in.csrf


async def test_a_sign_in_reads_without_and_writes_with_its_token(
    gateway: Running, browser: tuple[httpx.AsyncClient, str]
) -> None:
    client, csrf = browser
    plan_id = await seed.add_plan(gateway.pool)
    path, body = f"{PLANS}/{plan_id}", {"action": "approve"}
    assert (await client.get(path)).status_code == 200
    for headers in (
        {},
        {"x-csrf-token": "wrong"},
        {"x-csrf-token": csrf, "sec-fetch-site": "cross-site"},
        {"x-csrf-token": csrf, "origin": "https://evil.example"},
        {"x-csrf-token": csrf, "origin": "null"},
    ):
        refused = await client.patch(path, json=body, headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (403, "/docs#csrf"), headers
    assert await gateway.pool.fetchval("select count(*) from decide.outbox where key = $1", str(plan_id)) == 0
    taken = await client.patch(path, json=body, headers={"x-csrf-token": csrf, "origin": gateway.url})
    assert taken.status_code == 202


async def test_an_upload_from_a_page_needs_the_token_before_the_file(
    gateway: Running, browser: tuple[httpx.AsyncClient, str]
) -> None:
    client, csrf = browser
    body = f"SKU;Quantidade;Valor\nA;1;{uuid4().int % 1000},00\n".encode()
    files = {"file": ("a.csv", body)}
    url, data = f"{PLANS}/upload", {"channels": "shopee"}
    assert (await client.post(url, files=files, data=data)).status_code == 403
    assert (await client.post(url, files=files, data={**data, "csrf_token": "x"})).status_code == 403
    assert (await client.post(url, files=files, data={**data, "csrf_token": csrf})).status_code == 202
    again = await client.post(url, files=files, data=data, headers={"x-csrf-token": csrf})
    assert again.status_code == 409


async def test_sign_ins_end(gateway: Running, browser: tuple[httpx.AsyncClient, str]) -> None:
    client, _ = browser
    token = client.cookies[COOKIE]
    stored = await gateway.pool.fetchval("select string_agg(s::text, '') from access.session s")
    assert token not in stored
    sign_ins = SignIns(gateway.pool, remember=0)
    await gateway.pool.execute("update access.session set expires_at = now() - interval '1 s'")
    assert await sign_ins.verify(token) is None
    await sign_ins.sweep()
    assert await gateway.pool.fetchval("select count(*) from access.session") == 0


async def test_a_revoked_key_ends_its_sign_ins(gateway: Running, api: httpx.AsyncClient) -> None:
    made = await ApiKeys(gateway.pool).create("caio", Role.VIEWER, "test")
    token = await SignIns(gateway.pool).open(Principal(made.key_id, "caio", Role.VIEWER))
    async with httpx.AsyncClient(base_url=gateway.url, cookies={COOKIE: token}) as client:
        assert (await client.get(PLANS)).status_code == 200
        await api.delete(f"/api/keys/{made.key_id}")
        assert (await client.get(PLANS)).status_code == 401


async def test_a_caller_who_asks_too_often_waits(gateway: Running, database_url: str) -> None:
    limits = {**OFF, "reads": Limit("reads", 0.01, 3), "failures": Limit("failures", 0.1, 2)}
    async with serving(Settings(database_url=database_url, limits=limits)) as (url, _):
        headers = {"authorization": f"Bearer {gateway.keys['viewer']}"}
        async with httpx.AsyncClient(base_url=url, headers=headers) as client:
            answers = [await client.get("/api/channels") for _ in range(4)]
            assert [a.status_code for a in answers] == [200, 200, 200, 429]
            assert answers[0].headers["ratelimit-policy"] == '"reads";q=3;w=300'
            assert answers[0].headers["ratelimit"].startswith('"reads";r=2;t=')
            assert 50 <= int(answers[3].headers["retry-after"]) <= 100
            assert answers[3].json()["limit"] == "reads"
            other = {"authorization": f"Bearer {gateway.keys['admin']}"}
            assert (await client.get("/api/channels", headers=other)).status_code == 200
            wrong = {"authorization": "Bearer mrs_x_" + "y" * 43}
            tries = [(await client.get("/api/channels", headers=wrong)).status_code for _ in range(3)]
            assert tries == [401, 401, 429]
            # a probe is never told to wait: a supervisor would restart the gateway for it
            assert {(await client.get("/health/live")).status_code for _ in range(9)} == {200}
            # right keys are not shut out by the wrong ones, whether they were seen before or not
            assert (await client.get("/api/keys", headers=other)).status_code == 200
            unseen = {"authorization": f"Bearer {gateway.keys['operator']}"}
            assert (await client.get("/api/channels", headers=unseen)).status_code == 200
            assert (await client.get("/api/channels", headers=wrong)).status_code == 429


async def test_a_refusal_far_above_the_limit_is_answered_late(gateway: Running, database_url: str) -> None:
    limits = {**OFF, "reads": Limit("reads", 0.01, 2)}
    headers = {"authorization": f"Bearer {gateway.keys['viewer']}"}
    async with (
        serving(Settings(database_url=database_url, limits=limits)) as (url, _),
        httpx.AsyncClient(base_url=url, headers=headers) as client,
    ):
        answers = [await client.get("/api/channels") for _ in range(5)]
    assert [a.status_code for a in answers] == [200, 200, 429, 429, 429]
    assert answers[4].elapsed.total_seconds() >= PAUSE_S[0]
    assert answers[4].json()["limit"] == "reads"


async def test_a_flood_of_wrong_keys_from_the_same_address_refuses_no_right_one(
    gateway: Running, database_url: str
) -> None:
    limits = {**OFF, "failures": Limit("failures", 1e-6, 5)}
    right = [(await ApiKeys(gateway.pool).create(f"person {n}", Role.VIEWER, "test")).key for n in range(20)]
    wrong = ["mrs_x_" + secrets.token_urlsafe(32) for _ in range(60)]
    async with (
        serving(Settings(database_url=database_url, limits=limits)) as (url, _),
        httpx.AsyncClient(base_url=url) as client,
    ):

        async def status(key: str) -> int:
            return (await client.get("/api/channels", headers={"authorization": f"Bearer {key}"})).status_code

        mixed = [*wrong, *right]
        random.Random(0).shuffle(mixed)
        said = dict(zip(mixed, await asyncio.gather(*(status(key) for key in mixed)), strict=True))
    assert {said[key] for key in right} == {200}
    assert Counter(said[key] for key in wrong) == {401: 5, 429: 55}


async def test_wrong_keys_of_many_addresses_are_held_back_and_refuse_no_right_one(
    gateway: Running, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a proxy that is known each request may say another address, whose own limit is never reached.

    They hide no guess at a key that there is: one of each such key is written down all the same.
    """
    pauses: list[float] = []

    class Asyncio:
        @staticmethod
        async def sleep(seconds: float) -> None:
            pauses.append(seconds)

    monkeypatch.setattr("gateway.access.authenticate.asyncio", Asyncio)
    monkeypatch.setattr("gateway.access.recorded_failures.BEYOND", {**BEYOND, "beyond": Limit("beyond", 1e-6, 5)})
    limits = {**OFF, "failures": Limit("failures", 1e-6, 5), "guesses": Limit("guesses", 1e-6, 10)}
    settings = Settings(database_url=database_url, limits=limits, trusted_proxies="127.0.0.1")
    right = await ApiKeys(gateway.pool).create("behind it", Role.VIEWER, "test")
    told = "select address, key_id from audit.entry where action = 'sign-in.failed' order by entry_id"
    before = len(await gateway.pool.fetch(told))
    async with serving(settings) as (url, _), httpx.AsyncClient(base_url=url) as client:

        async def status(key: str, number: int) -> int:
            headers = {"authorization": f"Bearer {key}", "x-forwarded-for": f"203.0.113.{number}"}
            return (await client.get("/api/channels", headers=headers)).status_code

        wrong = [await status("mrs_x_" + secrets.token_urlsafe(32), number) for number in range(40)]
        assert await status(right.key, 200) == 200
        aimed = [await status(f"mrs_{right.key_id}_" + secrets.token_urlsafe(32), 201 + number) for number in range(3)]
    assert wrong + aimed == [401] * 43
    written = [tuple(row) for row in (await gateway.pool.fetch(told))[before:]]
    assert written == [(f"203.0.113.{n}", "x") for n in range(15)] + [("203.0.113.201", right.key_id)]
    assert [pause > 0 for pause in pauses] == [False] * 20 + [True] * 23, "refused as often as the burst, at once"


async def test_a_right_key_waits_for_no_wrong_ones_of_others(gateway: Running) -> None:
    """Three hundred of them are looked up by a few statements, and the right one with them."""
    right = (await ApiKeys(gateway.pool).create("among them", Role.VIEWER, "test")).key
    sent = 0

    class Counting:
        execute = gateway.pool.execute

        async def fetch(self, query: str, *arguments: object) -> object:
            nonlocal sent
            sent += 1
            return await gateway.pool.fetch(query, *arguments)

    counting: Any = Counting()
    keys = ApiKeys(counting)
    found = await asyncio.gather(*(keys.verify(new_key()[1]) for _ in range(300)), keys.verify(right))
    assert [one is not None for one in found] == [False] * 300 + [True]
    assert sent <= 3


async def test_wrong_keys_of_one_address_are_held_back_too(
    gateway: Running, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.access.limits.PAUSE_S", (0.001, 0.002))
    taken: list[float] = []
    take = RateLimiter.take

    def told(self: RateLimiter, name: str, caller: str, cost: float = 1.0) -> Grant:
        grant = take(self, name, caller, cost)
        taken.append(grant.pause)
        return grant

    monkeypatch.setattr(RateLimiter, "take", told)
    limits = {**OFF, "failures": Limit("failures", 1e-6, 2)}
    async with (
        serving(Settings(database_url=database_url, limits=limits)) as (url, _),
        httpx.AsyncClient(base_url=url) as client,
    ):
        said = [
            (await client.get("/api/channels", headers={"authorization": f"Bearer {new_key()[1]}"})).status_code
            for _ in range(8)
        ]
    assert said == [401] * 2 + [429] * 6
    assert len([pause for pause in taken if pause]) == 4


@pytest.mark.parametrize(("proxies", "told"), [("", 1), ("10.0.0.1", 0)])
async def test_a_proxy_that_is_not_declared_is_told_once(database_url: str, proxies: str, told: int) -> None:
    settings = Settings(database_url=database_url, limits=OFF, trusted_proxies=proxies)
    with capture_logs() as lines:
        async with serving(settings) as (url, _), httpx.AsyncClient(base_url=url) as client:
            for _ in range(3):
                await client.get("/api/channels", headers={"x-forwarded-for": "203.0.113.9"})
    assert len([line for line in lines if "come through a proxy that is not declared" in line["event"]]) == told


@pytest.mark.parametrize(
    ("url", "proxies", "level"),
    [("http://10.0.0.6:8080", "", "info"), ("https://plans.example.com", "", "warning"), ("https://x", "10.0.0.1", "")],
)
async def test_a_proxy_that_is_not_declared_is_told_at_the_start(
    database_url: str, url: str, proxies: str, level: str
) -> None:
    settings = Settings(database_url=database_url, limits=OFF, url=url, trusted_proxies=proxies)
    with capture_logs() as lines:
        async with serving(settings):
            pass
    told = [line["log_level"] for line in lines if "MARKETPLACE_TRUSTED_PROXIES" in line["event"]]
    assert told == ([level] if level else [])


async def test_wrong_secrets_of_one_key_are_counted_whatever_address_they_come_from(
    gateway: Running, database_url: str
) -> None:
    """A right one is not refused, and neither are wrong ones of another key."""
    limits = {**OFF, "failures": Limit("failures", 1e-6, 3)}
    settings = Settings(database_url=database_url, limits=limits, trusted_proxies="127.0.0.1")
    aimed, other = [await ApiKeys(gateway.pool).create(name, Role.VIEWER, "test") for name in ("aimed at", "other")]
    async with serving(settings) as (url, _), httpx.AsyncClient(base_url=url) as client:
        addresses = (f"203.0.113.{n}" for n in range(250))

        async def status(key: str) -> int:
            headers = {"authorization": f"Bearer {key}", "x-forwarded-for": next(addresses)}
            return (await client.get("/api/channels", headers=headers)).status_code

        assert [await status(f"mrs_{aimed.key_id}_" + "w" * 43) for _ in range(5)] == [401] * 3 + [429] * 2
        assert await status(aimed.key) == 200
        assert await status(f"mrs_{other.key_id}_" + "w" * 43) == 401
        # an id that no key has is nothing to guess at
        assert [await status("mrs_none_" + "w" * 43) for _ in range(5)] == [401] * 5


async def test_wrong_keys_push_no_right_one_out_of_what_is_remembered(
    gateway: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.access.api_keys.REMEMBER_LIMIT", 3)
    keys = ApiKeys(gateway.pool)
    assert await keys.verify(gateway.keys["viewer"]) is not None
    for _ in range(10):
        assert await keys.verify("mrs_x_" + secrets.token_urlsafe(32)) is None
    assert keys.remembered(gateway.keys["viewer"]) is not None


def _keys(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("gateway.access.keys", "--database", database_url, *arguments)


async def test_keys_from_the_command_line(gateway: Running, database_url: str) -> None:
    made = _keys(database_url, "create", "--name", "demo", "--role", "admin")
    key = made.stdout.strip()
    assert made.returncode == 0
    assert (await ApiKeys(gateway.pool).verify(key)) is not None
    over = await ApiKeys(gateway.pool).create("brief", Role.VIEWER, "test", expiry(-1))
    listed = _keys(database_url, "list").stdout
    assert {line.split()[2] for line in listed.splitlines() if over.key_id in line} == {"ended"}
    assert "demo" in listed
    assert key not in listed
    key_id = key.split("_")[1]
    assert _keys(database_url, "revoke", key_id).returncode == 0
    again = _keys(database_url, "revoke", key_id)
    assert (again.returncode, "no active key" in again.stderr) == (1, True)
    assert await ApiKeys(gateway.pool).verify(key) is None
