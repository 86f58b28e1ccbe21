"""What stands too close, breaks, or is cut off: measured on the page, as a person would see it."""

from __future__ import annotations

import asyncpg
import pytest

from tests.browser.conftest import Opener, Site
from tests.browser.letter_records import PLAN
from tests.support.letters import add_letter, upload_of

LANGUAGES = pytest.mark.parametrize("locale", ["en-US", "pt-BR"])


@LANGUAGES
async def test_all_columns_of_the_board_are_seen_at_1280_pixels(leafed: Opener, locale: str) -> None:
    page = await leafed("/tasks?view=board", role="operator", locale=locale, viewport={"width": 1280, "height": 900})
    assert await page.locator(".board > .column").count() == 6
    room = await page.locator(".board").evaluate("board => [board.scrollWidth, board.clientWidth]")
    assert room[0] <= room[1]
    out = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    assert await page.locator(".board > .column, .board .task-card").evaluate_all(out) == 0


@LANGUAGES
async def test_the_heads_of_burn_rates_stand_on_one_line_on_a_phone(leafed: Opener, locale: str) -> None:
    page = await leafed("/slo", role="viewer", locale=locale, viewport={"width": 390, "height": 900})
    heads = page.locator(".slo-windows thead th")
    assert await heads.count() > 5
    lines = "all => all.map(one => { const r = document.createRange(); r.selectNodeContents(one);"
    lines += " return r.getClientRects().length; })"
    assert set(await heads.evaluate_all(lines)) == {1}
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [390, 1280])
async def test_no_button_of_a_panel_touches_the_field_above_it(opened: Opener, site: Site, width: int) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        await add_letter(pool, event=upload_of(PLAN))
    page = await opened("/letters", role="operator", viewport={"width": width, "height": 900})
    await page.click("#discard-all summary")
    field = await page.locator("#discard-all-reason").bounding_box()
    button = await page.locator("#discard-all form .button.danger").bounding_box()
    assert field
    assert button
    assert button["y"] - (field["y"] + field["height"]) >= 8
