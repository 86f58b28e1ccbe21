"""The page of the system: what is wrong is said, and an operator acts on it."""

from __future__ import annotations

import json
from uuid import uuid4

import asyncpg
import pytest
from playwright.async_api import expect

from projections.reads.written import Shown
from tests.browser import rows
from tests.browser.accessibility import open_everything, violations_in_light_and_dark
from tests.browser.conftest import Opener, Site, looked_at
from tests.support.patience import until

AGENT = "agent:api.example/gpt-4o-mini"


@pytest.fixture(autouse=True)
async def morning(site: Site, db: asyncpg.Connection) -> None:
    await seed_morning(db)
    await looked_at(site)


async def seed_morning(db: asyncpg.Connection) -> None:
    """An agent that fails, a frozen worker, a feature switched off, a stalled plan and what was tried."""
    # in the order in which a look reads them: else each may wait for the other
    await db.execute("truncate flow.deadline, flow.breaker, rm.recovery")
    await db.execute("select flow.breaker_trip($1, 'HTTP 503, five times', 600, 'system:runner')", AGENT)
    await db.execute(
        "update flow.flag set enabled = name <> 'automatic_recovery', reason = 'Manutenção', changed_by = 'Ana'"
    )
    if not await db.fetchval("select count(*) from flow.worker where role = 'worker'"):
        await db.execute("select flow.worker_start('worker-x', 'worker', 'a-host-with-a-long-name', 4711, 0, '1')")
    await db.execute(
        "insert into flow.deadline (plan_id, kind, since, due_at, stalled_at, attempts, cause, evidence, escalated_at)"
        " values ($1, 'analysis', now() - interval '90 s', now() - interval '15 s', now(), 3, 'breaker-open',"
        ' \'{"breakers": "agent"}\', now())',
        rows.ANALYZING,
    )
    for version, (type_, cause, action) in enumerate(
        [
            ("plan.stalled", "breaker-open", ""),
            ("plan.recovery.started", "breaker-open", "request-again"),
            ("plan.escalated", "a-cause-of-a-later-version", ""),
            ("plan.recovered", "", ""),
        ],
        start=1,
    ):
        await db.execute(
            "insert into rm.recovery (plan_id, version, event_id, type, at, cause, action, attempt, stalled_ms,"
            " evidence) values ($1, $2::int, $3, $4, now(), $5, $6, 1, case when $4 = 'plan.recovered' then 1900 end,"
            ' \'{"lag_agents": "3"}\')',
            rows.ANALYZING,
            version,
            uuid4(),
            type_,
            cause,
            action,
        )


async def test_is_accessible_in_light_and_dark(opened: Opener) -> None:
    page = await opened("/system", role="operator", reduced_motion="reduce")
    assert await violations_in_light_and_dark(page) == []
    assert await page.locator("h1").count() == 1


async def test_fits_a_phone_in_portuguese(opened: Opener) -> None:
    page = await opened("/system", role="operator", phone=True, locale="pt-BR")
    await open_everything(page)

    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    text = await page.inner_text("main")
    for words in (
        "1 plano parado",
        "Disjuntores",
        "Recuperação automática",
        "Planos parados",
        "Registro de recuperações",
    ):
        assert words in text


async def test_says_what_is_wrong_first_and_why(opened: Opener) -> None:
    page = await opened("/system", role="viewer")
    sentence = await page.inner_text("section.say")
    assert "1 plan is stalled: calls to the agent are held back." in sentence
    assert "a person must look" in sentence
    text = await page.inner_text("main")
    assert "HTTP 503, five times" in text
    assert "a-cause-of-a-later-version" in text
    assert await page.get_by_role("button", name="Try now").count() == 0, "a viewer looks only"


async def test_an_operator_closes_a_breaker(opened: Opener, db: asyncpg.Connection) -> None:
    page = await opened("/system", role="operator")
    await page.locator(f'li[data-key="{AGENT}"]').get_by_role("button", name="Try now").click()

    await expect(page.get_by_text("Closed: its calls go again.")).to_be_visible()
    assert await db.fetchval("select state from flow.breaker where name = $1", AGENT) == "closed"
    actor = await db.fetchval(
        "select actor from decide.outbox where type = 'command.audited' and data ->> 'target' = $1", AGENT
    )
    assert actor == "Test operator"


