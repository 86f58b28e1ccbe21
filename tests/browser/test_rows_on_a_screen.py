"""In the compact mode a screen of 1440 by 900 pixels shows the rows that an operator looks for."""

from __future__ import annotations

import asyncpg
import pytest
from playwright.async_api import expect

from schemas.channels import CHANNELS
from tests.browser import rows
from tests.browser.conftest import Opener, Site
from tests.support.letters import add_letter

MANY = 40
#: Rows that are seen at once, at least.
LEAST = {"/letters": 25, "/plans": 20, "/tasks": 20}
#: Rows that lie wholly within the window, before anybody scrolls.
SEEN = """() => [...document.querySelectorAll("tbody tr")].filter(row => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
}).length"""


@pytest.fixture(scope="module", autouse=True)
async def many(site: Site) -> None:
    """Long names, all channels, overdue tasks, tags beside states, and letters of two causes."""
    connection = await asyncpg.connect(site.database_url)
    try:
        seed = rows.Seed(connection)
        for n in range(MANY):
            plan = rows.uid("row", n)
            title = f"Relatório de vendas do mês {n} " + "e mais " * 9
            await seed.plan(plan, "executing", title=title, channels=list(CHANNELS), partial=n % 3 == 0)
            await seed.task(plan, 1, "open", f"Rever {title}", due_on=seed.at(days=n).date(), assignee="Ana Paula")
    finally:
        await connection.close()
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        for n in range(MANY):
            code = ("damaged", "KeyError")[n % 2]
            await add_letter(pool, plan=str(rows.EXECUTING), offset=5000 + n, code=code, message="x " * 200)


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
@pytest.mark.parametrize("path", ["/letters", "/plans", "/tasks"])
async def test_twenty_rows_and_more_are_seen_at_once(opened: Opener, path: str, locale: str) -> None:
    page = await opened(path, role="operator", locale=locale, viewport={"width": 1440, "height": 900})
    await page.click(".side .prefs summary")
    await page.click(".side button[name=density][value=compact]")
    await expect(page.locator("html")).to_have_attribute("data-density", "compact")
    await expect(page.locator("tbody tr").nth(24)).to_be_attached()
    await page.evaluate("document.getElementById('system-says')?.remove()")  # a row is for what is wrong here alone
    assert await page.evaluate(SEEN) >= LEAST[path]


async def test_the_menu_of_a_row_is_not_cut_off(opened: Opener) -> None:
    page = await opened("/tasks", role="operator", viewport={"width": 1440, "height": 900})
    await page.click(".side .prefs summary")
    await page.click(".side button[name=density][value=compact]")
    await expect(page.locator("html")).to_have_attribute("data-density", "compact")
    await page.locator("tbody .task-actions details summary").first.click()
    assert await page.locator("tbody .task-actions details[open] .menu-panel").first.evaluate(
        """panel => {
            const { left, right, bottom } = panel.getBoundingClientRect();
            return panel.contains(document.elementFromPoint((left + right) / 2, bottom - 6));
        }"""
    )


async def test_causes_and_replays_of_the_compact_list_unfold_from_one_line(opened: Opener) -> None:
    page = await opened("/letters", role="operator", viewport={"width": 1440, "height": 900})
    assert await page.locator("#causes-and-replays").count() == 0
    await page.click(".side .prefs summary")
    await page.click(".side button[name=density][value=compact]")
    line = page.locator("#causes-and-replays > summary")
    await expect(line).to_contain_text("2 causes")
    await expect(page.locator("#causes")).to_be_hidden()
    await line.click()
    await expect(page.locator("#causes")).to_be_visible()
    await expect(page.locator(".causes .row-link").first).to_be_visible()
