"""Lists say which plans stand still and why, and find them."""

from __future__ import annotations

import asyncpg
import pytest
from playwright.async_api import expect

from tests.browser import rows
from tests.browser.accessibility import OF_COLOURS, violations
from tests.browser.conftest import Opener, Site, looked_at
from tests.browser.test_system import seed_morning


@pytest.fixture(autouse=True)
async def morning(site: Site, db: asyncpg.Connection) -> None:
    await seed_morning(db)
    await db.execute(
        "insert into flow.deadline (plan_id, kind, since, due_at, stalled_at, cause) values"
        " ($1, 'phase1', now() - interval '90 s', now() - interval '1 s', now(), 'worker-gone')",
        rows.EXECUTING,
    )
    await looked_at(site)


async def test_a_list_says_which_stand_still_and_why_and_finds_them(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    page = await opened("/plans")
    row = page.locator(f'tr[data-key="{rows.ANALYZING}"]')
    await expect(row).to_contain_text("Stalled: calls to the agent are held back")
    await expect(page.locator("tbody")).to_contain_text("Stalled: no worker runs")
    await page.locator(".pills a", has_text="Stalled").click()
    await page.wait_for_url("**/plans?stalled=1")
    await expect(page.locator("tbody tr")).to_have_count(2)
    await expect(page.locator(".pills a[aria-current]")).to_have_text("Stalled 2")
    await page.locator(".pills a", has_text="Analysing").click()
    await page.wait_for_url("**/plans?status=analyzing")

    await db.execute("delete from flow.deadline")
    await looked_at(site)
    await page.goto("/plans")
    assert await page.locator(".pills a", has_text="Stalled").count() == 0
    assert "Stalled" not in await page.inner_text("tbody")


async def test_the_latest_plans_of_the_first_page_say_so_too(opened: Opener, db: asyncpg.Connection) -> None:
    await db.execute("update rm.plan set changed_at = now() where plan_id = $1", rows.ANALYZING)
    page = await opened("/")
    latest = page.locator("section[aria-labelledby=recent-plans]")
    await expect(latest).to_contain_text("Stalled: calls to the agent are held back")


async def test_it_is_read_by_everybody_and_fits(opened: Opener) -> None:
    page = await opened("/plans?stalled=1", reduced_motion="reduce")
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    await page.reload()
    assert await violations(page, *OF_COLOURS) == []
    for width in (390, 800, 1280):
        small = await opened("/plans", locale="pt-BR", viewport={"width": width, "height": 900})
        await expect(small.locator("tbody")).to_contain_text("Parado: nenhum worker")
        assert await small.evaluate("document.documentElement.scrollWidth") <= width


async def test_an_operator_recovers_all_or_some_from_the_list(opened: Opener, db: asyncpg.Connection) -> None:
    page = await opened("/plans?stalled=1", role="operator", viewport={"width": 1280, "height": 900})
    assert await page.locator("[data-bulk]").is_hidden()
    await page.locator(f'tr[data-key="{rows.EXECUTING}"] input[name=id]').check()
    await page.locator("[data-bulk] button", has_text="Recover now").click()
    await expect(page.locator("#flash")).to_contain_text("Asked for the recovery of 1 plan.")
    assert page.url.endswith("/plans?stalled=1")

    await page.goto("/plans?stalled=1")
    await expect(page.locator("#flash")).not_to_contain_text("Asked")
    await page.click("#menu-recover-all summary")
    panel = page.locator("#menu-recover-all .menu-panel")
    await expect(panel).to_contain_text("For 2 plans what fits the cause of each is begun at once")
    inside = (
        "panel => panel.getBoundingClientRect().left >= document.querySelector('main').getBoundingClientRect().left"
    )
    assert await panel.evaluate(inside)
    await panel.get_by_role("button").click()
    await expect(page.locator("#flash")).to_contain_text("Asked for the recovery of 1 plan.")
    assert await db.fetchval("select count(*) from flow.deadline where requested = 'recover'") == 2

    page = await opened("/plans?stalled=1", role="analyst")
    assert await page.locator("#menu-recover-all, [form=recover]").count() == 0


@pytest.mark.parametrize("width", [1024, 1280])
async def test_the_sentence_of_a_plan_is_not_squeezed_by_its_buttons(opened: Opener, width: int) -> None:
    """What is wrong is read first: the buttons stand below it where both do not fit."""
    page = await opened(
        f"/plans/{rows.ANALYZING}", role="admin", viewport={"width": width, "height": 900}, locale="pt-BR"
    )
    sentence, said = page.locator(".say"), page.locator(".say > div:not(.actions)")
    assert await page.locator(".say .actions .button").count() >= 3
    whole, text = await sentence.bounding_box(), await said.bounding_box()
    assert whole is not None
    assert text is not None
    assert text["width"] > 0.75 * whole["width"]
