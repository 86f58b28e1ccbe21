"""A record that several groups gave up is one dead letter in every count of the page, in as many rows as groups."""

from __future__ import annotations

import re

import asyncpg
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener, Site
from tests.browser.letter_records import PLAN
from tests.support.letters import add_letter, upload_of

#: Records of the test, and by how many groups each was given up.
GROUPS = ((701, ("agents", "analysis")), (702, ("agents", "analysis")), (703, ("agents",)))


async def add_shared(pool: asyncpg.Pool, code: str) -> None:
    for offset, groups in GROUPS:
        for group in groups:
            await add_letter(pool, event=upload_of(PLAN), code=code, group=group, offset=offset, message=f"no {offset}")


async def figures(page: Page) -> list[int]:
    """Return the numbers of tab, head of the cause, foot and buttons."""
    texts = [
        await page.locator('.pills a[href*="status=open"] .quiet').inner_text(),
        await page.locator('section[aria-labelledby="causes"] .mark').first.inner_text(),
        await page.locator(".page-foot p").first.inner_text(),
        *await page.locator(".page-foot summary").all_inner_texts(),
    ]
    return [int(str(re.search(r"\d+", text)[0])) for text in texts]  # type: ignore[index] # each has one


async def test_what_several_groups_gave_up_counts_alike_everywhere(opened: Opener, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        await pool.execute("delete from rm.dead_letter")
        await add_shared(pool, "twice")
    page = await opened("/letters", role="operator")
    await expect(page.locator('.nav [data-count="dead_letters"]')).to_have_text("3")
    assert await figures(page) == [3] * 5
    assert "for example:" in await page.inner_text('section[aria-labelledby="causes"]')
    assert "3 letters in 5 rows" in await page.inner_text(".page-foot")
    assert "In 5 rows: each group that gave one up has its own." in await page.inner_text(".list-tools")
    await page.click('summary:has-text("Replay all 3 that can be read")')
    assert "In 5 rows" in await page.inner_text(".page-foot .menu-panel")
    await page.click('button:has-text("Replay them")')
    told = await page.locator(".flash").inner_text()
    assert "Replaying 3 letters" in told
    assert "In 5 rows" in told
    await page.click('.flash a:has-text("Show what becomes of each")')
    await page.wait_for_url("**/letters/jobs/*")
    assert "Replay of 3 letters" in await page.inner_text("h1")
    assert "of 5 rows have had their turn" in await page.inner_text("main")


async def test_all_rows_of_a_letter_are_discarded_and_counted_as_one(opened: Opener, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        await pool.execute("delete from rm.dead_letter")
        await add_shared(pool, "twice-given")
    page = await opened("/letters?code=twice-given", role="operator", locale="pt-BR")
    assert "3 registros em 5 linhas" in await page.inner_text(".page-foot")
    assert not re.search(r"\b(carta|entrada)s?\b", await page.inner_text("body"))
    await page.click("#discard-all summary")
    assert "Em 5 linhas" in await page.inner_text("#discard-all")
    await page.fill("#discard-all-reason", "ninguém precisa")
    await page.click("#discard-all button.danger")
    assert "3" in await page.locator(".flash").inner_text()
    assert "5" not in await page.locator(".flash").inner_text()
