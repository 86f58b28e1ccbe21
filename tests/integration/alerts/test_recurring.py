"""A process that goes away once more, while an alert is not over yet or its cause has just ended, is told of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from gateway.alerts.notifiers.base import Notifier
from gateway.alerts.notifiers.webhook import Webhook
from gateway.alerts.recurring import RECURS_S
from gateway.alerts.routes_file import usual
from gateway.alerts.settings import Settings
from gateway.verdict import flapping
from gateway.verdict.causes import BEGINS_WITHIN_S, LINGERS_S
from gateway.verdict.kinds import Kind
from projections.reads import alerts as reads
from projections.reads.rows import from_json
from tests.integration.alerts.driving import PAGES, Driver
from tests.support.receivers import HttpReceiver
from tests.unit.gateway.alerts.looks import missing
from tests.unit.gateway.verdict.examples import finding

BROKER = finding(Kind.BROKER_AWAY)


@pytest.fixture
def driver(url: str, pool: asyncpg.Pool, hook: HttpReceiver) -> Driver:
    notifiers: dict[str, Notifier] = {"webhook": Webhook(hook.url)}
    # what flaps is counted by the database's clock
    return Driver(
        pool, Settings(url, PAGES, notifiers, usual(tuple(notifiers))), datetime.now(UTC) - timedelta(minutes=9)
    )


def told(hook: HttpReceiver) -> list[tuple[str, str]]:
    return [(one["about"], one["key"]) for request in hook.got for one in request.json["alerts"]]


async def test_a_worker_that_goes_away_again_while_its_alert_flaps_is_told_of(
    driver: Driver, hook: HttpReceiver, pool: asyncpg.Pool
) -> None:
    for _ in range(flapping.TIMES):
        await driver.look(missing(), seconds=3)
        await driver.send("webhook")
        await driver.look(seconds=6)
    await driver.send("webhook")
    assert [about for about, _ in told(hook)].count("opened") == flapping.TIMES
    *before, last = [
        one["evidence"] for request in hook.got for one in request.json["alerts"] if one["about"] == "opened"
    ]
    assert ["opened 3 times" in one for one in (*before, last)] == [False, False, True], "why its end is told late"
    assert [one.opened_lately for one in (await reads.find(pool)).items] == [flapping.TIMES]
    (alert,) = await driver.alerts()
    assert await pool.fetchval("select flow.alert_acknowledge($1, '', 'r1', 'ana')", alert.alert_id)
    sent = len(hook.got)

    await driver.look(seconds=RECURS_S)
    assert [one.what for one in await driver.look(missing(), seconds=3)] == ["changed", "recurred"]
    assert [one.came for one in (await reads.find(pool)).items] == [2]
    assert await driver.send("webhook") == 1
    (again,) = hook.got[sent].json["alerts"]
    assert (again["about"], again["key"]) == ("recurred", "role-missing:worker")
    assert again["title"].startswith("Wrong again: No worker runs")

    (shown,) = (await reads.find(pool)).items
    assert (shown.state, shown.acknowledged_by, shown.escalated_at) == ("open", "", None)
    said = await pool.fetch(
        "select type, data from decide.outbox where stream = $1 order by version", f"alert-{alert.alert_id}"
    )
    assert [row["type"] for row in said] == ["alert.opened", "alert.acknowledged", "alert.opened"]
    assert from_json(said[-1]["data"])["state"] == "open"


async def test_what_came_several_times_was_wrong_on_and_off_and_the_last_quiet_time_does_not_count(
    driver: Driver, hook: HttpReceiver, pool: asyncpg.Pool
) -> None:
    for _ in range(flapping.TIMES):
        await driver.look(missing(), seconds=3)
        await driver.send("webhook")
        await driver.look(seconds=6)
    await driver.look(missing(), seconds=3)
    (alert,) = await driver.alerts()
    await driver.look(seconds=flapping.QUIET_S)
    (over,) = [one for one in (await reads.find(pool, ("resolved",))).items if one.alert_id == alert.alert_id]
    # from its first look: seen twice, gone twice, seen twice, gone
    lasted = 3 + 6 + 6 + 3 + 3 + flapping.QUIET_S
    assert (over.came, over.lasted_seconds) == (2, lasted)
    await pool.execute("update flow.alert_notice set due_at = now()")
    await driver.send("webhook")
    ended = [one for request in hook.got for one in request.json["alerts"] if one["about"] == "resolved"]
    (told,) = [one for one in ended if one["alertId"] == str(alert.alert_id)]
    assert told["title"].startswith("Resolved, wrong on and off for 5 min: No worker runs")
    assert told["durationS"] == lasted
    said = await pool.fetchval(
        "select data from decide.outbox where stream = $1 order by version desc limit 1", f"alert-{alert.alert_id}"
    )
    assert from_json(said)["lasted_ms"] == lasted * 1000


async def test_a_worker_that_ends_after_an_outage_of_the_broker_is_told_of(driver: Driver, hook: HttpReceiver) -> None:
    """Its alert does not wait for what an outage leaves behind: the outage was over when the worker ended."""
    await driver.look(BROKER, missing(), seconds=5)
    await driver.look(seconds=BEGINS_WITHIN_S + 1)
    await driver.look(missing(), seconds=2)
    assert 2 * (BEGINS_WITHIN_S + 1) + 4 < LINGERS_S
    await driver.send("webhook")
    assert ("opened", "role-missing:worker") in told(hook)
