"""A plan at any event of its history: by slider, by keyboard, by links without scripts; and all events as a file."""

from __future__ import annotations

import csv
import io
import json
from uuid import UUID

import asyncpg
import pytest
from playwright.async_api import expect

from projections.run.writer import rows_of, write
from tests.browser import rows
from tests.browser.accessibility import open_everything, violations_in_light_and_dark
from tests.browser.conftest import Opener, Site
from tests.browser.test_widths import measured
from tests.support import histories

PLAN: UUID = rows.uid("history")
TYPES = [one.event.type for one in histories.whole(PLAN)]
APPROVED = TYPES.index("plan.approved") + 1


@pytest.fixture(autouse=True)
async def history(site: Site, db: asyncpg.Connection) -> None:
    if await db.fetchval("select count(*) from rm.timeline where plan_id = $1", PLAN):
        return
    async with db.transaction():
        await db.execute("set local search_path = rm")
        for one in histories.whole(PLAN):
            await write(db, rows_of(one), [], [])


def at(number: int) -> str:
    return f"/plans/{PLAN}/history?at={number}"


async def test_the_plans_page_leads_to_it(opened: Opener) -> None:
    page = await opened(f"/plans/{PLAN}", news=False)
    await page.get_by_role("link", name="Look back").click()
    await page.wait_for_url(f"**/plans/{PLAN}/history")

    await expect(page.locator("h2#travel")).to_have_text(f"After event {len(TYPES)} of {len(TYPES)}")
    await expect(page.locator("#then ~ .chip, .card-head:has(#then) .chip")).to_contain_text("Cancelled")


async def test_an_event_of_a_task_says_which_task_it_is_of(opened: Opener) -> None:
    page = await opened(f"/plans/{PLAN}", news=False)
    begun = page.locator(".timeline > li").filter(has_text="Task started")
    title = await begun.first.locator(".of-task").inner_text()
    assert await page.locator(".tasks-table").get_by_role("link", name=title, exact=True).count() == 1

    await page.goto(at(TYPES.index("task.started") + 1))
    assert await page.locator(".travel-event .of-task").inner_text() == title
    assert await page.locator(".travel-to[aria-current] .of-task").inner_text() == title
    await page.goto(at(1))
    assert await page.locator(".travel-event .of-task").count() == 0


async def test_it_shows_what_was_then_what_changed_and_who_did_it(opened: Opener) -> None:
    page = await opened(at(APPROVED))
    assert "Ana" in await page.inner_text(".travel-event") or "ana.souza" in await page.inner_text(".travel-event")
    changed = page.locator('section[aria-labelledby="changed"]')
    state = changed.get_by_role("row").filter(has=page.get_by_role("rowheader", name="State"))
    assert await state.get_by_role("cell").all_inner_texts() == ["Awaiting approval", "Creating Phase 1"]
    then = page.locator('section[aria-labelledby="then"]')
    assert "Creating Phase 1" in await then.inner_text()
    assert "Rever a política de trocas" not in await then.inner_text(), "its tasks came later"

    await page.goto(at(1))
    assert await page.get_by_role("link", name="Before", exact=True).count() == 0
    assert "Analysing" in await page.inner_text('section[aria-labelledby="then"]')
    await page.goto(at(TYPES.index("plan.stalled") + 1))
    assert "what the system saw or did" in await page.inner_text('section[aria-labelledby="changed"]')


async def test_the_slider_works_by_keyboard_alone(opened: Opener) -> None:
    """An arrow key goes to the event before; the focus stays, the address follows, a reader hears which it is."""
    page = await opened(at(APPROVED))
    slider = page.get_by_role("slider", name="Event")
    await slider.focus()
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator("h2#travel")).to_have_text(f"After event {APPROVED - 1} of {len(TYPES)}")
    await page.wait_for_url(f"**at={APPROVED - 1}")
    await expect(slider).to_be_focused()
    assert (await slider.get_attribute("aria-valuetext") or "").startswith(f"{APPROVED - 1}: ")
    await page.keyboard.press("Home")
    await expect(page.locator("h2#travel")).to_have_text(f"After event 1 of {len(TYPES)}")
    assert await slider.input_value() == "1"
    await page.get_by_role("link", name="Next", exact=True).press("Enter")
    await expect(page.locator("h2#travel")).to_have_text(f"After event 2 of {len(TYPES)}")
    assert await slider.input_value() == "2"


