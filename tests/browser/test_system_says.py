"""Whatever page is open says in one line that the system is not well, and nothing while it is."""

from __future__ import annotations

import asyncpg
import pytest
from playwright.async_api import expect

from tests.browser import rows
from tests.browser.accessibility import violations_in_light_and_dark
from tests.browser.conftest import Opener, Site, looked_at
from tests.browser.test_live import watchdog
from tests.browser.test_pages import PAGES, ROLES

SAYS = "#system-says"
#: Pages with a sentence of their own at the top, or for strangers.
OWN = {"login", "overview", *(name for name, path in PAGES.items() if path.startswith("/plans/"))}
#: Pages below a plan's, which have none.
BELOW = {name for name in OWN if PAGES[name].count("/") > 2}
WITH_THE_LINE = sorted(PAGES.keys() - OWN | BELOW)
MORE = {"retries": "/retries", "letters": "/letters", "alerts": "/alerts"}


@pytest.mark.parametrize("name", [*WITH_THE_LINE, *MORE])
async def test_every_page_says_that_the_broker_is_away(
    leafed: Opener, site: Site, db: asyncpg.Connection, name: str
) -> None:
    async with watchdog(db) as say:
        await say(42)
        await looked_at(site)
        path = PAGES.get(name) or MORE[name]
        page = await leafed(path, role=ROLES.get(name, "analyst"), news=False)
        said = page.locator(SAYS)
        await expect(said).to_contain_text("The broker is away.")
        assert await said.locator("a").first.get_attribute("href") == "/system"
        assert await said.bounding_box() is not None
        assert await page.locator(f"main {SAYS}").count() == 1


@pytest.mark.parametrize("path", ["/", "/system", f"/plans/{rows.EXECUTING}"])
async def test_a_page_with_its_own_sentence_says_it_once(leafed: Opener, path: str) -> None:
    page = await leafed(path, news=False)
    assert await page.locator(f"{SAYS} p").count() == 0
    assert await page.locator("section.say").count() >= 1


async def test_the_line_can_be_read_in_both_themes_and_fits_a_phone(
    leafed: Opener, site: Site, db: asyncpg.Connection
) -> None:
    async with watchdog(db) as say:
        await say(42)
        await looked_at(site)
        page = await leafed("/audit", role="admin", reduced_motion="reduce", news=False)
        assert await page.locator(f"{SAYS} p").count() == 1
        assert await violations_in_light_and_dark(page) == []
        page = await leafed("/audit", role="admin", phone=True, locale="pt-BR", news=False)
        await expect(page.locator(SAYS)).to_contain_text("O que fazer")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", ["/plans", "/search?q=vendas"])
async def test_an_open_page_notices_and_keeps_what_is_typed(opened: Opener, db: asyncpg.Connection, path: str) -> None:
    """A list is read again as a whole; of a page of forms only this line is."""
    async with watchdog(db) as say:
        page = await opened(path, role="admin")
        said = page.locator(SAYS)
        await expect(said).not_to_contain_text("The broker is away")
        typed = page.locator("main input[type=text]:visible, main input[type=search]:visible").first
        await typed.fill("half")
        await say(42)
        await expect(said).to_contain_text("The broker is away.")
        await say(0)
        await expect(said).not_to_contain_text("The broker is away")
        assert await typed.input_value() == "half"
