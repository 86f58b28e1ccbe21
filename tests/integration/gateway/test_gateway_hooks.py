"""PagerDuty's acknowledgements are heard once, by its signature, and only of alerts that go on; the rest is told."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from gateway.operations.pagerduty import genuine
from gateway.settings import Settings
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.integration.gateway.test_gateway_alerts_api import add

HOOK = "/api/hooks/pagerduty"
SECRET, NEXT = "a-secret-of-pagerduty", "the-secret-after-that"
SOURCE = "pages.example:8443"


class Alert(NamedTuple):
    alert_id: UUID
    key: str


@pytest.fixture
async def alert(gateway: Running) -> Alert:
    made = await add(gateway.pool)
    key = await gateway.pool.fetchval("select key from flow.alert where alert_id = $1", made)
    return Alert(made, key)


@pytest.fixture
async def hook(gateway: Running, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a key, of a gateway that accepts PagerDuty's webhooks."""
    settings = Settings(
        database_url=database_url, limits=OFF, pagerduty_secrets=(SECRET, NEXT), pagerduty_source=SOURCE
    )
    async with serving(settings) as (url, _), httpx.AsyncClient(base_url=url) as client:
        yield client


def event(key: str, *, at: datetime | None = None, event_id: str = "", type_: str = "incident.acknowledged") -> bytes:
    """A webhook as PagerDuty sends it."""
    said: dict[str, Any] = {
        "id": event_id or uuid4().hex,
        "event_type": type_,
        "resource_type": "incident",
        "occurred_at": (at or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "agent": {"id": "PLH1HKV", "summary": "Ana Souza", "type": "user_reference"},
        "client": None,
        "data": {"id": "PGR0VU2", "type": "incident", "number": 42, "status": "acknowledged", "incident_key": key},
    }
    return json.dumps({"event": said}).encode()


def signed(body: bytes, *secrets: str) -> dict[str, str]:
    found = [f"v1={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}" for secret in secrets]
    return {"x-pagerduty-signature": ",".join(found), "content-type": "application/json"}


async def state(pool: asyncpg.Pool, alert: Alert) -> tuple[str, str, str]:
    [row] = await pool.fetch("select state, acknowledged_by, note from flow.alert where alert_id = $1", alert.alert_id)
    return tuple(row)


async def audited(pool: asyncpg.Pool, target: str) -> list[tuple[str, str, str]]:
    rows = await pool.fetch("select actor, action, outcome from audit.entry where target = $1 order by at", target)
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("secrets", [(SECRET,), (NEXT,), ("one-that-is-not-known", SECRET)])
async def test_an_acknowledgement_there_is_one_here(
    hook: httpx.AsyncClient, gateway: Running, alert: Alert, secrets: tuple[str, ...]
) -> None:
    body = event(f"{SOURCE}/{alert.key}")
    answer = await hook.post(HOOK, content=body, headers=signed(body, *secrets))

    assert (answer.status_code, answer.json()) == (200, {"outcome": "accepted", "why": ""})
    found = await state(gateway.pool, alert)
    assert found == ("acknowledged", "Ana Souza (PagerDuty)", "acknowledged in PagerDuty, incident #42")
    assert await audited(gateway.pool, str(alert.alert_id)) == [
        ("Ana Souza (PagerDuty)", "alert.acknowledge", "accepted")
    ]
    announced = "select count(*) from decide.outbox where type = 'alert.acknowledged' and stream = $1"
    assert await gateway.pool.fetchval(announced, f"alert-{alert.alert_id}") == 1


async def test_who_resolves_it_there_sees_to_it_and_it_goes_on_here(
    hook: httpx.AsyncClient, gateway: Running, alert: Alert
) -> None:
    body = event(f"{SOURCE}/{alert.key}", type_="incident.resolved")
    assert (await hook.post(HOOK, content=body, headers=signed(body, SECRET))).json()["outcome"] == "accepted"
    note = "resolved in PagerDuty while it goes on here, incident #42"
    assert await state(gateway.pool, alert) == ("acknowledged", "Ana Souza (PagerDuty)", note)
    again = event(f"{SOURCE}/{alert.key}", type_="incident.resolved")
    assert (await hook.post(HOOK, content=again, headers=signed(again, SECRET))).json()["outcome"] == "unchanged"


async def test_what_no_person_resolved_says_nothing(hook: httpx.AsyncClient, gateway: Running, alert: Alert) -> None:
    for agent in (b'"service_reference"', b"null"):
        body = event(f"{SOURCE}/{alert.key}", type_="incident.resolved").replace(b'"user_reference"', agent)
        answer = await hook.post(HOOK, content=body, headers=signed(body, SECRET))
        assert answer.json() == {"outcome": "ignored", "why": "no person has resolved it"}
    assert (await state(gateway.pool, alert))[0] == "open"


async def test_what_was_heard_once_is_not_heard_again(hook: httpx.AsyncClient, gateway: Running, alert: Alert) -> None:
    body = event(f"{SOURCE}/{alert.key}")
    first = await hook.post(HOOK, content=body, headers=signed(body, SECRET))
    # it got worse: whoever acknowledged it knew of less, and a copy of the word of before is no word on this
    await gateway.pool.execute(
        "update flow.alert set state = 'open', acknowledged_at = null where alert_id = $1", alert.alert_id
    )
    again = await hook.post(HOOK, content=body, headers=signed(body, SECRET))

    assert (first.json()["outcome"], again.json()) == (
        "accepted",
        {"outcome": "ignored", "why": "it has been heard before"},
    )
    assert (await state(gateway.pool, alert))[0] == "open"
    other = event(f"{SOURCE}/{alert.key}")
    await hook.post(HOOK, content=other, headers=signed(other, SECRET))
    more = event(f"{SOURCE}/{alert.key}")
    assert (await hook.post(HOOK, content=more, headers=signed(more, SECRET))).json()["outcome"] == "unchanged"


async def test_what_is_forged_is_refused_and_told(hook: httpx.AsyncClient, gateway: Running, alert: Alert) -> None:
    assert not genuine((SECRET,), "v1=\u00e9", b"")
    refused = "select count(*) from audit.entry where action = 'sign-in.failed' and after ->> 'path' = $1"
    before = await gateway.pool.fetchval(refused, HOOK)
    body = event(f"{SOURCE}/{alert.key}")
    forged = [
        signed(body, "a-secret-of-somebody-else"),
        signed(body + b" ", SECRET),
        {"x-pagerduty-signature": "v1="},
        {"x-pagerduty-signature": hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()},
        {},
    ]
    for headers in forged:
        answer = await hook.post(HOOK, content=body, headers=headers)
        assert answer.status_code == 401
        assert "X-PagerDuty-Signature is not the signature" in answer.json()["detail"]
    assert (await state(gateway.pool, alert))[0] == "open"
    assert await gateway.pool.fetchval(refused, HOOK) == before + len(forged)


@pytest.mark.parametrize(
    ("source", "minutes", "why"),
    [
        ("other.example", 0, "no alert of this system that goes on has this key"),
        (SOURCE, -5, "it was said before this alert opened"),
        (SOURCE, -1500, "more than a day away"),
        (SOURCE, 1500, "more than a day away"),
    ],
)
async def test_what_belongs_to_no_alert_changes_nothing_and_is_told(
    hook: httpx.AsyncClient, gateway: Running, alert: Alert, source: str, minutes: int, why: str
) -> None:
    key = f"{source}/{alert.key}"
    body = event(key, at=datetime.now(UTC) + timedelta(minutes=minutes))
    answer = await hook.post(HOOK, content=body, headers=signed(body, SECRET))

    assert (answer.status_code, answer.json()["outcome"]) == (200, "ignored")
    assert why in answer.json()["why"]
    assert (await state(gateway.pool, alert))[0] == "open"
    assert await audited(gateway.pool, key) == [("Ana Souza (PagerDuty)", "alert.hook", "ignored")]


async def test_an_acknowledgement_means_the_incident_that_it_names(
    hook: httpx.AsyncClient, gateway: Running, alert: Alert
) -> None:
    """Who acknowledged what was told before knows nothing of what was told since."""
    await told(gateway.pool, alert, "opened", 1)
    await told(gateway.pool, alert, "recurred", 2)
    before, now = event(f"{SOURCE}/{alert.key}"), event(f"{SOURCE}/{alert.key}#2")
    answer = await hook.post(HOOK, content=before, headers=signed(before, SECRET))
    assert answer.json()["outcome"] == "ignored"
    assert answer.json()["why"].startswith("it means an incident before")
    assert (await state(gateway.pool, alert))[0] == "open"

    assert (await hook.post(HOOK, content=now, headers=signed(now, SECRET))).json()["outcome"] == "accepted"
    assert (await state(gateway.pool, alert))[:2] == ("acknowledged", "Ana Souza (PagerDuty)")


async def told(pool: asyncpg.Pool, alert: Alert, about: str, incident: int) -> None:
    """Have PagerDuty told of an alert as the engine does."""
    message = await pool.fetchval(
        "insert into flow.alert_message (message_id, notifier, body, due_at)"
        " values (gen_random_uuid(), 'pagerduty', '{}', now()) returning message_id"
    )
    await pool.execute(
        "insert into flow.alert_notice (notice_id, alert_id, about, version, notifier, due_at, message_id, incident)"
        " values (gen_random_uuid(), $1, $2, $3, 'pagerduty', now(), $4, $3)",
        alert.alert_id,
        about,
        incident,
        message,
    )


async def test_other_events_are_answered_and_nonsense_is_refused(
    hook: httpx.AsyncClient, gateway: Running, alert: Alert
) -> None:
    for type_ in ("incident.reopened", "pagey.ping"):
        body = event(f"{SOURCE}/{alert.key}", type_=type_)
        answer = await hook.post(HOOK, content=body, headers=signed(body, SECRET))
        why = "only incident.acknowledged and incident.resolved are heard"
        assert answer.json() == {"outcome": "ignored", "why": why}
    for body in (b"{}", b'{"event": {"id": 5}}', b'{"event": null}'):
        assert (await hook.post(HOOK, content=body, headers=signed(body, SECRET))).status_code == 422
    assert (await hook.post(HOOK, content=b"{", headers=signed(b"{", SECRET))).status_code == 400
    assert (await state(gateway.pool, alert))[0] == "open"


async def test_without_a_secret_nobody_is_heard(gateway: Running, alert: Alert) -> None:
    body = event(f"{SOURCE}/{alert.key}")
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        answer = await client.post(HOOK, content=body, headers=signed(body, ""))
    assert answer.status_code == 404
    assert "PAGERDUTY_WEBHOOK_SECRET is not set" in answer.json()["detail"]
