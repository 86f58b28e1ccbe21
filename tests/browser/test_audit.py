"""The audit on its page."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Opener


async def test_an_admin_finds_who_did_what(opened: Opener) -> None:
    page = await opened("/audit", role="admin")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Audit")
    await page.get_by_label("Action", exact=True).select_option("sign-in")
    rows = page.get_by_role("row").filter(has_text="Signed in")
    await expect(rows.first).to_be_visible()
    await rows.first.locator("summary").click()
    await expect(rows.first.get_by_text("Place in the chain")).to_be_visible()
    await page.get_by_label("Who: the whole name").fill("nobody at all")
    await page.get_by_role("button", name="Apply").click()
    await expect(page.get_by_text("Nothing that was done fits this filter")).to_be_visible()


@pytest.mark.parametrize("role", ["viewer", "analyst", "operator"])
async def test_others_are_not_led_to_it(opened: Opener, role: str) -> None:
    page = await opened("/", role=role)
    await expect(page.get_by_role("link", name="System").first).to_be_visible()
    await expect(page.get_by_role("link", name="Audit")).to_have_count(0)
