"""Pages follow the log without a reload, and without taking anything out of a person's hands."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import Page, Route, expect

from tests.browser import rows
from tests.browser.conftest import Opener, Site, looked_at, notify
from tests.browser.rows import Seed
from tests.browser.test_decisions import waiting_plan
from tests.support.letters import add_letter, add_waiting
from tests.support.patience import PATIENCE_S, until


class Line:
    """A TCP line to the gateway. `muted`: it stays up, and nothing comes through it, as on a network that is gone."""

    def __init__(self, url: str) -> None:
        self._host, self._port = urlsplit(url).hostname, urlsplit(url).port
        self.url = ""
        self.muted = False
        self.asked = 0  # bytes that did not come through, from a browser that still asks
        self._loose: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Line]:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for end in self._loose:
                end.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, asking = await asyncio.open_connection(self._host, self._port)
        self._loose |= {writer, asking}
        with suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, asking), self._pass(answers, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dead = False  # what was lost once cannot go on
        while data := await reader.read(65536):
            dead = dead or self.muted
            if dead:
                self.asked += len(data)
                continue
            writer.write(data)
            await writer.drain()
        writer.close()


async def clocked(page: Page) -> None:
    """Load the page again with a clock that can be put forward, and wait until it is live and has read all."""
    url = page.url
    await page.goto("about:blank")  # no answer to the page of before is taken for one to this
    await page.clock.install()
    async with page.expect_response(lambda answer: "x-part" in answer.request.headers) as first:
        await page.goto(url)
    await (await first.value).finished()
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")


async def rename(db: asyncpg.Connection, plan_id: UUID, title: str) -> None:
    await db.execute("update rm.plan set title = $2, changed_at = now() where plan_id = $1", plan_id, title)
    await notify(db, plan_id)


async def test_shows_a_change_and_keeps_what_a_person_does(opened: Opener, db: asyncpg.Connection) -> None:
    """A change appears; an open event, a half-written reason, the focus and the place on the page stay."""
    plan = await waiting_plan(db, "Antes")
    page = await opened(f"/plans/{plan}")
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    await page.click(".timeline summary >> nth=0")
    await page.click("#menu-reject > summary")
    await page.fill("#reject-reason", "ainda escrev")
    await page.evaluate("window.mark = 1; window.scrollTo(0, 150)")
    await Seed(db).event(plan, "plan.recovered", f"plan-{plan}", 9, "system:watchdog", {"attempt": 1}, Seed(db).now)
    await rename(db, plan, "Depois")
    await page.wait_for_selector("h1:has-text('Depois')")

    assert await page.inner_text(".timeline .event-text >> nth=0") == "Moving again"
    assert await page.input_value("#reject-reason") == "ainda escrev"
    assert await page.evaluate("document.activeElement.id") == "reject-reason"
    assert await page.locator(".timeline details[open]").count() == 1
    assert await page.evaluate("[window.mark, window.scrollY]") == [1, 150]


async def announced(opened: Opener, db: asyncpg.Connection, word: str) -> Page:
    """Open a list of one row, choose that, and wait until a second one is announced."""
    await waiting_plan(db, f"{word} 1")
    page = await opened(f"/plans?q={word}")
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    await page.check("tbody input[name=id]")
    await notify(db, await waiting_plan(db, f"{word} 2"))
    await page.wait_for_selector("[data-new-rows]:not([hidden])")
    return page


async def test_new_rows_wait_while_rows_are_selected(opened: Opener, db: asyncpg.Connection) -> None:
    """While somebody selects, rows that are new are announced, not pushed in; asking shows them."""
    page = await announced(opened, db, f"fila{uuid4().hex[:6]}")
    before = await page.locator("tbody tr").count()
    await page.click("[data-new-rows] button")
    await expect(page.locator("tbody tr")).to_have_count(2)

    assert before == 1
    assert await page.locator("tbody input[name=id]:checked").count() == 1


async def test_new_rows_come_by_themselves_otherwise(opened: Opener, db: asyncpg.Connection) -> None:
    """At the top of a list that nobody touches a new row simply appears."""
    word = f"livre{uuid4().hex[:6]}"
    await waiting_plan(db, f"{word} 1")
    page = await opened(f"/plans?q={word}")
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    await notify(db, await waiting_plan(db, f"{word} 2"))
    await expect(page.locator("tbody tr")).to_have_count(2)

    assert await page.locator("[data-new-rows]").is_hidden()


async def test_says_that_it_is_not_live_and_catches_up(opened: Opener, db: asyncpg.Connection) -> None:
    """Cut off, the page says so and since when; back again it shows what happened meanwhile."""
    plan = await waiting_plan(db, "Antes da queda")
    page = await opened(f"/plans/{plan}")
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    await page.context.set_offline(True)
    await page.wait_for_selector("[data-lost]:not([hidden])")
    said = await page.inner_text("[data-lost]")
    await rename(db, plan, "Depois da queda")
    await page.context.set_offline(False)
    await page.wait_for_selector("h1:has-text('Depois da queda')")

    assert "The live connection is lost since" in said
    await page.wait_for_selector("[data-lost]", state="hidden")


async def test_an_answer_that_was_on_its_way_makes_no_lost_connection_live(
    opened: Opener, db: asyncpg.Connection
) -> None:
    """What was asked for before the cut and comes after it says nothing about the line."""
    plan = await waiting_plan(db, "A caminho")
    page = await opened(f"/plans/{plan}")
    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    asked, cut = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        if "x-part" in route.request.headers and not cut.is_set():
            answer = await route.fetch()
            # the first refresh of a connection may still be on its way, with the title of before
            if "Chegou depois" in await answer.text():
                asked.set()
                await cut.wait()
            await route.fulfill(response=answer)
        else:
            await route.continue_()

    await page.route("**/plans/**", late)
    await rename(db, plan, "Chegou depois")
    await asyncio.wait_for(asked.wait(), PATIENCE_S)
    await page.context.set_offline(True)
    await page.wait_for_selector("[data-live-state]:is([data-state=connecting], [data-state=lost]) >> visible=true")
    cut.set()

    await page.wait_for_selector("h1:has-text('Chegou depois')")
    await page.wait_for_selector("[data-lost]:not([hidden])")


async def test_notices_a_line_that_is_dead_without_an_error(opened: Opener, site: Site, db: asyncpg.Connection) -> None:
    """Not a word, no error: the page says since when it heard nothing, asks again, and catches up."""
    plan = await waiting_plan(db, "Antes do silencio")
    async with Line(site.url).open() as line:
        page = await opened(f"/plans/{plan}", base_url=line.url)
        await clocked(page)
        line.muted = True
        await rename(db, plan, "Depois do silencio")
        await page.clock.fast_forward(30_000)
        assert await page.locator("[data-lost]").is_hidden()
        await page.clock.fast_forward(20_000)
        await page.wait_for_selector("[data-lost]:not([hidden])")
        said = await page.inner_text("[data-lost]")
        await until(lambda: line.asked > 0)
        line.muted = False
        await page.clock.fast_forward(16_000)
        await page.wait_for_selector("h1:has-text('Depois do silencio')")

        assert "The live connection is lost since" in said
        # since the last word, not since it was missed
        assert re.search(r"\((4[5-9]|5\d) s ago\)|\(1 min ago\)", said), said
        await page.wait_for_selector("[data-lost]", state="hidden")


async def test_a_quiet_connection_is_not_a_dead_one(opened: Opener, db: asyncpg.Connection) -> None:
    """Nothing happens for longer than the page's patience, but the server says at times that it is there."""
    page = await opened(f"/plans/{await waiting_plan(db, 'Quieto')}")
    await clocked(page)
    await page.evaluate(
        """() => {
            window.doubts = 0;
            const seen = new MutationObserver(() => { window.doubts += 1; });
            seen.observe(document.querySelector("[data-live-state]"), { attributes: true });
        }"""
    )
    # well within the page's patience of 45 s, with the last 30 s beyond it
    await page.clock.fast_forward(22_000)
    # a connection that was opened later hears it later
    await page.evaluate(
        """new Promise(heard => {
            const later = new EventSource("/api/events");
            later.addEventListener("health", () => { later.close(); heard(); });
        })"""
    )
    await page.clock.fast_forward(30_000)

    assert await page.evaluate("window.doubts") == 0


