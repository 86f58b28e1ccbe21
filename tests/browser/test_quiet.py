"""A page on which nothing happens stays true: ages go on, and figures that no event tells are read again."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener, Site, looked_at
from tests.browser.test_system import seed_morning

HOUR_MS = 3_600_000


@pytest.fixture(autouse=True)
async def morning(site: Site, db: asyncpg.Connection) -> None:
    await seed_morning(db)
    await looked_at(site)


async def quiet(opened: Opener, path: str) -> Page:
    """A page that hears of nothing, with a clock that can be put forward."""
    page = await opened(path, role="operator", news=False)
    await page.clock.install()
    await page.reload()
    return page


async def test_ages_go_on_by_themselves(opened: Opener) -> None:
    page = await quiet(opened, "/system")
    listed = page.locator("section[aria-labelledby=stalled] li").first
    needs = page.locator("section.say.list").first
    await page.clock.fast_forward(HOUR_MS)

    await expect(listed).to_contain_text("late by 1 h")
    await expect(needs).to_contain_text("was 1 h ago.")


async def test_the_tiles_of_the_overview_go_on(opened: Opener) -> None:
    page = await quiet(opened, "/")
    ages = page.locator(".tile-age time[data-for]")
    await expect(ages.first).to_be_visible()
    await page.clock.fast_forward(30 * 24 * HOUR_MS)

    assert {text.split()[1] for text in await ages.all_inner_texts()} == {"d"}


@pytest.mark.parametrize("path", ["/", "/system"])
async def test_what_no_event_tells_is_read_again(opened: Opener, site: Site, db: asyncpg.Connection, path: str) -> None:
    page = await quiet(opened, path)
    breaker = f"agent:api.example/{uuid4().hex[:6]}"
    await db.execute("select flow.breaker_trip($1, 'HTTP 503', 600, 'system:runner')", breaker)
    await looked_at(site)
    await page.clock.fast_forward(15_000)
    await page.clock.fast_forward(1_000)

    await expect(page.locator(f'li[data-key$="{breaker}"]').first).to_be_visible()
