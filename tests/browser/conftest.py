"""A real gateway process on a free port, a real PostgreSQL, a real Chromium."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from gateway.access.keys import ApiKeys
from gateway.access.roles import Role
from local.ports import free_port
from tests.browser.letter_records import Records, add_records
from tests.browser.morning import fill

CHROMIUM = os.environ.get("MARKETPLACE_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), "chromium"
)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
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
PATIENCE_MS = 30_000
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


@dataclass(frozen=True)
class Site:
    """A running gateway: its address, its database and a key for each role."""

    url: str
    database_url: str
    keys: dict[str, str]
    cookies: dict[str, list[Any]] = field(default_factory=dict)  # of sign-ins that are open already, by role


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        await running.close()


@pytest.fixture(scope="module")
async def site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A gateway over a filled database, without a broker: commands are decided and stay in the outbox."""
    await fill(database_url)
    keys = await _keys(database_url)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path_factory.mktemp("gateway") / "log"
    environment = {
        **os.environ,
        "MARKETPLACE_DATABASE_URL": database_url,
        "MARKETPLACE_PORT": str(port),
        "MARKETPLACE_LIMITS": "reads=off, login=off, streams=off, uploads=off",
        "MARKETPLACE_TRACE_URL": TRACES,
    }
    environment.pop("MARKETPLACE_BROKERS", None)
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gateway",
            env=environment,
            cwd=Path(__file__).parents[2],
            stdout=output,
            stderr=output,
        )
        try:
            await _serves(url, process, log)
            yield Site(url, database_url, keys)
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), 15)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _keys(database_url: str) -> dict[str, str]:
    async with asyncpg.create_pool(database_url, min_size=0, max_size=1) as pool:
        store = ApiKeys(pool)
        return {role.value: (await store.create(f"Test {role}", role, "test")).key for role in Role}


async def _serves(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(900):  # a gateway begins in 2 s; a busy machine may take many times that
            if process.returncode is not None:
                break
            with suppress(httpx.TransportError):
                if (await client.get(f"{url}/health/live")).status_code == 200:
                    return
            await asyncio.sleep(0.1)
    raise AssertionError(f"the gateway does not serve: {log.read_text()}")


@pytest.fixture
async def db(site: Site) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(site.database_url)
    yield connection
    await connection.close()


Opener = Callable[..., Awaitable[Page]]


@pytest.fixture
async def opened(browser: Browser, site: Site) -> AsyncIterator[Opener]:
    """`await opened("/plans", role="analyst", **options)` opens a page, signed in.

    With `news=False` it stays as it was made: whatever the gateway sees meanwhile does not reach it.
    When the test ends, nothing may have gone wrong in any page: no script error, no refusal by the security policy.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def listen(page: Page) -> None:
        def on_console(message: ConsoleMessage) -> None:
            if message.type == "error" and not any(text in message.text for text in EXPECTED):
                complaints.append(message.text)

        page.on("console", on_console)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    async def open_page(path: str, *, role: str | None = "analyst", **options: Any) -> Page:
        news = options.pop("news", True)
        if options.pop("phone", False):
            options |= {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
        options = {"viewport": {"width": 1366, "height": 900}, "locale": "en-US", "base_url": site.url} | options
        context = await browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = await context.new_page()
        if not news:
            await page.add_init_script(NO_NEWS)
        listen(page)
        if role is not None:
            if role not in site.cookies:
                site.cookies[role] = await _sign_in(site, role)
            await context.add_cookies(site.cookies[role])
        await page.goto(path)
        return page

    yield open_page
    for context in contexts:
        await context.close()
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
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as client:
        answer = await client.get("/api/system/health", headers={"Authorization": f"Bearer {site.keys['viewer']}"})
        assert "verdict" in answer.json(), answer.text


async def notify(db: asyncpg.Connection, *plans: object) -> None:
    """Say what the projections say after a commit."""
    ids = ", ".join(f'"{p}"' for p in plans)
    await db.execute("select pg_notify('projected', $1)", f'{{"plans": [{ids}], "n": {len(plans)}}}')