async def test_filters_without_a_reload(opened: Opener) -> None:
    """Typing filters and lands in the URL; going back brings the list back; `/` goes to the filter."""
    page = await opened("/plans")
    await page.evaluate("window.mark = 1")
    await page.keyboard.press("/")
    await page.keyboard.type("trimestral")
    await page.wait_for_url("**/plans?q=trimestral")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.click(".pills a:has-text('Awaiting approval')")
    await page.wait_for_url("**/plans?status=awaiting_approval&q=trimestral")
    await page.go_back()
    await page.wait_for_url("**/plans?q=trimestral")

    assert await page.evaluate("window.mark") == 1


async def test_shortcuts_help_and_can_be_switched_off(opened: Opener) -> None:
    """`?` explains the keys; switched off, a letter does nothing."""
    page = await opened("/plans")
    await page.keyboard.press("?")
    await page.click("#keys button:has-text('Switch shortcuts off')")
    await page.wait_for_selector("html[data-keys=off]")
    await page.keyboard.press("?")

    assert await page.locator("#keys").is_hidden()


@asynccontextmanager
async def watchdog(db: asyncpg.Connection) -> AsyncIterator[Callable[[float], Awaitable[None]]]:
    """A watchdog that lives as long as this test, and says for how long the broker has been away."""
    number = await db.fetchval("select flow.worker_start($1, 'watchdog', 'host', 1, 0, '1')", f"watchdog-{uuid4()}")
    await db.execute("select pg_advisory_lock(1718382455, $1)", number)

    async def say(away_s: float) -> None:
        await db.execute(
            "update flow.worker set beat_at = clock_timestamp() + interval '1 hour', progress = $2::jsonb"
            " where worker_id = $1",
            number,
            f'{{"broker_away_s": {away_s}, "broker_error": "refused"}}',
        )

    await say(0)
    yield say
    await db.execute("select pg_advisory_unlock(1718382455, $1)", number)
    await db.execute("delete from flow.worker where worker_id = $1", number)


