"""Findings that follow from an alert are sent with it; changes are seen at once, and letters link to their trace."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from gateway.alerts import engine as engines
from gateway.alerts.engine import Engine
from gateway.alerts.memory_queue import MemoryQueue
from gateway.alerts.notifiers.base import Notifier
from gateway.alerts.notifiers.webhook import Webhook
from gateway.alerts.patience import Hold
from gateway.alerts.pulse import Pulse
from gateway.alerts.routes_file import parse, usual
from gateway.alerts.settings import Settings
from gateway.verdict.kinds import Kind
from gateway.verdict.reading import Verdicts, as_gateways_say
from projections.reads import alerts as reads
from projections.reads.rows import from_json
from projections.reads.sessions import SESSIONS, Transaction, sessions
from tests.integration.alerts.driving import PAGES, Driver
from tests.support.letters import FAILED, add_letter
from tests.support.patience import until
from tests.support.receivers import HttpReceiver
from tests.unit.gateway.alerts.looks import letters, stalled
from tests.unit.gateway.verdict.examples import finding

BROKER = finding(Kind.BROKER_AWAY)


def _nothing() -> None:
    """A sender that these tests never call."""


@pytest.fixture
def driver(url: str, pool: asyncpg.Pool, hook: HttpReceiver) -> Driver:
    notifiers: dict[str, Notifier] = {"webhook": Webhook(hook.url)}
    return Driver(pool, Settings(url, PAGES, notifiers, usual(tuple(notifiers))))


async def test_one_message_tells_the_cause_with_what_follows_and_one_its_end(
    driver: Driver, hook: HttpReceiver, pool: asyncpg.Pool
) -> None:
    await driver.look(BROKER, finding(Kind.PHASE1_LATE), stalled(3, cause="broker-away"))
    assert await driver.send("webhook") == 1
    (told,) = hook.got[0].json["alerts"]
    assert told["key"] == "broker"
    assert len(told["consequences"]) == 2
    assert "It shows in this, too: " in told["evidence"]
    assert "3 plans are stalled: the broker is away." in told["evidence"]

    page = await reads.find(pool)
    (alert,) = page.items
    assert {one["kind"] for one in alert.follows} == {"phase1-late", "plans-stalled"}
    assert all(one["text"] for one in alert.follows)
    (known,) = await driver.alerts()
    assert {one.kind for one in known.follows} == {Kind.PHASE1_LATE, Kind.PLANS_STALLED}

    await driver.look()
    assert await driver.send("webhook") == 1
    (over,) = hook.got[1].json["alerts"]
    assert (over["about"], len(over["consequences"])) == ("resolved", 2)


async def test_an_alert_about_letters_leads_to_the_trace_of_the_oldest_that_is_believed(
    driver: Driver, pool: asyncpg.Pool
) -> None:
    now = datetime.now(UTC)
    await add_letter(pool, code="unsigned", at=now - timedelta(hours=2))
    await add_letter(pool, at=now - timedelta(hours=1))
    await driver.look(letters(2))
    (alert,) = await driver.alerts()
    assert alert.traceparent == FAILED


async def test_what_turns_is_seen_by_a_small_question(pool: asyncpg.Pool, driver: Driver) -> None:
    async with pool.acquire() as db:
        pulse = Pulse(["webhook"])
        assert [await pulse.turned(db) for _ in range(2)] == [(False, False), (False, False)]
        await db.execute(
            "insert into flow.breaker (name, state, failures, reason, forced)"
            " values ('agent:x/m', 'open', 5, '', false)"
        )
        assert [await pulse.turned(db) for _ in range(2)] == [(True, False), (False, False)]
        await db.execute("select flow.worker_start('watchdog-1', 'watchdog', 'host', 7, 0, '1')")
        assert (await pulse.turned(db))[0]
        await db.execute("update flow.worker set progress = progress || '{\"broker_away_s\": 1.6}'")
        assert (await pulse.turned(db))[0], "the broker is away"
        await db.execute("update flow.worker set progress = progress || '{\"broker_away_s\": 2.6}'")
        assert not (await pulse.turned(db))[0], "it is away still"
        await db.execute("update flow.worker set progress = progress || '{\"clock_off_s\": 90.0}'")
        assert (await pulse.turned(db))[0], "its clock is off"
        await driver.look(BROKER)
        assert (await pulse.turned(db))[1], "a message waits"
        assert not (await Pulse(["slack"]).turned(db))[1], "and not for others"


async def test_a_database_that_lets_the_engine_in_no_more_is_told_as_away_though_it_can_be_read(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "TICK_S", 0.1)
    monkeypatch.setattr(engines, "NO_SESSION_S", 0.0)
    monkeypatch.setattr(engines, "STANDBY_TELLS_S", 0.0)
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    memory = MemoryQueue(PAGES)
    engine = Engine(
        Settings(nowhere, PAGES, {"webhook": Webhook(nowhere)}, usual(["webhook"])),
        Verdicts(pool, as_gateways_say),
        memory,
        lambda: None,
    )
    running = asyncio.create_task(engine.run())
    await until(lambda: not memory.empty)
    assert [one.key for one in memory.alerts] == ["database"]
    engine.stop()
    await running


async def test_that_nothing_is_stored_is_told_though_the_engine_can_store_nothing(
    url: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "NO_SESSION_S", 0.0)
    await pool.execute("select flow.flag_switch('queue_processing', false, 'a test', 'r', 'Ana')")
    name = url.rpartition("/")[2]
    await pool.execute(f'alter database "{name}" set default_transaction_read_only = on')
    memory, hook = MemoryQueue(PAGES), Webhook(url)
    routing = parse("[[route]]\nto = ['webhook']\n[patience.flag-off]\nopens_s = 0\nresolves_s = 0", ["webhook"])
    routing = replace(routing, patience=routing.patience.with_hold(Kind.COMMANDS_REFUSED, Hold(0.0, 0.0)))
    engine = Engine(Settings(url, PAGES, {"webhook": hook}, routing), Verdicts(pool, as_gateways_say), memory, _nothing)
    running = asyncio.create_task(engine.run())
    await until(lambda: not memory.empty)
    assert [one.key for one in memory.alerts] == ["commands-refused"]
    await pool.execute("set session characteristics as transaction read write")
    await pool.execute(f'alter database "{name}" reset default_transaction_read_only')
    await until(lambda: memory.empty)
    engine.stop()
    await running
    kept = await pool.fetch("select key from flow.alert order by key")
    assert {row["key"] for row in kept} >= {"commands-refused"}


async def test_a_full_disk_of_postgres_is_told_as_that(
    url: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "NO_SESSION_S", 0.0)
    await pool.execute("select flow.flag_switch('queue_processing', false, 'a test', 'r', 'Ana')")
    await pool.execute(
        "create function full_disk() returns trigger language plpgsql as"
        " $$ begin raise exception 'No space left on device' using errcode = 'disk_full'; end $$;"
        "create trigger full_disk before insert on flow.alert execute function full_disk()"
    )
    memory, hook = MemoryQueue(PAGES), Webhook(url)
    routing = parse("[[route]]\nto = ['webhook']\n[patience.flag-off]\nopens_s = 0\nresolves_s = 0", ["webhook"])
    routing = replace(routing, patience=routing.patience.with_hold(Kind.DATABASE_DISK_FULL, Hold(0.0, 0.0)))
    engine = Engine(Settings(url, PAGES, {"webhook": hook}, routing), Verdicts(pool, as_gateways_say), memory, _nothing)
    running = asyncio.create_task(engine.run())
    await until(lambda: not memory.empty)
    (told,) = memory.alerts
    assert (told.key, told.kind) == ("disk:database", "database-disk-full")
    await pool.execute("drop trigger full_disk on flow.alert")
    await until(lambda: memory.empty)
    engine.stop()
    await running


async def test_a_lock_that_others_wait_for_is_named_with_who_holds_it(url: str, pool: asyncpg.Pool) -> None:
    assert sessions(await pool.fetchval(SESSIONS)).lock is None
    holder, waiter = await asyncpg.connect(url), await asyncpg.connect(url)
    lock = "begin; lock table rm.plan in share row exclusive mode"
    await holder.execute(lock)
    pulse, looking = Pulse([]), await asyncpg.connect(url)
    await pulse.turned(looking)
    waiting = asyncio.create_task(waiter.execute(lock))
    while not (await pulse.turned(looking))[0]:
        await asyncio.sleep(0.05)
    await looking.close()
    while (found := sessions(await pool.fetchval(SESSIONS)).lock) is None:
        await asyncio.sleep(0.05)
    assert (found.waiting, found.pid) == (1, holder.get_server_pid())
    assert found.open_seconds >= found.waited_seconds >= 1.0
    await holder.close()
    await waiting
    await waiter.close()


async def opened(pool: asyncpg.Pool) -> dict[int, Transaction]:
    return {one.pid: one for one in sessions(await pool.fetchval(SESSIONS)).transactions}


async def test_a_transaction_that_keeps_vacuum_from_its_work_is_named_and_no_other(
    url: str, pool: asyncpg.Pool
) -> None:
    called = {"application_name": "somebody's report"}
    reads, writes, idle = [await asyncpg.connect(url, server_settings=called) for _ in range(3)]
    await reads.execute("begin isolation level repeatable read; select 'a secret'")
    await writes.execute("begin; create table public.mine (id int)")
    await idle.execute("begin; select 1")  # it has let go of what it saw
    pids = {reads.get_server_pid(), writes.get_server_pid()}
    while not pids <= (found := await opened(pool)).keys():
        await asyncio.sleep(0.05)
    assert idle.get_server_pid() not in found
    one = found[reads.get_server_pid()]
    assert (one.name, one.open_seconds is not None and one.open_seconds >= 1.0) == ("somebody's report", True)
    assert one.user == await pool.fetchval("select current_user")
    assert "secret" not in repr(found)

    await reads.execute("commit")
    await writes.execute("rollback")
    assert not pids & (await opened(pool)).keys()
    for connection in (reads, writes, idle):
        await connection.close()


async def test_sessions_that_are_ended_from_outside_are_counted(url: str, pool: asyncpg.Pool) -> None:
    before = sessions(from_json(await pool.fetchval(SESSIONS))).ended
    victim = await asyncpg.connect(url)
    await pool.execute("select pg_terminate_backend($1)", victim.get_server_pid())
    while sessions(await pool.fetchval(SESSIONS)).ended == before:
        await asyncio.sleep(0.05)
    victim.terminate()
