"""The currency of sales that tell none is chosen below their columns, and kept with them."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_mapping import choose, pick


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Sales of a shop abroad: `vlr` may be a price or a total, and nothing tells what it is in."""
    path = tmp_path / f"shop-{uuid4().hex[:6]}.csv"
    head = f"ref_{uuid4().hex[:6]};sold_on;item;qty;vlr\n"
    rows = "a1;2026-03-01;Shirt;2;50.00\na2;2026-03-02;Sock;1;30.00\na3;2026-03-03;Hat;3;80.00\n"
    path.write_text(head + rows, "utf-8")
    return path


async def currency_of(db: asyncpg.Connection, href: str | None) -> tuple[str, str]:
    assert href is not None
    own = await db.fetchrow(
        "select facts #>> '{channels,0,currency}' as code, facts #>> '{channels,0,currency_source}' as source"
        " from decide.document where plan_id = $1",
        href.rsplit("/", 1)[1],
    )
    assert own is not None
    return own["code"], own["source"]


async def confirmed(page: Page) -> str | None:
    await page.click("[data-confirm]")
    await expect(page.locator(".upload-row.good")).to_have_count(1)
    return await page.get_attribute(".upload-row.good a", "href")


async def test_a_chosen_currency_shows_in_the_sums_and_goes_with_the_upload(
    opened: Opener, file: Path, db: asyncpg.Connection
) -> None:
    page = await opened("/plans?upload=open")
    await choose(page, file)
    await pick(page, "vlr", "Total of the row")
    sums = page.locator("[data-channel]")
    await expect(sums).to_contain_text("unknown")
    await page.locator("[data-currency]").select_option("USD")
    await expect(sums).to_contain_text("USD (you said so)")
    made = await confirmed(page)

    assert await currency_of(db, made) == ("USD", "told")


async def test_it_is_chosen_without_scripts_and_changed_where_it_is_kept(
    opened: Opener, file: Path, db: asyncpg.Connection
) -> None:
    page = await opened("/plans?upload=open", java_script_enabled=False)
    await choose(page, file)
    await pick(page, "vlr", "Total of the row")
    await page.locator("[data-currency]").select_option("MXN")
    await page.set_input_files("#mapping-file", file)
    await page.click("[data-confirm]")
    await expect(page.locator("#flash")).to_contain_text("Uploaded")
    made = page.url
    await page.goto("/mappings")
    card = page.locator("section.card", has_text=file.name)
    await card.get_by_label("Currency, where the file names none").select_option("USD")
    await card.get_by_role("button", name="Save").click()
    await expect(page.locator("#flash")).to_contain_text("Changed")

    assert await currency_of(db, made) == ("MXN", "told")
    assert await db.fetchval("select currency from decide.column_mapping where document = $1", file.name) == "USD"
