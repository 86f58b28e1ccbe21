"""Messages that depend on the time: quiet hours end with one message, unseen alerts escalate, summaries come once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from gateway.alerts import dead_mans_switch, words
from gateway.alerts import engine as engines
from gateway.alerts.alert import About, Alert
from gateway.alerts.engine import Engine
from gateway.alerts.escalation import Escalation
from gateway.alerts.memory_queue import MemoryQueue
from gateway.alerts.notifiers.base import Notifier
from gateway.alerts.notifiers.email import Email
from gateway.alerts.notifiers.webhook import Webhook
from gateway.alerts.patience import Hold, Patience
from gateway.alerts.queue import Why
from gateway.alerts.quiet import Quiet
from gateway.alerts.routes_file import usual
from gateway.alerts.routing import Notice, Summary
from gateway.alerts.settings import Settings
from gateway.alerts.summaries import Due, Summaries, _lines
from gateway.verdict.finding import Verdict
from gateway.verdict.kinds import Kind
from gateway.verdict.reading import Verdicts, as_gateways_say
from gateway.verdict.traits import Severity
from gateway.verdict.words.speech import ENGLISH
from schemas.process.connection import Db
from tests.integration.alerts.driving import PAGES, Driver
from tests.support.patience import until
from tests.support.receivers import HttpReceiver, SmtpReceiver, body_of
from tests.unit.gateway.alerts.looks import alert, letters, missing, stalled

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture
def driver(url: str, pool: asyncpg.Pool, hook: HttpReceiver, mail: SmtpReceiver) -> Driver:
    notifiers: dict[str, Notifier] = {
        "webhook": Webhook(hook.url),
        "email": Email("127.0.0.1", mail.port, "alerts@example.com", ("ops@example.com",), security="none"),
    }
    return Driver(pool, Settings(url, PAGES, notifiers, usual(tuple(notifiers))))


async def test_what_can_wait_is_kept_in_quiet_hours_and_goes_as_one_message(
    driver: Driver, hook: HttpReceiver, pool: asyncpg.Pool
) -> None:
    always = Quiet(ZoneInfo("UTC"), time(0), time(0), severities=frozenset({Severity.WARNING}))
    driver.settings = replace(driver.settings, routing=replace(driver.routing, quiet=(always,)))
    await driver.look(letters(4), stalled(3))
    await driver.look(letters(4), missing())
    assert await driver.send("webhook") == 1, "what is critical does not wait"
    assert hook.got[0].json["severity"] == "critical"
    await pool.execute("update flow.alert_notice set due_at = now() - interval '1 s' where kept")
    assert await driver.send("webhook") == 1
    told = hook.got[1].json
    assert told["title"].startswith("2 alerts (1 open, 1 resolved): ")
    assert [one["about"] for one in told["alerts"]] == ["opened", "resolved"], "of what is over its end is told"


async def test_what_nobody_acknowledges_goes_to_the_next_one(
    driver: Driver, hook: HttpReceiver, mail: SmtpReceiver
) -> None:
    escalation = Escalation(timedelta(seconds=300), ("email",))
    routes = tuple(route for route in driver.routing.routes if route.to == ("webhook",))
    driver.settings = replace(driver.settings, routing=replace(driver.routing, routes=routes, escalation=escalation))
    await driver.look(missing())
    assert [await driver.send(name) for name in ("webhook", "email")] == [1, 0]
    await driver.look(missing())
    assert await driver.send("email") == 1
    assert mail.got[0]["Subject"].startswith("[critical] Nobody has acknowledged: No worker runs")
    await driver.look()
    assert [await driver.send(name) for name in ("webhook", "email")] == [1, 1], "both hear that it is over"


async def test_who_is_told_again_after_a_silence_has_time_before_the_next_one_is(
    driver: Driver, pool: asyncpg.Pool
) -> None:
    escalation = Escalation(timedelta(seconds=500), ("email",))
    driver.settings = replace(driver.settings, routing=replace(driver.routing, escalation=escalation))
    await driver.look(missing())
    (silenced,) = await driver.alerts()
    until = driver.now + timedelta(seconds=2000)
    await pool.fetchval("select flow.alert_silence($1, $2, 'maintenance', 'r', 'ana')", silenced.alert_id, until)
    seen = [change.what for _ in range(4) for change in await driver.look(missing()) if change.what != "changed"]
    assert seen == ["reopened", "escalated"]
    (again,) = await driver.alerts()
    assert again.escalated_at == until + timedelta(seconds=800), "two looks after the silence's end, not one"


async def test_a_summary_is_put_in_once_whichever_engine_does_it(
    driver: Driver, mail: SmtpReceiver, pool: asyncpg.Pool
) -> None:
    await driver.look(missing(), letters(4))
    await driver.look(letters(4))
    await pool.execute("update flow.alert set changed_at = now() - interval '2 minutes'")
    now = datetime.now(UTC)
    clock = f"{now - timedelta(minutes=1):%H:%M}"
    summary = Summary("UTC", clock, f"{now - timedelta(minutes=1):%a} {clock}".lower(), ("email", "fax"))
    two = [Summaries(summary, ["email"], PAGES) for _ in range(2)]
    for one in two:
        one._began = now - timedelta(hours=1)
    async with pool.acquire() as db:
        assert [await one.look(db, now) for one in two for _ in range(2)] == [True, False, False, False]
    await pool.execute("delete from flow.alert_notice")
    assert await driver.send("email") == 2
    daily, weekly = sorted(mail.got, key=lambda one: one["Subject"])
    assert (daily["Subject"], weekly["Subject"]) == (
        "[info] Daily summary of alerts",
        "[info] Weekly summary of alerts",
    )
    text = body_of(daily)
    assert text.startswith("From 20"), "no mail server, and nothing on the way to it, changes how a line begins"
    assert "Alerts opened: 2, critical ones among them: 1; resolved: 1, after" in text
    assert "1 goes on now." in text
    assert "4 dead letters wait for a decision" in text


async def test_a_summary_is_written_in_the_language_of_messages(driver: Driver, pool: asyncpg.Pool) -> None:
    await driver.look(missing(), letters(4))
    await driver.look(letters(4))
    now = datetime.now(UTC)
    due_now = Due(About.DAILY, now - timedelta(days=1), now + timedelta(minutes=1))
    async with pool.acquire() as db:
        told = [line async for line in _lines(db, due_now, words.speech("pt_BR"))]
    assert told[0].startswith("De ")
    assert told[1].startswith("Alertas abertos: 2, críticos entre eles: 1; resolvidos: 1, depois de ")
    assert told[2] == "1 continua agora."
    assert "aviso, aberto, há " in told[3]
    assert "\n".join(told).count("dead letters wait") == 0, "what is wrong is said in the language, too"


async def test_a_summary_counts_from_when_it_began_until_it_was_gone_and_leaves_no_end_out(
    driver: Driver, pool: asyncpg.Pool
) -> None:
    await driver.look(replace(missing(), since=driver.now - timedelta(hours=1)))
    gone = driver.now + timedelta(seconds=400)
    await driver.look()
    (alert,) = await pool.fetch("select resolved_at, changed_at from flow.alert")
    seen_gone, closed_at = alert
    assert seen_gone == gone
    for begins, said in ((gone, "resolved: 0."), (closed_at, "resolved: 1, after 1 h on average.")):
        async with pool.acquire() as db:
            told = [line async for line in _lines(db, Due(About.DAILY, begins, begins + timedelta(hours=1)), ENGLISH)]
        assert told[1].endswith(said), "it belongs to the time in which it was known to be over"


async def test_a_system_that_was_set_up_a_moment_ago_sends_no_summary(pool: asyncpg.Pool) -> None:
    now = datetime.now(UTC)
    fresh = Summaries(Summary("UTC", f"{now - timedelta(minutes=1):%H:%M}", None, ("email",)), ["email"], PAGES)
    async with pool.acquire() as db:
        assert not await fresh.look(db, now)
    assert not await Summaries(Summary(to=("fax",)), ["email"], PAGES).look(pool, now)  # type: ignore[arg-type]


@pytest.mark.parametrize("patience_s", [0.0, 3600.0])
async def test_an_engine_that_stands_by_tells_of_the_database_only_after_a_while(
    hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch, patience_s: float
) -> None:
    """The active engine may be gone, too: where both are lost the word goes out all the same, and not at once."""
    monkeypatch.setattr(engines, "STANDBY_TELLS_S", patience_s)
    monkeypatch.setattr(engines, "TICK_S", 0.1)
    notifiers = {"webhook": Webhook(hook.url)}
    at_once = replace(usual(["webhook"]), patience=Patience({Kind.DATABASE_AWAY: Hold(0.0, 0.0)}))
    settings = Settings(NOWHERE, PAGES, notifiers, at_once)
    memory, looks = MemoryQueue(PAGES), count()
    seen = [0]

    class Counting(Verdicts):
        async def now(self) -> Verdict:
            seen[0] = next(looks)
            return await super().now()

    async with asyncpg.create_pool(NOWHERE, min_size=0, max_size=1, timeout=1) as nowhere:
        engine = Engine(settings, Counting(nowhere, as_gateways_say), memory, lambda: None)
        running = asyncio.create_task(engine.run())
        if patience_s:
            await until(lambda: seen[0] > 3)
            assert memory.empty
            assert not engine.works, "what is not told is not vouched for"
        else:
            await until(lambda: not memory.empty)
            (one,) = memory.alerts
            assert one.key == "database"
            while (claimed := await memory.claim("webhook", gathers=True)) is None:
                await asyncio.sleep(0.02)
            await memory.again(claimed, 0.1, Why("HTTP 500"), 0.0)
            again = await memory.claim("webhook", gathers=True)
            assert again is not None
            assert (again.message, again.attempt) == (claimed.message, 2)
            assert not engine.works
            await memory.sent(again, 0.1, "HTTP 200")
            assert engine.works
        engine.stop()
        await running


async def test_what_was_passed_on_in_memory_is_written_down_with_all_of_it(pool: asyncpg.Pool) -> None:
    memory, one = MemoryQueue(PAGES), replace(alert(key="database"), opened_at=datetime.now(UTC))
    notice = Notice(one.alert_id, one.alert_id, About.OPENED, 1, "slack", datetime.now(UTC), ("email",))
    memory.put(one, [notice])
    first = await memory.claim("slack", gathers=True)
    assert first is not None
    assert memory.in_flight
    await memory.ended(first, 0.1, Why("HTTP 404"), pass_on=True)
    second = await memory.claim("email", gathers=True)
    assert second is not None
    await memory.put_off(second, None, "held back", 0.0)
    third = await memory.claim("email", gathers=True)
    assert third is not None
    assert third.attempt == 1, "what was not tried counts as none"
    await memory.sent(third, 0.1, "taken")
    assert set(memory.told_of(one.alert_id)) == {"email"}
    async with pool.acquire() as db:
        for _ in range(2):  # as after a crash between the two
            async with db.transaction():
                await memory.write_down(db)
    rows = await pool.fetch("select notifier, state, attempts from flow.alert_message order by notifier desc")
    assert [tuple(row) for row in rows] == [("slack", "passed_on", 1), ("email", "sent", 1)]
    assert await pool.fetchval("select count(*) from flow.alert_attempt") == 2
    assert await pool.fetchval("select count(*) from flow.alert_notice where message_id is not null") == 2


async def test_in_memory_an_end_waits_for_its_beginning_too() -> None:
    memory, one, at = MemoryQueue(PAGES), replace(alert(key="database"), opened_at=datetime.now(UTC)), datetime.now(UTC)
    memory.put(one, [Notice(one.alert_id, one.alert_id, About.OPENED, 1, "pagerduty", at)])
    began = await memory.claim("pagerduty", gathers=False)
    assert began is not None
    await memory.again(began, 0.1, Why("HTTP 503"), 3600.0)
    over = replace(one, resolved_at=at, version=2)
    memory.put(over, [Notice(UUID(int=2), one.alert_id, About.RESOLVED, 2, "pagerduty", at)])
    assert await memory.claim("pagerduty", gathers=False) is None

    await memory.sent(began, 0.1, "taken")
    ended = await memory.claim("pagerduty", gathers=False)
    assert ended is not None
    assert ended.message.over


async def test_what_is_handed_over_to_postgres_is_sent_from_there_alone(pool: asyncpg.Pool, url: str) -> None:
    """A sender that asks while it is written down gets nothing; where that fails it goes from memory as before."""

    class Asked(MemoryQueue):
        async def write_down(self, db: Db) -> list[Alert]:
            written = await super().write_down(db)
            assert await self.claim("slack", gathers=True) is None
            if self.fails:
                raise OSError("the database is away again")
            return written

        fails = True

    memory, one = Asked(PAGES), replace(alert(key="database"), opened_at=datetime.now(UTC))
    memory.put(one, [Notice(one.alert_id, one.alert_id, About.OPENED, 1, "slack", datetime.now(UTC), ())])
    engine = Engine(Settings(NOWHERE, routing=usual(["slack"])), Verdicts(pool, as_gateways_say), memory, lambda: None)
    connection = await asyncpg.connect(url)
    try:
        with pytest.raises(OSError, match="away again"):
            await engine._back(connection)
        waiting = await memory.claim("slack", gathers=True)
        assert waiting is not None
        await memory.put_off(waiting, datetime.now(UTC), "held back")

        memory.fails = False
        await engine._back(connection)
    finally:
        await connection.close()
    assert memory.empty
    assert await memory.claim("slack", gathers=True) is None
    assert await pool.fetchval("select count(*) from flow.alert_notice where message_id is null") == 1


async def test_the_proof_of_life_stays_away_while_alerts_would_not_be_told(
    hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_mans_switch, "LOOK_S", 0.01)
    works, asked = False, [0]

    def ask() -> bool:
        asked[0] += 1
        return works

    one = dead_mans_switch.DeadMansSwitch(hook.url, 0.02, ask)
    running = asyncio.create_task(one.run())
    await until(lambda: asked[0] > 20)
    assert hook.got == []
    works = True
    await until(lambda: len(hook.got) > 2)
    one.stop()
    await running


async def test_a_proof_of_life_that_was_lost_is_given_again_soon(
    hook: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for it would be called for two lost ones of three."""
    waits: list[float] = []

    async def rest(_stopping: asyncio.Event, seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            one.stop()

    monkeypatch.setattr(dead_mans_switch, "rest", rest)
    hook.answers = [(503, "busy"), (503, "busy"), (200, "ok")]
    one = dead_mans_switch.DeadMansSwitch(hook.url, 60.0, lambda: True)
    await one.run()
    assert len(hook.got) == 3
    assert waits == [dead_mans_switch.AGAIN_S, dead_mans_switch.AGAIN_S, 60.0]


class Hurried(Verdicts):
    """A driver whose looks are a minute apart."""

    looks = 0

    async def now(self) -> Verdict:
        verdict = await super().now()
        self.looks += 1
        later = verdict.as_of + timedelta(minutes=self.looks)
        return replace(verdict, snapshot=replace(verdict.snapshot, as_of=later))


async def test_an_engine_writes_down_what_charts_show_and_goes_on_where_it_cannot(
    url: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "TICK_S", 0.1)
    await pool.execute(
        "insert into flow.marketplace_metrics (step, at, seen_s, down_s)"
        " values ('minute', now() - interval '2 days', 60, 0)"
    )  # there was a gateway before
    verdicts = Hurried(pool, as_gateways_say)
    engine = Engine(Settings(url, PAGES, {}, usual(())), verdicts, MemoryQueue(PAGES), lambda: None)
    running = asyncio.create_task(engine.run())
    while await pool.fetchval("select count(*) from flow.marketplace_metrics where step = 'minute'") < 3:
        await asyncio.sleep(0.02)
    assert await pool.fetchval("select min(dead_letters) from flow.marketplace_metrics where step = 'minute'") == 0

    async def mistaken(*_: object) -> None:
        raise ValueError("a mistake in a chart")

    monkeypatch.setattr(engine._history, "_count", mistaken)
    seen = engine.looks
    await until(lambda: engine.looks > seen + 2)
    assert engine.active
    engine.stop()
    await running


async def test_an_engine_that_was_active_goes_on_counting_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engines, "TICK_S", 0.1)
    async with asyncpg.create_pool(NOWHERE, min_size=0, max_size=1, timeout=1) as nowhere:
        settings = Settings(NOWHERE, PAGES, {}, usual(()))
        engine = Engine(settings, Hurried(nowhere, as_gateways_say), MemoryQueue(PAGES), lambda: None)
        engine._was_active = engine._history._opened = True
        running = asyncio.create_task(engine.run())
        await until(lambda: len(engine._history._over) > 1)
        engine.stop()
        await running
    assert engine._history._over[-1].down_s > 0
