"""Signing in with an account of the company in a real browser, which keeps cookies from what another site brings."""

from __future__ import annotations

import asyncpg
from playwright.async_api import Browser, expect

from gateway.access.oidc_settings import OidcSettings
from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from gateway.settings import Settings
from tests.browser.conftest import Site
from tests.integration.gateway.gateway_running import OFF, served, serving
from tests.support.oidc_provider import CLIENT, SECRET, FakeProvider, account


async def test_a_colleague_comes_in_from_another_site_and_goes(site: Site, browser: Browser) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        await People(pool).make(New("mia.souza", "Mia Souza", Role.ANALYST, "mia@example.com"), Who("test"))
    provider = FakeProvider()
    provider.account = account("mia", "mia@example.com")
    provider.asks = True
    async with served(provider.app()) as address:
        provider.url = address.replace("127.0.0.1", "localhost")  # another site than the gateway's
        oidc = OidcSettings(provider.url, CLIENT, SECRET)
        async with serving(Settings(database_url=site.database_url, limits=OFF, oidc=oidc)) as (url, _):
            context = await browser.new_context(locale="en")
            page = await context.new_page()
            await page.goto(f"{url}/tasks")
            await page.get_by_role("link", name="Sign in with your company's account").click()
            await page.get_by_role("link", name="It is me").click()
            await expect(page.get_by_role("heading", level=1)).to_have_text("Tasks")
            assert page.url == f"{url}/tasks"
            await page.reload()
            await expect(page.locator(".me-name")).to_have_text("mia.souza")
            await page.get_by_role("button", name="Sign out").last.click()
            await expect(page.get_by_label("API key")).to_be_visible()
            await page.get_by_role("link", name="Sign out there, too").click()
            await page.get_by_role("link", name="I go").click()
            assert page.url == f"{url}/login"
            await expect(page.get_by_text("You are signed out here")).to_have_count(0)
            await context.close()
