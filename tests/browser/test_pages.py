"""Every page, in both themes and languages, on a desk and on a phone."""

from __future__ import annotations

import asyncpg
import pytest

from tests.browser import row_contents, rows
from tests.browser.accessibility import OF_COLOURS, open_everything, violations, violations_in_light_and_dark
from tests.browser.conftest import Opener

TASK = rows.uid(rows.EXECUTING, "task", 4)
PAGES = {
    "login": "/login",
    "overview": "/",
    "plans": "/plans",
    "upload": "/plans?upload=open",
    "no result": "/plans?q=nothing+is+called+this",
    "waiting plan": f"/plans/{rows.AWAITING}",
    "partial plan": f"/plans/{rows.PARTIAL}",
    "analysing plan": f"/plans/{rows.ANALYZING}",
    "empty plan": f"/plans/{rows.EMPTY}",
    "plan with figures": f"/plans/{rows.FIGURES}",
    "columns of a plan": f"/plans/{rows.FIGURES}/columns",
    "figure": f"/plans/{rows.FIGURES}/figures/mercado_livre/revenue",
    "unknown figure": f"/plans/{rows.FIGURES}/figures/shopee/net_receipts",
    "history": f"/plans/{rows.AWAITING}/history",
    "search": "/search?q=vendas",
    "running plan": f"/plans/{rows.EXECUTING}",
    "rejected plan": f"/plans/{rows.REJECTED}",
    "hostile plan": f"/plans/{rows.NASTY}",
    "costs": "/costs",
    "mappings": "/mappings",
    "nothing set aside": "/set-aside",
    "objectives": "/slo",
    "tasks": "/tasks",
    "board": "/tasks?view=board",
    "task": f"/tasks/{TASK}",
    "attempts": "/attempts",
    "rules": "/rules",
    "attempts that failed for good": "/attempts?outcome=dead",
    "attempts that ended well": "/attempts?outcome=done",
    "no attempt fits": "/attempts?outcome=dead&job=phase1&channel=amazon&since=2026-01-01",
    "audit": "/audit",
    "keys": "/keys",
    "people": "/people",
    "teams": "/teams",
    "sign-ins": "/sign-ins",
    "webhooks": "/webhooks",
    "webhook": f"/webhooks/{rows.WEBHOOK}",
    "delivery": f"/webhooks/{rows.WEBHOOK}/deliveries/{rows.uid('delivery', 1)}",
    "runbooks": "/runbooks",
    "runbook": "/runbooks/something-is-stuck",
    "API": "/docs",
    "call": "/docs/calls/tasks_work_many",
    "event": "/docs/events/plan.approved",
}
#: Who opens a page, where it is not an analyst.
ROLES = {
    "login": None,
    "audit": "admin",
    "nothing set aside": "operator",
    **dict.fromkeys(("keys", "people", "teams", "webhooks", "webhook", "delivery"), "admin"),
}


#: One of many links that look alike, in a colour in which it cannot be read.
UNREADABLE = """
    const link = [...document.querySelectorAll('main table td a')].at(-1);
    Object.assign(link.style, { color: '#bbb', transition: 'none' });
"""


@pytest.mark.parametrize("name", PAGES)
async def test_is_accessible(leafed: Opener, name: str) -> None:
    """In light and dark axe finds nothing, not even what is minor, and the page has one heading of the first level."""
    page = await leafed(PAGES[name], role=ROLES.get(name, "analyst"), reduced_motion="reduce")
    assert await violations_in_light_and_dark(page) == []
    assert await page.locator("h1").count() == 1


async def test_one_text_of_many_that_cannot_be_read_is_found(leafed: Opener) -> None:
    """Of each look of a text one is judged: another look anywhere among them is another text to judge."""
    page = await leafed("/plans", reduced_motion="reduce", news=False)
    assert await violations(page, *OF_COLOURS) == []
    await page.evaluate(UNREADABLE)
    assert [found[0] for found in await violations(page, *OF_COLOURS)] == ["color-contrast"]
    assert [found[0] for found in await violations(page)] == ["color-contrast"]


async def test_what_is_minor_is_found_too(leafed: Opener) -> None:
    page = await leafed("/system", reduced_motion="reduce", news=False)
    await page.evaluate("document.querySelectorAll('main section').forEach(s => s.setAttribute('aria-label', 'Twice'))")
    await page.evaluate("document.querySelectorAll('main section').forEach(s => s.removeAttribute('aria-labelledby'))")
    assert "landmark-unique" in [found[0] for found in await violations(page)]


@pytest.mark.parametrize("name", PAGES)
async def test_fits_a_phone_in_portuguese(leafed: Opener, name: str) -> None:
    """A Brazilian phone of 360 pixels: Portuguese without asking, nothing scrolls sideways, targets can be touched."""
    page = await leafed(PAGES[name], role=ROLES.get(name, "analyst"), phone=True, locale="pt-BR")
    await open_everything(page)
    small = await page.evaluate(
        """[...document.querySelectorAll('main button, main a.button, main summary, main select')]
           .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24)
           .map(e => e.outerHTML.slice(0, 120))"""
    )

    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert small == []
    assert await page.get_attribute("html", "lang") == "pt-BR"
    assert ("Chave de API" if name == "login" else "Visão geral") in await page.inner_text("body")


@pytest.mark.parametrize("name", PAGES)
async def test_is_whole_without_scripts(leafed: Opener, name: str) -> None:
    """Without JavaScript the page has the same content, and no control that does nothing."""
    page = await leafed(PAGES[name], role=ROLES.get(name, "analyst"), java_script_enabled=False)

    assert await page.locator("h1").count() == 1
    assert await page.locator("[data-live-state]:visible, .copy:visible, [data-open]:visible").count() == 0


