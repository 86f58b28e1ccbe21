"""From a finding to a receiver: fields arrive, another notifier takes over, a crash repeats with the same id."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import socket
from dataclasses import replace

import asyncpg
import pytest

from gateway.alerts import sender as sending
from gateway.alerts.notifiers.base import Notifier
from gateway.alerts.notifiers.email import Email
from gateway.alerts.notifiers.pagerduty import PagerDuty
from gateway.alerts.notifiers.slack import Slack
from gateway.alerts.notifiers.webhook import Webhook
from gateway.alerts.queue import PostgresQueue
from gateway.alerts.routes_file import usual
from gateway.alerts.settings import Settings
from gateway.verdict.kinds import Kind
from tests.integration.alerts.driving import PAGES, Driver, states
from tests.support.counted import counted
from tests.support.patience import until
from tests.support.receivers import HttpReceiver, SmtpReceiver
from tests.unit.gateway.alerts.looks import letters, missing, stalled
from tests.unit.gateway.verdict.examples import finding


@pytest.fixture
def driver(
    url: str, pool: asyncpg.Pool, slack: HttpReceiver, hook: HttpReceiver, pager: HttpReceiver, mail: SmtpReceiver
) -> Driver:
    notifiers: dict[str, Notifier] = {
        "slack": Slack(f"{slack.url}/services/T/B/s3cret"),
        "pagerduty": PagerDuty("r0uting", "pages", pager.url),
        "email": Email("127.0.0.1", mail.port, "alerts@example.com", ("ops@example.com",), security="none"),
        "webhook": Webhook(hook.url, "h00k"),
    }
    return Driver(pool, Settings(url, PAGES, notifiers, usual(tuple(notifiers))))


async def test_each_notifier_tells_cause_recommendation_and_recovery(
    driver: Driver, slack: HttpReceiver, hook: HttpReceiver, pager: HttpReceiver, mail: SmtpReceiver
) -> None:
    await driver.look(missing())
    assert [await driver.send(name) for name in driver.settings.notifiers] == [1, 1, 0, 1], "e-mail stands in for Slack"

    assert "No worker runs" in slack.got[0].json["text"]
    assert "Its supervisor starts it again" in slack.got[0].body.decode()
    trigger = pager.got[0].json
    assert (trigger["routing_key"], trigger["event_action"]) == ("r0uting", "trigger")
    assert trigger["dedup_key"] == "pages/role-missing:worker"
    sent = hook.got[0]
    stamp, signature = sent.headers["X-Marketplace-Timestamp"], sent.headers["X-Marketplace-Signature"]
    assert signature == "v1=" + hmac.new(b"h00k", f"{stamp}.".encode() + sent.body, hashlib.sha256).hexdigest()
    assert sent.json["alerts"][0]["recommendation"].startswith("Its supervisor")
    assert sent.headers["X-Marketplace-Message"] == sent.json["messageId"]

    await driver.look()
    assert [await driver.send(name) for name in driver.settings.notifiers] == [1, 1, 0, 1]
    assert slack.got[1].json["text"].startswith("Resolved after 13 min: No worker runs")
    assert pager.got[1].json["event_action"] == "resolve"
    assert pager.got[1].json["dedup_key"] == trigger["dedup_key"]
    assert hook.got[1].json["alerts"][0]["durationS"] == 800.0, (
        "seen first 400 s before it was told, and gone 400 s after that"
    )
    assert mail.got == []
    assert await driver.alerts() == []


async def test_rate_and_count_of_dead_letters_arrive_as_fields(driver: Driver, slack: HttpReceiver) -> None:
    await driver.look(letters(40, recent=12))
    await driver.send("slack")
    fields = [field["text"] for field in slack.got[0].json["attachments"][0]["blocks"][1]["fields"]]
    assert {"*Count*\n40", "*Rate*\n12 within 5 min"} <= set(fields)


async def test_five_hundred_stalled_plans_and_a_storm_of_five_hundred_alerts_are_one_message_each(
    driver: Driver, slack: HttpReceiver, pager: HttpReceiver
) -> None:
    await driver.look(stalled(500))
    assert await driver.send("slack") == 1
    assert slack.got[0].json["text"].startswith("500 plans are stalled")

    await driver.look(stalled(500), *(missing(f"role-{n}") for n in range(500)))
    assert await driver.send("slack") == 1
    assert slack.got[1].json["text"].startswith("500 alerts (500 open)")
    assert await driver.send("pagerduty") == 500, "an incident is resolved by its own key"
    assert len({event.json["dedup_key"] for event in pager.got}) == 500


async def test_an_end_is_titled_by_what_was_told_and_not_by_the_state_that_was_seen_last(
    driver: Driver, slack: HttpReceiver
) -> None:
    for found in (letters(20), letters(10)):
        await driver.look(found)
        await driver.send("slack")
    await driver.look(stalled(3), letters(10))
    await driver.look(stalled(500, escalated=True), letters(10))
    for found in (stalled(2, escalated=True), stalled(1)):
        await driver.send("slack")
        await driver.look(found)
    await driver.look()
    await driver.send("slack")
    texts = [one.json["text"].removeprefix("Worse: ") for one in slack.got]
    assert [text.split(" ")[0] for text in texts if not text.startswith("Resolved")] == ["20", "500"]
    ends = [text.partition(": ")[2] for text in texts if text.startswith("Resolved after ")]
    assert [text.split(" ")[0] for text in ends] == ["20", "500"]


async def test_what_slack_does_not_take_goes_by_mail_and_so_does_its_recovery(
    driver: Driver, slack: HttpReceiver, mail: SmtpReceiver, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = counted(monkeypatch, "alerts")
    slack.answers = [(500, "broken")]
    await driver.look(missing())
    assert await driver.send("slack") == 1
    assert await driver.send("email") == 0, "once may be in passing"
    await driver.due()
    assert await driver.send("slack") == 1
    assert await driver.send("email") == 1
    assert mail.got[0]["Subject"].startswith("[critical] No worker runs")
    assert mail.to == [["ops@example.com"]]
    tries = await pool.fetch("select outcome, detail from flow.alert_attempt order by at, attempt")
    assert [(row["outcome"], row["detail"]) for row in tries][:2] == [("failed", "HTTP 500: broken")] * 2
    assert counts("notices_total", notifier="slack", outcome="failed") == 2.0
    assert counts("notices_total", notifier="email", outcome="sent") == 1.0

    slack.answers = [(200, "ok")]
    await driver.look()
    assert (await driver.send("slack"), await driver.send("email")) == (0, 1), "who was told hears of the end"
    assert mail.got[1]["Subject"].startswith("[resolved] Resolved after")
    assert len({one["Message-ID"] for one in mail.got}) == 2


async def test_a_webhook_that_was_revoked_is_not_tried_again(
    driver: Driver, slack: HttpReceiver, mail: SmtpReceiver
) -> None:
    slack.answers = [(404, "no_service")]
    await driver.look(missing())
    assert (await driver.send("slack"), await driver.send("email")) == (1, 1)
    assert len(slack.got) == 1


async def test_three_failures_open_the_breaker_and_all_goes_by_mail_at_once(
    driver: Driver, slack: HttpReceiver, mail: SmtpReceiver, pool: asyncpg.Pool
) -> None:
    slack.answers = [(404, "no_service")]
    for n in range(3):
        await driver.look(*(missing(f"role-{m}") for m in range(n + 1)))
        await driver.send("slack")
    assert await pool.fetchval("select state from flow.breaker where name = 'notify:slack'") == "open"
    await driver.look(*(missing(f"role-{m}") for m in range(4)))
    await driver.send("slack")
    assert len(slack.got) == 3, "it was not tried"
    assert await driver.send("email") == 1
    assert mail.got[0]["Subject"].startswith("[critical] 4 alerts (4 open)")
    assert "not tried" in await pool.fetchval(
        "select error from flow.alert_message where notifier = 'slack' and state = 'passed_on'"
        " order by created_at desc limit 1"
    )

    await pool.execute("update flow.breaker set retry_at = now() - interval '1 s'")
    slack.answers = [(200, "ok")]
    await driver.look(*(missing(f"role-{m}") for m in range(5)))
    await driver.send("slack")
    assert await pool.fetchval("select state from flow.breaker where name = 'notify:slack'") == "closed"
    assert len(slack.got) == 4


async def test_without_another_notifier_it_waits_for_the_breaker_and_loses_no_attempt(
    driver: Driver, pager: HttpReceiver, pool: asyncpg.Pool
) -> None:
    driver.settings = replace(driver.settings, notifiers={"pagerduty": driver.settings.notifiers["pagerduty"]})
    await pool.execute("select flow.breaker_trip('notify:pagerduty', 'a test', null, 'test')")
    await driver.look(missing())
    assert await driver.send("pagerduty") == 1
    row = await pool.fetchrow("select state, attempts, error from flow.alert_message")
    assert row is not None
    assert tuple(row) == ("waiting", 0, "its circuit breaker is open")
    assert await pool.fetchval("select count(*) from flow.alert_attempt") == 0
    await pool.execute("select flow.breaker_reset('notify:pagerduty', 'a test', 'test')")
    await driver.due()
    assert await driver.send("pagerduty") == 1
    assert len(pager.got) == 1


async def test_a_failure_without_another_notifier_is_tried_again_and_has_an_end(
    driver: Driver, hook: HttpReceiver, pool: asyncpg.Pool
) -> None:
    hook.answers = [(503, "later")]
    await driver.look(missing())
    for _ in range(len(sending.AGAIN_S) + 3):
        await driver.send("webhook")
        await driver.due()
        await pool.execute("update flow.breaker set state = 'closed', failures = 0")
    assert len(hook.got) == len(sending.AGAIN_S) + 1
    assert len({request.json["messageId"] for request in hook.got}) == 1, "each attempt has the same id"
    assert ("webhook", "failed") in await states(pool)


async def test_a_receiver_that_asks_for_time_gets_it(driver: Driver, slack: HttpReceiver, pool: asyncpg.Pool) -> None:
    slack.answers = [(429, "slow down")]
    await driver.look(missing())
    await driver.send("slack")
    assert await pool.fetchval("select due_at > now() from flow.alert_message where notifier = 'slack'")


async def test_one_that_died_between_claim_and_mark_is_followed_by_the_same_message(
    driver: Driver, hook: HttpReceiver, pool: asyncpg.Pool
) -> None:
    await driver.look(missing())
    dead = await PostgresQueue(pool, PAGES).claim("webhook", gathers=True)
    assert dead is not None
    assert await driver.send("webhook") == 0, "while the claim lasts nobody else sends it"
    await driver.look(missing(), missing("runner"))
    assert await driver.send("webhook") == 1, "what comes later does not wait for it"
    await driver.due()
    assert await driver.send("webhook") == 1
    assert hook.got[1].json["messageId"] == dead.message.message_id
    rows = await pool.fetch(
        "select attempt, outcome from flow.alert_attempt where message_id = $1::uuid order by attempt",
        dead.message.message_id,
    )
    assert [tuple(row) for row in rows] == [(1, "begun"), (2, "sent")], "what nobody knows is not made up"


async def test_two_senders_share_the_messages_and_send_none_twice(driver: Driver, pager: HttpReceiver) -> None:
    await driver.look(*(missing(f"role-{n}") for n in range(40)))
    sent = await asyncio.gather(*(driver.send("pagerduty") for _ in range(4)))
    assert sum(sent) == 40
    assert len({event.json["dedup_key"] for event in pager.got}) == len(pager.got) == 40


async def test_a_receiver_that_hangs_delays_no_other(
    driver: Driver, slack: HttpReceiver, hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DEADLINE_S", 1.0)
    slack.hold.clear()
    await driver.look(missing())
    hanging = asyncio.create_task(driver.send("slack"))
    await until(lambda: slack.got)
    assert await driver.send("webhook") == 1
    assert not hanging.done()
    assert await hanging == 1
    detail = await driver.pool.fetchval("select detail from flow.alert_attempt where outcome = 'failed'")
    assert detail == "no answer within 1 s"


async def test_a_mail_server_that_hangs_costs_one_thread_and_no_message(
    driver: Driver, mail: SmtpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DEADLINE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:  # takes a connection and says nothing
        port = server.getsockname()[1]
        deaf = Email("127.0.0.1", port, "a@example.com", ("b@example.com",), security="none")
        driver.settings = replace(driver.settings, notifiers={"email": deaf}, routing=usual(["email"]))
        await driver.look(missing())
        for _ in range(2):
            await driver.send("email")
            await driver.due()
    rows = await driver.pool.fetch("select detail from flow.alert_attempt order by attempt")
    assert [row["detail"] for row in rows] == ["no answer within 0 s", "an earlier call has not come back yet"]


@pytest.mark.parametrize(("answer", "final"), [("451 busy", False), ("550 no such user", True)])
async def test_what_a_mail_server_says_is_told(driver: Driver, mail: SmtpReceiver, answer: str, final: bool) -> None:
    mail.refuses = answer
    driver.settings = replace(
        driver.settings, notifiers={"email": driver.settings.notifiers["email"]}, routing=usual(["email"])
    )
    await driver.look(missing())
    await driver.send("email")
    row = await driver.pool.fetchrow("select state, error from flow.alert_message")
    assert row is not None
    assert (row["state"], row["error"]) == ("failed" if final else "waiting", f"SMTP {answer[:3]}: {answer[4:]}")


async def test_no_secret_gets_into_the_database(driver: Driver, slack: HttpReceiver, pool: asyncpg.Pool) -> None:
    slack.answers = [(500, f"cannot post to {slack.url}/services/T/B/s3cret")]
    await driver.look(missing(), finding(Kind.BROKER_AWAY))
    for name in driver.settings.notifiers:
        await driver.send(name)
    for table in ("alert", "alert_message", "alert_notice", "alert_attempt", "breaker"):
        rows = await pool.fetch(f"select t::text as row from flow.{table} t")
        assert not [row["row"] for row in rows if any(s in row["row"] for s in ("s3cret", "r0uting", "h00k"))]


async def test_what_is_acknowledged_here_is_acknowledged_there_once(
    driver: Driver, pool: asyncpg.Pool, pager: HttpReceiver
) -> None:
    await driver.look(missing())
    await driver.send("pagerduty")
    assert await driver.acknowledged() == 0

    alert_id = await pool.fetchval("select alert_id from flow.alert")
    acknowledge = "select flow.alert_acknowledge($1, 'on it', 'request', $2)"
    assert await pool.fetchval(acknowledge, alert_id, "ana") == "accepted"
    assert [await driver.acknowledged(), await driver.acknowledged()] == [1, 0]
    await driver.due()
    assert await driver.send("pagerduty") == 1
    assert await driver.send("slack") == 1, "only that it began: Slack keeps no incidents"
    await driver.look()
    await driver.send("pagerduty")
    assert [event.json["event_action"] for event in pager.got] == ["trigger", "acknowledge", "resolve"]
    assert len({event.json["dedup_key"] for event in pager.got}) == 1


async def test_what_was_acknowledged_there_does_not_go_back(driver: Driver, pool: asyncpg.Pool) -> None:
    await driver.look(missing())
    await driver.send("pagerduty")
    acknowledge = "select flow.alert_acknowledge(alert_id, '', 'request', 'Ana Souza (PagerDuty)') from flow.alert"
    assert await pool.fetchval(acknowledge) == "accepted"
    assert await driver.acknowledged() == 0


async def test_the_end_of_an_alert_waits_for_its_beginning_and_the_next_beginning_for_that_end(
    driver: Driver, pool: asyncpg.Pool, pager: HttpReceiver
) -> None:
    """PagerDuty forgets an end that comes first, and an end that comes late closes what has begun meanwhile."""
    driver.settings = replace(driver.settings, notifiers={"pagerduty": driver.settings.notifiers["pagerduty"]})
    taken = (202, "{}")

    async def refused() -> None:
        pager.answers = [(503, "away")]
        await driver.send("pagerduty")
        await pool.execute("update flow.alert_message set due_at = now() + interval '1 h' where state = 'waiting'")
        pager.got.clear()
        pager.answers = [taken]

    await driver.look(missing())
    await refused()
    await pool.execute("select flow.alert_acknowledge(alert_id, 'on it', 'request', 'ana') from flow.alert")
    assert await driver.acknowledged() == 1
    await driver.look()
    assert await driver.send("pagerduty") == 0, "it has not begun there"

    await driver.look(missing("runner"))
    assert await driver.send("pagerduty") == 1, "another one does not wait for it"
    await driver.due()
    assert await driver.send("pagerduty") == 3
    first = [event.json["event_action"] for event in pager.got if event.json["dedup_key"].endswith(":worker")]
    assert first == ["trigger", "acknowledge", "resolve"]

    await driver.look()
    await refused()
    await driver.look(missing("runner"))
    assert await driver.send("pagerduty") == 0
    await driver.due()
    assert await driver.send("pagerduty") == 2
    assert [event.json["event_action"] for event in pager.got] == ["resolve", "trigger"]


async def test_a_beginning_that_nobody_took_keeps_no_end_from_going(
    driver: Driver, pool: asyncpg.Pool, pager: HttpReceiver
) -> None:
    driver.settings = replace(driver.settings, notifiers={"pagerduty": driver.settings.notifiers["pagerduty"]})
    pager.answers = [(503, "away")]
    await driver.look(missing())
    await driver.send("pagerduty")
    await driver.look()
    pager.answers = [(400, "invalid event")]
    await driver.due()
    await driver.send("pagerduty")
    assert [row["state"] for row in await pool.fetch("select state from flow.alert_message")] == ["failed", "failed"]
