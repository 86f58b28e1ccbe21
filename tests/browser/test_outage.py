"""A broker is killed under an open page: it says so, and that it is over, with nobody at work and with an upload."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Page, expect

from local.load import Load
from local.stack import Stack
from projections.reads.processes import ROLES
from tests.browser.conftest import PATIENCE_MS
from tests.support.patience import PATIENCE_S, until

KEY = "mrs_outage_" + secrets.token_urlsafe(32)
AWAY = "The broker is away"
#: A page is no later than this behind what the gateway answers to whoever asks. One that hears of events of plans alone
#: is as late as the next event: while nobody is at work for ever.
BEHIND_MS = 10_000


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A system with a broker of its own."""
    with Stack(tmp_path_factory.mktemp("outage"), env={"MARKETPLACE_BOOTSTRAP_KEY": KEY}) as whole:
        yield whole


@pytest.fixture
async def page(browser: Browser, system: Stack) -> AsyncIterator[Page]:
    context = await browser.new_context(base_url=system.env["MARKETPLACE_URL"], locale="en-US")
    context.set_default_timeout(PATIENCE_MS)
    shown = await context.new_page()
    await shown.goto("/")
    await shown.fill("input[name=key]", KEY)
    await shown.keyboard.press("Enter")
    await shown.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    yield shown
    await context.close()


async def is_ok(load: Load) -> bool:
    report = await load.get("/api/system/health")
    return report["status"] == "ok" and {one["role"] for one in report["processes"]} >= set(ROLES)


async def is_away(load: Load) -> bool:
    return AWAY in (await load.get("/api/system/health"))["headline"]


@pytest.mark.parametrize("uploads", [0, 1])
async def test_an_open_page_says_that_the_broker_was_killed_and_that_it_is_back(
    system: Stack, page: Page, uploads: int
) -> None:
    async with Load(system.env, KEY) as load:
        await until(lambda: is_ok(load))
        needs = page.locator("section.say")
        await expect(needs).not_to_contain_text(AWAY)
        await page.evaluate("window.mark = 1")

        system.pause("broker")
        system.kill("broker")
        await until(lambda: is_away(load))
        await expect(needs).to_contain_text(AWAY, timeout=BEHIND_MS)
        plans = await load.upload(uploads)

        system.resume("broker")
        await until(lambda: is_ok(load))
        await expect(needs).not_to_contain_text(AWAY, timeout=BEHIND_MS)
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == uploads
        assert await page.evaluate("window.mark") == 1, "nobody has loaded it anew"


async def test_a_page_that_could_not_be_had_comes_by_itself_once_the_database_answers(
    system: Stack, page: Page
) -> None:
    async with Load(system.env, KEY) as load:
        await until(lambda: is_ok(load))
        system.pause("postgres")
        system.kill("postgres")
        file = await page.goto("/plans.csv")
        assert file is not None
        assert file.status == 503
        assert await page.get_attribute("main", "data-live") is None, "nobody asks for a file again and again"
        refused = await page.goto("/plans?sort=title")
        assert refused is not None
        assert refused.status == 503
        again = page.get_by_role("link", name="Try again")
        await expect(again).to_have_attribute("href", "/plans?sort=title")

        system.resume("postgres")
        await expect(page.get_by_role("heading", name="Plans", exact=True)).to_be_visible()
        assert await page.get_attribute("main", "data-list") == "", "it is the page itself, with all that belongs to it"
        assert page.url.endswith("/plans?sort=title")
