"""The first page mends what one click mends, for who may, and shows what is open."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from playwright.async_api import Page, expect

from gateway.verdict.kinds import Kind
from tests.browser import rows
from tests.browser.accessibility import OF_COLOURS, open_everything, violations
from tests.browser.conftest import Opener, Site, looked_at
from tests.browser.keyboard import alert
from tests.browser.test_system import AGENT, seed_morning

FLAG = "automatic_recovery"


@pytest.fixture(autouse=True)
async def morning(site: Site, db: asyncpg.Connection) -> None:
    await db.execute("truncate flow.alert, flow.alert_message, flow.alert_silenced cascade")
    await seed_morning(db)
    await looked_at(site)


async def mend(page: Page, kind: Kind, subject: str, button: str, said: str) -> None:
    await page.locator(f'.needs li[data-key="{kind}-{subject}"]').get_by_role("button", name=button).click()
    await expect(page.locator(".flash")).to_contain_text(said)
    assert page.url.endswith("/"), "it stays where it was mended"


@pytest.mark.parametrize("scripts", [True, False])
async def test_an_operator_mends_by_one_click(opened: Opener, db: asyncpg.Connection, scripts: bool) -> None:
    page = await opened("/", role="operator", java_script_enabled=scripts)
    await mend(page, Kind.FLAG_OFF, FLAG, "Switch on", "Automatic recovery: switched on.")
    assert await db.fetchval("select enabled from flow.flag where name = $1", FLAG) is True
    await mend(page, Kind.BREAKER_TRIPPED, AGENT, "Try now", "Closed: its calls go again.")
    assert await db.fetchval("select state from flow.breaker where name = $1", AGENT) == "closed"
    await mend(page, Kind.PLANS_ESCALATED, "breaker-open", "Recover now", "Asked for. It begins within a second")
    assert await db.fetchval("select requested from flow.deadline where plan_id = $1", rows.ANALYZING) == "recover"


async def test_who_may_not_operate_is_offered_the_way_alone(opened: Opener) -> None:
    page = await opened("/", role="analyst")
    needs = page.locator(".needs")
    await expect(needs).to_contain_text("1 plan is stalled")
    assert await needs.locator("form").count() == 0
    ways = page.locator(".say").get_by_role("link", name="Show the system")
    assert await ways.count() == 1, "many findings lead there, and one way is enough"
    assert await needs.get_by_role("link", name="Show the system").count() == 0


async def test_open_alerts_and_breakers_are_on_the_first_page(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    page = await opened("/", role="viewer")
    alerts, breakers = (page.locator(f"section[aria-labelledby={name}]") for name in ("open-alerts", "open-breakers"))
    await expect(alerts).to_contain_text("No alert engine works: no alert opens or ends.")
    await expect(breakers.locator(f'li[data-key="{AGENT}"]')).to_contain_text("HTTP 503, five times")

    made = [await alert(db, Kind.ROLE_MISSING, "worker", role="worker") for _ in range(6)]
    await db.execute("update flow.alert set state = 'acknowledged' where alert_id = $1", made[0])
    await db.execute("truncate flow.breaker")
    await looked_at(site)
    await page.reload()
    await expect(alerts.locator("li")).to_have_count(5)
    await expect(alerts).not_to_contain_text("more")
    assert await alerts.locator(f'a[href="/alerts/{made[0]}"]').count() == 0, "somebody sees to it"
    await expect(breakers).not_to_contain_text("HTTP 503")
    await alert(db, Kind.ROLE_MISSING, "pump", role="pump")
    await looked_at(site)
    await page.reload()
    await expect(alerts).to_contain_text("1 more is open")


async def test_is_accessible_with_what_mends_and_fits_a_phone(opened: Opener, db: asyncpg.Connection) -> None:
    await alert(db, Kind.ROLE_MISSING, "worker", role="worker")
    page = await opened("/", role="operator", reduced_motion="reduce")
    await open_everything(page)
    assert await violations(page) == []
    await page.emulate_media(color_scheme="dark")
    await page.reload()
    assert await violations(page, *OF_COLOURS) == []
    small = await opened("/", role="operator", phone=True, locale="pt-BR")
    assert await small.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(
    ("kind", "values", "place"),
    [
        (Kind.AGENT_BUDGET, {"share": "91 %", "budget": "100"}, "agent-calls"),
        (Kind.FAILING_OFTEN, {"count": 31, "all": 50, "share": "62 %"}, "agent-calls"),
        (Kind.DATABASE_FILLING, {"used": "9.1 GiB", "limit": "10 GiB", "share": "91 %"}, "database"),
    ],
)
async def test_what_runs_out_is_shown_where_its_finding_leads(
    opened: Opener, db: asyncpg.Connection, kind: Kind, values: dict[str, Any], place: str
) -> None:
    made = await alert(db, kind, **values)
    page = await opened(f"/alerts/{made}", role="viewer")
    await page.get_by_role("link", name="Show the system").click()
    await page.wait_for_url(f"**/system#{place}")
    card = page.locator(f"section[aria-labelledby={place}]")
    for words in {"agent-calls": ("Spent this month", "failed at first"), "database": ("It takes", "GiB")}[place]:
        await expect(card).to_contain_text(words)


@pytest.mark.parametrize(
    ("called", "said"),
    [
        ([], ("nothing", "no agent was called")),
        ([("a", 4, 900, 0.0)], ("unknown", "4 calls, and MARKETPLACE_AGENT_PRICES has no price for them")),
        (
            [("a", 4, 900, 0.0), ("b", 2, 900, 1.25)],
            ("1.25", "4 calls have no price there", "in the currency of MARKETPLACE_AGENT_PRICES"),
        ),
    ],
)
async def test_what_agents_cost_is_a_sum_of_what_has_a_price_or_unknown(
    opened: Opener, db: asyncpg.Connection, called: list[tuple[str, int, int, float]], said: tuple[str, ...]
) -> None:
    await db.execute("delete from flow.agent_spend")
    month = await db.fetchval("select date_trunc('month', clock_timestamp() at time zone 'UTC')::date")
    await db.executemany(
        "insert into flow.agent_spend (month, agent, calls, input_tokens, cost) values ($1, $2, $3, $4, $5)",
        [(month, *one) for one in called],
    )
    page = await opened("/system", role="viewer")
    for words in said:
        await expect(page.locator("section[aria-labelledby=agent-calls]")).to_contain_text(words)
    await db.execute("delete from flow.agent_spend")


async def test_what_is_short_stands_beside_the_processes_and_a_task_has_room_for_its_name(
    opened: Opener, db: asyncpg.Connection
) -> None:
    page = await opened("/system", role="viewer", viewport={"width": 1440, "height": 900})
    places = {
        name: await page.locator(f"section[aria-labelledby={name}]").bounding_box()
        for name in ("processes", "flags", "breakers", "under-way")
    }
    lefts = {name: place["x"] for name, place in places.items() if place}
    assert lefts["flags"] == lefts["breakers"] == lefts["under-way"] > lefts["processes"]
    plan = await db.fetchval("select plan_id from rm.task limit 1")
    page = await opened(f"/plans/{plan}", role="viewer", viewport={"width": 1440, "height": 900})
    name = await page.locator(".plan-main .tasks-table th.main-cell").bounding_box()
    assert name is not None
    assert name["width"] >= 190


PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_phone_folds_what_is_not_wrong(opened: Opener, scripts: bool) -> None:
    page = await opened("/", role="viewer", viewport=PHONE, java_script_enabled=scripts)
    await expect(page.locator(".needs > li").first).to_be_in_viewport()
    plans, hour = (page.locator(f"section[aria-labelledby={name}]") for name in ("recent-plans", "last-hour"))
    for part in (plans, hour):
        await expect(part.locator("h2")).to_be_visible()
        await expect(part.locator(":scope > :not(.card-head)").first).to_be_hidden()
    await expect(page.locator(".strip > li[data-state=met]").first).to_be_hidden()
    await expect(page.locator(".strip > li[data-state=missed]").first).to_be_visible()

    await plans.get_by_role("checkbox", name="Show: Latest plans").press("Space")
    await expect(plans.locator("li").first).to_be_visible()
    await expect(hour.locator(".minis")).to_be_hidden()


async def test_what_a_phone_has_unfolded_stays_so(opened: Opener, db: asyncpg.Connection) -> None:
    page = await opened("/", role="viewer", viewport=PHONE)
    plans = page.locator("section[aria-labelledby=recent-plans]")
    await plans.locator(".card-head").click(position={"x": 40, "y": 20})
    await expect(plans.locator("li").first).to_be_visible()
    await db.execute("select flow.breaker_reset($1, '', 'Ana')", AGENT)
    await expect(page.locator(f'.needs li[data-key="{Kind.BREAKER_TRIPPED}-{AGENT}"]')).to_have_count(0)
    await expect(plans.locator("li").first).to_be_visible()


async def test_a_desk_shows_all_of_it(opened: Opener) -> None:
    page = await opened("/", role="viewer")
    await expect(page.locator("section[aria-labelledby=recent-plans] li").first).to_be_visible()
    assert await page.get_by_role("checkbox").count() == 0
