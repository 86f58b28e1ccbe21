"""New rows that somebody asks for are shown, whatever else refreshes the page at that moment."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
from playwright.async_api import Route, expect

from tests.browser.conftest import Opener, notify
from tests.browser.test_decisions import waiting_plan
from tests.browser.test_live import announced


async def test_rows_that_were_asked_for_come_though_another_refresh_begins(
    opened: Opener, db: asyncpg.Connection
) -> None:
    word = f"pedida{uuid4().hex[:6]}"
    page = await announced(opened, db, word)
    begun, answered = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        """Let the first one wait until another has begun and ended."""
        if not begun.is_set():
            begun.set()
            await answered.wait()
        await route.continue_()

    await page.route(f"**/plans?q={word}", late)
    await page.click("[data-new-rows] button")
    await begun.wait()
    async with page.expect_response(f"**/plans?q={word}"):
        await notify(db, await waiting_plan(db, f"{word} 3"))
    answered.set()

    await expect(page.locator("tbody tr")).to_have_count(3)
    assert await page.locator("tbody input[name=id]:checked").count() == 1
