"""The page of keys, by keyboard alone."""

from __future__ import annotations

from typing import Literal

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Opener, Site


async def tab_to(page: Page, name: str, *, role: Literal["button", "textbox"] = "button") -> None:
    """Press Tab until what is called so has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await wanted.count() and await wanted.first.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


async def test_a_key_is_made_handed_over_changed_and_revoked_by_keyboard(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    page = await opened("/keys", role="admin")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Keys")
    await tab_to(page, "For whom", role="textbox")
    await page.keyboard.type("Nia")
    await page.keyboard.press("Tab")
    await page.keyboard.type("analyst")
    await tab_to(page, "Make the key")
    await page.keyboard.press("Enter")
    shown = page.get_by_role("textbox", name="The key of Nia, analyst")
    await expect(shown).to_be_focused()
    key = await shown.input_value()
    assert key.startswith("mrs_")

    await page.wait_for_function("() => history.state !== null")  # the script of the page has seen to that:
    await page.reload()  # the form is not sent again, and the secret is gone
    await expect(page.get_by_role("row").filter(has_text="Nia")).to_have_count(1)
    assert key not in await page.content()

    row = page.get_by_role("row").filter(has_text="Nia")
    await row.locator("summary").focus()
    await page.keyboard.press("Enter")
    await tab_to(page, "Make a link")
    await page.keyboard.press("Enter")
    link = await page.get_by_role("textbox", name="A link that signs in once, as Nia").input_value()
    assert link.startswith(f"{site.url}/login?link=")

    await page.get_by_role("row").filter(has_text="Nia").locator("summary").focus()
    await page.keyboard.press("Enter")
    await tab_to(page, "Revoke")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Revoked. The key and its sign-ins have ended")).to_be_visible()
    assert await db.fetchval("select count(*) from access.api_key where name = 'Nia' and revoked_at is null") == 0


@pytest.mark.parametrize("role", ["analyst", "operator"])
async def test_others_are_not_led_to_it(opened: Opener, role: str) -> None:
    page = await opened("/", role=role)
    await expect(page.get_by_role("link", name="System").first).to_be_visible()
    await expect(page.get_by_role("link", name="Keys", exact=True)).to_have_count(0)
