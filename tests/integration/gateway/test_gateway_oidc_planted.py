"""A sign-in at the provider leads back to this site, whoever has put the cookie into the browser."""

from __future__ import annotations

import base64

import orjson
import pytest

from gateway.ui.pages.oidc import COOKIE as BEGUN
from tests.integration.gateway.test_gateway_oidc import Company, company, mail, running, there
from tests.support.oidc_provider import account

__all__ = ["company", "running"]


@pytest.mark.parametrize("planted", ["https://evil.test/", "//evil.test", "javascript:alert(1)", "/\\evil.test"])
async def test_a_planted_cookie_leads_nowhere_else(company: Company, planted: str) -> None:
    email = mail()
    company.provider.account = account(await company.person(email), email)
    async with company.browser() as browser:
        back = await there(browser)
        begun = orjson.loads(base64.urlsafe_b64decode(browser.cookies[BEGUN].strip('"')))
        cookie = base64.urlsafe_b64encode(orjson.dumps([*begun[:3], planted])).decode()
        browser.cookies.clear()
        entered = await browser.get(back, headers={"cookie": f"{BEGUN}={cookie}"})
    assert entered.status_code == 200
    assert planted not in entered.text
    assert 'content="0;url=/"' in entered.text
