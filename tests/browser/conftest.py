"""A real gateway on a free port, a real PostgreSQL, a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, async_playwright, expect

from gateway.access.api_keys import ApiKeys
from gateway.access.roles import Role
from gateway.services.services import Services
from gateway.settings import Settings
from tests.browser.letter_records import Records, add_records
from tests.browser.morning import fill
from tests.integration.gateway.gateway_running import serving
from tests.support.patience import PATIENCE_S

CHROMIUM = os.environ.get("MARKETPLACE_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), "chromium"
)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-gpu-compositing",  # the processor draws all; putting it together as a GPU would costs it more
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Where trace ids lead; nobody is there.
TRACES = "http://traces.example/trace/{trace}"
#: What the browser itself logs for an answer that a test asks for on purpose.
EXPECTED = ("Failed to load resource", "net::ERR_INTERNET_DISCONNECTED")
#: Milliseconds, at most: a machine with much else to do shows a page late, and it is no less right.
PATIENCE_MS = int(1000 * PATIENCE_S)
expect.set_options(timeout=PATIENCE_MS)
#: Stands in for a page's live line: it is open, it is alive, and it brings no news but what a test tells.
NO_NEWS = """
window.EventSource = class extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSED = 2;
  readyState = 1;
  #alive = setInterval(() => this.dispatchEvent(new Event("ping")), 1000);
  constructor() {
    super();
    window.tell = (name, told) => this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(told) }));
  }
  close() {
    clearInterval(this.#alive);
  }
};
"""


#: What the site has for everybody, and shows nothing that changes.
NOT_ALIVE: Final = "/static/favicon.svg"
#: The windows: a desk's, and a phone's.
DESK: Final[ViewportSize] = {"width": 1366, "height": 900}
PHONE: Final[ViewportSize] = {"width": 360, "height": 780}


@dataclass(frozen=True)
class Site:
    """A running gateway: its address, its database and a key for each role."""

    url: str
    database_url: str
    keys: dict[str, str]
    services: Services
    cookies: dict[str, list[Any]] = field(default_factory=dict)  # of sign-ins that are open already, by role


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        await running.close()


@pytest.fixture(scope="module")
async def site(database_url: str) -> AsyncIterator[Site]:
    """A gateway over a filled database, without a broker: commands are decided and stay in the outbox.

    It serves from the process of the tests. With a process of its own it is seen in test_sellers_way.py.
    """
    await fill(database_url)
    keys = await _keys(database_url)
    environment = {
        "MARKETPLACE_DATABASE_URL": database_url,
        "MARKETPLACE_LIMITS": "reads=off, login=off, streams=off, uploads=off",
        "MARKETPLACE_TRACE_URL": TRACES,
    }
    settings = replace(
        Settings.from_env(environment), connect_timeout=PATIENCE_MS / 1000, database_timeout=PATIENCE_MS / 1000
    )
    async with serving(settings) as (url, app):
        yield Site(url, database_url, keys, app.state.services)


async def _keys(database_url: str) -> dict[str, str]:
    async with asyncpg.create_pool(database_url, min_size=0, max_size=1) as pool:
        store = ApiKeys(pool)
        return {role.value: (await store.create(f"Test {role}", role, "test")).key for role in Role}


@pytest.fixture
async def db(site: Site) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(site.database_url)
    yield connection
    await connection.close()


Opener = Callable[..., Awaitable[Page]]


class Pages:
    """Opens pages of the site in contexts of their own, and hears what goes wrong in them."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser = browser
        self._site = site
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    async def new(self, *, phone: bool = False, news: bool = True, **options: Any) -> Page:
        """Return an empty page in a context with these options."""
        if phone:
            options |= {"viewport": PHONE, "has_touch": True, "is_mobile": True}
        # what moves without end is drawn sixty times a second, while a test waits for something else
        asked = {"viewport": DESK, "locale": "en-US", "base_url": self._site.url, "reduced_motion": "reduce"}
        options = asked | options
        context = await self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        page = await context.new_page()
        if not news:
            await page.add_init_script(NO_NEWS)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    async def show(self, page: Page, path: str, role: str | None) -> Page:
        """Go to a page of the site, signed in."""
        if role is not None:
            if role not in self._site.cookies:
                self._site.cookies[role] = await _sign_in(self._site, role)
            await page.context.add_cookies(self._site.cookies[role])
        await page.goto(path)
        return page

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in EXPECTED):
            self.complaints.append(message.text)


@pytest.fixture
async def opened(browser: Browser, site: Site) -> AsyncIterator[Opener]:
    """`await opened("/plans", role="analyst", **options)` opens a page, signed in.

    With `news=False` it stays as it was made: whatever the gateway sees meanwhile does not reach it.
    When the test ends, nothing may have gone wrong in any page: no script error, no refusal by the security policy.
    """
    pages = Pages(browser, site)

    async def open_page(path: str, *, role: str | None = "analyst", **options: Any) -> Page:
        return await pages.show(await pages.new(**options), path, role)

    yield open_page
    await pages.close()
    assert pages.complaints == []


@pytest.fixture(scope="module")
async def leaves(browser: Browser, site: Site) -> AsyncIterator[tuple[Pages, dict[str, Page]]]:
    pages = Pages(browser, site)
    yield pages, {}
    await pages.close()
    assert pages.complaints == []


@pytest.fixture
async def leafed(leaves: tuple[Pages, dict[str, Page]]) -> AsyncIterator[Opener]:
    """As `opened`, for many pages that are only looked at: one window for all with the same options.

    A context and its renderer cost more than a page. It is as new: of its last page it keeps neither cookies nor size
    nor colours, and the site keeps nothing else in a browser.
    """
    pages, known = leaves

    async def turn_to(path: str, *, role: str | None = "analyst", **options: Any) -> Page:
        page = known.get(repr(options))
        if page is None:
            page = known[repr(options)] = await pages.new(**options)
        # a page that is alive goes to the sign-in once its cookies are gone; one of another place has another process
        await page.goto(NOT_ALIVE)
        await page.context.clear_cookies()
        await page.emulate_media(color_scheme="light")
        await page.set_viewport_size(PHONE if options.get("phone") else options.get("viewport", DESK))
        return await pages.show(page, path, role)

    yield turn_to
    complaints, pages.complaints = pages.complaints, []
    assert complaints == []


async def _sign_in(site: Site, role: str) -> list[Any]:
    async with httpx.AsyncClient(base_url=site.url) as client:
        answer = await client.post("/login", data={"key": site.keys[role]})
        assert answer.status_code == 303
        return [{"name": name, "value": value, "url": site.url} for name, value in client.cookies.items()]


@pytest.fixture(scope="module")
async def records(site: Site) -> Records:
    """Records that wait, and dead letters."""
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        return await add_records(pool)


async def looked_at(site: Site) -> None:
    """Let the gateway look anew: from here on its pages show what is in the database now."""
    async with httpx.AsyncClient(base_url=site.url, timeout=PATIENCE_S) as client:
        answer = await client.get("/api/system/health", headers={"Authorization": f"Bearer {site.keys['viewer']}"})
        assert "verdict" in answer.json(), answer.text


async def notify(db: asyncpg.Connection, *plans: object) -> None:
    """Say what the projections say after a commit."""
    ids = ", ".join(f'"{p}"' for p in plans)
    await db.execute("select pg_notify('projected', $1)", f'{{"plans": [{ids}], "n": {len(plans)}}}')
