"""No page is wider than its window, on any screen, in either language."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import asyncpg
import pytest
from playwright.async_api import Page

from tests.browser import rows
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
#: Marks each disclosure that is shut and no menu, and says how many there are.
REMEMBER = """() => {
    const shut = [...document.querySelectorAll('details:not(.menu):not([open])')];
    shut.forEach(d => { d.dataset.shut = ''; });
    return shut.length;
}"""
#: Elements that stick out of the window, tables that scroll within themselves, cells whose contents stick out, what
#: sticks out of a card of the board or of its column, and tables whose heads stand over other columns than their own.
#: A window takes the size that it was given when it gets to it: nothing is measured before its own media queries say
#: so, it is drawn with the fonts of this size, and what moves to its new place has come there.
MEASURE = """async ([width, phone, open]) => {
    const kept = open ? 'details:not(.menu)' : 'details[data-shut]';
    document.querySelectorAll(kept).forEach(d => { d.open = open; });
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

#: Two disclosures: one that is shut and has nothing, one that is shut or open and has what fits no window.
TOO_WIDE = """open => {
    const main = document.querySelector('main');
    main.append(document.createElement('details'));
    const [told, wide] = [document.createElement('details'), document.createElement('div')];
    told.open = open;
    wide.textContent = 'wide';
    wide.style.width = '2000px';
    told.append(wide);
    main.append(told);
}"""


def address(name: str, found: Records) -> str:
    places = {"system": "/system", "not found": "/no/such/page"}
    several = urlencode([("id", found.letter), ("id", found.poison), ("id", "nobody")])
    return {**PAGES, **places, **found.pages(), "dry run": f"/letters/dry-run?{several}"}[name]


async def measured(page: Page) -> dict[tuple[int, str], object]:
    """What is wrong at each width, of the page as it comes and with everything open; nothing where all is well.

    A window that takes another size costs more than what opens in it: each size is taken once.
    """
    found: dict[tuple[int, str], object] = {}
    states = ("as it comes", "open") if await page.evaluate(REMEMBER) else ("as it comes",)
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        for state in states:
            for _ in range(LOOKS):
                told = await page.evaluate(MEASURE, [width, width < PHONE, state == "open"])
                if not (wrong := told["wide"] or told["scrolls"] or told["cells"] or told["cards"] or told["heads"]):
                    break
            if wrong:
                found[width, state] = told
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


@pytest.mark.parametrize("state", ["as it comes", "open"])
async def test_what_is_too_wide_is_found_at_each_width_where_it_shows(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """In what is shut when the page comes, too: only what was open before is found in both states."""
    monkeypatch.setitem(globals(), "LOOKS", 2)
    page = await opened("/plans", news=False)
    await page.evaluate(TOO_WIDE, state == "as it comes")
    states = {state, "open"}
    assert set(await measured(page)) == {(width, shown) for width in WIDTHS for shown in states}


async def test_nothing_is_measured_before_the_window_has_its_size(opened: Opener) -> None:
    page = await opened("/plans", viewport={"width": WIDTHS[-1], "height": 900})
    measuring = asyncio.create_task(page.evaluate(MEASURE, [WIDTHS[0], True, False]))
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
