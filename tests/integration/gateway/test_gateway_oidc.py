"""Signing in with an account of the company, against a provider that really serves: who gets in, and who does not."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from gateway.access.oidc_settings import OidcSettings
from gateway.access.people import Change, New, People
from gateway.access.roles import Role
from gateway.access.sign_ins import COOKIE
from gateway.audit.writing import Who
from gateway.settings import Settings
from gateway.ui.pages.oidc import COOKIE as BEGUN
from tests.integration.gateway.gateway_running import OFF, served, serving
from tests.support.oidc_provider import CLIENT, SECRET, Account, FakeProvider, account, key_of

PLANS = "/api/marketplace/analysis"
BY = Who("test")


@dataclass
class Company:
    """A gateway with an identity provider; `provider` decides who signs in next, and what goes wrong."""

    url: str
    pool: asyncpg.Pool
    provider: FakeProvider
    settings: Settings
    access: Any

    async def person(self, email: str, role: Role = Role.ANALYST) -> str:
        handle = f"ana.{uuid4().hex[:8]}"
        await People(self.pool).make(New(handle, "Ana Lima", role, email), BY)
        return handle

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, headers={"accept-language": "en"})


@pytest.fixture(scope="module")
async def running(database_url: str, pool: asyncpg.Pool) -> AsyncIterator[Company]:
    provider = FakeProvider()
    async with served(provider.app()) as provider.url:
        oidc = OidcSettings(provider.url, CLIENT, SECRET, ("example.com",))
        settings = Settings(database_url=database_url, limits=OFF, oidc=oidc)
        async with serving(settings) as (url, app):
            yield Company(url, pool, provider, settings, app.state.services.access)


@pytest.fixture
async def company(running: Company) -> Company:
    """The same for each test: the provider is honest again, and what was remembered of it forgotten."""
    url, running.provider.__dict__ = running.provider.url, FakeProvider().__dict__
    running.provider.url = url
    running.access.company.provider._known = None
    return running


def mail() -> str:
    return f"ana.{uuid4().hex[:8]}@example.com"


async def there(browser: httpx.AsyncClient, path: str = "/login/oidc") -> str:
    """Go to the provider; return the address to which it leads back."""
    begun = await browser.get(path)
    assert begun.status_code == 303, begun.text
    async with httpx.AsyncClient() as outside:
        return str((await outside.get(begun.headers["location"])).headers["location"])


async def signed_in(browser: httpx.AsyncClient, path: str = "/login/oidc") -> httpx.Response:
    return await browser.get(await there(browser, path))


async def test_a_person_whom_an_admin_made_comes_in_by_his_e_mail(company: Company) -> None:
    email = mail()
    handle = await company.person(email)
    company.provider.account = account("sub-1" + handle, email.upper())
    async with company.browser() as browser:
        assert 'href="/login/oidc?next=' in (await browser.get("/login")).text
        entered = await signed_in(browser, "/login/oidc?next=/tasks")
        assert (entered.status_code, "url=/tasks" in entered.text) == (200, True)
        assert (COOKIE in browser.cookies, BEGUN in browser.cookies) == (True, False)
        assert (await browser.get(PLANS)).status_code == 200
        (own,) = (await browser.get("/api/sign-ins")).json()["items"]
        assert (own["openedBy"], own["current"]) == ("oidc", True)
        assert "by an account of the company" in (await browser.get("/sign-ins")).text
    told = await company.pool.fetch("select action, actor from audit.entry where target = $1 order by entry_id", handle)
    assert [tuple(row) for row in told][1:] == [("person.link", handle), ("sign-in", handle)]


async def test_the_account_counts_from_then_on_and_not_the_e_mail(company: Company) -> None:
    """Somebody else may get the e-mail address later; the account still gets in, with whatever address it has then."""
    email = mail()
    handle = await company.person(email)
    first, other = account(f"1-{handle}", email), account(f"2-{handle}", email)
    for who, status in ((first, 200), (other, 401), (account(first.subject, mail()), 200)):
        company.provider.account = who
        async with company.browser() as browser:
            assert (await signed_in(browser)).status_code == status
            if status == 200:
                (row,) = await company.pool.fetch(
                    "select count(*) from access.session s join access.person p using (person_id) where handle = $1",
                    handle,
                )
    assert row["count"] == 2
    assert await refused(company) == "other-account"


async def refused(company: Company) -> str:
    """Return why the last sign-in was refused, from the audit."""
    return str(
        await company.pool.fetchval(
            "select reason from audit.entry where action = 'sign-in.failed' order by entry_id desc limit 1"
        )
    )


async def test_another_e_mail_lets_another_account_in(company: Company) -> None:
    email, later = mail(), mail()
    handle = await company.person(email)
    company.provider.account = account(f"old-{handle}", email)
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 200
    await People(company.pool).change(handle, Change(email=later), BY)
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 401
    company.provider.account = account(f"new-{handle}", later)
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 200


@pytest.mark.parametrize(
    ("who", "reason", "said"),
    [
        (account("s", "nobody.knows@example.com"), "unknown", "Nobody has made you a person here yet"),
        (account("s", "ana@example.com", verified=False), "no-email", "does not confirm an e-mail"),
        (Account("s"), "no-email", "does not confirm an e-mail"),
        (account("s", "ana@example.com.evil.test"), "domain", "is not of a company"),
        (account("s", "ana@sub.example.com"), "domain", "is not of a company"),
    ],
)
async def test_a_stranger_is_told_why(company: Company, who: Account, reason: str, said: str) -> None:
    company.provider.account = who
    before = await company.pool.fetchval("select count(*) from access.person")
    async with company.browser() as browser:
        answer = await signed_in(browser)
        assert (answer.status_code, said in answer.text) == (401, True)
        assert COOKIE not in browser.cookies
    assert await refused(company) == reason
    assert await company.pool.fetchval("select count(*) from access.person") == before


async def test_who_has_ended_stays_out_and_comes_back_as_somebody_else(company: Company) -> None:
    email = mail()
    handle = await company.person(email)
    company.provider.account = account(f"s-{handle}", email)
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 200
        await People(company.pool).end(handle, BY)
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 401
    assert await refused(company) == "ended"
    again = await company.person(email, Role.VIEWER)
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 200
    who = await company.pool.fetchval(
        "select handle from access.person_identity i join access.person p using (person_id) where subject = $1",
        f"s-{handle}",
    )
    assert who == again


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://evil.test"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"sub": None},
        {"sub": 7},
        {"sub": "a" * 256},
    ],
    ids=lambda claims: "-".join(f"{name}" for name in claims),
)
async def test_a_token_that_is_not_for_this_is_refused(company: Company, claims: dict[str, Any]) -> None:
    email = mail()
    company.provider.account = account(f"s-{email}", email)
    await company.person(email)
    company.provider.wrong = claims
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 401
        assert COOKIE not in browser.cookies
    assert await refused(company) == "token"
    company.provider.wrong = {}
    async with company.browser() as browser:  # and without that it is not
        assert (await signed_in(browser)).status_code == 200


@pytest.mark.parametrize("sign", ["none", "HS256", "by another", "altered"])
async def test_a_token_that_the_provider_did_not_sign_is_refused(company: Company, sign: str) -> None:
    email = mail()
    company.provider.account = account(f"s-{email}", email)
    await company.person(email)
    company.provider.sign = sign
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 401
    assert await refused(company) == "token"


async def test_a_state_of_another_browser_is_refused(company: Company) -> None:
    email = mail()
    company.provider.account = account(f"s-{email}", email)
    await company.person(email)
    async with company.browser() as attacker, company.browser() as victim, company.browser() as stranger:
        back = await there(attacker)
        await there(victim)
        for browser in (victim, stranger):  # one who has begun his own, and one who has not
            answer = await browser.get(back)
            assert (answer.status_code, "not begun here" in answer.text) == (401, True)
            assert COOKIE not in browser.cookies
        assert (await attacker.get(back)).status_code == 200


async def test_an_answer_counts_once(company: Company) -> None:
    email = mail()
    company.provider.account = account(f"s-{email}", email)
    await company.person(email)
    async with company.browser() as browser:
        back = await there(browser)
        kept = browser.cookies[BEGUN]
        assert (await browser.get(back)).status_code == 200
        browser.cookies.clear()
        browser.cookies.set(BEGUN, kept)
        assert (await browser.get(back)).status_code == 401
    assert await refused(company) == "code"


async def test_a_code_of_another_sign_in_is_refused(company: Company) -> None:
    """A code from a sign-in that was begun in another browser does not fit this one's PKCE verifier."""
    email = mail()
    company.provider.account = account(f"s-{email}", email)
    await company.person(email)
    async with company.browser() as one, company.browser() as two:
        stolen, own = httpx.URL(await there(one)), httpx.URL(await there(two))
        mixed = own.copy_set_param("code", stolen.params["code"])
        assert (await two.get(str(mixed))).status_code == 401
    assert await refused(company) == "code"


