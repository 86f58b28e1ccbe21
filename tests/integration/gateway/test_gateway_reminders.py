"""Who is reminded of tasks, and where to: admins see it of everybody, and everybody of himself alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import httpx

from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from schemas.process.liveness import LOCK
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_people_page import signed_in

_NOBODY = "Nobody is reminded: no mail server is set up"


@asynccontextmanager
async def mailing(gateway: Running, database_url: str) -> AsyncIterator[None]:
    """Run with the row and the lock of an alert engine that has a mail server."""
    held = await asyncpg.connect(database_url)
    worker = await held.fetchval(
        "select flow.worker_start($1, 'alerts', 'host', 7, 0, '0.1.0')", f"alerts-{uuid4().hex[:6]}"
    )
    try:
        await held.execute(
            'update flow.worker set progress = \'{"notifiers": ["email"]}\' where worker_id = $1', worker
        )
        await held.execute("select pg_advisory_lock($1, $2)", LOCK, worker)
        yield
    finally:
        await held.close()
        await gateway.pool.execute("delete from flow.worker where worker_id = $1", worker)


async def person(gateway: Running, email: str = "") -> str:
    handle = f"rui.{uuid4().hex[:8]}"
    await People(gateway.pool).make(New(handle, "Rui Paz", Role.VIEWER, email), Who("test"))
    return handle


@asynccontextmanager
async def browsing(gateway: Running, handle: str) -> AsyncIterator[httpx.AsyncClient]:
    """Sign a person in by a key of his."""
    async with gateway.client("admin") as api:
        made = await api.post("/api/keys", json={"name": "laptop", "role": "viewer", "person": handle})
    async with httpx.AsyncClient(base_url=gateway.url, headers={"accept-language": "en"}) as browser:
        await signed_in(browser, "/sign-ins", key=made.json()["key"])
        yield browser


async def test_the_page_of_people_says_who_is_not_reminded_and_why(gateway: Running, database_url: str) -> None:
    without, address = await person(gateway), f"{uuid4().hex[:8]}@example.com"
    handle = await person(gateway, address)
    async with gateway.browser("admin") as admin:
        shown = (await admin.get("/people", params={"q": without})).text
        assert "no e-mail: not reminded" in shown
        assert _NOBODY in shown
        async with mailing(gateway, database_url):
            shown = (await admin.get("/people", params={"q": handle})).text
            assert "Whoever has an e-mail is reminded of tasks" in shown
            assert "not reminded" not in shown
        await gateway.pool.execute(
            "insert into flow.alert_message (message_id, notifier, body, state, due_at, ended_at, error, person_id)"
            " select gen_random_uuid(), 'people', '{}', 'failed', now(), now(), 'SMTP 550', person_id"
            " from access.person where handle = $1",
            handle,
        )
        assert "The last reminder did not arrive: SMTP 550" in (await admin.get("/people", params={"q": handle})).text
    async with gateway.client("admin") as api:
        errors = {one["handle"]: one["reminderError"] for one in (await api.get("/api/people")).json()["items"]}
    assert (errors[handle], errors[without]) == ("SMTP 550", "")


async def test_everybody_sees_his_own_address_and_no_other(gateway: Running, database_url: str) -> None:
    addresses = [f"{uuid4().hex[:8]}@example.com" for _ in range(2)]
    handle, _other = [await person(gateway, one) for one in addresses]
    async with browsing(gateway, handle) as browser:
        assert _NOBODY in (await browser.get("/sign-ins")).text
        async with mailing(gateway, database_url):
            shown = (await browser.get("/sign-ins")).text
            assert f"a message goes to {addresses[0]}" in shown
            assert "Reminders: your tasks, and plans that wait for you" in shown
            assert "when plans that you may approve wait" in shown, "one switch is of both"
            for page in ("/sign-ins", "/tasks", "/alerts", "/"):
                assert addresses[1] not in (await browser.get(page)).text
    async with browsing(gateway, await person(gateway)) as browser:
        assert "Nobody reminds you" in (await browser.get("/sign-ins")).text
    async with gateway.browser("viewer") as browser:
        assert "Reminders: your tasks, and plans that wait for you" not in (await browser.get("/sign-ins")).text, (
            "a key that is nobody's"
        )


async def test_everybody_switches_his_own_reminders_and_chooses_their_language(gateway: Running) -> None:
    handle = await person(gateway, f"{uuid4().hex[:8]}@example.com")
    async with browsing(gateway, handle) as browser:
        shown = {"was_reminders": "on", "was_language": ""}
        switched = {**shown, "reminders": "off", "language": "pt_BR", "back": "/sign-ins"}
        done = await browser.post("/sign-ins/reminders", data=switched, follow_redirects=True)
        assert "It holds for the next message" in done.text
        same = await browser.post("/sign-ins/reminders", data=shown | {"reminders": "on", "language": ""})
        assert same.status_code == 303, "as it was shown: nothing is changed"
        wrong = await browser.post("/sign-ins/reminders", data=shown | {"reminders": "on", "language": "fr"})
        assert wrong.status_code == 303
    found = await People(gateway.pool).find(handle)
    assert found is not None
    assert (found.reminders, found.language) == (False, "pt_BR")
    async with gateway.client("admin") as api:
        (told, *_) = (await api.get("/api/audit", params={"action": "person.change"})).json()["items"]
        assert (told["actor"], told["before"]["reminders"], told["after"]["reminders"]) == (handle, True, False)
        assert told["after"]["language"] == "pt_BR"
        changed = await api.patch(f"/api/people/{handle}", json={"reminders": True, "language": ""})
        assert (changed.json()["reminders"], changed.json()["language"]) == (True, "")
        for body in ({}, {"reminders": "yes"}, {"language": "fr"}):
            assert (await api.patch(f"/api/people/{handle}", json=body)).status_code == 422


async def test_the_api_shows_who_asks_and_changes_nobody_else(gateway: Running) -> None:
    address = f"{uuid4().hex[:8]}@example.com"
    handle = await person(gateway, address)
    async with gateway.client("admin") as api:
        made = (await api.post("/api/keys", json={"name": "mine", "role": "viewer", "person": handle})).json()
    async with gateway.bearer(made["key"]) as mine:
        own = {"handle": handle, "name": "Rui Paz", "email": address, "role": "viewer"}
        assert (await mine.get("/api/people/me")).json() == own | {"reminders": True, "language": ""}
        changed = await mine.patch("/api/people/me", json={"reminders": False})
        assert changed.json() == own | {"reminders": False, "language": ""}
        for body in ({}, {"role": "admin"}, {"email": "x@example.com"}, {"language": "fr"}):
            assert (await mine.patch("/api/people/me", json=body)).status_code == 422
        assert (await mine.patch(f"/api/people/{handle}", json={"reminders": True})).status_code == 403
    async with gateway.client("viewer") as nobodys:
        assert (await nobodys.get("/api/people/me")).status_code == 404
        assert (await nobodys.patch("/api/people/me", json={"reminders": False})).status_code == 404