@pytest.mark.parametrize("path", ["/", "/system"])
async def test_an_open_page_notices_an_outage_and_its_end(opened: Opener, db: asyncpg.Connection, path: str) -> None:
    """No plan moves, nobody touches the page: it says that the broker is away, and then no more."""
    async with watchdog(db) as say:
        page = await opened(path)
        await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
        needs = page.locator("section.say")
        assert "The broker is away" not in await needs.inner_text()
        await say(42)
        await expect(needs).to_contain_text("The broker is away.")
        await say(0)
        await expect(needs).not_to_contain_text("The broker is away")


async def test_an_open_page_notices_the_end_of_what_it_alone_has_seen(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    """An outage between two looks of the gateway: a page that was made just then has it, no look tells of its end."""
    async with watchdog(db) as say:
        page = await opened("/system", news=False)
        await say(42)
        await looked_at(site)
        await page.reload()
        needs = page.locator("section.say")
        await expect(needs).to_contain_text("The broker is away.")
        as_of = await page.evaluate("new Date().toISOString()")
        await say(0)
        await looked_at(site)
        since = "2026-05-04T10:00:00+00:00"  # long before: the looks before and after it found the same
        told = {"status": "degraded", "asOf": as_of, "mark": "that of before and after", "since": since}
        await page.evaluate("told => window.tell('health', told)", told)

        await expect(needs).not_to_contain_text("The broker is away")


async def test_a_plans_page_notices_what_holds_it_up(opened: Opener, db: asyncpg.Connection) -> None:
    async with watchdog(db) as say:
        page = await opened(f"/plans/{rows.ANALYZING}")
        await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
        await say(42)
        await expect(page.locator("section.say")).to_contain_text("The broker is away")


async def test_letters_retries_breakers_and_replays_come_by_themselves(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    """None of these is an event of a plan, and nobody says that something was projected."""
    job, breaker = uuid4(), f"agent:api.example/{uuid4().hex[:6]}"
    await db.execute(
        "insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total, moved_at)"
        " values ($1, 'Ana', 'r', '{}', false, 0.1, 1, now() + interval '1 hour')",
        job,
    )
    await db.execute(
        "insert into flow.replay_item (job_id, position, record_id) values ($1, 0, 'agents|plan.events|1|1')", job
    )
    letters, retries, system, replay = [
        await opened(path, role="operator") for path in ("/letters", "/retries", "/system", f"/letters/jobs/{job}")
    ]
    for page in (letters, retries, system, replay):
        await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    assert "Running" in await replay.inner_text(".page-head")
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        letter = await add_letter(pool, plan=str(rows.EXECUTING), code="by-itself")
        waiting = await add_waiting(pool, plan=str(rows.EXECUTING), offset=4321)
    await db.execute("select flow.breaker_trip($1, 'HTTP 503', 600, 'system:runner')", breaker)
    await db.execute("update flow.replay_item set outcome = 'accepted', at = now() where job_id = $1", job)
    await db.execute("update flow.replay_job set state = 'done', ended_at = now() where job_id = $1", job)

    await expect(letters.locator(f'tr[data-key="{letter}"]')).to_have_count(1)
    await expect(retries.locator(f'tr[data-key="{waiting}"]')).to_have_count(1)
    await expect(system.locator(f'li[data-key="{breaker}"]')).to_have_count(1)
    await expect(replay.locator(".page-head")).to_contain_text("Ended")


async def test_the_verdict_says_its_age_and_is_grey_when_it_is_old(opened: Opener, site: Site) -> None:
    """While the gateway looks the age stays small; when nothing is heard it grows, and is marked."""
    async with Line(site.url).open() as line:
        page = await opened("/", base_url=line.url)
        await clocked(page)
        age = page.locator("section.say time[data-as-of]")
        await expect(age).to_have_text(re.compile(r"^As of (just now|[0-4] s ago)$"))
        assert await page.locator("html[data-old]").count() == 0
        line.muted = True
        await page.clock.fast_forward(20_000)
        await expect(age).to_have_text(re.compile(r"^As of 2\d s ago$"))
        assert await page.locator("html[data-old]").count() == 1
        assert "grayscale" in await page.locator("section.say").evaluate("e => getComputedStyle(e).filter")
        line.muted = False
        await page.clock.fast_forward(30_000)
        await page.clock.resume()

        await expect(page.locator("html[data-old]")).to_have_count(0)


async def test_a_database_that_does_not_answer_is_said_on_an_open_page(opened: Opener) -> None:
    """The line to the gateway is fine, so only what it says can tell."""
    page = await opened("/plans", role="analyst")

    async def down(route: Route) -> None:
        health = (
            '{"status": "down", "asOf": "2026-05-04T10:00:00+00:00", "mark": "x", "since": "2026-05-04T10:00:00+00:00"}'
        )
        body = f"retry: 1000\nevent: all\ndata: {{}}\n\nevent: health\ndata: {health}\n\n"
        await route.fulfill(body=body, content_type="text/event-stream")

    await page.route("**/api/events", down)
    await page.reload()

    await expect(page.locator("[data-lost]")).to_contain_text("The database does not answer")
    await page.wait_for_selector("[data-live-state]:is([data-state=connecting], [data-state=lost]) >> visible=true")