@pytest.mark.parametrize("answer", [{"iss": "https://evil.test"}, {"error": "access_denied"}])
async def test_an_answer_of_another_or_a_no_lets_nobody_in(company: Company, answer: dict[str, str]) -> None:
    company.provider.answer = answer
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 401


async def test_keys_that_have_changed_are_asked_for_again(company: Company) -> None:
    email = mail()
    company.provider.account = account(f"s-{email}", email)
    await company.person(email)
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 200
        company.provider.key = key_of("two")
        company.provider.published = [company.provider.key]
        assert (await signed_in(browser)).status_code == 401  # it was asked a moment ago
        company.access.company.provider._known.keys_at -= 61
        assert (await signed_in(browser)).status_code == 200
        assert company.provider.asked.count("discovery") == 1
        company.access.company.provider._known.metadata["token_endpoint"] = "http://127.0.0.1:1/"  # so it was once
        assert [(await signed_in(browser)).status_code for _ in range(2)] == [503, 200]


async def test_an_e_mail_beside_the_token_is_asked_for(company: Company) -> None:
    email = mail()
    await company.person(email)
    company.provider.account = Account(f"s-{email}", told={"email": email, "email_verified": True})
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 200
    company.provider.account = Account(f"s2-{email}", told={"sub": "another", "email": email, "email_verified": True})
    async with company.browser() as browser:
        assert (await signed_in(browser)).status_code == 401


