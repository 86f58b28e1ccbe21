"""A link that signs a browser in once."""

from __future__ import annotations

import asyncpg
from playwright.async_api import Browser, expect

from gateway.access.api_keys import ApiKeys
from gateway.access.links import Links
from gateway.access.roles import Role
from gateway.audit.writing import Who
from tests.browser.conftest import Site


async def test_a_link_signs_in_with_its_button_and_the_keyboard_alone(site: Site, browser: Browser) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=1, max_size=2) as pool:
        made = await ApiKeys(pool).create("Mia Souza", Role.ANALYST, "test")
        link = await Links(pool).make(made.key_id, 15, Who(actor="test"))
    assert link is not None
    context = await browser.new_context(locale="en")
    page = await context.new_page()
    await page.goto(site.url + link.path)
    await expect(page.get_by_text("Mia Souza")).to_be_visible()
    await page.get_by_role("link", name="Português").click()  # the link is kept
    await expect(page.get_by_text("Este link dá acesso uma vez")).to_be_visible()
    await page.keyboard.press("Enter")  # the button has the focus
    await expect(page.get_by_role("heading", level=1)).to_have_text("Visão geral")
    await context.close()

    late = await browser.new_context(locale="pt-BR")
    page = await late.new_page()
    await page.goto(site.url + link.path)
    await expect(page.get_by_role("alert")).to_contain_text("já foi usado")
    await late.close()
