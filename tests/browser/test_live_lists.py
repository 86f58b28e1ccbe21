"""The audit, costs and the history of a plan show what is new while they are open, and take nothing from who works."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
from playwright.async_api import Page, expect

from projections.run.writer import rows_of, write
from tests.browser.conftest import Opener, notify
from tests.support import histories

#: A page that no event tells of is read again after 12 s at most, and its look every 2.5 s.
AGAIN_MS = 30_000


async def live(page: Page) -> None:
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")


async def test_the_audit_shows_a_sign_in_that_came_while_it_was_open(opened: Opener) -> None:
    await opened("/", role="operator")
    page = await opened("/audit?action=sign-in", role="admin")
    await live(page)
    first = await page.locator("tbody tr").first.get_attribute("data-key")
    await opened("/", role="viewer")
    await expect(page.locator("tbody tr").first).not_to_have_attribute("data-key", str(first), timeout=AGAIN_MS)


async def add_cost(db: asyncpg.Connection, sku: str) -> None:
    """A cost as the read model shows it."""
    await db.execute(
        "insert into rm.unit_cost (sku_key, valid_from, version, sku, title, unit_cost, currency, document,"
        " recorded_by, recorded_at) values ($1, '2026-10-01', 1, $1, '', 12.5, 'BRL', 'custos.csv', 'ana', now())",
        sku,
    )


async def test_costs_show_what_came_and_an_open_form_stays_that_of_its_product(
    opened: Opener, db: asyncpg.Connection
) -> None:
    """What came stands before the product whose form is open: the form is that of the same product."""
    mark = uuid4().hex[:8]
    await add_cost(db, f"{mark}-b")
    page = await opened(f"/costs?q={mark}")
    await live(page)
    await page.locator("tr.correct summary").click()
    await page.locator("tr.correct select").select_option("USD")
    await add_cost(db, f"{mark}-a")
    await expect(page.locator("tr.correct")).to_have_count(2, timeout=AGAIN_MS)

    assert f"{mark}-a" in await page.locator("tbody tr[data-key]").first.inner_text()
    open_one = page.locator("tr.correct:has(details[open])")
    assert await open_one.locator("input[name=sku]").input_value() == f"{mark}-b"
    assert await open_one.locator("select").input_value() == "USD"


async def test_the_history_of_a_plan_grows_while_it_is_open(opened: Opener, db: asyncpg.Connection) -> None:
    plan = uuid4()
    *known, last = histories.whole(plan)
    async with db.transaction():
        await db.execute("set local search_path = rm")
        for one in known:
            await write(db, rows_of(one), [], [])
    page = await opened(f"/plans/{plan}/history?at=2")
    await live(page)
    await expect(page.locator("h2#travel")).to_have_text(f"After event 2 of {len(known)}")
    async with db.transaction():
        await db.execute("set local search_path = rm")
        await write(db, rows_of(last), [], [])
    await notify(db, plan)

    await expect(page.locator("h2#travel")).to_have_text(f"After event 2 of {len(known) + 1}")