@pytest.mark.parametrize("scripts", [True, False])
async def test_an_operator_holds_calls_back_and_says_why_and_for_how_long(
    opened: Opener, site: Site, db: asyncpg.Connection, scripts: bool
) -> None:
    await db.execute("select flow.breaker_reset($1, 'x', 't')", AGENT)
    await looked_at(site)
    page = await opened("/system", role="operator", java_script_enabled=scripts)
    await page.click("#breakers-closed > summary")
    item = page.locator(f'li[data-key="{AGENT}"]')
    await item.locator("summary").click()
    await item.get_by_label("Why?").fill("maintenance")
    await item.get_by_label("For how long?").select_option("1800")
    await item.get_by_role("button", name="Hold back").click()

    await expect(page.get_by_text("Opened: its calls are held back.")).to_be_visible()
    row = await Shown(db).fetchrow(
        "select state, forced, reason, extract(epoch from retry_at - now())::int as left_s from flow.breaker"
        " where name = $1",
        AGENT,
    )
    assert row is not None
    assert (row["state"], row["forced"], row["reason"]) == ("open", True, "maintenance")
    assert 1000 < row["left_s"] <= 1800


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("broker", "There is no circuit breaker of this name"),
        ("agent:api.example/typo", "There is no circuit breaker of this name"),
    ],
)
async def test_a_page_refuses_a_breaker_that_holds_nothing_back(opened: Opener, name: str, says: str) -> None:
    page = await opened("/system", role="operator")
    csrf = await page.get_attribute("body", "data-csrf")
    answer = await page.request.post(
        "/system/breaker",
        form={"csrf_token": csrf or "", "name": name, "action": "trip"},
        headers={"origin": page.url.removesuffix("/system"), "accept": "text/html"},
    )
    assert answer.status in (404, 422)
    assert says in await answer.text()


@pytest.mark.parametrize("scripts", [True, False])
async def test_an_operator_switches_a_feature(opened: Opener, db: asyncpg.Connection, scripts: bool) -> None:
    page = await opened("/system", role="operator", java_script_enabled=scripts)
    await page.locator('li[data-key="automatic_recovery"]').get_by_role("button", name="Switch on").click()
    await expect(page.get_by_text("Automatic recovery: switched on.")).to_be_visible()
    assert await db.fetchval("select enabled from flow.flag where name = 'automatic_recovery'") is True

    item = page.locator('li[data-key="queue_processing"]')
    await item.locator("summary").click()
    await item.get_by_label("Why?").fill("We move")
    await item.get_by_role("button", name="Switch off").click()

    await expect(page.get_by_text("Queue processing: switched off.")).to_be_visible()
    switched = "select reason from flow.flag where name = 'queue_processing' and not enabled"
    assert await until(lambda: Shown(db).fetchval(switched)) == "We move"


async def tells(db: asyncpg.Connection, in_hand: int) -> None:
    """A worker that lives for as long as this connection does says what it has in hand."""
    await db.execute(
        "update flow.worker set beat_at = clock_timestamp() + interval '1 hour', progress = $1::jsonb"
        " where role = 'worker'",
        f'{{"in_hand": {in_hand}}}',
    )


