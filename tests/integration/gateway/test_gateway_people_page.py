"""The pages of people and of one's own sign-ins: what they do, what they refuse and how it is said."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from tests.integration.gateway.gateway_running import Running


async def signed_in(client: httpx.AsyncClient, page: str, **data: str) -> None:
    """Sign a browser in, and give it the token of its forms in the header that scripts send."""
    assert (await client.post("/login", data=data)).status_code == 303
    token = re.search(r'name="csrf_token" value="([^"]+)"', (await client.get(page)).text)
    assert token is not None
    client.headers["x-csrf-token"] = token[1]


@pytest.fixture
async def admin(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=gateway.url, headers={"accept-language": "en"}) as client:
        await signed_in(client, "/people", key=gateway.keys["admin"])
        yield client


def secrets(page: str) -> list[str]:
    return re.findall(r'id="once" value="([^"]+)"', page)


async def person(gateway: Running, role: Role = Role.ANALYST) -> str:
    handle = f"mia.{uuid4().hex[:8]}"
    await People(gateway.pool).make(New(handle, "Mia Souza", role), Who("test"))
    return handle


async def test_a_person_is_made_changed_let_in_and_ended(gateway: Running, admin: httpx.AsyncClient) -> None:
    handle = f"nia.{uuid4().hex[:8]}"
    wanted = {"handle": handle, "name": "Nia & Co", "email": f"{handle}@Example.com", "role": "analyst"}
    made = await admin.post("/people", data=wanted, follow_redirects=True)
    assert "A link or a key lets this person in" in made.text
    assert "Nia &amp; Co" in made.text
    at = f"/people/{handle}"
    changed = await admin.post(f"{at}/change", data={"name": "Nia Reis", "email": "", "role": "operator"})
    assert changed.status_code == 303
    found = await People(gateway.pool).find(handle)
    assert found is not None
    assert (found.name, found.email, found.role) == ("Nia Reis", "", "operator")
    linked = await admin.post(f"{at}/link", data={"minutes": "15"})
    (link,) = secrets(linked.text)
    assert link.startswith(f"{gateway.url}/login?link=")
    assert link not in (await admin.get("/people")).text
    ended = await admin.post(f"{at}/end", data={"back": "/people"}, follow_redirects=True)
    assert "Ended, with all keys and sign-ins" in ended.text
    gone = await admin.post(f"{at}/end", data={"back": "/people"}, follow_redirects=True)
    assert "This person has ended meanwhile" in gone.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"handle": "Ana Lima"}, "A handle has up to 40 small letters"),
        ({"handle": "nobody"}, "means nobody yet"),
        ({"name": ""}, "Say who it is"),
        ({"email": "ana at example"}, "This is no e-mail address"),
        ({"role": "boss"}, "Check what was entered"),
    ],
)
async def test_what_makes_no_person_says_why_and_keeps_what_was_written(
    gateway: Running, admin: httpx.AsyncClient, data: dict[str, str], said: str
) -> None:
    refused = await admin.post("/people", data={"handle": "ana", "name": "Ana L", "role": "viewer", "email": ""} | data)
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{data.get("handle", "ana")}"' in refused.text
    assert await People(gateway.pool).find("ana") is None


async def test_a_handle_or_an_e_mail_of_another_is_told(gateway: Running, admin: httpx.AsyncClient) -> None:
    handle = await person(gateway)
    taken = await admin.post("/people", data={"handle": handle, "name": "x", "role": "viewer"})
    assert "Another person has this handle, or had it" in taken.text
    mail = f"{handle}@example.com"
    for name in ("one", "two"):
        new = {"handle": f"{name}.{uuid4().hex[:8]}", "name": name, "role": "viewer", "email": mail}
        answer = await admin.post("/people", data=new)
    assert "Another person has this e-mail" in answer.text


async def test_the_last_admin_is_told_kindly_and_stays(gateway: Running, admin: httpx.AsyncClient) -> None:
    handle = await person(gateway, Role.ADMIN)
    own = gateway.keys["admin"].split("_")[1]
    await admin.post(f"/keys/{own}/change", data={"name": "root", "role": "admin", "person": handle})
    others = await gateway.pool.fetch(
        "update access.api_key set revoked_at = now() where role = 'admin' and key_id <> $1 and revoked_at is null"
        " returning key_id",
        own,
    )
    try:
        for action, data in (("end", {"back": "/people"}), ("change", {"name": "x", "email": "", "role": "viewer"})):
            refused = await admin.post(f"/people/{handle}/{action}", data=data, follow_redirects=True)
            assert "nobody could come in as an admin any more" in refused.text
    finally:
        await gateway.pool.execute(
            "update access.api_key set revoked_at = null where key_id = any ($1)", [row["key_id"] for row in others]
        )
        await gateway.pool.execute("update access.api_key set person_id = null where key_id = $1", own)


async def test_a_key_is_made_for_a_person_on_the_page_of_keys(gateway: Running, admin: httpx.AsyncClient) -> None:
    handle = await person(gateway)
    made = await admin.post("/keys", data={"name": "laptop", "role": "viewer", "person": handle})
    (key,) = secrets(made.text)
    async with httpx.AsyncClient(base_url=gateway.url) as browser:
        await signed_in(browser, "/sign-ins", key=key)
        page = (await browser.get("/sign-ins")).text
        assert handle in page
        assert "this browser" in page
    refused = await admin.post("/keys", data={"name": handle, "role": "viewer", "person": ""})
    assert "This is a person&#39;s handle" in refused.text
    refused = await admin.post("/keys", data={"name": "x", "role": "viewer", "person": "never.was"})
    assert "This person has ended meanwhile, or never was" in refused.text


async def test_everybody_ends_his_own_sign_in(gateway: Running) -> None:
    async with (
        httpx.AsyncClient(base_url=gateway.url) as desk,
        httpx.AsyncClient(base_url=gateway.url) as phone,
    ):
        for browser in (phone, desk):
            await signed_in(browser, "/sign-ins", key=gateway.keys["viewer"])
        ids = re.findall(r'data-key="([0-9a-f-]{36})"', (await desk.get("/sign-ins")).text)
        assert len(ids) == 2
        ended = await desk.post(f"/sign-ins/{ids[1]}/end", data={"back": "/sign-ins"}, follow_redirects=True)
        assert "That browser is signed out" in ended.text
        assert (await phone.get("/sign-ins")).status_code != 200
        again = await desk.post(f"/sign-ins/{ids[1]}/end", data={"back": "/sign-ins"}, follow_redirects=True)
        assert "It has ended already" in again.text


async def test_a_form_from_elsewhere_ends_nobody(gateway: Running, admin: httpx.AsyncClient) -> None:
    handle = await person(gateway)
    del admin.headers["x-csrf-token"]
    assert (await admin.post(f"/people/{handle}/end", data={"back": "/people"})).status_code == 403
    found = await People(gateway.pool).find(handle)
    assert found is not None
    assert found.ended_at is None


@pytest.mark.parametrize("role", ["viewer", "analyst", "operator"])
async def test_others_are_refused(gateway: Running, role: str) -> None:
    async with gateway.client(role) as client:
        assert (await client.get("/people", headers={"accept": "text/html"})).status_code == 403
        assert (await client.post("/people", data={"handle": "x"})).status_code == 403
