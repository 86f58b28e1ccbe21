"""What can be done with a task of a list is asked for when the menu of its row is opened."""

from __future__ import annotations

import asyncpg
import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import rows
from tests.browser.accessibility import violations_in_light_and_dark
from tests.browser.conftest import Opener, Site

PLAN = rows.uid("menus")
LIST = f"/tasks?plan={PLAN}"


@pytest.fixture(scope="module", autouse=True)
async def two(site: Site) -> None:
    """A plan with two tasks: of the first one everything can be done."""
    connection = await asyncpg.connect(site.database_url)
    try:
        seed = rows.Seed(connection)
        await seed.plan(PLAN, "executing", title="Relatório dos menus", channels=["shopee"])
        await seed.task(PLAN, 1, "open", "Rever os anúncios")
        await seed.task(PLAN, 2, "started", "Rever os preços")
    finally:
        await connection.close()


def _menu(page: Page) -> Locator:
    return page.locator("tbody tr", has_text="Rever os anúncios").locator("details.row-menu")


async def _opened(page: Page) -> Locator:
    menu = _menu(page)
    await menu.locator("summary").click()
    await expect(menu.locator("form[action$=comment]")).to_be_visible()
    return menu


@pytest.mark.parametrize("path", [LIST, f"/plans/{PLAN}"])
async def test_a_menu_is_filled_when_it_is_opened_by_key_and_the_first_field_has_the_focus(
    opened: Opener, path: str
) -> None:
    page = await opened(path)
    menu = _menu(page)
    assert await menu.locator("form").count() == 0
    await menu.locator("summary").focus()
    await page.keyboard.press("Enter")
    for action in ("complete", "assign", "reschedule", "comment", "fail", "cancel"):
        await expect(menu.locator(f"form[action$={action}]")).to_be_visible()
    await expect(menu.locator("form[action$=complete] input.input")).to_be_focused()
    assert await violations_in_light_and_dark(page) == []
    await page.keyboard.press("Escape")
    await expect(menu.locator("summary")).to_be_focused()


async def test_what_was_typed_stays_when_the_list_is_read_again_and_is_of_the_task_as_it_is_now(
    opened: Opener, db: asyncpg.Connection
) -> None:
    page = await opened(LIST, news=False)
    menu = await _opened(page)
    comment = menu.locator("form[action$=comment] input.input")
    await comment.fill("falta uma foto")
    await db.execute("update rm.task set version = 41 where plan_id = $1 and position = 1", PLAN)
    await page.evaluate(f"tell('plan', {{planId: '{PLAN}'}})")
    await expect(menu.locator("form[action$=fail] input[name=version]")).to_have_value("41")
    await expect(comment).to_have_value("falta uma foto")
    await expect(comment).to_be_focused()


async def test_a_comment_is_sent_from_the_menu_and_the_list_stays(opened: Opener) -> None:
    page = await opened(LIST)
    menu = await _opened(page)
    await menu.locator("form[action$=comment] input.input").fill("falta uma foto")
    async with page.expect_request(lambda asked: asked.method == "POST") as sent:
        await menu.locator("form[action$=comment] button").click()
    assert "falta+uma+foto" in ((await sent.value).post_data or "")
    await expect(menu).not_to_have_attribute("open", "")
    assert page.url.endswith(LIST)


async def test_without_scripts_and_without_an_answer_the_menu_leads_to_the_tasks_own_page(opened: Opener) -> None:
    page = await opened(LIST, java_script_enabled=False)
    menu = _menu(page)
    await menu.locator("summary").click()
    await menu.get_by_role("link").click()
    await expect(page.locator("main form[action$=reschedule]")).to_be_visible()

    page = await opened(LIST)
    await page.route("**/menu?*", lambda route: route.abort())
    menu = _menu(page)
    await menu.locator("summary").click()
    await expect(menu.get_by_role("link")).to_be_visible()


async def test_a_viewer_has_no_menus(opened: Opener) -> None:
    page = await opened(LIST, role="viewer")
    await expect(page.locator("tbody tr").first).to_be_visible()
    assert await page.locator("details.row-menu").count() == 0
