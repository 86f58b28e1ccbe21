"""The monthly report on paper: the report alone, with every table whole."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.browser.conftest import Opener

#: A sheet of A4 between its margins, in pixels.
PAPER = 718
#: What a person presses or goes by; none of it is of use on paper.
PRESSED = ".side, .top, .tabs, .list-tools, .page-actions, main form, main button"
#: Tables and charts of which a part is hidden, cut off or beyond the paper.
CUT = """width => [...document.querySelectorAll('.slo :is(table, .volumes, .small-chart, .slo-worst)')].filter(e => {
  const box = e.getBoundingClientRect(), cells = [...e.querySelectorAll('td, th, li, dd')];
  return !e.checkVisibility() || box.width < 40 || box.left < 0 || box.right > width + 1
    || cells.some(c => c.scrollWidth > c.clientWidth + 1 || c.getBoundingClientRect().right > box.right + 1);
}).map(e => e.outerHTML.slice(0, 160))"""
PAPER_IS_WHITE = "getComputedStyle(document.querySelector('main .card')).backgroundColor"
IN_PARTS = "all => all.map(e => getComputedStyle(e).breakInside).filter(how => how !== 'avoid').length"


async def printed(opened: Opener, locale: str, *, month: bool) -> Page:
    page = await opened("/slo", locale=locale, color_scheme="dark", viewport={"width": PAPER, "height": 1000})
    if month:
        await page.locator(".list-tools a[href*=month]").first.click()
        await page.wait_for_url("**month=**")
    await page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("month", [True, False], ids=["month", "last 30 days"])
async def test_the_report_is_printed_without_navigation_and_whole(opened: Opener, month: bool) -> None:
    """Every objective with its figures, days and worst hours; how fast budgets burn is of the last 30 days only."""
    page = await printed(opened, "en-US", month=month)
    shown = await page.locator("main .slo h2").all_inner_texts()
    seen = await page.locator(PRESSED).evaluate_all("all => all.filter(e => e.checkVisibility()).map(e => e.outerHTML)")

    assert seen == []
    assert len(shown) >= 6, "each objective is on the paper"
    assert await page.locator("main .slo .volumes").count() == len(shown)
    assert (await page.locator("main .slo table").count() > 0) is not month
    assert await page.evaluate(CUT, PAPER) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= PAPER
    assert await page.locator(".slo").evaluate_all(IN_PARTS) == 0, "none is broken over two sheets"
    assert await page.evaluate(PAPER_IS_WHITE) == "rgb(255, 255, 255)", "a reader of dark pages prints light ones"


async def test_the_months_report_fits_paper_in_portuguese(opened: Opener) -> None:
    page = await printed(opened, "pt-BR", month=True)

    assert await page.evaluate(CUT, PAPER) == []
    assert (await page.pdf(format="A4")).startswith(b"%PDF")
