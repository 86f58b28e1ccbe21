"""What takes something away says in numbers what follows, before anybody presses."""

from __future__ import annotations

import asyncpg
from playwright.async_api import expect

from tests.browser import rows
from tests.browser.conftest import Opener, Site, looked_at
from tests.browser.test_system import AGENT, seed_morning

CONSEQUENCE = "[data-consequence]"


async def test_cancelling_a_plan_says_how_many_tasks_stop(opened: Opener, db: asyncpg.Connection) -> None:
    going = await db.fetchval(
        "select count(*) from rm.task where plan_id = $1 and status not in ('completed', 'cancelled')", rows.EXECUTING
    )
    assert going > 1
    page = await opened(f"/plans/{rows.EXECUTING}", role="operator")
    await page.click("#menu-cancel > summary")
    await expect(page.locator(f"#menu-cancel {CONSEQUENCE}")).to_contain_text(f"{going} tasks that have not ended")

    await page.goto(f"/plans/{rows.AWAITING}")
    await page.click("#menu-cancel > summary")
    await expect(page.locator(f"#menu-cancel {CONSEQUENCE}")).to_contain_text("No task of it is open")


async def test_what_is_done_to_selected_rows_says_to_how_many(opened: Opener) -> None:
    page = await opened("/plans?status=awaiting_approval")
    boxes = page.locator("tbody input[name=id]")
    await boxes.nth(0).check()
    await boxes.nth(1).check()
    await page.locator("#bulk summary", has_text="Reject").click()
    await expect(page.locator(f"#bulk {CONSEQUENCE}")).to_contain_text("Rejected with this: 2.")

    await page.goto("/tasks")
    await page.locator("tbody input[name=id]").first.check()
    await page.locator("#bulk summary", has_text="Fail or cancel").click()
    await expect(page.locator(f"#bulk {CONSEQUENCE}")).to_contain_text("Ended with this: 1.")


async def test_holding_back_and_switching_off_say_what_waits(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    await seed_morning(db)
    await db.execute("select flow.breaker_reset($1, 'x', 't')", AGENT)
    await db.execute("update flow.flag set enabled = true")
    await looked_at(site)
    page = await opened("/system", role="operator")
    said = {
        name: await page.locator(f'li[data-key="{name}"] {CONSEQUENCE}').text_content()
        for name in (AGENT, "queue_processing", "automatic_recovery", "circuit_breaker")
    }
    assert "1 plan is being analysed now" in (said[AGENT] or "")
    assert "on their way now" in (said["queue_processing"] or "") or "on its way now" in (
        said["queue_processing"] or ""
    )
    assert said["automatic_recovery"] == "1 plan is stalled now: nobody but you recovers it."
    assert said["circuit_breaker"] == "0 breakers hold calls back now: they go again at once."
