"""What gives up, discards, ends, erases or silences says in numbers what goes with it."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest
from playwright.async_api import expect

from gateway.access.people import New, People
from gateway.access.roles import Role
from gateway.audit.writing import Who
from tests.browser import rows
from tests.browser.conftest import Opener, Site
from tests.browser.test_alerts import add as add_alert
from tests.browser.test_consequences import CONSEQUENCE
from tests.support.letters import add_letter, add_waiting, upload_of

BY = Who("an admin")


async def test_giving_up_says_how_many_records_of_how_many_plans(opened: Opener, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        plans = (rows.EXECUTING, rows.EXECUTING, rows.AWAITING)
        ids = [await add_waiting(pool, plan=str(plan), offset=9000 + n) for n, plan in enumerate(plans)]
    page = await opened("/retries", role="operator")
    for one in ids:
        await page.check(f'input[value="{one}"]')
    await page.click("#bulk summary")
    said = page.locator(f"#bulk {CONSEQUENCE}")
    await expect(said).to_contain_text("Given up with this: 3. Plans that go on without them: 2.")


async def test_selected_letters_say_what_a_replay_and_a_discard_do(opened: Opener, site: Site) -> None:
    code = f"selected-{uuid4().hex[:6]}"
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        of = (rows.EXECUTING, rows.EXECUTING, rows.AWAITING)
        ids = [await add_letter(pool, event=upload_of(str(plan)), code=code) for plan in of]
    page = await opened(f"/letters?code={code}", role="operator", locale="pt-BR")
    for one in ids:
        await page.check(f'input[value="{one}"]')
    replay = page.locator(f"#bulk > {CONSEQUENCE}")
    await expect(replay).to_have_text("Um reenvio manda de novo: 3. Planos: 2.")
    await page.click("#bulk summary")
    discard = page.locator(f"#bulk .menu-panel {CONSEQUENCE}")
    await expect(discard).to_contain_text("Descartados com isto: 3. Planos que seguem sem eles: 2.")


async def test_one_letter_says_what_is_left_of_its_plan(opened: Opener, site: Site, db: asyncpg.Connection) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        letter, _other = [await add_letter(pool, event=upload_of(str(rows.PARTIAL)), code="left") for _ in range(2)]
    others = await db.fetchval(
        "select count(*) - 1 from rm.dead_letter where plan_id = $1 and state in ('open', 'parked')", rows.PARTIAL
    )
    assert others >= 1
    page = await opened(f"/letters/{letter}", role="operator")
    await page.click("#discard summary")
    said = page.locator(f"#discard {CONSEQUENCE}")
    await expect(said).to_contain_text("1 letter of 1 plan is discarded: the plan goes on without it.")
    await expect(said).to_contain_text(f"{others} other letter")


async def test_refusals_beyond_the_first_are_counted_by_reason(opened: Opener, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        plan = str(rows.FIGURES)
        head = await add_waiting(pool, plan=plan, offset=7000)
        behind = [await add_waiting(pool, plan=plan, offset=7001 + n, behind=head, code="") for n in range(8)]
    page = await opened(f"/retries?plan={plan}", role="operator")
    for one in behind:
        await page.check(f'input[value="{one}"]')
    await page.click('button[value="now"]')
    listed = page.locator(".flash li")
    await expect(listed).to_have_count(6)
    await expect(listed.last).to_contain_text("3 more: it waits behind another record of its plan")


async def test_revoking_a_key_says_when_it_was_used_and_what_ends(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    key = await db.fetchval("select key_id from access.api_key where name = 'Test admin'")
    page = await opened("/keys", role="admin")
    open_now = await db.fetchval("select count(*) from access.session where key_id = $1 and expires_at > now()", key)
    assert open_now >= 1
    await page.click(f"#menu-{key} > summary")
    said = page.locator(f"#menu-{key} {CONSEQUENCE}")
    await expect(said).to_contain_text("Last used")
    await expect(said).to_contain_text(f"{open_now} open sign-in")


async def test_ending_and_erasing_a_person_say_what_goes_with_them(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    handle = f"gone-{uuid4().hex[:6]}"
    async with asyncpg.create_pool(site.database_url, min_size=0, max_size=1) as pool:
        people = People(pool)
        await people.make(New(handle, "Who Goes", Role.ANALYST), BY)
        tasks = await db.fetchval(
            "with chosen as (select task_id from rm.task where status not in ('completed', 'cancelled') limit 2)"
            " , given as (update rm.task set assignee = $1 where task_id in (select task_id from chosen) returning 1)"
            " select count(*) from given",
            handle,
        )
        assert tasks == 2
        page = await opened(f"/people?q={handle}", role="admin")
        await page.click(f"#menu-{handle} > summary")
        said = page.locator(f"#menu-{handle} {CONSEQUENCE}")
        await expect(said).to_have_text(
            "0 keys end. 0 open sign-ins end."
            " 2 tasks that have not ended stay with this person: give them to somebody else."
        )
        await people.end(handle, BY)
    await db.execute("update rm.plan set uploaded_by = $1 where plan_id = $2", handle, rows.EMPTY)
    await page.goto(f"/people?q={handle}")
    await page.evaluate("document.querySelectorAll('#ended').forEach(part => { part.open = true; })")
    await page.click(f"#menu-erase-{handle} > summary")
    erased = page.locator(f"#menu-erase-{handle} {CONSEQUENCE}")
    await expect(erased).to_have_text("1 plan of this person loses title and name of file.")


@pytest.mark.parametrize("path", ["/alerts", "/alerts/{}"])
async def test_silencing_says_who_hears_nothing(opened: Opener, db: asyncpg.Connection, path: str) -> None:
    alert = await add_alert(db, "role-missing", "open", role="worker")
    page = await opened(path.format(alert), role="operator")
    await page.click(f"#silence-{alert} > summary")
    said = page.locator(f"#silence-{alert} {CONSEQUENCE}")
    await expect(said).to_contain_text("1 receiver was told of it and hears nothing more until then.")
    await expect(said).to_contain_text("It opened 1 time within 15 min.")
