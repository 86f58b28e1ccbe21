"""Postgres stops, and stops again before its first outage is over: the engine tells each state of an alert once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest

from gateway.alerts import store
from gateway.alerts.alert import About
from gateway.alerts.engine import STANDBY_TELLS_S, TICK_S
from gateway.alerts.kept import NAME
from gateway.alerts.memory_queue import MemoryQueue
from gateway.alerts.queue import PostgresQueue
from gateway.alerts.routing import Notice
from local.postgres import Postgres
from local.service import Service
from projections.migrate import migrate
from schemas.process.connection import Db
from tests.integration.alerts.driving import PAGES
from tests.support.patience import PATIENCE_S, until
from tests.support.receivers import HttpReceiver, SmtpReceiver
from tests.unit.gateway.alerts.looks import alert

#: An outage is over after longer than the server needs to come back, so that the next one is a part of it.
ROUTES = """
[[route]]
to = ["webhook"]
kinds = ["database-away", "database-hangs", "commands-refused"]
[patience.database-away]
opens_s = 0.5
resolves_s = 8
[patience.database-hangs]
opens_s = 0.5
resolves_s = 8
"""
STANDS_BY = "Postgres cannot be used"


@pytest.fixture
async def server(tmp_path: Path) -> Any:
    with Postgres(tmp_path / "postgres") as made:
        await migrate(made.url)
        yield made


class Engine:
    """An alert engine, and the messages about the database that its receiver got."""

    def __init__(self, server: Postgres, hook: HttpReceiver, folder: Path, **more: str) -> None:
        self.hook = hook
        self.log = folder / "alerts.log"
        (folder / "routes.toml").write_text(ROUTES)
        env = {
            "MARKETPLACE_DATABASE_URL": server.url,
            "MARKETPLACE_ALERT_WEBHOOK_URL": hook.url,
            "MARKETPLACE_ALERT_ROUTES": str(folder / "routes.toml"),
            "MARKETPLACE_LOG": "json",
            **more,
        }
        self.service = Service("alerts", "gateway.alerts", env=env, log=self.log)

    def told(self, about: str) -> list[str]:
        """Return the ids of the alerts that the receiver was told of, each as often as it was."""
        alerts = [one for request in self.hook.got for one in request.json["alerts"]]
        return [one["alertId"] for one in alerts if one["about"] == about and one["key"] == "database"]

    async def looks_on(self) -> None:
        """Return once it has found Postgres away several times more."""
        before = self.log.read_text().count(STANDS_BY)
        await until(lambda: self.log.read_text().count(STANDS_BY) > before + 3)


@pytest.fixture
def engine(server: Postgres, hook: HttpReceiver, tmp_path: Path) -> Iterator[Engine]:
    made = Engine(server, hook, tmp_path)
    with ExitStack() as stack:
        stack.callback(made.service.kill)
        made.service.start()
        yield made


async def asked(server: Postgres, question: str, wanted: Any) -> None:
    """Return once Postgres answers so."""

    async def answer() -> bool:
        connection = await asyncpg.connect(server.url)
        try:
            return bool(await connection.fetchval(question) == wanted)
        finally:
            await connection.close()

    for _ in range(400):
        if await answer():
            return
    raise AssertionError(question)


def back(server: Postgres) -> None:
    server.start()
    server.wait_ready()


_ACTIVE = "select progress ->> 'state' from flow.running where role = 'alerts' and connected"


async def test_an_outage_that_comes_again_before_it_is_over_is_told_once(engine: Engine, server: Postgres) -> None:
    """A server that recovers, ends and recovers again is one outage: what was told from memory is not told again."""
    await asked(server, _ACTIVE, "active")
    server.kill()
    await until(lambda: engine.told("opened"))
    back(server)
    await asked(server, "select count(*) from flow.alert_message where state = 'sent'", 1)

    server.kill()
    await engine.looks_on()
    back(server)
    await until(lambda: engine.told("resolved"))

    await asked(server, "select count(*) from flow.alert where key = 'database' and state <> 'resolved'", 0)
    # a machine that is slow enough has two outages: then each is told, once
    connection = await asyncpg.connect(server.url)
    alerts = [str(row["alert_id"]) for row in await connection.fetch("select alert_id from flow.alert")]
    await connection.close()
    assert Counter(engine.told("opened")) == Counter(engine.told("resolved")) == Counter(alerts)


async def test_an_engine_that_begins_anew_during_an_outage_does_not_tell_it_again(
    server: Postgres, hook: HttpReceiver, mail: SmtpReceiver, tmp_path: Path
) -> None:
    """The new engine waits for longer than it takes to tell of an outage of which it knows nothing."""
    routes = ROUTES.replace('["webhook"]', '["webhook", "email"]')
    kept = tmp_path / "kept"
    smtp = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mail.port), "SMTP_SECURITY": "none"}
    smtp |= {"SMTP_FROM": "alerts@example.com", "SMTP_TO": "ops@example.com"}
    engine = Engine(server, hook, tmp_path, MARKETPLACE_ALERT_MEMORY=str(kept), **smtp)
    (tmp_path / "routes.toml").write_text(routes)
    with ExitStack() as stack:
        stack.callback(engine.service.kill)
        engine.service.start()
        await asked(server, _ACTIVE, "active")
        server.kill()
        await until(lambda: engine.told("opened") and mail.got)
        await until(lambda: (kept / NAME).read_text().count('"state":"sent"') == 2)
        engine.service.kill()

        before = engine.log.read_text().count(STANDS_BY)
        engine.service.start()
        looks = int(STANDBY_TELLS_S / TICK_S) + 3  # one is a tick apart from the next, or more
        await until(lambda: engine.log.read_text().count(STANDS_BY) > before + looks, within_s=PATIENCE_S)
        back(server)
        await until(lambda: engine.told("resolved") and len(mail.got) > 1)
        await asked(server, "select count(*) from flow.alert where key = 'database' and state <> 'resolved'", 0)
        await until(lambda: not (kept / NAME).exists())

    (opened,) = engine.told("opened")
    assert engine.told("resolved") == [opened]
    assert len(mail.got) == 2, "that it began, and that it is over"


async def test_what_postgres_had_still_to_tell_when_it_went_away_is_told_from_memory_and_not_again(
    pool: asyncpg.Pool,
) -> None:
    """The message was not marked as sent when Postgres went away; from memory it has the same id, so it is one."""
    open_one = replace(alert(key="database"), opened_at=datetime.now(UTC))
    made = Notice(open_one.alert_id, open_one.alert_id, About.OPENED, 1, "slack", datetime.now(UTC), ())
    await store.open_alert(cast("Db", pool), open_one)
    await store.put(cast("Db", pool), [made])
    waiting, memory = PostgresQueue(pool, PAGES), MemoryQueue(PAGES)
    claimed = await waiting.claim("slack", gathers=True)
    assert claimed is not None
    assert (await store.stored(cast("Db", pool), "database", [open_one])).told is False

    memory.put(open_one, [made])
    again = await memory.claim("slack", gathers=True)
    assert again is not None
    assert again.message.message_id == claimed.message.message_id
    await memory.sent(again, 0.1, "HTTP 200")
    async with pool.acquire() as connection, connection.transaction():
        await memory.write_down(cast("Db", connection))

    await pool.execute("update flow.alert_message set claimed_until = null")
    assert await waiting.claim("slack", gathers=True) is None
    assert (await store.stored(cast("Db", pool), "database", [open_one])).told is True
