"""Any number of tabs of one browser are live at a time: they share one line, and one after the other has it."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import Opener, notify
from tests.browser.test_decisions import waiting_plan
from tests.support.patience import PATIENCE_S

#: More than the six connections that a browser lets itself to one place.
TABS = 8
LIVE = "[data-live-state][data-state=live] >> visible=true"


async def rename(db: asyncpg.Connection, plan: object, title: str) -> None:
    await db.execute("update rm.plan set title = $2, changed_at = now() where plan_id = $1", plan, title)


async def tabs_of(context: BrowserContext, first: Page) -> list[Page]:
    tabs = [first]
    while len(tabs) < TABS:
        tab = await context.new_page()
        await tab.goto(first.url)
        await tab.wait_for_selector(LIVE)
        tabs.append(tab)
    return tabs


async def test_eight_tabs_show_a_change_and_go_on_when_the_one_with_the_line_closes(
    opened: Opener, db: asyncpg.Connection
) -> None:
    plan = await waiting_plan(db, "Antes")
    first = await opened(f"/plans/{plan}")
    await first.wait_for_selector(LIVE)
    asked: list[str] = []
    first.context.on("request", lambda request: asked.append(request.url))
    tabs = await tabs_of(first.context, first)
    assert not [url for url in asked if url.endswith("/api/events")], "the first tab has the line already"

    await rename(db, plan, "Depois")
    await notify(db, plan)
    for tab in tabs:
        await expect(tab.locator("h1")).to_have_text("Depois")

    last = tabs[-1]
    await last.goto(first.url.rpartition("/plans/")[0] + "/plans")
    await last.wait_for_selector(LIVE)
    await last.go_back()
    await last.wait_for_selector(LIVE)

    await first.close()
    async with asyncio.timeout(PATIENCE_S):
        while not [url for url in asked if url.endswith("/api/events")]:
            await asyncio.sleep(0.02)
    await rename(db, plan, "Ainda")
    await notify(db, plan)
    for tab in tabs[1:]:
        await expect(tab.locator("h1")).to_have_text("Ainda")
    assert len([url for url in asked if url.endswith("/api/events")]) == 1, "one tab took over, and no other"


async def test_a_tab_that_has_the_line_and_answers_nothing_loses_it(opened: Opener, db: asyncpg.Connection) -> None:
    plan = await waiting_plan(db, "Antes")
    first = await opened(f"/plans/{plan}")
    await first.wait_for_selector(LIVE)
    frozen = await first.context.new_cdp_session(first)
    await frozen.send("Debugger.enable")
    await frozen.send("Debugger.pause")
    stopped = asyncio.ensure_future(first.evaluate("1"))
    second = await first.context.new_page()
    await second.goto(first.url)
    await second.wait_for_selector(LIVE)
    await rename(db, plan, "Depois")
    await notify(db, plan)
    await expect(second.locator("h1")).to_have_text("Depois")
    await frozen.send("Debugger.resume")
    await stopped
    await rename(db, plan, "Ainda")
    await notify(db, plan)
    for tab in (first, second):
        await expect(tab.locator("h1")).to_have_text("Ainda")


@pytest.mark.parametrize("lacks", ["Object.defineProperty(navigator, 'locks', { value: undefined });"])
async def test_without_locks_each_tab_has_a_line_of_its_own(opened: Opener, db: asyncpg.Connection, lacks: str) -> None:
    plan = await waiting_plan(db, "Antes")
    first = await opened(f"/plans/{plan}")
    await first.context.add_init_script(lacks)
    await first.reload()
    second = await first.context.new_page()
    await second.goto(first.url)
    for tab in (first, second):
        await tab.wait_for_selector(LIVE)
    await rename(db, plan, "Depois")
    await notify(db, plan)
    for tab in (first, second):
        await expect(tab.locator("h1")).to_have_text("Depois")
