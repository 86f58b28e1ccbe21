"""No page is wider than its window, on any screen, in either language."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import asyncpg
import pytest
from playwright.async_api import Page

from tests.browser import rows
from tests.browser.accessibility import open_everything
from tests.browser.conftest import Opener, Site, looked_at
from tests.browser.letter_records import Records
from tests.browser.test_pages import PAGES, ROLES
from tests.browser.test_system import seed_morning

WIDTHS = (390, 768, 1024, 1280, 1440)
#: Below this a table may scroll within itself.
PHONE = 768
#: What is wrong in each of so many frames is no page on its way to be drawn.
LOOKS = 30
MORE = ("system", "retries", "letters", "letter", "poison", "dry run", "not found")
#: Elements that stick out of the window, tables that scroll within themselves, cells whose contents stick out, what
#: sticks out of a card of the board or of its column, and tables whose heads stand over other columns than their own.
#: A window takes the size that it was given when it gets to it: nothing is measured before its own media queries say
#: so, it is drawn with the fonts of this size, and what moves to its new place has come there.
MEASURE = """async ([width, phone]) => {
    while (innerWidth !== width || !matchMedia(`(width: ${width}px)`).matches) {
        await new Promise(requestAnimationFrame);
    }
    document.body.getBoundingClientRect();
    await document.fonts.ready;
    for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame);
    await Promise.all(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime !== Infinity)
                                              .map(a => a.finished.catch(() => {})));
    const wide = document.documentElement.scrollWidth > window.innerWidth;
    const out = !wide ? [] : [...document.querySelectorAll('body *')].filter(
        e => e.getBoundingClientRect().right > innerWidth + 1);
    const scrolls = phone ? [] : [...document.querySelectorAll('main table')].filter(
        t => t.scrollWidth > t.parentElement.clientWidth + 1);
    const cells = [...document.querySelectorAll('main .rows td, main .rows th')].filter(
        c => c.checkVisibility() && c.scrollWidth > c.clientWidth + 1);
    const heads = [...document.querySelectorAll('main table.rows')].filter(t => {
        const seen = part => [...(t.querySelector(part)?.children ?? [])].filter(c => c.checkVisibility()).length;
        return seen('thead tr') && seen('tbody tr') && seen('thead tr') !== seen('tbody tr');
    });
    const beyond = (e, box) => e.getBoundingClientRect().right > box.getBoundingClientRect().right + 1;
    const cards = [...document.querySelectorAll('.column *')].filter(
        e => e.checkVisibility() && !e.closest('.clip, .hidden-text, .menu-panel')
             && beyond(e, e.parentElement.closest('.task-card, .column')));
    const told = e => e.outerHTML.slice(0, 140);
    return { wide, out: out.slice(0, 3).map(told), scrolls: scrolls.map(told), cells: cells.slice(0, 3).map(told),
             cards: cards.slice(0, 3).map(told), heads: heads.map(told) };
}"""


def address(name: str, found: Records) -> str:
    places = {"system": "/system", "not found": "/no/such/page"}
    several = urlencode([("id", found.letter), ("id", found.poison), ("id", "nobody")])
    return {**PAGES, **places, **found.pages(), "dry run": f"/letters/dry-run?{several}"}[name]


async def measured(page: Page) -> dict[int, object]:
    """What is wrong at each width; nothing where all is well."""
    found: dict[int, object] = {}
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        for _ in range(LOOKS):
            told = await page.evaluate(MEASURE, [width, width < PHONE])
            if not (wrong := told["wide"] or told["scrolls"] or told["cells"] or told["cards"] or told["heads"]):
                break
        if wrong:
            found[width] = told
    return found


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
@pytest.mark.parametrize("name", [*PAGES, *MORE])
async def test_fits(
    leafed: Opener,
    records: Records,
    site: Site,
    db: asyncpg.Connection,
    name: str,
    locale: str,
) -> None:
    if name == "system":
        await seed_morning(db)
        await looked_at(site)
    page = await leafed(address(name, records), role=ROLES.get(name, "operator"), locale=locale)

    assert await measured(page) == {}
    await open_everything(page)
    assert await measured(page) == {}


async def test_nothing_is_measured_before_the_window_has_its_size(opened: Opener) -> None:
    page = await opened("/plans", viewport={"width": WIDTHS[-1], "height": 900})
    measuring = asyncio.create_task(page.evaluate(MEASURE, [WIDTHS[0], True]))
    frames = "async () => { for (let n = 0; n < 10; n++) await new Promise(requestAnimationFrame); }"
    await page.evaluate(frames)
    assert not measuring.done()

    await page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    assert set(await measuring) == {"wide", "out", "scrolls", "cells", "cards", "heads"}


@pytest.mark.parametrize("width", WIDTHS)
async def test_what_is_counted_beside_a_page_stands_in_one_line(
    opened: Opener, site: Site, db: asyncpg.Connection, width: int
) -> None:
    """A count of two or three figures is one line high, and no word of the tabs wraps."""
    for n in range(120):
        await rows.Seed(db).plan(rows.uid("count", width, n), "awaiting_approval", title=f"conta {n}")
    try:
        await looked_at(site)
        page = await opened("/", locale="pt-BR", viewport={"width": width, "height": 900})
        lines = await page.evaluate(
            """[...document.querySelectorAll('.count')].filter(e => e.checkVisibility())
               .map(e => Math.round(e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight)))"""
        )
        tabs = await page.evaluate(
            """[...document.querySelectorAll('.tabs > a .nav-word')].filter(e => e.checkVisibility())
               .map(e => Math.round(e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight)))"""
        )

        assert lines
        assert set(lines) == {1}
        assert set(tabs) <= {1}
        assert (len(tabs) > 0) == (width < PHONE)
    finally:
        await db.execute("delete from rm.plan where title like 'conta %'")


async def test_a_phone_leads_to_every_page(opened: Opener) -> None:
    """Four tabs and the menu beside them have every page that the sidebar has."""
    page = await opened("/", phone=True)
    await page.click(".tabs summary")
    below = await page.locator(".tabs a:visible").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    beside = await page.locator(".side .nav a").evaluate_all("all => all.map(a => a.getAttribute('href'))")

    assert sorted(below) == sorted(beside)
    assert await page.locator(".tabs > *").count() == 5
    await page.click(".tabs .menu-panel a[href='/system']")
    await page.wait_for_url("**/system")
