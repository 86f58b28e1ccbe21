"""Search: the palette by keyboard alone, the page without scripts, and what each role is offered."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest
from playwright.async_api import Page, expect

from tests.browser import rows
from tests.browser.accessibility import OF_COLOURS, violations
from tests.browser.conftest import Opener

FIELD = "#palette-q"


async def options(page: Page) -> list[str]:
    return await page.locator("#palette-list [role=option]").all_inner_texts()


@pytest.mark.parametrize("keys", ["Control+k", "Meta+k"])
async def test_opens_by_keys_finds_a_plan_and_goes_there(opened: Opener, keys: str) -> None:
    """Without accents, by the beginnings of words; Enter opens the chosen one."""
    page = await opened("/slo")
    await page.keyboard.press(keys)
    await expect(page.locator(FIELD)).to_be_focused()
    await page.keyboard.type("marco vend")
    chosen = page.locator("#palette-list [aria-selected=true]")
    await expect(chosen).to_contain_text("Vendas de março: Mercado Livre e Shopee")
    assert await page.get_attribute(FIELD, "aria-activedescendant") == await chosen.get_attribute("id")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/plans/{rows.AWAITING}")


async def test_arrows_choose_and_escape_gives_the_focus_back(opened: Opener) -> None:
    page = await opened("/plans")
    button = page.locator(".side [data-palette]")
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#palette-list [role=option]").first).to_have_attribute("aria-selected", "true")
    before = await options(page)
    assert "Overview" in before[0], "without a word, it offers the pages"
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#palette-list [role=option]").nth(1)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(page.locator("#palette-list [role=option]").last).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Escape")
    await expect(page.locator("#palette")).to_be_hidden()
    await expect(button).to_be_focused()


async def test_a_task_that_it_finds_has_the_mark_of_its_numbers(opened: Opener, db: asyncpg.Connection) -> None:
    seed, plan = rows.Seed(db), uuid4()
    await seed.plan(plan, "executing", version=4, title=f"sem origem {plan.hex[:6]}")
    await seed.task(plan, 1, "open", f"Ganhar R$ 4.321 {plan.hex[:6]}")
    unmatched = '[{"path": "phases[0].tasks[0].title", "number": "R$ 4.321"}]'
    await seed.channel(plan, "mercado_livre", unmatched=unmatched)
    page = await opened("/plans")
    await page.keyboard.press("Control+k")
    await page.keyboard.type(f"ganhar {plan.hex[:6]}")
    option = page.locator("#palette-list [role=option]", has_text="Ganhar")
    await expect(option).to_contain_text("1 number without a source: R$ 4.321")
    assert await violations(page) == []


async def test_opens_while_somebody_types_and_with_shortcuts_off(opened: Opener) -> None:
    page = await opened("/plans")
    await page.locator("main [data-search]").focus()
    await page.evaluate("document.documentElement.dataset.keys = 'off'")
    await page.keyboard.press("Control+k")
    await expect(page.locator(FIELD)).to_be_focused()
    await page.keyboard.press("Control+k")
    await expect(page.locator("#palette")).to_be_hidden()


async def test_finds_tasks_products_ids_pages_and_actions(opened: Opener, db: asyncpg.Connection) -> None:
    page = await opened("/", role="operator")
    task = await db.fetchrow("select task_id, title from rm.task where created_at is not null order by task_id limit 1")
    assert task is not None
    for asked, group, text, path in (
        ("ten-run", "Products", "TEN-RUN-00", "/costs?q=TEN-RUN-00"),
        ("corrida leve", "Products", "TEN-RUN-00", "/costs?q=TEN-RUN-00"),
        (str(rows.EXECUTING)[:8], "Plans", "", f"/plans/{rows.EXECUTING}"),
        (str(rows.EXECUTING), "Plans", "", f"/plans/{rows.EXECUTING}"),
        (str(task["task_id"])[:13], "Tasks", task["title"], f"/tasks/{task['task_id']}"),
        ("dead", "Pages", "Dead letters", "/letters"),
        ("circuit", "What you can do", "circuit breakers", "/system#breakers"),
    ):
        await page.goto(f"/search?q={asked}")
        found = page.locator("[data-group]", has=page.get_by_role("heading", name=group, exact=True))
        link = found.locator(f'a[href="{path}"]')
        assert await link.count() == 1, asked
        assert text in await link.inner_text()


async def test_a_role_is_offered_what_it_may_do(opened: Opener) -> None:
    offered = {}
    for role in ("viewer", "analyst", "operator"):
        page = await opened("/search", role=role)
        offered[role] = set(await page.locator('[data-group="actions"] a').all_inner_texts())
    assert "Upload a document" not in offered["viewer"]
    assert "Upload a document" in offered["analyst"]
    assert "Test a notifier" not in offered["analyst"]
    assert offered["viewer"] < offered["analyst"] < offered["operator"]


@pytest.mark.parametrize(
    "asked", ["':*", "& | ! ( )", "\\", "%_", "vendas'; drop table rm.plan; --", "x" * 500, "𝔘𝔫", "٣٤"]
)
async def test_signs_of_a_query_are_only_words(leafed: Opener, asked: str) -> None:
    page = await leafed("/search")
    answer = await page.request.get("/search", params={"q": asked})
    assert answer.status == 200


async def test_without_scripts_the_search_is_a_page(opened: Opener) -> None:
    page = await opened("/plans", java_script_enabled=False)
    await page.locator(".side [data-palette]").click()
    await page.wait_for_url("**/search")
    await page.locator("main [data-search]").fill("zzz nobody")
    await page.get_by_role("button", name="Search").click()
    await page.wait_for_url("**q=zzz+nobody")
    assert "Nothing fits" in await page.inner_text("main")
    await page.locator("main [data-search]").fill("visao")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**q=visao")
    assert await page.locator('[data-group="pages"] a').count() == 0, (
        "a page is found by its name in the reader's language"
    )
    await page.goto("/search?q=overv")
    assert await page.locator('[data-group="pages"] a').get_attribute("href") == "/"


async def test_finds_pages_by_their_portuguese_names(opened: Opener) -> None:
    page = await opened("/search?q=visao", locale="pt-BR")
    assert await page.locator('[data-group="pages"] a').get_attribute("href") == "/"


async def test_what_it_found_is_counted_in_words_for_one_and_for_many(opened: Opener) -> None:
    page = await opened("/plans", locale="pt-BR")
    await page.keyboard.press("Control+k")
    said = page.locator("[data-palette-said]")
    await expect(page.locator("#palette-list [role=option]").first).to_be_visible()  # they come from the gateway
    await expect(said).to_have_text(f"{len(await options(page))} encontrados")
    await page.keyboard.type("visao geral")
    await expect(said).to_have_text("1 encontrado")


async def test_a_lost_gateway_is_said(opened: Opener) -> None:
    page = await opened("/plans", news=False)
    await page.route("**/search*", lambda route: route.abort("internetdisconnected"))
    await page.keyboard.press("Control+k")
    await expect(page.locator("[data-palette-said]")).to_have_text("The gateway could not be reached")


async def look_for_sales(page: Page) -> None:
    await page.locator("[data-palette]:visible").click()
    await page.locator(FIELD).fill("vendas")
    await expect(page.locator("#palette-list [role=option]").first).to_be_visible()


@pytest.mark.parametrize("phone", [False, True])
async def test_is_accessible_in_light_and_dark(opened: Opener, phone: bool) -> None:
    page = await opened("/plans", reduced_motion="reduce", phone=phone)
    await look_for_sales(page)
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    await page.reload()  # not all that is shown changes its colour at one moment
    await look_for_sales(page)
    assert await violations(page, *OF_COLOURS) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    page = await opened("/search?q=vendas", reduced_motion="reduce", phone=phone)
    assert await violations(page) == []