@pytest.mark.parametrize(
    "metadata",
    [{"issuer": "https://evil.test"}, {"token_endpoint": "http://10.0.0.1/token"}, {"jwks_uri": "http://127.0.0.1:1/"}],
)
async def test_what_does_not_answer_as_the_provider_lets_nobody_in(company: Company, metadata: dict[str, str]) -> None:
    company.provider.metadata = metadata
    async with company.browser() as browser:
        answer = await browser.get("/login/oidc")
        assert (answer.status_code, "does not answer" in answer.text) == (503, True)
        assert "secret" not in answer.text


@pytest.mark.parametrize("cookie", ["", "x", "e30=", "WzEsMiwzLDRd", "%"])
async def test_nothing_is_a_beginning_but_a_beginning(company: Company, cookie: str) -> None:
    async with company.browser() as browser:
        answer = await browser.get(f"/login/oidc/back?code=x&state={cookie}", headers={"cookie": f"{BEGUN}={cookie}"})
        assert answer.status_code == 401


async def test_where_to_go_is_of_this_site(company: Company) -> None:
    email = mail()
    company.provider.account = account(f"s-{email}", email)
    await company.person(email)
    async with company.browser() as browser:
        entered = await signed_in(browser, "/login/oidc?next=//evil.test/")
        assert 'content="0;url=/"' in entered.text


