"""A crash at every point of the way of a message: nothing is untold, and what may be told twice says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from gateway.alerts import words
from local.service import Service
from tests.integration.alerts.running import OFF, ROUTES, Engines, active, all_sent
from tests.support.patience import until
from tests.support.receivers import HttpReceiver, Request, SmtpReceiver

#: The points that only this file makes a process die at; the scenario of crashes passes the others, too.
CRASHES = (
    "alerts.failed", "alerts.before_pass_on", "alerts.passed_on", "alerts.failure_marked",
    "alerts.summary_due", "alerts.summary_put", "alerts.memory_kept", "alerts.written_down",
)  # fmt: skip
TO_SLACK = ROUTES.replace('to = ["webhook"]', 'to = ["slack"]\nfallback = ["email"]')


@dataclass
class Dying:
    """Starts an engine that dies at a point, and another one after it; Slack and a mail server are its receivers."""

    engines: Engines
    slack: HttpReceiver
    mail: SmtpReceiver
    folder: Path

    def start(self, routes: str, point: str = "") -> Service:
        (self.folder / "crash.toml").write_text(routes)
        (self.folder / "points").mkdir(exist_ok=True)
        if point:
            (self.folder / "points" / point).touch()
        return self.engines.start(
            SLACK_WEBHOOK_URL=f"{self.slack.url}/services/T/B/s3cret",
            SMTP_HOST="127.0.0.1",
            SMTP_PORT=str(self.mail.port),
            SMTP_SECURITY="none",
            SMTP_FROM="alerts@example.com",
            SMTP_TO="ops@example.com",
            MARKETPLACE_ALERT_ROUTES=str(self.folder / "crash.toml"),
            MARKETPLACE_ALERT_MEMORY=str(self.folder / "memory"),
            MARKETPLACE_CRASH_POINTS=str(self.folder / "points"),
        )


@pytest.fixture
def dying(engines: Engines, slack: HttpReceiver, mail: SmtpReceiver, tmp_path: Path) -> Dying:
    return Dying(engines, slack, mail, tmp_path)


async def let_go(pool: asyncpg.Pool) -> None:
    """End the claims of who died now: they last for a minute."""
    await pool.execute("update flow.alert_message set claimed_until = now() where claimed_until is not null")


def ids(got: list[Request]) -> set[str]:
    """Return the ids of messages in Slack: each has its own in its last line."""
    return {one.json["attachments"][0]["blocks"][-1]["elements"][0]["text"] for one in got}


def repeats(got: list[Request]) -> list[bool]:
    """Return of each message in Slack whether it says that it may be one: for a phone, and where it is opened."""
    said = ["May be a repeat: " in one.json["text"] for one in got]
    assert said == [words.NOT_KNOWN in one.body.decode() for one in got]
    return said


@pytest.mark.parametrize(
    ("point", "told"),
    [("alerts.claimed", [True]), ("alerts.sent", [False, True]), ("alerts.marked", [False])],
)
async def test_a_crash_while_it_is_sent_loses_nothing_and_what_may_be_a_repeat_says_so(
    dying: Dying, pool: asyncpg.Pool, slack: HttpReceiver, mail: SmtpReceiver, point: str, told: list[bool]
) -> None:
    """Between the receiver's answer and our mark nobody knows whether it has arrived: it goes again, and says so."""
    first = dying.start(TO_SLACK, point)
    await active(pool, 1)
    await pool.execute(OFF)
    await until(lambda: not first.running)
    dying.start(TO_SLACK)
    await let_go(pool)
    await until(lambda: len(slack.got) >= len(told))
    await all_sent(pool)
    assert repeats(slack.got) == told
    assert len(ids(slack.got)) == 1
    assert mail.got == []
    tries = await pool.fetch("select outcome from flow.alert_attempt order by attempt")
    assert [row["outcome"] for row in tries] == (["sent"] if point == "alerts.marked" else ["begun", "sent"])