async def test_an_operator_drains_and_sees_when_nothing_is_under_way(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    number = await db.fetchval("select worker_id from flow.worker where role = 'worker'")
    await db.execute("select pg_advisory_lock(1718382455, $1)", number)
    await tells(db, 3)
    await looked_at(site)
    page = await opened("/system", role="operator")
    card = page.locator("section[aria-labelledby=under-way]")
    await expect(card).to_contain_text("Taking in")
    await expect(card).to_contain_text("3 records in hand")
    await card.locator("summary").click()
    await card.get_by_label("Why?").fill("a move")
    await card.get_by_role("button", name="Take nothing more").click()
    await expect(card).to_contain_text("Draining")
    await expect(card).to_contain_text("a move")
    who = card.locator("p.card-body")
    assert "ends first." in (lines := (await who.inner_text()).splitlines())[0]
    assert len(lines) == 1, "who did it, when and why go on in the same paragraph"

    await db.execute(
        "update flow.flag set changed_at = now() - interval '1 minute' where name = 'queue_processing' and not enabled"
    )
    await tells(db, 0)
    await looked_at(site)
    await page.reload()
    await expect(card).to_contain_text("Nothing is under way: workers and runners can be stopped.")
    await card.get_by_role("button", name="Take in again").click()
    await expect(card).to_contain_text("Taking in")
    assert await db.fetchval("select enabled from flow.flag where name = 'queue_processing'") is True
    await db.execute("select pg_advisory_unlock(1718382455, $1)", number)


async def test_says_which_of_two_engines_of_alerts_decides(opened: Opener, site: Site, db: asyncpg.Connection) -> None:
    made = {}
    for pid, state in ((4714, "active"), (4715, "standby")):
        made[pid] = await db.fetchval(
            "select flow.worker_start('alerts-' || $1::int, 'alerts', 'a-host', $1::int, 0, '1')", pid
        )
        await db.execute(
            "update flow.worker set progress = progress || jsonb_build_object('state', $2::text) where worker_id = $1",
            made[pid],
            state,
        )
        await db.execute("select pg_advisory_lock(1718382455, $1)", made[pid])
    await looked_at(site)
    page = await opened("/system", role="viewer")
    engines = page.locator("section[aria-labelledby=processes] li", has_text="a-host · 471")
    await expect(engines.filter(has_text="4714")).to_contain_text("decides what is told")
    await expect(engines.filter(has_text="4715")).to_contain_text("stands by")

    for number in made.values():
        await db.execute("select pg_advisory_unlock(1718382455, $1)", number)
    await db.execute("delete from flow.worker where worker_id = any ($1)", list(made.values()))


async def test_an_analyst_cannot_switch(opened: Opener, db: asyncpg.Connection) -> None:
    page = await opened("/system", role="analyst")
    csrf = await page.get_attribute("body", "data-csrf")
    answer = await page.request.post(
        "/system/flag",
        form={"csrf_token": csrf or "", "name": "queue_processing", "state": "off"},
        headers={"origin": page.url.removesuffix("/system")},
    )
    assert answer.status == 403
    assert await db.fetchval("select enabled from flow.flag where name = 'queue_processing'") is True


async def test_an_incident_is_one_row_that_unfolds(opened: Opener, db: asyncpg.Connection) -> None:
    """Four steps of a stalled plan stand below one row; a second incident of the same plan is another row."""
    await db.execute(
        "insert into rm.recovery (plan_id, version, event_id, type, at, cause) values"
        " ($1, 5, $2, 'plan.stalled', now() + interval '1 s', 'runner-gone')",
        rows.ANALYZING,
        uuid4(),
    )
    page = await opened("/system", role="viewer")
    log = page.locator('section[aria-labelledby="log"] > ul > li')
    assert await log.count() == 2
    told = log.nth(1)
    assert "4 steps" in await told.inner_text()
    assert "Recovered" in await told.inner_text()
    await told.locator("summary").first.click()

    assert await told.locator("ol.incident > li").count() == 4
    assert "Recovery started" in await told.locator("ol.incident").inner_text()


async def test_closed_breakers_are_folded_and_those_of_plans_lead_to_them(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    """What is closed is no news: it is counted. A plan's own breaker is told by its plan, not by its id in full."""
    for n in range(12):
        await db.execute("insert into flow.breaker (name) values ($1)", f"agent:api.example/m:{n}")
    await db.execute("insert into flow.breaker (name) values ($1)", f"plan:{rows.EXECUTING}")
    await db.execute("select flow.breaker_trip($1, 'stalled', null, 'system:watchdog')", f"plan:{rows.AWAITING}")
    await looked_at(site)
    page = await opened("/system", role="operator")
    card = page.locator('section[aria-labelledby="breakers"]')

    assert await card.locator("> ul > li").count() == 1
    assert "12 are closed" in await card.inner_text()
    assert str(rows.EXECUTING) not in await card.inner_html()
    await card.locator("summary", has_text="1 plan is held back by its own breaker").click()
    await card.get_by_role("link", name=f"Plan {str(rows.AWAITING).split('-', maxsplit=1)[0]}").click()
    await page.wait_for_url(f"**/plans/{rows.AWAITING}")


async def test_the_flow_is_a_picture_and_a_table_that_say_the_same(opened: Opener, db: asyncpg.Connection) -> None:
    """Each part and arrow is in both; what nobody tells is unknown, never 0."""
    page = await opened("/system", role="viewer")
    picture = page.locator("svg.flow.wide")
    table = page.locator("#flow-table")
    await table.locator("summary").click()
    for part in ("Gateway", "Worker", "Analysis runner", "Projections", "Retry pump", "The log", "Dead letters"):
        assert part in " ".join((await picture.text_content() or "").split())
        assert part in await table.inner_text()
    assert await picture.locator(".flow-run").count() == await table.locator("tbody tr").count()
    assert "lag unknown" in await table.inner_text(), "no watchdog tells of the groups here"
    caption = await page.locator('section[aria-labelledby="flow"] .card-head').inner_text()
    assert "/min: in the last 60 s, by heartbeats" in caption
    assert "/min*: in the minute that began" in caption
    of_minutes = table.locator("tbody tr", has_text="in the minute that began")
    assert await of_minutes.count() == 3, "of the other arrows it is not said"
    worker = page.locator('svg.flow.wide [data-key="part-runner"]')
    assert "fail" in (await worker.get_attribute("class") or "")
    assert "none running" in (await worker.text_content() or "")


@pytest.mark.parametrize("width", [390, 1024, 1280, 1440])
async def test_one_drawing_of_the_flow_is_seen_and_its_words_can_be_read(opened: Opener, width: int) -> None:
    page = await opened("/system", viewport={"width": width, "height": 900})
    seen = await page.locator("svg.flow").evaluate_all("all => all.filter(e => e.checkVisibility()).length")
    assert seen == 1
    heights = await page.locator("svg.flow:visible text").evaluate_all(
        """all => all.filter(t => t.textContent.trim())
                     .map(t => t.getScreenCTM().a * parseFloat(getComputedStyle(t).fontSize))"""
    )
    assert min(heights) >= 10.5
    inside = await page.locator("svg.flow:visible").evaluate(
        """svg => [...svg.querySelectorAll('.flow-part')].filter(part => {
            const box = part.querySelector('rect').getBoundingClientRect();
            return [...part.querySelectorAll('text')].some(t => t.getBoundingClientRect().right > box.right - 2);
        }).map(part => part.textContent.trim())"""
    )
    assert inside == []


async def test_who_reads_which_partitions_and_which_nobody_reads(
    opened: Opener, site: Site, db: asyncpg.Connection
) -> None:
    """Each process with what it reads, what no process of a group reads, and where something waits."""
    groups = {
        "agents": {
            "behind": 17,
            "partitions": [{"topic": "plan.events", "partition": 4, "behind": 17, "still_s": 61.0, "reader": ""}],
            "unread": {"plan.events": [3, 4]},
        }
    }
    reads = {"holds": {"plan.events": [0, 1, 2, 5], "agents.redeliver": []}}
    numbers = []
    for role, progress in (("worker", reads), ("watchdog", {"groups": groups})):
        number = await db.fetchval("select flow.worker_start($1, $2, 'host', 1, 0, '1')", f"{role}-{uuid4()}", role)
        await db.execute("select pg_advisory_lock(1718382455, $1)", number)
        await db.execute(
            "update flow.worker set beat_at = clock_timestamp() + interval '1 hour', progress = $2::jsonb"
            " where worker_id = $1",
            number,
            json.dumps(progress),
        )
        numbers.append(number)
    try:
        await looked_at(site)
        page = await opened("/system", role="viewer")
        part = page.locator("#flow-partitions")
        await part.locator("summary").click()
        read, waiting = part.locator("table").nth(0), part.locator("table").nth(1)

        row = read.locator("tbody tr", has_text="0-2 5")
        assert " ".join((await row.inner_text()).split()).startswith("plan.events 0-2 5 Worker host · 1 1")
        assert await read.locator("tbody tr", has_text="agents.redeliver").count() == 0, "it reads none of them"
        bad = read.locator("tbody tr.bad")
        assert " ".join((await bad.inner_text()).split()) == "plan.events 3, 4 nobody of agents –"
        cells = await waiting.locator("tbody td").all_inner_texts()
        assert (cells[:3], cells[4]) == (["agents", "plan.events/4", "17"], "nobody")
        assert "min" in cells[3]
    finally:
        for number in numbers:
            await db.execute("select pg_advisory_unlock(1718382455, $1)", number)
        await db.execute("delete from flow.worker where worker_id = any($1::bigint[])", numbers)
    await looked_at(site)
    await page.reload()
    assert "Nobody tells" in (await part.text_content() or "")