async def test_he_signs_out(company: Company) -> None:
    email = mail()
    company.provider.account = account(f"s-{email}", email)
    await company.person(email)
    async with company.browser() as browser:
        await signed_in(browser)
        page = (await browser.get("/tasks")).text
        csrf = page.partition('data-csrf="')[2].partition('"')[0]
        gone = await browser.post("/logout", data={"csrf_token": csrf})
        assert (gone.status_code, gone.headers["location"]) == (303, "/login?left=1")
        assert (await browser.get(PLANS)).status_code == 401
        assert 'href="/login/oidc/leave"' in (await browser.get("/login?left=1")).text
        assert 'href="/login/oidc/leave"' not in (await browser.get("/login")).text
        there = await browser.get("/login/oidc/leave")
    assert there.headers["location"].startswith(
        f"{company.provider.url}/leave?client_id={CLIENT}&post_logout_redirect_uri="
    )
    assert there.headers["location"].endswith("%2Flogin")


@pytest.mark.parametrize("place", [None, "", "http://10.0.0.1/leave", "javascript:alert(1)"])
async def test_where_the_provider_has_no_way_out_none_is_shown(company: Company, place: str | None) -> None:
    company.provider.metadata = {"end_session_endpoint": place}
    async with company.browser() as browser:
        assert 'href="/login/oidc/leave"' not in (await browser.get("/login?left=1")).text
        assert (await browser.get("/login/oidc/leave")).status_code == 404


async def test_a_provider_that_is_away_keeps_nobody_from_the_form(company: Company) -> None:
    company.provider.metadata = {"issuer": "https://evil.test"}
    async with company.browser() as browser:
        shown = await browser.get("/login?left=1")
        assert (shown.status_code, 'href="/login/oidc/leave"' in shown.text) == (200, False)
        assert (await browser.get("/login/oidc/leave")).status_code == 503


async def test_somebody_new_is_a_viewer_where_that_is_said(company: Company) -> None:
    oidc = company.settings.oidc
    assert oidc is not None
    name = f"Zoë Núñez+{uuid4().hex[:6]}"
    email = f"zoe_{uuid4().hex[:6]}.n+tag@example.com"
    company.provider.account = account(f"s-{email}", email, verified=True, name=f"{name}\u202e\x00")
    async with serving(replace(company.settings, oidc=replace(oidc, new_people=True))) as (url, _):
        for _again in range(2):
            async with httpx.AsyncClient(base_url=url) as browser:
                assert (await signed_in(browser)).status_code == 200
                assert (await browser.get("/api/keys")).status_code == 403
        rows = await company.pool.fetch("select * from access.person where email = $1", email)
        handle = email.partition("+")[0]
        assert [(row["handle"], row["name"], row["role"], row["made_by"]) for row in rows] == [
            (handle, name, "viewer", "oidc")
        ]
        company.provider.account = account(f"s2-{email}", email.replace("+tag", "+other"))  # the same handle
        async with httpx.AsyncClient(base_url=url) as browser:
            assert (await signed_in(browser)).status_code == 200
        assert (
            await company.pool.fetchval("select role from access.person where handle = $1", f"{handle}-2") == "viewer"
        )
        company.provider.account = account("s", "x@other.test")
        async with httpx.AsyncClient(base_url=url) as browser:
            assert (await signed_in(browser)).status_code == 401


async def test_without_a_provider_there_is_no_such_sign_in(database_url: str) -> None:
    async with (
        serving(Settings(database_url=database_url, limits=OFF)) as (url, _),
        httpx.AsyncClient(base_url=url) as browser,
    ):
        assert "/login/oidc" not in (await browser.get("/login")).text
        for path in ("/login/oidc", "/login/oidc/back"):
            assert (await browser.get(path)).status_code == 404
