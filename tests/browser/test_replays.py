"""Replays in the browser: what they would do, one or all of a cause, and how far they are."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg

from tests.browser.accessibility import violations_in_light_and_dark
from tests.browser.conftest import Opener, Site
from tests.browser.letter_records import PLAN, Records
from tests.support.letters import add_letter, upload_of
from tests.support.patience import PATIENCE_S


async def test_a_replay_of_which_all_came_back_is_not_green(opened: Opener, records: Records, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        job, sent = uuid4(), []
        for _ in range(2):
            one = await add_letter(pool, plan=PLAN, code="damaged", replay=1)
            await pool.execute("insert into flow.dead_head (record_id, replays) values ($1, 1)", one)
            sent.append(one)
        await pool.execute(
            "insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total, state, ended_at)"
            " values ($1, 'Ana', 'r', '{}', false, 20, 2, 'done', now())",
            job,
        )
        for n, one in enumerate(sent):
            await pool.execute("insert into flow.replay_item values ($1, $2, $3, 'accepted', now())", job, n, one)
        page = await opened(f"/letters/jobs/{job}", role="viewer")
        assert "All came back" in await page.inner_text(".page-head")
        assert await page.locator(".page-head .chip.done").count() == 0
        assert "2 · came back as a dead letter" in await page.inner_text("main")
        assert await page.locator("tbody .chip.fail").count() == 2
        await page.goto("/letters")
        assert "2 came back" in await page.inner_text('section[aria-labelledby="replays"] li >> nth=0')

        await pool.execute("update flow.dead_head set replays = 2 where record_id = $1", sent[0])
        await page.goto(f"/letters/jobs/{job}")
        assert "1 came back" in await page.inner_text(".page-head")


async def test_a_dry_run_does_not_offer_what_nobody_can_read(opened: Opener, records: Records, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        fine = await add_letter(pool, event=upload_of(PLAN), code="half-read")
        unread = await add_letter(pool, plan=PLAN, code="half-read")
        page = await opened("/letters?code=half-read", role="operator")
        await page.click('summary:has-text("Replay 1 that can be read")')
        await page.click('a:has-text("What would it do?")')
        await page.wait_for_url("**/letters/dry-run?code=half-read")
        said = await page.inner_text("main")
        assert "1 · would be sent again" in said
        assert "1 · nobody can read: would come back" in said
        assert await page.locator(f'tr[data-key="{unread}"] .mark.bad').count() == 1
        await page.click('button:has-text("Replay those that can be read")')

        assert "Replaying 1 letter" in await page.inner_text(".flash")
        items = await pool.fetch(
            "select record_id from flow.replay_item where job_id = (select job_id from flow.replay_job"
            " order by created_at desc limit 1)"
        )
        assert [row["record_id"] for row in items] == [fine]


async def test_all_letters_of_a_cause_are_replayed(opened: Opener, records: Records, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        for n in range(3):
            await add_letter(pool, event=upload_of(PLAN), code="in-numbers", message=f"failure {n}")
        page = await opened("/letters", role="operator")
        await page.click('a.row-link:has-text("in-numbers")')
        await page.wait_for_url("**/letters?cause=*")
        assert await page.locator("tbody tr").count() == 3
        await page.click('summary:has-text("Replay all 3 that can be read")')
        rate = page.locator("#replay-rate")
        assert await rate.locator("option:checked").inner_text() == "20 a second: about 150 ms"
        await rate.select_option("1")
        await page.click('button:has-text("Replay them")')

        assert "Replaying 3 letters" in await page.inner_text(".flash")
        job = await pool.fetchrow("select total, rate from flow.replay_job order by created_at desc limit 1")
        assert job is not None
        assert (job["total"], job["rate"]) == (3, 1.0)


async def test_a_selection_and_what_a_dry_run_has_seen_are_replayed_at_a_chosen_rate(
    opened: Opener, records: Records, site: Site
) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        made = [await add_letter(pool, event=upload_of(PLAN), code="at-a-rate", message=f"no {n}") for n in range(4)]
        for chosen, dry in ((made[:2], False), (made[2:], True)):
            page = await opened("/letters?code=at-a-rate&status=open", role="operator", java_script_enabled=False)
            for one in chosen:
                await page.check(f'input[value="{one}"]')
            rate = page.locator("#bulk-rate")
            shown = await page.locator("tbody tr").count()
            assert (
                await rate.locator("option").nth(1).inner_text() == f"1 a second: about {shown} s for all of this page"
            )
            if dry:
                await page.click('button[value="dry-run"]')
                rate = page.locator("#replay-rate")
                assert await rate.locator("option").nth(1).inner_text() == "1 a second: about 2 s"
            await rate.select_option("5")
            await page.click('button:has-text("Replay them")' if dry else 'button[value="replay"]')
            assert "Replaying 2 letters" in await page.inner_text(".flash")
            job = await pool.fetchrow("select total, rate from flow.replay_job order by created_at desc limit 1")
            assert job is not None
            assert (job["total"], job["rate"]) == (2, 5.0)


async def test_a_dry_run_says_what_would_become_of_each_and_sends_nothing(
    opened: Opener, records: Records, site: Site
) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        fine, discarded = [await add_letter(pool, event=upload_of(PLAN), code="what-if") for _ in range(2)]
        back = await add_letter(pool, event=upload_of(PLAN), code="what-if", replay=3)
        page = await opened("/letters?code=what-if", role="operator", java_script_enabled=False)
        for one in (fine, discarded, back):
            await page.check(f'input[value="{one}"]')
        await pool.fetchval("select flow.dead_discard($1, 'x', 'ana')", discarded)
        await page.click('button[value="dry-run"]')

        assert "What a replay of 3 letters would do" in await page.inner_text("h1")
        said = {one: await page.inner_text(f'tr[data-key="{one}"]') for one in (fine, discarded, back)}
        assert "agents.redeliver" in said[fine]
        assert "It was discarded" in said[discarded]
        assert "came back three times" in said[back]
        assert "1 · would be sent again" in await page.inner_text("main")
        assert (
            await pool.fetchval("select count(*) from flow.replay_job where strpos(selection::text, $1) > 0", fine) == 0
        )
        assert await pool.fetchval("select replays from flow.dead_head where record_id = $1", fine) in (None, 0)

        await page.click('button:has-text("Replay them")')

        assert "Sent again" in await page.inner_text(".flash")
        assert await pool.fetchval("select replays from flow.dead_head where record_id = $1", fine) == 1
        assert await pool.fetchval("select replays from flow.dead_head where record_id = $1", back) in (None, 0)


async def test_a_dry_run_of_all_that_fit_leads_to_their_replay(opened: Opener, records: Records, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        for n in range(3):
            await add_letter(pool, event=upload_of(PLAN), code="all-if", message=f"failure {n}")
        page = await opened("/letters?code=all-if", role="operator")
        await page.click('summary:has-text("Replay all 3 that can be read")')
        await page.click('a:has-text("What would it do?")')
        await page.wait_for_url("**/letters/dry-run?code=all-if")
        assert "3 · would be sent again" in await page.inner_text("main")
        before = await pool.fetchval("select count(*) from flow.replay_job")
        await page.click('button:has-text("Replay them")')

        assert "Replaying 3 letters" in await page.inner_text(".flash")
        assert page.url.endswith("/letters?code=all-if")
        assert await pool.fetchval("select count(*) from flow.replay_job") == before + 1

        await page.check("[data-all]")
        await page.click('button[value="dry-run"]')
        await page.wait_for_url("**/letters/dry-run?id=*")
        assert "What a replay of 3 letters would do" in await page.inner_text("h1")

        await page.goto("/letters/dry-run?code=nothing-has-this")
        assert "No open letter fits." in await page.inner_text(".empty")


async def test_a_selection_is_replayed_at_a_capped_rate_and_each_letter_has_its_result(
    opened: Opener, records: Records, site: Site
) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=2) as pool:
        sent = [await add_letter(pool, event=upload_of(PLAN), code="chosen") for _ in range(2)]
        back = await add_letter(pool, event=upload_of(PLAN), code="chosen", replay=3)
        page = await opened("/letters?code=chosen", role="operator")
        await page.check("[data-all]")
        await page.click('button[value="replay"]')
        await page.click('.flash a:has-text("Show what becomes of each")')
        await page.wait_for_url("**/letters/jobs/*")
        async with asyncio.timeout(PATIENCE_S):
            while "Ended" not in await page.inner_text(".page-head"):
                await asyncio.sleep(0.2)
                await page.reload()

        rows_of = {one: await page.inner_text(f'tr[data-key="{one}"]') for one in [*sent, back]}
        assert "Replay of 3 letters" in await page.inner_text("h1")
        assert all("sent again" in rows_of[one] for one in sent)
        assert "came back three times" in rows_of[back]
        assert "3 of 3 letters have had their turn." in await page.inner_text("main")
        assert await pool.fetchval("select rate from flow.replay_job order by created_at desc limit 1") == 20

        await page.goto("/letters")
        job = page.locator('section[aria-labelledby="replays"] li').first
        assert "1 refused" in await job.inner_text()
        await job.locator("a").click()
        await page.wait_for_url("**/letters/jobs/*")
        assert await violations_in_light_and_dark(page) == []


async def test_a_replay_is_ended_and_fits_a_phone(opened: Opener, records: Records, site: Site) -> None:
    job = uuid4()
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        await pool.execute(
            "insert into flow.replay_job (job_id, actor, request_id, selection, force, rate, total, moved_at)"
            " values ($1, 'Ana', 'r', '{}', false, 0.1, 230, now() + interval '1 hour')",
            job,
        )
        await pool.execute(
            "insert into flow.replay_item (job_id, position, record_id, outcome, at)"
            " select $1, n, 'agents|plan.events|4|' || n, case when n < 9 then 'replayed' end, now()"
            " from generate_series(0, 229) n",
            job,
        )
    page = await opened(f"/letters/jobs/{job}", role="operator", phone=True, locale="pt-BR")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert await page.locator("tbody tr").count() == 100
    await page.click("a[rel=next]")
    await page.wait_for_url("**?after=100")
    assert "101 a 200 de 230" in await page.inner_text(".page-foot")
    await page.click('button:has-text("Encerrar")')
    await page.locator(".flash").wait_for()

    assert "Cancelado" in await page.inner_text(".page-head")
    await page.goto(f"/letters/jobs/{uuid4()}")
    assert await page.locator("tbody tr").count() == 0
