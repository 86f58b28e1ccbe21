"""Each time that people are told anew, PagerDuty pages somebody, and no incident stays open once it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from gateway.alerts import store
from gateway.alerts.alert import About, notice_id
from gateway.alerts.memory_queue import MemoryQueue
from gateway.alerts.notifiers.base import Notifier
from gateway.alerts.notifiers.pagerduty import PagerDuty
from gateway.alerts.recurring import RECURS_S
from gateway.alerts.routes_file import usual
from gateway.alerts.routing import Notice, Route
from gateway.alerts.settings import Settings
from gateway.verdict import flapping
from gateway.verdict.traits import Severity
from tests.integration.alerts.driving import PAGES, Driver
from tests.support.pagerduty import incidents
from tests.support.receivers import HttpReceiver
from tests.unit.gateway.alerts.looks import alert, missing, stalled

KEY = "pages/role-missing:worker"
ACKNOWLEDGE = "select flow.alert_acknowledge(alert_id, 'on it', 'r', $1) from flow.alert where state <> 'resolved'"


@pytest.fixture
def driver(url: str, pool: asyncpg.Pool, pager: HttpReceiver) -> Driver:
    notifiers: dict[str, Notifier] = {"pagerduty": PagerDuty("r0uting", "pages", pager.url)}
    # what flaps is counted by the database's clock
    began = datetime.now(UTC) - timedelta(minutes=14)
    return Driver(pool, Settings(url, PAGES, notifiers, usual(tuple(notifiers))), began)


async def unsteady(driver: Driver) -> None:
    """Have a worker go away so often that its alert goes on while it is there."""
    for _ in range(flapping.TIMES):
        await driver.look(missing(), seconds=3)
        await driver.look(seconds=6)
    await driver.send("pagerduty")


async def over(driver: Driver) -> None:
    """Have all be well for so long that what flaps is over, too."""
    await driver.look(seconds=1)
    await driver.look(seconds=flapping.QUIET_S / 2 + 1)


@pytest.mark.parametrize("who", ["ana", "Ana Souza (PagerDuty)", ""])
async def test_who_acknowledged_it_and_sleeps_again_is_paged_when_it_is_wrong_again(
    driver: Driver, pager: HttpReceiver, pool: asyncpg.Pool, who: str
) -> None:
    """Also who acknowledged it in PagerDuty, where nobody tells this system of it."""
    await unsteady(driver)
    paged = len(incidents(pager.got).pages)
    if who:
        assert await pool.fetchval(ACKNOWLEDGE, who) == "accepted"
        await driver.acknowledged()
        await driver.due()
        await driver.send("pagerduty")

    for again in (1, 2):
        await driver.look(seconds=RECURS_S * again)
        assert [one.what for one in await driver.look(missing(), seconds=3)] == ["changed", "recurred"]
        assert await driver.send("pagerduty") == 1
        there = incidents(pager.got)
        assert len(there.pages) == paged + again
        assert there.pages[-1].startswith("Wrong again: No worker runs")
        assert there.open == [f"{KEY}#{again + 1}"], "the one before is over: nobody works on two"

    await over(driver)
    assert await driver.send("pagerduty") == 1
    assert incidents(pager.got).open == []
    await driver.look(missing(), seconds=3)
    await driver.send("pagerduty")
    assert incidents(pager.got).open == [KEY], "another alert begins with the alert's own key"


async def test_what_gets_worse_or_outlasts_its_silence_pages_anew(
    driver: Driver, pager: HttpReceiver, pool: asyncpg.Pool
) -> None:
    pages = Route(("pagerduty",))
    driver.settings = replace(driver.settings, routing=replace(driver.settings.routing, routes=(pages,)))
    await driver.look(stalled(3), seconds=20)
    await driver.send("pagerduty")
    assert await pool.fetchval(ACKNOWLEDGE, "ana") == "accepted"
    await driver.look(stalled(3, escalated=True), seconds=20)
    await driver.send("pagerduty")
    there = incidents(pager.got)
    assert [one.partition(":")[0] for one in there.pages] == ["3 plans are stalled", "Worse"]
    assert there.open == ["pages/plans-stalled:worker-gone#2"]

    silence = "select flow.alert_silence(alert_id, $1, 'a test', 'r', 'ana') from flow.alert where state <> 'resolved'"
    await pool.execute(silence, driver.now + timedelta(seconds=30))
    await driver.look(stalled(3, escalated=True), seconds=20)
    await driver.send("pagerduty")
    there = incidents(pager.got)
    assert there.pages[-1].startswith("Still wrong:")
    assert there.open == ["pages/plans-stalled:worker-gone#3"]
    await over(driver)
    await driver.send("pagerduty")
    assert incidents(pager.got).open == []


async def test_a_page_that_failed_half_way_is_repeated_whole_and_pages_once(
    driver: Driver, pager: HttpReceiver
) -> None:
    await unsteady(driver)
    await driver.look(seconds=RECURS_S)
    await driver.look(missing(), seconds=3)
    pager.answers = [(202, "{}"), (503, "later"), (202, "{}")]
    before = len(pager.got)
    await driver.send("pagerduty")
    pager.got = pager.got[: before + 1]  # PagerDuty has not taken the second event
    await driver.due()
    await driver.send("pagerduty")
    there = incidents(pager.got)
    assert [one for one in there.pages if one.startswith("Wrong again")] == [there.pages[-1]]
    assert there.open == [f"{KEY}#2"]


async def test_what_is_told_anew_waits_for_what_was_told_before(
    driver: Driver, pager: HttpReceiver, pool: asyncpg.Pool
) -> None:
    """An incident that is opened after it was ended would stay open for ever."""
    pages = Route(("pagerduty",))
    driver.settings = replace(driver.settings, routing=replace(driver.settings.routing, routes=(pages,)))
    pager.answers = [(503, "away")]
    await driver.look(stalled(3), seconds=20)
    await driver.send("pagerduty")
    await pool.execute("update flow.alert_message set due_at = now() + interval '1 h' where state = 'waiting'")
    pager.got.clear()
    pager.answers = [(202, "{}")]
    await driver.look(stalled(3, escalated=True), seconds=20)
    assert await driver.send("pagerduty") == 0
    await driver.due()
    assert await driver.send("pagerduty") == 2
    assert incidents(pager.got).open == ["pages/plans-stalled:worker-gone#2"]


async def test_a_notice_that_was_kept_adds_to_the_incident_that_is_open(
    driver: Driver, pager: HttpReceiver, pool: asyncpg.Pool
) -> None:
    """A warning that waits for the end of quiet hours comes after what was worse and went at once."""
    pages = Route(("pagerduty",))
    driver.settings = replace(driver.settings, routing=replace(driver.settings.routing, routes=(pages,)))
    await driver.look(stalled(3), seconds=20)
    await pool.execute("update flow.alert_notice set due_at = now() + interval '1 h', kept = true")
    await driver.look(stalled(3, escalated=True), seconds=20)
    assert await driver.send("pagerduty") == 1
    await pool.execute("update flow.alert_notice set due_at = now()")
    assert await driver.send("pagerduty") == 1
    there = incidents(pager.got)
    assert (len(there.pages), there.open) == (1, ["pages/plans-stalled:worker-gone"])
    await over(driver)
    await driver.send("pagerduty")
    assert incidents(pager.got).open == []


async def test_a_page_that_nobody_took_leaves_none_open(
    driver: Driver, pager: HttpReceiver, pool: asyncpg.Pool
) -> None:
    await unsteady(driver)
    await driver.look(seconds=RECURS_S)
    await driver.look(missing(), seconds=3)
    got = list(pager.got)
    pager.answers = [(400, "invalid event")]
    await driver.send("pagerduty")
    pager.got, pager.answers = got, [(202, "{}")]
    await over(driver)
    await driver.send("pagerduty")
    assert incidents(pager.got).open == []


async def test_who_is_called_by_escalation_alone_gets_one_incident(
    driver: Driver, pager: HttpReceiver, pool: asyncpg.Pool
) -> None:
    routing = driver.settings.routing
    escalation = replace(routing.escalation, steps=("pagerduty",))
    nobody = Route(("pagerduty",), severities=frozenset({Severity.INFO}))
    driver.settings = replace(driver.settings, routing=replace(routing, routes=(nobody,), escalation=escalation))
    await driver.look(missing(), seconds=3)
    await driver.look(missing(), seconds=310)
    assert await driver.send("pagerduty") == 1
    assert len(incidents(pager.got).open) == 1
    await over(driver)
    await driver.send("pagerduty")
    assert incidents(pager.got).open == []


async def test_in_memory_what_is_told_anew_has_an_incident_of_its_own(pool: asyncpg.Pool) -> None:
    memory, at = MemoryQueue(PAGES), datetime.now(UTC)
    one = replace(alert(key="database"), opened_at=at, version=3)
    made = [
        Notice(notice_id(one.alert_id, about, version, "pagerduty"), one.alert_id, about, version, "pagerduty", at)
        for about, version in ((About.RECURRED, 3), (About.RECURRED, 5), (About.RESOLVED, 6))
    ]
    memory.put(one, made)
    told = []
    while (claimed := await memory.claim("pagerduty", gathers=False)) is not None:
        told.append((claimed.message.items[0].about, claimed.message.items[0].incident))
        await memory.sent(claimed, 0.1, "taken")
    assert told == [("recurred", 2), ("recurred", 3), ("resolved", 3)], "Postgres has told that it began"
    async with pool.acquire() as db, db.transaction():
        await store.open_alert(db, replace(one, version=1))
        await memory.write_down(db)
