"""The alert engine as a process: it tells within seconds, one engine at a time, after a crash, and without Postgres."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import asyncpg
import pytest

from local.ports import free_port
from tests.integration.alerts.running import OFF, ON, ROUTES, Engines, active, all_sent, told
from tests.support.patience import until
from tests.support.receivers import HttpReceiver, SmtpReceiver


async def test_it_tells_within_seconds_and_says_when_it_is_over(
    engines: Engines, pool: asyncpg.Pool, hook: HttpReceiver
) -> None:
    engines.start()
    await active(pool, 1)
    await pool.execute(OFF)
    await until(lambda: hook.got)
    first = hook.got[0].json["alerts"][0]
    assert first["title"] == "Queue processing is switched off by Ana."
    assert first["recommendation"] == "marketplace flags on queue_processing switches it on."
    await pool.execute(ON)
    await until(lambda: len(hook.got) > 1)
    assert hook.got[1].json["title"].startswith("Resolved after ")
    events = await pool.fetch("select type, version from decide.outbox where type like 'alert.%' order by seq")
    assert [tuple(row) for row in events] == [("alert.opened", 1), ("alert.resolved", 2)]
    await all_sent(pool)
    assert await pool.fetchval("select count(*) from flow.alert_attempt where outcome = 'sent'") == 2


async def test_what_is_acknowledged_here_is_acknowledged_in_pagerduty(
    engines: Engines, pool: asyncpg.Pool, pager: HttpReceiver, tmp_path: Path
) -> None:
    routes = tmp_path / "pager.toml"
    routes.write_text(ROUTES.replace('"webhook"', '"pagerduty"'))
    engines.start(PAGERDUTY_KEY="r0uting", PAGERDUTY_URL=pager.url, MARKETPLACE_ALERT_ROUTES=str(routes))
    await active(pool, 1)
    await pool.execute(OFF)
    await until(lambda: pager.got)
    await pool.execute("select flow.alert_acknowledge(alert_id, 'on it', 'r', 'Ana') from flow.alert")
    await until(lambda: len(pager.got) > 1)
    assert [event.json["event_action"] for event in pager.got] == ["trigger", "acknowledge"]
    assert pager.got[0].json["dedup_key"] == pager.got[1].json["dedup_key"]


async def test_a_second_engine_stands_by_and_takes_over_when_the_first_is_killed(
    engines: Engines, pool: asyncpg.Pool, hook: HttpReceiver
) -> None:
    first = engines.start()
    await active(pool, 1)
    engines.start()
    await active(pool, 2)
    await pool.execute(OFF)
    await until(lambda: hook.got)
    await all_sent(pool)  # else it goes once more, and its end after it
    first.kill()
    await pool.execute(ON)
    await until(lambda: len(hook.got) > 1)
    assert [title[:14] for _, title in told(hook)] == ["Queue processi", "Resolved after"], "it was told once"


async def test_with_slack_really_down_the_mail_arrives(
    engines: Engines, pool: asyncpg.Pool, mail: SmtpReceiver, tmp_path: Path
) -> None:
    """Nobody listens where Slack should be. The mail server is a real one."""
    (tmp_path / "slack.toml").write_text(ROUTES.replace('to = ["webhook"]', 'to = ["slack"]\nfallback = ["email"]'))
    engines.start(
        SLACK_WEBHOOK_URL=f"http://127.0.0.1:{free_port()}/services/T/B/s3cret",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT=str(mail.port),
        SMTP_SECURITY="none",
        SMTP_FROM="alerts@example.com",
        SMTP_TO="ops@example.com",
        MARKETPLACE_ALERT_ROUTES=str(tmp_path / "slack.toml"),
    )
    await active(pool, 1)
    await pool.execute(OFF)
    await until(lambda: mail.got)
    await pool.execute(ON)
    await until(lambda: len(mail.got) > 1)
    assert mail.got[0]["Subject"] == "[warning] Queue processing is switched off by Ana."
    assert mail.got[1]["Subject"].strip().startswith("[resolved] Resolved after ")
    assert mail.to == [["ops@example.com"]] * 2
    tries = await pool.fetch(
        "select m.notifier, a.outcome, a.detail from flow.alert_attempt a join flow.alert_message m using (message_id)"
        " where m.notifier = 'slack' order by a.at"
    )
    assert {(row["notifier"], row["outcome"]) for row in tries} == {("slack", "failed")}
    assert all("ConnectError" in row["detail"] and "s3cret" not in row["detail"] for row in tries)
    assert not any("repeat" in str(one["Subject"]) for one in mail.got), "nobody can have had it before"


async def test_killed_while_the_receiver_thinks_it_asks_again_with_the_same_id(
    engines: Engines, pool: asyncpg.Pool, hook: HttpReceiver
) -> None:
    hook.hold.clear()
    first = engines.start()
    await active(pool, 1)
    await pool.execute(OFF)
    await until(lambda: hook.got)
    first.kill()
    hook.hold.set()
    engines.start()
    await pool.execute("update flow.alert_message set claimed_until = now()")
    await until(lambda: len(hook.got) > 1)
    assert len({message_id for message_id, _ in told(hook)}) == 1


async def test_that_postgres_is_away_is_told_from_memory_once_and_written_down_when_it_is_back(
    engines: Engines, pool: asyncpg.Pool, hook: HttpReceiver, url: str, postgres_url: str, tmp_path: Path
) -> None:
    engine = engines.start()
    await active(pool, 1)
    name = url.rpartition("/")[2]
    server = await asyncpg.connect(postgres_url)
    await pool.close()
    await server.execute(f'alter database "{name}" allow_connections false')
    await server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
    await until(lambda: hook.got)
    assert hook.got[0].json["title"] == "The database does not answer."
    assert hook.got[0].json["alerts"][0]["recommendation"].startswith("See whether PostgreSQL runs")
    log = tmp_path / "alerts-1.log"
    looks = log.read_text().count("Postgres cannot be used")
    await until(lambda: log.read_text().count("Postgres cannot be used") > looks + 3)
    assert len(hook.got) == 1, "it is told once, however often it is seen"
    await server.execute(f'alter database "{name}" allow_connections true')
    await server.close()
    await until(lambda: len(hook.got) > 1)
    assert hook.got[1].json["title"].startswith("Resolved after ")
    assert hook.got[1].json["alerts"][0]["key"] == "database"
    async with asyncpg.create_pool(url, min_size=0, max_size=2) as again:
        alert = await again.fetchrow("select key, kind, state from flow.alert")
        assert alert is not None
        assert tuple(alert) == ("database", "database-away", "resolved")
        await all_sent(again)
        tries = await again.fetch("select outcome from flow.alert_attempt order by at")
        assert [row["outcome"] for row in tries] == ["sent", "sent"]
    assert engine.running


async def test_a_stop_ends_it_in_order(engines: Engines, pool: asyncpg.Pool) -> None:
    engine = engines.start()
    await active(pool, 1)
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGTERM)
    await until(lambda: not engine.running)
    assert engine.returncode == 0
    assert await pool.fetchval("select stop_reason from flow.worker where role = 'alerts'") == "told to stop"


async def test_the_proof_of_life_goes_out_while_it_works_and_no_secret_into_the_log(
    engines: Engines, pool: asyncpg.Pool, hook: HttpReceiver, slack: HttpReceiver, tmp_path: Path
) -> None:
    hook.answers = [(500, "h00k")]
    engines.start(MARKETPLACE_ALERT_HEARTBEAT_URL=f"{slack.url}/ping/s3cret", MARKETPLACE_ALERT_HEARTBEAT_EVERY="0.5")
    await until(lambda: len(slack.got) > 2)
    assert {request.path for request in slack.got} == {"/ping/s3cret"}
    slack.answers = [(500, "no")]
    await pool.execute(OFF)
    log = tmp_path / "alerts-1.log"
    await until(lambda: "did not arrive" in log.read_text() and "was not taken" in log.read_text())
    assert "s3cret" not in log.read_text()
    assert "h00k" not in log.read_text()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SLACK_WEBHOOK_URL", "hooks.slack.com/s3cret", "SLACK_WEBHOOK_URL"),
        ("MARKETPLACE_ALERT_URLS", "nonsense://s3cret", "MARKETPLACE_ALERT_URLS: address 1"),
        ("MARKETPLACE_ALERT_ROUTES", "/nowhere.toml", "MARKETPLACE_ALERT_ROUTES"),
    ],
)
async def test_a_setting_that_makes_no_sense_ends_it_at_once_and_is_not_quoted(
    engines: Engines, tmp_path: Path, variable: str, value: str, said: str
) -> None:
    engine = engines.start(**{variable: value})
    await until(lambda: not engine.running)
    log = (tmp_path / "alerts-1.log").read_text()
    assert engine.returncode == 2
    assert said in log
    assert "s3cret" not in log