async def test_switches_theme_and_language(opened: Opener) -> None:
    """The choice is made on the page, kept by the browser and rendered by the server."""
    page = await opened("/plans", java_script_enabled=False)
    await page.click(".side .prefs summary")
    await page.click(".side button[name=theme][value=dark]")
    await page.click(".side .prefs summary")
    await page.click(".side button[name=density][value=compact]")
    await page.click(".side .prefs summary")
    await page.click(".side button[name=language][value=pt_BR]")

    assert page.url.endswith("/plans")
    assert await page.get_attribute("html", "data-theme") == "dark"
    assert await page.get_attribute("html", "data-density") == "compact"
    assert await page.inner_text("h1") == "Planos"
    assert await page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"


async def test_a_plan_tells_how_its_document_was_read(opened: Opener) -> None:
    """Each table's layout, its columns used (once each) and missing, what was left out; in Portuguese too."""
    page = await opened(f"/plans/{rows.AWAITING}")
    told = await page.inner_text("#reading")
    used = await page.locator("#reading .columns-read div").first.locator("code").all_inner_texts()

    assert "Mercado Livre: sales report" in told
    assert "header in row 6 · 1,840 rows" in told
    assert used == list(dict.fromkeys(row_contents.USED))
    assert "Columns that are missing\nComissão" in told
    assert "Columns that were not recognised" in told
    assert "As linhas ficaram de fora." in told

    page = await opened(f"/plans/{rows.EMPTY}", locale="pt-BR")
    assert "lido como texto" in await page.inner_text("#reading")
    page = await opened(f"/plans/{rows.REJECTED}")
    assert await page.locator("#reading").count() == 0


async def test_hostile_texts_are_only_texts(opened: Opener) -> None:
    """Markup in titles, file names, opportunities, names of people and event data is shown, never run."""
    for path in ("/", "/plans", f"/plans/{rows.NASTY}", "/tasks", f"/plans?q={rows.HOSTILE}"):
        page = await opened(path)
        await open_everything(page)

        assert await page.evaluate("[window.hacked, document.querySelectorAll('main img, main script').length]") == [
            None,
            0,
        ]
    assert rows.HOSTILE in await page.input_value("[data-search]")


async def test_unknown_addresses_help(opened: Opener) -> None:
    """A plan that is not there yet says that it may still come; any other address leads back to the lists."""
    page = await opened(f"/plans/{rows.uid('nowhere')}")
    assert "not here yet" in await page.inner_text("main")
    await page.goto("/no/such/page")

    assert "nothing at this address" in await page.inner_text("main")
    assert await violations_in_light_and_dark(page) == []
    await page.click(".side .nav a:has-text('Plans')")
    await page.wait_for_url("**/plans")


async def test_what_needs_a_person_is_a_list_with_next_steps(opened: Opener) -> None:
    """The system before the business, each with what to do and where; a runbook is a page of this site."""
    page = await opened("/")
    said = await page.locator("section.say .needs > li:not(.needs-begin) .need-text").all_inner_texts()
    business = [said.index(text) for text in said if "task failed" in text or "plan that waits" in text]
    assert len(business) == 3
    assert min(business) > said.index("No broker is configured.")
    partial = page.locator(".needs > li", has_text="is partial")
    assert "can be approved without the others" in await partial.inner_text()
    assert await partial.get_by_role("link").get_attribute("href") == "/plans?status=awaiting_approval&sort=uploadedAt"
    assert await page.locator("#recent-plans").count() == 1
    row = page.locator('section[aria-labelledby="recent-plans"] li', has_text="Relatório trimestral")
    assert "Partial" in await row.inner_text()

    await page.locator(".needs > li", has_text="runs: what is decided does not appear").get_by_text("Runbook").click()
    await page.wait_for_url("**/runbooks/something-is-stuck#a-process-is-not-well")
    assert await page.locator("#a-process-is-not-well").is_visible()
    await page.click(".runbook a[href='/runbooks/rolling-deploy']")
    await page.wait_for_url("**/runbooks/rolling-deploy")


async def test_a_state_that_holds_nothing_is_no_tile(opened: Opener) -> None:
    page = await opened("/")
    tiles = await page.locator(".tile .tile-count").all_inner_texts()
    assert "0" not in tiles
    assert "Assigned" not in await page.locator(".zeros").last.inner_text()


async def test_a_step_under_way_is_not_named_by_its_end(opened: Opener) -> None:
    page = await opened(f"/plans/{rows.EXECUTING}")
    now = await page.inner_text(".steps .now")

    assert "Completed" not in now
    assert "1 of 5 tasks" in now


async def test_turns_pages_by_the_url(opened: Opener, db: asyncpg.Connection) -> None:
    """A long list has a next page, without scripts too; every plan stands on exactly one of them."""
    seed = rows.Seed(db)
    for n in range(30):
        await seed.plan(rows.uid("many", n), "rejected", title=f"folha {n}", uploaded_at=seed.at(days=9, minutes=n))
    page = await opened("/plans?q=folha", java_script_enabled=False)
    first = await page.locator("tbody .row-link").all_inner_texts()
    await page.click("a[rel=next]")
    await page.wait_for_url("**cursor=**")
    rest = await page.locator("tbody .row-link").all_inner_texts()

    assert first + rest == [f"folha {n}" for n in range(30)]
    assert await page.locator("a[rel=next]").count() == 0
