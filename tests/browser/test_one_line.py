"""What belongs together stands together: a task's button beside its menu, the word of a heading in one piece."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser import rows
from tests.browser.conftest import Opener

#: Rows of tasks whose button and menu stand on two lines, or beyond the cell's own edge.
APART = """[...document.querySelectorAll('.tasks-table .task-actions')].filter(e => {
  const parts = [...e.children].map(c => c.getBoundingClientRect()), cell = e.closest('td');
  const end = cell.getBoundingClientRect().right - parseFloat(getComputedStyle(cell).paddingRight);
  const middles = parts.map(p => Math.round(p.top + p.height / 2));
  return Math.max(...middles) - Math.min(...middles) > 2 || parts.some(p => p.right > end + 1);
}).map(e => e.innerText)"""
#: Headings of which one word is broken over two lines.
BROKEN = """[...document.querySelectorAll('.tasks-table th')].filter(e => e.checkVisibility()).filter(e => {
  const text = e.firstChild, word = document.createRange();
  if (text?.nodeType !== Node.TEXT_NODE) return false;
  return [...text.data.matchAll(/\\S+/g)].some(found => {
    word.setStart(text, found.index);
    word.setEnd(text, found.index + found[0].length);
    return new Set([...word.getClientRects()].map(r => Math.round(r.top))).size > 1;
  });
}).map(e => e.innerText)"""
#: States of tasks that take two lines.
TALL = """[...document.querySelectorAll('.tasks-table .chip')].filter(e => e.checkVisibility())
  .filter(e => e.offsetHeight > 1.8 * parseFloat(getComputedStyle(e).lineHeight)).map(e => e.innerText)"""


@pytest.mark.parametrize("path", ["/tasks", f"/plans/{rows.EXECUTING}"])
@pytest.mark.parametrize("width", [1024, 1280, 1440])
async def test_a_tasks_button_stands_beside_its_menu(leafed: Opener, path: str, width: int) -> None:
    page = await leafed(path, locale="pt-BR", role="analyst")
    await page.set_viewport_size({"width": width, "height": 900})
    await page.wait_for_function(
        "width => innerWidth === width && matchMedia(`(width: ${width}px)`).matches", arg=width
    )
    button = page.locator(".tasks-table").get_by_role("button", name="Tentar de novo")
    await expect(button).to_be_visible()

    assert await page.evaluate(APART) == []
    assert await page.evaluate(BROKEN) == []
    assert await page.evaluate(TALL) == []


#: Headings, and marks of where a phase comes from, that take two lines.
WRAPPED = """[...document.querySelectorAll('.rows th, .rows .w-origin .mark')].filter(e => {
  if (!e.checkVisibility()) return false;
  const text = document.createRange();
  text.selectNodeContents(e);
  const lines = [...text.getClientRects()].filter(r => r.width > 1).map(r => r.top);
  return lines.length && Math.max(...lines) - Math.min(...lines) > 10;
}).map(e => e.innerText)"""


@pytest.mark.parametrize("path", ["/plans", "/tasks", f"/plans/{rows.EXECUTING}"])
async def test_heads_of_lists_take_one_line_on_a_wide_desk(leafed: Opener, path: str) -> None:
    page = await leafed(path, locale="pt-BR", role="analyst")
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.wait_for_function("() => innerWidth === 1440 && matchMedia('(width: 1440px)').matches")
    await page.wait_for_function(f"() => !({WRAPPED}).length")  # the window may be wider before its columns are
    meters = await page.evaluate(
        "[...document.querySelectorAll('.rows .meter')].map(e => [e.innerText, e.offsetHeight])"
    )
    high = [text for text, height in meters if height > 30 and "·" not in text]  # how many failed stands below
    assert high == [], "a bar stands beside its figure"


@pytest.mark.parametrize("size", [(1024, 768), (1440, 900)])
async def test_all_of_the_menu_is_seen_with_no_scrolling(leafed: Opener, size: tuple[int, int]) -> None:
    """An admin has the longest, and a tablet that lies the lowest window."""
    page = await leafed("/", locale="pt-BR", role="admin")
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.wait_for_function(
        "width => innerWidth === width && matchMedia(`(width: ${width}px)`).matches", arg=size[0]
    )
    assert await page.evaluate("(e => e.scrollHeight - e.clientHeight)(document.querySelector('.side'))") <= 0
    await expect(page.locator(".side .me button").last).to_be_in_viewport()


#: Lines that the filters of a list, or the states above them, take.
LINES = """selector => new Set([...document.querySelectorAll(`${selector} > *`)].filter(e => e.checkVisibility())
  .map(e => e.getBoundingClientRect()).map(r => Math.round((r.top + r.bottom) / 8))).size"""


@pytest.mark.parametrize("path", ["/plans?q=a", "/tasks?q=a", "/letters?q=a", "/retries?q=a", "/audit?actor=a"])
@pytest.mark.parametrize("width", [1024, 1280])
async def test_filters_and_states_take_one_line_in_portuguese(leafed: Opener, path: str, width: int) -> None:
    """With a filter set there is one thing more: what clears it."""
    page = await leafed(path, locale="pt-BR", role="admin")
    await page.set_viewport_size({"width": width, "height": 900})
    await page.wait_for_function(
        "width => innerWidth === width && matchMedia(`(width: ${width}px)`).matches", arg=width
    )
    await expect(page.locator(".filters").get_by_role("link", name="Limpar")).to_be_visible()
    assert await page.evaluate(LINES, ".filters") == 1
    assert await page.evaluate(LINES, ".pills") <= 1


#: Heads of the board's columns whose words are cut off, or whose figure stands on another line.
CUT = """[...document.querySelectorAll('.column h2')].filter(e => {
  const [chip, count] = [...e.children].map(c => c.getBoundingClientRect());
  const {scrollWidth, clientWidth} = e.firstElementChild;
  return scrollWidth > clientWidth + 1 || count.top > chip.bottom;
}).map(e => e.innerText)"""


@pytest.mark.parametrize("locale", ["pt-BR", "en-US"])
@pytest.mark.parametrize("path", ["/tasks?view=board", "/tasks?view=board&q=zzzz"])
async def test_heads_of_the_board_take_one_line_and_lose_no_word(leafed: Opener, path: str, locale: str) -> None:
    page = await leafed(path, locale=locale, role="analyst")
    await expect(page.locator(".column h2")).to_have_count(6)
    for width in (768, 1024, 1152, 1280, 1440, 1600):
        await page.set_viewport_size({"width": width, "height": 900})
        await page.wait_for_function(
            "width => innerWidth === width && matchMedia(`(width: ${width}px)`).matches", arg=width
        )
        await page.wait_for_function(f"() => !({CUT}).length")
