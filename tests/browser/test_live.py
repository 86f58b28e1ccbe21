"""Pages follow the log without a reload, and without taking anything out of a person's hands."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
from playwright.async_api import expect

from tests.browser.conftest import Opener, notify
from tests.browser.rows import Seed
from tests.browser.test_decisions import waiting_plan


async def rename(db: asyncpg.Connection, plan_id: UUID, title: str) -> None:
    await db.execute("update rm.plan set title = $2, changed_at = now() where plan_id = $1", plan_id, title)
    await notify(db, plan_id)


async def test_shows_a_change_and_keeps_what_a_person_does(opened: Opener, db: asyncpg.Connection) -> None:
    """A change appears; an open event, a half-written reason, the focus and the place on the page stay."""
    plan = await waiting_plan(db, "Antes")
    page = await opened(f"/plans/{plan}")
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    await page.click(".timeline summary >> nth=0")
    await page.click("#menu-reject > summary")
    await page.fill("#reject-reason", "ainda escrev")
    await page.evaluate("window.mark = 1; window.scrollTo(0, 150)")
    await Seed(db).event(plan, "plan.recovered", f"plan-{plan}", 9, "system:watchdog", {"attempt": 1}, Seed(db).now)
    await rename(db, plan, "Depois")
    await page.wait_for_selector("h1:has-text('Depois')")

    assert await page.inner_text(".timeline .event-text >> nth=0") == "Moving again"
    assert await page.input_value("#reject-reason") == "ainda escrev"
    assert await page.evaluate("document.activeElement.id") == "reject-reason"
    assert await page.locator(".timeline details[open]").count() == 1
    assert await page.evaluate("[window.mark, window.scrollY]") == [1, 150]


async def test_new_rows_wait_while_rows_are_selected(opened: Opener, db: asyncpg.Connection) -> None:
    """While somebody selects, rows that are new are announced, not pushed in; asking shows them."""
    word = f"fila{uuid4().hex[:6]}"
    await waiting_plan(db, f"{word} 1")
    page = await opened(f"/plans?q={word}")
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    await page.check("tbody input[name=id]")
    await notify(db, await waiting_plan(db, f"{word} 2"))
    await page.wait_for_selector("[data-new-rows]:not([hidden])")
    before = await page.locator("tbody tr").count()
    await page.click("[data-new-rows] button")
    await expect(page.locator("tbody tr")).to_have_count(2)

    assert before == 1
    assert await page.locator("tbody input[name=id]:checked").count() == 1


async def test_new_rows_come_by_themselves_otherwise(opened: Opener, db: asyncpg.Connection) -> None:
    """At the top of a list that nobody touches a new row simply appears."""
    word = f"livre{uuid4().hex[:6]}"
    await waiting_plan(db, f"{word} 1")
    page = await opened(f"/plans?q={word}")
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    await notify(db, await waiting_plan(db, f"{word} 2"))
    await expect(page.locator("tbody tr")).to_have_count(2)

    assert await page.locator("[data-new-rows]").is_hidden()


async def test_says_that_it_is_not_live_and_catches_up(opened: Opener, db: asyncpg.Connection) -> None:
    """Cut off, the page says so and since when; back again it shows what happened meanwhile."""
    plan = await waiting_plan(db, "Antes da queda")
    page = await opened(f"/plans/{plan}")
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    await page.context.set_offline(True)
    await page.wait_for_selector("[data-lost]:not([hidden])")
    said = await page.inner_text("[data-lost]")
    await rename(db, plan, "Depois da queda")
    await page.context.set_offline(False)
    await page.wait_for_selector("h1:has-text('Depois da queda')")

    assert "The live connection is lost since" in said
    await page.wait_for_selector("[data-lost]", state="hidden")


async def test_filters_without_a_reload(opened: Opener) -> None:
    """Typing filters and lands in the URL; going back brings the list back; `/` goes to the filter."""
    page = await opened("/plans")
    await page.evaluate("window.mark = 1")
    await page.keyboard.press("/")
    await page.keyboard.type("trimestral")
    await page.wait_for_url("**/plans?q=trimestral")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.click(".pills a:has-text('Awaiting approval')")
    await page.wait_for_url("**/plans?status=awaiting_approval&q=trimestral")
    await page.go_back()
    await page.wait_for_url("**/plans?q=trimestral")

    assert await page.evaluate("window.mark") == 1


async def test_shortcuts_help_and_can_be_switched_off(opened: Opener) -> None:
    """`?` explains the keys; switched off, a letter does nothing."""
    page = await opened("/plans")
    await page.keyboard.press("?")
    await page.click("#keys button:has-text('Switch shortcuts off')")
    await page.wait_for_selector("html[data-keys=off]")
    await page.keyboard.press("?")

    assert await page.locator("#keys").is_hidden()
