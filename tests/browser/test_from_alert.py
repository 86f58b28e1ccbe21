"""Whoever is woken: from the alert's link to the cause in two keys that do something, to the fix in three."""

from __future__ import annotations

import asyncpg
import pytest
from playwright.async_api import expect

from gateway.verdict.kinds import Kind
from tests.browser import rows
from tests.browser.conftest import Opener, Site, looked_at
from tests.browser.keyboard import Keyboard, alert
from tests.browser.letter_records import Records
from tests.browser.test_system import AGENT, seed_morning


@pytest.fixture(autouse=True)
async def morning(site: Site, db: asyncpg.Connection) -> None:
    await db.execute("truncate flow.alert, flow.alert_message, flow.alert_silenced cascade")
    await seed_morning(db)
    await looked_at(site)


async def test_a_feature_that_is_off(opened: Opener, db: asyncpg.Connection) -> None:
    name = "automatic_recovery"
    made = await alert(db, Kind.FLAG_OFF, name, flag=name, name=name, by="Ana", reason="Manutenção")
    page = await opened(f"/alerts/{made}", role="operator")
    keys = Keyboard(page)
    await expect(page.locator("main")).to_contain_text("Manutenção")  # the cause, before anything is done

    await keys.press("Show the system")
    await page.wait_for_url("**/system#flags")
    await keys.press("Switch on")

    await expect(page.get_by_text("Automatic recovery: switched on.")).to_be_visible()
    assert await db.fetchval("select enabled from flow.flag where name = $1", name) is True
    assert keys.done == 2


@pytest.mark.parametrize("scripts", [True, False])
async def test_what_one_press_mends_is_mended_on_the_alerts_own_page(
    opened: Opener, db: asyncpg.Connection, *, scripts: bool
) -> None:
    name = "automatic_recovery"
    made = await alert(db, Kind.FLAG_OFF, name, flag=name, name=name, by="Ana", reason="Manutenção")
    await db.execute("update flow.alert set key = $2 where alert_id = $1", made, f"{Kind.FLAG_OFF}:{name}")
    page = await opened(f"/alerts/{made}", role="operator", java_script_enabled=scripts)
    assert await page.get_by_text("Last seen:").count() == 0, "it is so now"
    keys = Keyboard(page)
    await keys.press("Switch on")

    await expect(page.get_by_text("Automatic recovery: switched on.")).to_be_visible()
    assert await db.fetchval("select enabled from flow.flag where name = $1", name) is True
    assert page.url.endswith(f"/alerts/{made}")


async def test_who_may_not_mend_it_has_no_button_and_what_is_not_so_now_says_so(
    opened: Opener, db: asyncpg.Connection
) -> None:
    name = "automatic_recovery"
    made = await alert(db, Kind.FLAG_OFF, name, flag=name, name=name, by="Ana", reason="Manutenção")
    page = await opened(f"/alerts/{made}", role="viewer")
    await expect(page.locator("main")).to_contain_text("Manutenção")
    assert await page.get_by_role("button", name="Switch on").count() == 0

    gone = await alert(db, Kind.RELAY_FAILING, age=4.0)
    page = await opened(f"/alerts/{gone}", role="operator")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Last seen:")
    assert await page.locator("h1 time").count() == 0, "its age does not go on"


async def test_a_breaker_that_is_open(opened: Opener, db: asyncpg.Connection) -> None:
    made = await alert(db, Kind.BREAKER_OPEN, AGENT, name=AGENT, reason="HTTP 503, five times", until=None)
    page = await opened(f"/alerts/{made}", role="operator")
    keys = Keyboard(page)
    await expect(page.locator("main")).to_contain_text("HTTP 503, five times")

    await keys.press("Show the system")
    await page.wait_for_url("**/system#breakers")
    await keys.press("Try now")

    await expect(page.locator("#flash")).to_be_visible()
    assert await db.fetchval("select state from flow.breaker where name = $1", AGENT) != "open"
    assert keys.done == 2


@pytest.mark.parametrize("kind", [Kind.PLANS_STALLED, Kind.PLANS_ESCALATED])
async def test_a_plan_that_is_stalled(opened: Opener, site: Site, db: asyncpg.Connection, kind: Kind) -> None:
    """In its row, whatever else stands there: the page of the plan is not needed."""
    if kind is Kind.PLANS_STALLED:
        await db.execute("update flow.deadline set escalated_at = null")
    await db.execute(
        "insert into flow.deadline (plan_id, kind, since, due_at, stalled_at, cause) values"
        " ($1, 'phase1', now() - interval '90 s', now() - interval '1 s', now(), 'breaker-open')",
        rows.EXECUTING,
    )
    await looked_at(site)
    made = await alert(db, kind, "breaker-open", count=2, age=15.0, cause="breaker-open")
    page = await opened(f"/alerts/{made}", role="operator")
    keys = Keyboard(page)
    await expect(page.locator("main")).to_contain_text("calls to the agent are held back")  # the cause

    await keys.press("Show the system")
    await page.wait_for_url("**/system#stalled")
    await keys.press("Recover now")

    await expect(page.get_by_text("Asked for. It begins within a second")).to_be_visible()
    assert await db.fetchval("select requested from flow.deadline where plan_id = $1", rows.ANALYZING) == "recover"
    assert keys.done == 2


async def test_dead_letters(opened: Opener, db: asyncpg.Connection, records: Records) -> None:
    made = await alert(db, Kind.DEAD_LETTERS, count=3, blocked=0, age=60.0)
    page = await opened(f"/alerts/{made}", role="operator")
    keys = Keyboard(page)

    await keys.press("Show dead letters")
    await page.wait_for_url("**/letters")
    await expect(page.locator("main")).to_contain_text("order 17 cannot be found")  # the cause
    await keys.press("that can be read")
    await keys.press("Replay them")

    await expect(page.locator(".flash")).to_contain_text("Replaying")
    assert await db.fetchval("select count(*) from flow.replay_job") > 0
    assert keys.done == 3


async def test_the_runbook_is_a_page(opened: Opener, db: asyncpg.Connection) -> None:
    made = await alert(db, Kind.ROLE_MISSING, "worker", role="worker")
    page = await opened(f"/alerts/{made}", role="viewer", locale="pt-BR")
    await Keyboard(page).press("Procedimento")
    await page.wait_for_url("**/runbooks/something-is-stuck#a-process-is-not-well")
    await expect(page.locator("#a-process-is-not-well")).to_be_visible()
