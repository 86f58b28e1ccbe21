"""The page of alerts: what was told and whether it arrived; an operator sees to one and silences another."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import expect

from schemas.process.liveness import LOCK
from tests.browser import rows
from tests.browser.accessibility import violations_in_light_and_dark
from tests.browser.conftest import Opener, Site, looked_at


async def add(db: asyncpg.Connection, kind: str, state: str, error: str = "", **values: object) -> UUID:
    """An alert as the engine keeps it, told to Slack."""
    made, message = uuid4(), uuid4()
    finding = {"kind": kind, "subject": str(values.get("role", "")), "since": None, "values": values}
    await db.execute(
        "insert into flow.alert (alert_id, key, kind, subject, severity, state, finding, text, evidence, advice,"
        " runbook, opened_at, resolved_at)"
        " values ($1, $2, $3, '', 'critical', $4, $5, $6, 'Evidence.', 'Do it.', 'x.md',"
        " $7, case when $4 = 'resolved' then now() end)",
        made,
        f"{kind}:{made}",
        kind,
        state,
        json.dumps(finding),
        rows.HOSTILE,
        datetime.now(UTC) - timedelta(minutes=3),
    )
    await db.execute(
        "insert into flow.alert_message (message_id, notifier, body, state, due_at, attempts, error, ended_at)"
        " values ($1, 'slack', '{}', $2, now(), 1, $3, now())",
        message,
        "failed" if error else "sent",
        error,
    )
    await db.execute(
        "insert into flow.alert_notice (notice_id, alert_id, about, version, notifier, due_at, message_id)"
        " values ($1, $2, 'opened', 1, 'slack', now(), $3)",
        uuid4(),
        made,
        message,
    )
    await db.execute(
        "insert into flow.alert_attempt (message_id, attempt, outcome, seconds, detail)"
        " values ($1, 1, 'sent', 0.2, $2)",
        message,
        error or "HTTP 200: ok",
    )
    return made


@pytest.fixture(autouse=True)
async def morning(db: asyncpg.Connection) -> dict[str, UUID]:
    """One alert in each state, and one of a version that is not this one."""
    await db.execute("truncate flow.alert, flow.alert_message, flow.alert_silenced cascade")
    if not await db.fetchval("select count(*) from flow.worker where role = 'alerts'"):
        await db.execute("select flow.worker_start('alerts-x', 'alerts', 'a-host', 4712, 0, '1')")
    return {
        "open": await add(db, "role-missing", "open", role="worker"),
        "failed": await add(db, "of-tomorrow", "open", error="HTTP 404: no_service"),
        "resolved": await add(db, "broker-away", "resolved", reason="refused", age=180.0),
    }


async def test_is_accessible_in_light_and_dark_and_fits_a_phone(
    opened: Opener, morning: dict[str, UUID], db: asyncpg.Connection
) -> None:
    await db.execute(
        "insert into flow.alert_silenced (key, until, reason, silenced_by)"
        " select key, now() + interval '3 days', 'a move', 'ana' from flow.alert where alert_id = $1",
        morning["resolved"],
    )
    for path in ("/alerts", f"/alerts/{morning['open']}"):
        page = await opened(path, role="operator", reduced_motion="reduce")
        assert await violations_in_light_and_dark(page) == []
        assert await page.locator("h1").count() == 1
        assert await page.get_by_role("heading", name="Over, and still silenced").count() == (path == "/alerts")
        small = await opened(path, role="operator", phone=True, locale="pt-BR")
        assert await small.evaluate("document.documentElement.scrollWidth") <= 360


async def test_says_what_is_wrong_where_it_went_and_whether_it_arrived(opened: Opener) -> None:
    page = await opened("/alerts", role="viewer", locale="pt-BR")
    text = await page.inner_text("main")
    for words in ("Fora de execução: worker", "Chegou", "Não chegou", "HTTP 404: no_service", "Começou"):
        assert words in text
    assert await page.evaluate("window.hacked") is None
    assert await page.locator("main form").count() == 0, "a viewer sees, and does not act"
    await expect(page.locator(".side [data-count=alerts]")).to_have_text("2")
    await page.get_by_role("link", name="Resolvido").click()
    await expect(page.locator("main")).to_contain_text("terminou após 3 min")


async def test_of_one_that_flaps_it_is_said_when_it_is_over(opened: Opener, db: asyncpg.Connection, site: Site) -> None:
    """On the list, on its own page, where a message leads, and on the overview; an engine is at work."""
    await db.execute("select pg_advisory_lock($1, worker_id) from flow.worker where role = 'alerts'", LOCK)
    await db.execute("update flow.worker set beat_at = now() + interval '1 hour' where role = 'alerts'")
    await looked_at(site)
    states = ("resolved", "resolved", "open")
    mine = [await add(db, "broker-away", state, reason="refused", age=1.0) for state in states]
    await db.execute("update flow.alert set key = 'one-that-flaps' where alert_id = any ($1)", mine)
    page = await opened("/alerts", locale="pt-BR")
    for path in ("/alerts", f"/alerts/{mine[-1]}", "/"):
        await page.goto(path)
        said = "Não é visto agora. Abriu 3 vezes em 15 min; por isso só termina depois de 5 min sem ser visto."
        await expect(page.locator("main")).to_contain_text(said)


async def test_what_is_over_looks_and_reads_as_over(opened: Opener, morning: dict[str, UUID]) -> None:
    page = await opened("/alerts?status=resolved")
    await expect(page.locator("main .alert-list > li")).to_have_class("done")
    await page.goto(f"/alerts/{morning['resolved']}")
    text = await page.inner_text("main")
    assert "What was wrong" in text
    assert "As it was seen last: It has not answered for 3 min." in text
    assert "While it lasted, in the whole system:" in text


async def test_with_no_engine_it_is_said_that_no_alert_ends_and_where_help_is(
    opened: Opener, morning: dict[str, UUID], db: asyncpg.Connection
) -> None:
    """An alert ends when an engine says so, however long its finding has been gone."""
    page = await opened("/alerts")
    for path in ("/alerts", f"/alerts/{morning['open']}", "/"):
        await page.goto(path)
        await expect(page.locator("main")).to_contain_text("The alert stays as it is until an alert engine works.")
    await page.goto("/alerts")
    runbook = page.locator("section[aria-labelledby=notifiers]").get_by_role("link", name="Runbook")
    await expect(runbook).to_have_attribute("href", "/runbooks/something-is-stuck#a-process-is-not-well")
    await page.goto(f"/alerts/{morning['failed']}")
    await expect(page.locator("main")).to_contain_text("It is given up. See SLACK_WEBHOOK_URL of the alert engine")


async def test_an_operator_sees_to_one_and_silences_it(opened: Opener, morning: dict[str, UUID]) -> None:
    page = await opened("/alerts", role="operator")
    await page.locator(f"#ack-{morning['open']} summary").click()
    await page.locator(f"#note-{morning['open']}").fill("restarting")
    await page.locator(f"#ack-{morning['open']}").get_by_role("button", name="Acknowledge").click()
    await expect(page.locator("main")).to_contain_text("You see to it: nobody else is called.")
    await expect(page.locator("main")).to_contain_text("restarting")

    await page.locator(f"#silence-{morning['open']} summary").click()
    await page.locator(f"#why-{morning['open']}").fill("a move")
    await page.locator(f"#silence-{morning['open']}").get_by_role("button", name="Silence").click()
    await expect(page.locator("main")).to_contain_text("Silenced: nobody is told of it until then.")
    await expect(page.locator("main")).to_contain_text("a move")
    there = page.url
    await page.goto(f"/alerts/{morning['open']}")
    pairs = page.locator("dl.pairs")
    await expect(pairs.get_by_role("term").filter(has_text="Silenced since")).to_have_count(1)
    await expect(pairs.get_by_role("term").filter(has_text="Silenced until")).to_have_count(1)
    await page.goto(there)

    await page.get_by_role("button", name="End the silence").click()
    await expect(page.locator("main")).to_contain_text("Its silence is over.")


async def test_an_open_page_hears_of_alerts_with_nobody_but_the_database(
    opened: Opener, db: asyncpg.Connection
) -> None:
    """There is neither broker nor relay nor projection here: none of them has to live for an alert to be seen."""
    page, elsewhere = await opened("/alerts", role="operator"), await opened("/tasks", role="viewer")
    for one in (page, elsewhere):
        await one.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
        await expect(one.locator(".side [data-count=alerts]")).to_have_text("2")
    made = await add(db, "role-missing", "open", role="projections")
    row = page.locator(f'li[data-key="{made}"]')
    await expect(row).to_contain_text("No projections runs")
    for one in (page, elsewhere):
        await expect(one.locator(".side [data-count=alerts]")).to_have_text("3")

    await db.execute(
        "update flow.alert_message m set state = 'waiting', ended_at = null, attempts = 2, error = 'HTTP 503'"
        " from flow.alert_notice n where n.message_id = m.message_id and n.alert_id = $1",
        made,
    )
    await expect(row).to_contain_text("HTTP 503")
    await db.execute(
        "update flow.alert set state = 'resolved', resolved_at = now(), version = version + 1 where alert_id = $1", made
    )
    await expect(row).to_have_count(0)
    for one in (page, elsewhere):
        await expect(one.locator(".side [data-count=alerts]")).to_have_text("2")


async def test_a_phone_says_how_many_alerts_are_open_before_anything_is_unfolded(
    opened: Opener, db: asyncpg.Connection
) -> None:
    """Alerts are in the menu there, and on the overview in a part of which only the head is shown."""
    page = await opened("/", role="operator", phone=True)
    more, menu = page.locator(".tabs summary [data-count=more] .count"), page.locator(".tabs .menu-panel .count")
    counts = [int(one) for one in await menu.all_text_contents()]
    assert await page.locator(".tabs .menu-panel [data-count=alerts] .count").text_content() == "2"
    await expect(more).to_have_text(str(sum(counts)))
    await expect(more).to_be_visible()
    await expect(page.locator("#open-alerts .count")).to_have_text("2")
    await expect(page.locator("#open-alerts .count")).to_be_visible()

    await page.wait_for_selector("[data-live-state][data-state=live] >> visible=true")
    made = await add(db, "role-missing", "open", role="projections")
    await expect(more).to_have_text(str(sum(counts) + 1))
    await expect(page.locator("#open-alerts .count")).to_have_text("3")
    await db.execute(
        "update flow.alert set state = 'resolved', resolved_at = now(), version = version + 1 where alert_id = $1", made
    )
    await expect(more).to_have_text(str(sum(counts)))
