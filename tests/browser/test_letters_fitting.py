"""All dead letters of a filter: at which rate they are replayed, which are discarded, and how their causes went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from playwright.async_api import expect

from projections.reads.written import Shown
from tests.browser.conftest import Opener, Site
from tests.browser.letter_records import PLAN
from tests.support.letters import add_letter, upload_of


async def test_a_rate_that_is_not_offered_is_the_first(opened: Opener, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        await add_letter(pool, event=upload_of(PLAN), code="fast")
        page = await opened("/letters", role="operator")
        form: dict[str, str | float | bool] = {
            "csrf_token": await page.get_attribute("body", "data-csrf") or "",
            "action": "replay-all",
        }
        form |= {"code": "fast", "rate": "1e9"}
        await page.request.post("/letters/act", form=form, headers={"origin": site.url})
        assert await pool.fetchval("select rate from flow.replay_job order by created_at desc limit 1") == 20.0


async def test_all_that_fit_a_filter_are_discarded_with_a_reason(opened: Opener, site: Site) -> None:
    """Those that were there when the page was shown: what came since, nobody has looked at."""
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        kept = await add_letter(pool, event=upload_of(PLAN), code="other-cause")
        old = [await add_letter(pool, event=upload_of(PLAN), code="given-up") for _ in range(3)]
        page = await opened("/letters?code=given-up", role="operator", news=False)
        late = await add_letter(
            pool, event=upload_of(PLAN), code="given-up", at=datetime.now(UTC) + timedelta(minutes=1)
        )
        await page.click('summary:has-text("Discard all 3 that fit")')
        assert "What came since this page was shown stays." in await page.inner_text("#discard-all")
        await page.fill("#discard-all-reason", "the catalogue is gone")
        await page.click('button:has-text("Discard them")')
        await page.locator('.flash:has-text("Done for 3.")').wait_for()

        said = {
            row["record_id"]: row["reason"]
            for row in await Shown(pool).fetch(
                "select record_id, data ->> 'reason' as reason from decide.outbox o, jsonb_to_record(o.data::jsonb)"
                " as d (record_id text) where o.type = 'deadletter.discarded'"
            )
        }
        assert {one: said.get(one) for one in old} == dict.fromkeys(old, "the catalogue is gone")
        assert late not in said
        assert kept not in said


async def test_what_comes_to_be_shown_after_the_page_was_made_is_not_discarded_with_it(
    opened: Opener, site: Site
) -> None:
    """Not even where it died before: the read models may have been behind."""
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        died = datetime.now(UTC) - timedelta(minutes=5)
        shown = await add_letter(pool, event=upload_of(PLAN), code="behind", at=died)
        page = await opened("/letters?code=behind", role="operator", news=False)
        await add_letter(pool, event=upload_of(PLAN), code="behind", at=died - timedelta(minutes=1))
        await page.click('summary:has-text("Discard 1 that fits")')
        await page.fill("#discard-all-reason", "nobody wants it")
        await page.click('button:has-text("Discard them")')
        await page.locator('.flash:has-text("More letters fit now than when the page was shown")').wait_for()
        state = "select state from rm.dead_letter where record_id = $1"
        assert await pool.fetchval(state, shown) == "open"
        told = "select count(*) from decide.outbox where type = 'deadletter.discarded' and data ->> 'record_id' = $1"
        assert await pool.fetchval(told, shown) == 0


@pytest.mark.parametrize(
    ("status", "done_with"), [("discarded", "discarded_version = replayed_version + 1"), ("replayed", "replays = 1")]
)
async def test_a_list_of_letters_that_do_not_wait_discards_none(
    opened: Opener, site: Site, db: asyncpg.Connection, status: str, done_with: str
) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        code = f"is-{status}"
        await add_letter(pool, event=upload_of(PLAN), code=code)
        done = await add_letter(pool, event=upload_of(PLAN), code=code)
        await pool.execute(f"update rm.dead_letter set {done_with} where record_id = $1", done)
    page = await opened(f"/letters?status={status}&code={code}", role="operator")
    await expect(page.locator("table tbody tr")).to_have_count(1)
    assert await page.locator("#discard-all").count() == 0

    token = await page.get_attribute("body", "data-csrf") or ""
    form: dict[str, str | float | bool] = {"csrf_token": token, "action": "discard-all", "reason": "x"}
    form |= {"status": status, "code": code, "shown": "9", "until": "2126-01-01T00:00:00+00:00"}
    told = "select count(*) from decide.outbox where type = 'deadletter.discarded'"
    before = await db.fetchval(told)
    answer = await page.request.post("/letters/act", form=form, headers={"origin": site.url})
    assert answer.status == 404
    assert await db.fetchval(told) == before


@pytest.mark.parametrize("form", [{"until": "now"}, {"until": ""}, {"until": "2026-01-01T00:00:00"}, {}], ids=str)
async def test_without_the_time_of_the_page_nothing_is_discarded(
    opened: Opener, site: Site, db: asyncpg.Connection, form: dict[str, str]
) -> None:
    page = await opened("/letters", role="operator")
    token = await page.get_attribute("body", "data-csrf") or ""
    before = await db.fetchval("select count(*) from decide.outbox where type = 'deadletter.discarded'")
    answer = await page.request.post(
        "/letters/act",
        form={"csrf_token": token, "action": "discard-all", "reason": "x", **form},
        headers={"origin": site.url},
    )
    assert answer.status == 404
    assert await db.fetchval("select count(*) from decide.outbox where type = 'deadletter.discarded'") == before


async def test_a_cause_shows_its_last_day_as_bars(opened: Opener, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        for n in range(12):
            await add_letter(pool, event=upload_of(PLAN), code="in-bars", at=datetime.now(UTC) - timedelta(hours=n % 3))
    page = await opened("/letters?code=in-bars", role="viewer")
    trend = page.locator("li", has=page.locator('a:has-text("in-bars")')).locator("svg.trend")
    assert await trend.get_attribute("aria-label") == "By the hour, the last 24: 12 in all, 4 at most"
    assert await trend.locator("rect").count() == 3


async def test_the_short_address_leads_to_the_letters(opened: Opener) -> None:
    """/dead is what people type; filters in it are kept, and who is not signed in signs in first."""
    page = await opened("/dead?state=open&group=agents", role="viewer")
    assert page.url.endswith("/letters?state=open&group=agents")
    assert await page.inner_text("h1") == "Dead letters"
    await page.goto("/dead")
    assert page.url.endswith("/letters")

    stranger = await opened("/dead", role=None)
    assert "/login" in stranger.url
