"""The page of people, by keyboard alone; and one's own sign-ins."""

from __future__ import annotations

import asyncpg
import pytest
from playwright.async_api import Browser, expect

from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from tests.browser.accessibility import open_everything, violations
from tests.browser.conftest import Opener, Site
from tests.browser.test_api_keys import tab_to
from tests.browser.test_widths import measured

BY = Who("an admin with a rather long name")


async def test_a_person_is_made_let_in_and_ended_by_keyboard(
    opened: Opener, site: Site, browser: Browser, db: asyncpg.Connection
) -> None:
    page = await opened("/people", role="admin")
    await expect(page.get_by_role("heading", level=1)).to_have_text("People")
    await tab_to(page, "Handle, for good", role="textbox")
    await page.keyboard.type("nia.reis")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Nia Reis")
    await tab_to(page, "Make the person")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("A link or a key lets this person in")).to_be_visible()

    row = page.get_by_role("row").filter(has_text="nia.reis")
    await row.locator("summary").focus()
    await page.keyboard.press("Enter")
    await tab_to(page, "Make a link")
    await page.keyboard.press("Enter")
    shown = page.get_by_role("textbox", name="A link that signs in once, as nia.reis")
    await expect(shown).to_be_focused()
    link = await shown.input_value()

    hers = await browser.new_context(locale="en")
    desk = await hers.new_page()
    await desk.goto(link)
    await expect(desk.get_by_text("nia.reis")).to_be_visible()
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("heading", level=1)).to_have_text("Overview")
    await desk.goto(f"{site.url}/sign-ins")
    await expect(desk.get_by_text("this browser")).to_be_visible()
    await expect(desk.get_by_text("Nobody reminds you")).to_be_visible()
    await desk.get_by_label("Reminders of tasks and of plans that wait").select_option("no")
    await desk.get_by_role("button", name="Save").click()
    await expect(desk.get_by_text("It holds for the next message.")).to_be_visible()
    assert await db.fetchval("select not reminders from access.person where handle = 'nia.reis'")
    assert await violations(desk) == []
    assert await measured(desk) == {}

    await page.goto("/people")
    row = page.get_by_role("row").filter(has_text="nia.reis")
    await row.locator("summary").focus()
    await page.keyboard.press("Enter")
    await tab_to(page, "End")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Ended, with all keys and sign-ins")).to_be_visible()
    assert await db.fetchval("select ended_at is not null from access.person where handle = 'nia.reis'")
    await desk.goto(f"{site.url}/sign-ins")
    await expect(desk.get_by_label("API key")).to_be_visible()  # the sign-in form
    await hers.close()


@pytest.fixture(scope="module")
async def long_names(site: Site) -> None:
    """People with all that may be long, one of whom has ended."""
    people = {
        "maria-aparecida.do.nascimento-e-silva-40": "Maria Aparecida do Nascimento e Silva de Albuquerque",
        "x" * 40: "W" * 200,
        "y" * 40: "Somebody who has ended",
    }
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        known = People(pool)
        for handle, name in people.items():
            await known.make(New(handle, name, Role.OPERATOR, f"{handle}@{'companhia-de-vendas.' * 3}com.br"), BY)
        await known.end("y" * 40, BY)


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
async def test_long_names_fit_at_every_width_and_nobody_is_shut_out(
    opened: Opener, long_names: None, locale: str
) -> None:
    page = await opened("/people", role="admin", locale=locale)
    await open_everything(page)
    assert await measured(page) == {}
    assert await violations(page) == []
    await page.locator(".row-menu summary").first.click()
    assert await violations(page) == []


@pytest.mark.parametrize("role", ["analyst", "operator"])
async def test_others_are_not_led_to_it(opened: Opener, role: str) -> None:
    page = await opened("/", role=role)
    await expect(page.get_by_role("link", name="System").first).to_be_visible()
    await expect(page.get_by_role("link", name="People", exact=True)).to_have_count(0)


async def test_the_menu_leads_to_ones_own_sign_ins(opened: Opener) -> None:
    page = await opened("/", role="viewer")
    await page.locator(".side-foot summary").click()
    await page.locator(".side-foot").get_by_role("link", name="Your sign-ins").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your sign-ins")
