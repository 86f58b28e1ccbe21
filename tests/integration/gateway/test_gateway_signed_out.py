"""A sign-out at the company's provider, or the end of the account there, ends the sign-in here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from tests.integration.gateway.test_gateway_oidc import (
    PLANS,
    Company,
    company,
    mail,
    running,
    signed_in,
)
from tests.support.oidc_provider import LOGOUT, account, key_of
from tests.support.patience import PATIENCE_S

__all__ = ["company", "running"]
HOOK = "/login/oidc/ended"
FORM = "application/x-www-form-urlencoded"


async def told(company: Company, token: str, **more: Any) -> httpx.Response:
    async with company.browser() as provider:
        return await provider.post(HOOK, data={"logout_token": token, **more})


Enter = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def entered(company: Company) -> AsyncIterator[Enter]:
    """`await entered(handle, email, session)` returns a browser that is signed in by the account of this person."""
    async with AsyncExitStack() as browsers:

        async def enter(handle: str, email: str, session: str | None = None) -> httpx.AsyncClient:
            company.provider.account = account(f"sub-{handle}", email)
            company.provider.wrong = {"sid": session} if session else {}
            browser = await browsers.enter_async_context(company.browser())
            assert (await signed_in(browser)).status_code == 200
            company.provider.wrong = {}
            return browser

        yield enter


async def inside(*browsers: httpx.AsyncClient) -> list[bool]:
    return [(await one.get(PLANS)).status_code == 200 for one in browsers]


async def test_an_account_that_signs_out_there_is_out_here_with_every_browser(company: Company, entered: Enter) -> None:
    email, other_email = mail(), mail()
    handle, other = await company.person(email), await company.person(other_email)
    one, two = await entered(handle, email, "s1"), await entered(handle, email)
    somebody = await entered(other, other_email)
    assert await inside(one, two, somebody) == [True, True, True]

    answer = await told(company, company.provider.logout_token(sub=f"sub-{handle}"))
    assert (answer.status_code, answer.headers["cache-control"], answer.content) == (200, "no-store", b"")
    assert await inside(one, two, somebody) == [False, False, True]
    rows = await company.pool.fetch(
        "select actor, after from audit.entry where target = $1 and action = 'sign-in.end'", handle
    )
    assert [(row["actor"], row["after"]) for row in rows] == [("oidc", '{"by": "oidc", "rows": 2}')]
    # who is out already stays so, and that is well
    assert (await told(company, company.provider.logout_token(sub=f"sub-{handle}"))).status_code == 200


async def test_a_token_counts_once(company: Company, entered: Enter) -> None:
    """Whoever has seen one, as in the log of a proxy, cannot sign anybody out by it again.

    A provider that repeats it, since our answer was lost, hears that it is done and is no stranger.
    """
    email = mail()
    handle = await company.person(email)
    token = company.provider.logout_token(sub=f"sub-{handle}", jti=f"once-{handle}")
    first = await entered(handle, email)
    said = await asyncio.gather(*(told(company, token) for _ in range(4)))
    assert [answer.status_code for answer in said] == [200] * 4
    assert await inside(first) == [False]

    again = await entered(handle, email)
    failures = company.access.failures
    answer = await told(company, token)
    assert (answer.status_code, answer.headers["cache-control"], answer.content) == (200, "no-store", b"")
    # the same id in a token that was made later is the same word
    later = company.provider.logout_token(sub=f"sub-{handle}", jti=f"once-{handle}", exp=int(time.time()) + 900)
    assert (await told(company, later)).status_code == 200
    assert await inside(again) == [True]
    ends = await company.pool.fetchval(
        "select count(*) from audit.entry where target = $1 and action = 'sign-in.end'", handle
    )
    assert (ends, company.access.failures) == (1, failures)
    # what could not be done is no use of it
    other = company.provider.logout_token(sub=f"sub-{handle}")
    await company.pool.execute("alter table access.session rename to session_away")
    try:
        assert (await told(company, other)).status_code >= 500
    finally:
        await company.pool.execute("alter table access.session_away rename to session")
    assert (await told(company, other)).status_code == 200
    assert await inside(again) == [False]


async def test_one_sign_in_of_an_account_ends_alone(company: Company, entered: Enter) -> None:
    email = mail()
    handle = await company.person(email)
    one, two, unnamed = [await entered(handle, email, sid) for sid in ("a" + handle, "b" + handle, None)]

    assert (await told(company, company.provider.logout_token(sid="a" + handle))).status_code == 200
    assert await inside(one, two, unnamed) == [False, True, True]
    # of which the provider never said its name may be the one that is meant
    token = company.provider.logout_token(sub=f"sub-{handle}", sid="c" + handle)
    assert (await told(company, token)).status_code == 200
    assert await inside(two, unnamed) == [True, False]
    assert (await told(company, company.provider.logout_token(sid="b" + handle, sub="sub-else"))).status_code == 200
    assert await inside(two) == [True]


async def test_sign_ins_from_before_their_account_was_written_down_end_too(company: Company, entered: Enter) -> None:
    email = mail()
    handle = await company.person(email)
    browser = await entered(handle, email)
    await company.pool.execute(
        "update access.session set issuer = null, subject = null where person_id ="
        " (select person_id from access.person where handle = $1)",
        handle,
    )
    assert (await told(company, company.provider.logout_token(sub=f"sub-{handle}"))).status_code == 200
    assert await inside(browser) == [False]


async def test_live_lines_end_with_the_sign_in(company: Company, entered: Enter) -> None:
    email = mail()
    handle = await company.person(email)
    browser = await entered(handle, email)
    async with asyncio.timeout(PATIENCE_S), browser.stream("GET", "/api/events") as answer:
        lines = answer.aiter_lines()
        assert await anext(lines)
        assert (await told(company, company.provider.logout_token(sub=f"sub-{handle}"))).status_code == 200
        async for _ in lines:
            pass
    assert await inside(browser) == [False]


NOW = int(time.time())


@pytest.mark.parametrize(
    ("sign", "wrong"),
    [
        ("RS256", {"aud": "another"}),
        ("RS256", {"iss": "https://another.example"}),
        ("RS256", {"exp": NOW - 600}),
        ("RS256", {"exp": None}),
        ("RS256", {"iat": NOW + 86_400}),
        ("RS256", {"iat": None}),
        ("RS256", {"jti": None}),
        ("RS256", {"jti": 7}),
        ("RS256", {"exp": NOW + 40 * 86_400}),
        ("RS256", {"nonce": "of an ID token"}),
        ("RS256", {"events": None}),
        ("RS256", {"events": {"another": {}}}),
        ("RS256", {"events": {LOGOUT: "yes"}}),
        ("RS256", {"events": [LOGOUT]}),
        ("RS256", {"sub": None}),
        ("RS256", {"sub": "a\nb"}),
        ("RS256", {"sub": 7}),
        ("RS256", {"sid": ["x"]}),
        ("none", {}),
        ("HS256", {}),
        ("by another", {}),
        ("altered", {}),
    ],
)
async def test_what_the_provider_did_not_say_ends_nothing(
    company: Company, entered: Enter, sign: str, wrong: dict[str, Any]
) -> None:
    email = mail()
    handle = await company.person(email)
    browser = await entered(handle, email)
    company.provider.sign, company.provider.wrong = sign, wrong
    token = company.provider.logout_token(sub=f"sub-{handle}")
    company.provider.sign, company.provider.wrong = "RS256", {}

    answer = await told(company, token)
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (400, "bad-request")
    assert await inside(browser) == [True]


async def test_another_kind_of_token_and_another_form_are_refused(company: Company, entered: Enter) -> None:
    """An access token of the same provider, the ID token of a sign-in, two tokens, none, JSON."""
    email = mail()
    handle = await company.person(email)
    browser = await entered(handle, email)
    token = company.provider.logout_token(sub=f"sub-{handle}")
    async with company.browser() as provider:
        for body, status in (
            ({"data": {}}, 400),
            ({"data": {"logout_token": [token, token]}}, 400),
            ({"data": {"logout_token": "x.y.z"}}, 400),
            ({"data": {"logout_token": "ã"}}, 400),
            ({"data": {"logout_token": "x" * 70_000}}, 413),
            ({"json": {"logout_token": token}}, 415),
        ):
            content: dict[str, Any] = body
            headers = {} if "json" in content or content["data"] else {"content-type": FORM}
            assert (await provider.post(HOOK, headers=headers, **content)).status_code == status, body
        assert (await provider.get(HOOK)).status_code == 405
    assert await inside(browser) == [True]


async def test_its_keys_are_asked_for_and_while_it_is_away_it_is_to_say_it_again(
    company: Company, entered: Enter
) -> None:
    email = mail()
    handle = await company.person(email)
    browser = await entered(handle, email)
    company.provider.key = key_of("two")  # it signs by another key since
    company.provider.published.append(company.provider.key)
    company.access.company.provider._known.keys_at -= 120
    token = company.provider.logout_token(sub=f"sub-{handle}")
    company.access.company.provider._known, url = None, company.provider.url
    company.provider.metadata = {"issuer": "https://another.example"}
    assert (await told(company, token)).status_code == 503
    assert await inside(browser) == [True]
    company.provider.metadata, company.provider.url = {}, url
    assert (await told(company, token)).status_code == 200
    assert await inside(browser) == [False]


async def test_without_a_provider_nobody_is_heard(gateway: Any) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as stranger:
        assert (await stranger.post(HOOK, data={"logout_token": "x"})).status_code == 404