@pytest.mark.parametrize(
    "point", ["alerts.failed", "alerts.before_pass_on", "alerts.passed_on", "alerts.failure_marked"]
)
async def test_a_crash_while_it_is_passed_on_has_it_told_once(
    dying: Dying, pool: asyncpg.Pool, slack: HttpReceiver, mail: SmtpReceiver, point: str
) -> None:
    slack.answers = [(404, "no_service")]
    first = dying.start(TO_SLACK, point)
    await active(pool, 1)
    await pool.execute(OFF)
    await until(lambda: not first.running)
    dying.start(TO_SLACK)
    await let_go(pool)
    await until(lambda: pool.fetchval("select state = 'sent' from flow.alert_message where notifier = 'email'"))
    assert len(mail.got) == 1
    assert "repeat" not in mail.got[0]["Subject"], "it was not with whom it was passed on to"
    before = point in ("alerts.failed", "alerts.before_pass_on")
    assert repeats(slack.got) == ([False, True] if before else [False]), "who refused it had it once more at most"
    states = await pool.fetch("select notifier, state from flow.alert_message order by notifier")
    assert [tuple(row) for row in states] == [("email", "sent"), ("slack", "passed_on")]


@pytest.mark.parametrize("point", ["alerts.summary_due", "alerts.summary_put"])
async def test_a_crash_while_a_summary_is_due_has_it_told_once(
    dying: Dying, pool: asyncpg.Pool, mail: SmtpReceiver, point: str
) -> None:
    await pool.execute(
        "insert into flow.alert_message (message_id, notifier, body, state, due_at, created_at, ended_at)"
        " values ($1, 'slack', '{}', 'sent', now(), now() - interval '2 days', now())",
        uuid4(),
    )  # it was there before
    daily = f"{datetime.now(UTC) - timedelta(minutes=1):%H:%M}"
    routes = f'{TO_SLACK}\n[summary]\ndaily = "{daily}"\nweekly = "off"\nto = ["email"]\n'
    first = dying.start(routes, point)
    await until(lambda: not first.running)
    dying.start(routes)
    await until(lambda: mail.got)
    await all_sent(pool)
    assert [one["Subject"] for one in mail.got] == ["[info] Daily summary of alerts"]


class Shut:
    """A database that lets nobody in, and lets them in again."""

    def __init__(self, server: asyncpg.Connection, name: str) -> None:
        self._server = server
        self._name = name

    async def shut(self) -> None:
        await self._server.execute(f'alter database "{self._name}" allow_connections false')
        await self._server.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", self._name
        )

    async def open(self) -> None:
        await self._server.execute(f'alter database "{self._name}" allow_connections true')


@pytest.mark.parametrize(
    ("point", "told"),
    [
        ("alerts.memory_kept", [False]),
        ("alerts.claimed", [True]),
        ("alerts.sent", [False, True]),
        ("alerts.marked", [False]),
    ],
)
async def test_a_crash_while_it_is_told_from_memory_loses_nothing_and_what_may_be_a_repeat_says_so(
    dying: Dying,
    pool: asyncpg.Pool,
    slack: HttpReceiver,
    url: str,
    postgres_url: str,
    point: str,
    told: list[bool],
) -> None:
    first = dying.start(TO_SLACK)
    await active(pool, 1)
    await pool.close()
    server = await asyncpg.connect(postgres_url)
    place = Shut(server, url.rpartition("/")[2])
    (dying.folder / "points" / point).touch()
    await place.shut()
    await until(lambda: not first.running)
    dying.start(TO_SLACK)
    await until(lambda: len(slack.got) >= len(told))
    await place.open()
    await server.close()
    await until(lambda: slack.got[-1].json["text"].startswith("Resolved after "))
    async with asyncpg.create_pool(url, min_size=0, max_size=2) as again:
        await all_sent(again)
        assert [row["state"] for row in await again.fetch("select state from flow.alert")] == ["resolved"]
    assert repeats(slack.got) == [*told, False], "and that it is over is told once"
    assert len(ids(slack.got)) == 2


async def test_a_crash_between_what_memory_has_told_and_what_postgres_knows_of_it_tells_nothing_twice(
    dying: Dying, pool: asyncpg.Pool, slack: HttpReceiver, url: str, postgres_url: str
) -> None:
    first = dying.start(TO_SLACK)
    await active(pool, 1)
    await pool.close()
    server = await asyncpg.connect(postgres_url)
    place = Shut(server, url.rpartition("/")[2])
    await place.shut()
    await until(lambda: slack.got)
    (dying.folder / "points" / "alerts.written_down").touch()
    await place.open()
    await server.close()
    await until(lambda: not first.running)
    dying.start(TO_SLACK)
    await until(lambda: len(slack.got) > 1)
    async with asyncpg.create_pool(url, min_size=0, max_size=2) as again:
        await until(lambda: again.fetchval("select bool_and(state = 'resolved') from flow.alert"))
        await all_sent(again)
    assert [one.json["text"][:8] for one in slack.got] == ["The data", "Resolved"]
    assert repeats(slack.got) == [False, False]
