"""What a page does without the server: times in another zone, and ids that are copied."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser import rows
from tests.browser.conftest import Opener

#: When a moment is shown exactly, in São Paulo and for everybody.
LOCAL, UTC = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} -03:00$"), re.compile(r"^\d{4}-.* UTC$")

#: Keeps each name that the button has from now on: a name that stays for a moment is missed by who only looks for it.
NOTES_NAMES = """button => {
    window.names = [];
    const note = () => window.names.push(button.getAttribute("aria-label"));
    new MutationObserver(note).observe(button, {attributes: true, attributeFilter: ["aria-label"]});
}"""


async def test_times_are_of_the_readers_zone_or_utc_as_they_choose(opened: Opener) -> None:
    """The same moment in both: the switch changes how it is told, the page keeps it, and it can be switched back."""
    page = await opened(f"/plans/{rows.AWAITING}", timezone_id="America/Sao_Paulo")
    moment = page.locator("main time[data-ago]").first
    await expect(moment).to_have_attribute("title", LOCAL)
    here = await moment.get_attribute("title") or ""

    await page.click(".side .prefs summary")
    await page.click(".side button[name=clock][value=utc]")
    await expect(moment).to_have_attribute("title", UTC)
    there = await moment.get_attribute("title") or ""
    parsed = "([a, b]) => Date.parse(a.replace(' ', 'T').replace(' ', '')) - Date.parse(b.replace(' UTC', 'Z'))"
    assert await page.evaluate(parsed, [here, there]) == 0
    await page.goto("/system")
    assert await page.get_attribute("html", "data-clock") == "utc"

    await page.click(".side .prefs summary")
    await page.click(".side button[name=clock][value=local]")
    await page.goto(f"/plans/{rows.AWAITING}")
    await expect(moment).to_have_attribute("title", here)


async def test_an_id_is_copied_whole_and_the_button_says_so(opened: Opener) -> None:
    page = await opened(f"/plans/{rows.AWAITING}")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator(f'main .copy[data-copy="{rows.AWAITING}"]').first
    named = await button.get_attribute("aria-label")
    assert str(rows.AWAITING) in (named or "")

    await button.evaluate(NOTES_NAMES)
    await button.dblclick()
    await page.wait_for_function("() => window.names.length === 2")
    assert await page.evaluate("window.names") == ["Copied", named]
    assert await page.evaluate("navigator.clipboard.readText()") == str(rows.AWAITING)


@pytest.mark.parametrize("key", ["Enter", "Space"])
async def test_an_id_is_copied_by_keyboard(opened: Opener, key: str) -> None:
    page = await opened(f"/plans/{rows.AWAITING}", locale="pt-BR")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.locator(f'main .copy[data-copy="{rows.AWAITING}"]').first.press(key)

    await page.wait_for_function(
        "id => navigator.clipboard.readText().then(text => text === id)", arg=str(rows.AWAITING)
    )