async def test_without_scripts_links_and_a_button_do_the_same(opened: Opener) -> None:
    page = await opened(at(APPROVED), java_script_enabled=False)
    await page.get_by_role("link", name="Before", exact=True).click()
    assert page.url.endswith(f"at={APPROVED - 1}")
    await page.locator(".timeline a").first.click()
    assert page.url.endswith("at=1")
    await page.get_by_role("button", name="Show").click()
    assert page.url.endswith("at=1")
    await page.get_by_role("link", name="Last event", exact=True).click()
    assert page.url.endswith(f"at={len(TYPES)}")


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", "", "9999", "²"])
async def test_a_number_that_is_none_shows_an_event_that_there_is(opened: Opener, number: str) -> None:
    page = await opened(f"/plans/{PLAN}/history?at={number}")
    assert "After event" in await page.inner_text("h2#travel")


async def test_all_events_are_there_by_pages(opened: Opener, db: asyncpg.Connection) -> None:
    """120 comments more: fifty on a page, each event on exactly one, the newest on the plan's own page."""
    plan = rows.uid("talkative")
    seed = rows.Seed(db)
    await seed.plan(plan, "awaiting_approval", title="Muito falado")
    await db.execute("delete from rm.timeline where plan_id = $1", plan)
    for n in range(120):
        await seed.event(plan, "plan.of.tomorrow", f"plan-{plan}", n + 1, "ana", {"n": n}, seed.at(minutes=200 - n))
    page = await opened(f"/plans/{plan}/history?at=1", java_script_enabled=False)
    seen: list[str] = []
    while True:
        seen += await page.locator(".timeline .event-text").all_inner_texts()
        later = page.get_by_role("link", name="Later events")
        if not await later.count():
            break
        async with page.expect_navigation():  # its texts are there once the page has loaded
            await later.click()
    assert [int(text.partition(".")[0]) for text in seen] == list(range(1, 121))
    await page.goto(f"/plans/{plan}")
    assert await page.locator(".timeline > li").count() == 50
    assert "The last 50 of 120 events." in await page.inner_text("#timeline")


async def test_all_events_can_be_taken_away(opened: Opener, db: asyncpg.Connection) -> None:
    page = await opened(at(1), role="viewer")
    told = await page.request.get(f"/plans/{PLAN}/events.json")
    assert [e["type"] for e in json.loads(await told.text())["items"]] == TYPES
    assert told.headers["content-disposition"] == f'attachment; filename="plan-{PLAN}-events.json"'

    await db.execute("update rm.timeline set actor = '=cmd()' where plan_id = $1 and type = 'plan.approved'", PLAN)
    try:
        text = (await (await page.request.get(f"/plans/{PLAN}/events.csv")).body()).decode("utf-8-sig")
    finally:
        await db.execute("update rm.timeline set actor = 'ana.souza' where plan_id = $1 and actor = '=cmd()'", PLAN)
    table = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[3] for row in table[1:]] == TYPES
    assert table[APPROVED][4] == "'=cmd()", "no cell is taken for a formula"
    assert (await page.request.get(f"/plans/{rows.uid('nowhere')}/events.csv")).status == 404


async def test_is_accessible_in_light_and_dark(opened: Opener) -> None:
    page = await opened(at(APPROVED), reduced_motion="reduce")
    assert await violations_in_light_and_dark(page) == []
    assert await page.locator("h1").count() == 1


async def test_events_of_texts_that_would_do_harm_are_texts(opened: Opener) -> None:
    page = await opened(f"/plans/{rows.NASTY}/history")
    assert await page.evaluate("[window.hacked, document.querySelectorAll('main img, main script').length]") == [
        None,
        0,
    ]


@pytest.mark.parametrize("locale", ["en-US", "pt-BR"])
async def test_fits_every_window(opened: Opener, locale: str) -> None:
    """States before and after stand in one row where there is room, below each other on a phone."""
    for number in (APPROVED, TYPES.index("task.commented") + 1, 1):
        page = await opened(at(number), locale=locale)
        await open_everything(page)
        assert await measured(page) == {}


async def test_of_many_tasks_the_first_are_shown_and_all_by_one_link(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.ui.pages.history.TASKS", 1)
    page = await opened(at(len(TYPES)))
    then = page.locator("section[aria-labelledby=then]")
    await expect(then.locator("a[href^='/tasks/']")).to_have_count(1)
    await expect(then).to_contain_text("The first 1 of ")
    await then.get_by_role("link", name="Show all").click()
    await page.wait_for_url("**tasks=all#then")
    assert await then.locator("a[href^='/tasks/']").count() > 1
    await expect(then).not_to_contain_text("The first 1 of ")
