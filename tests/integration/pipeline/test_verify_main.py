"""The command that compares log and read models: what it finds, and what it says where it cannot look."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from local.broker import Broker
from local.ports import free_port
from projections.run.runner import Runner
from projections.settings import Settings
from projections.verify import log_reader
from projections.verify import verify as verification
from projections.verify.log_reader import LogAway
from projections.verify.verify import verify
from schemas import headers
from schemas.events import Event
from schemas.process.kafka import Brokers
from schemas.topics import AGENTS_DLQ, PLAN_EVENTS
from schemas.wire import Codec
from streams.broker.placement import topic_of
from streams.hosts.dispatch import dispatch
from tests.integration.pipeline.conftest import Bare
from tests.support import events
from tests.support.log_readers import reader_of
from tests.support.module import run
from tests.support.patience import PATIENCE_S
from tests.support.topics import fresh_topics

PARTITION = 5


def of(plan: str, event: Event, version: int) -> Event:
    stream = event.stream if plan in event.stream else f"plan-{plan}"
    data = {**event.data, "plan_id": plan}
    return replace(event, event_id=str(uuid.uuid4()), stream=stream, version=version, correlation_id=plan, data=data)


@dataclass
class Planted:
    plan: str
    poison: str
    letter: str


@pytest.fixture(scope="module")
async def planted(settings: Settings, codec: Codec, pool: asyncpg.Pool) -> Planted:
    """A plan with tasks and a recovery, a record that nobody can read, and a letter of an agent; all is projected."""
    plan = str(uuid.uuid4())
    approved = of(plan, events.approved(phases=[events.phase()]), 2)
    stalled = {"plan_id": plan, "state": "approved", "cause": "worker-gone", "due_at": 1, "evidence": {}}
    care = replace(events.event("plan.stalled", stalled), stream=f"recovery-{plan}")
    sent = [of(plan, events.uploaded(), 1), approved, *dispatch(approved), of(plan, care, 1)]
    producer = AIOKafkaProducer(bootstrap_servers=settings.brokers.servers)
    await producer.start()
    for event in sent:
        topic = topic_of(event) if event.type.startswith("task") else PLAN_EVENTS
        await producer.send_and_wait(
            topic, codec.encode(topic, event), key=plan.encode(), headers=headers.for_event(event, None)
        )
    bad = await producer.send_and_wait(PLAN_EVENTS, b"nonsense", key=plan.encode(), partition=PARTITION)
    said = [(headers.GROUP, b"agents"), (headers.ORIG_TOPIC, b"plan.events"), (headers.ORIG_OFFSET, b"7")]
    await producer.send_and_wait(AGENTS_DLQ, b"bytes", key=plan.encode(), headers=said)
    await producer.stop()
    runner = Runner(settings, codec)
    projecting = asyncio.create_task(runner.run())
    try:
        async with asyncio.timeout(PATIENCE_S):
            while await pool.fetchval("select count(*) from rm.dead_letter") < 2 or runner.projected < len(sent) + 3:
                await asyncio.sleep(0.05)
    finally:
        runner.stop()
        await projecting
    return Planted(plan, f"projections|plan.events|{PARTITION}|{bad.offset}", "agents|plan.events|0|7")


#: Nobody waits half a minute for what is missing for good.
HASTY = {"MARKETPLACE_REGISTRY_PATIENCE": "1", "MARKETPLACE_VERIFY_PATIENCE": "1"}


@pytest.fixture
def hasty(settings: Settings) -> Settings:
    return replace(settings, settle_s=1.0)


def main(env: dict[str, str], *options: str, **instead: str) -> subprocess.CompletedProcess[str]:
    return run("projections.verify", *options, env={**env, **HASTY, **instead})


def test_where_all_is_well_it_ends_with_0(bare: Bare, planted: Planted) -> None:
    done = main(bare.env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("OK: ")
    assert "1 poison, 2 letters, 1 plans, 1 tasks, 0 audited; no gap, duplicate or drift" in done.stdout
    assert "`marketplace rebuild --check`" in done.stdout.splitlines()[-1], "what it has not compared, and who does"


async def test_a_log_that_is_signed_is_not_compared_without_keys(bare: Bare, pool: asyncpg.Pool) -> None:
    where = ("", PLAN_EVENTS, PARTITION)
    await pool.execute(
        "insert into flow.believed_until (key_id, topic, partition, next_offset) values ($1, $2, $3, 0)", *where
    )
    try:
        refused = main(bare.env, "--json")
        assert (refused.returncode, json.loads(refused.stdout)["ok"]) == (2, False)
        assert "verify: events of this log are signed" in refused.stderr
        done = run("projections.rebuild", "--check", env={**bare.env, **HASTY})
        assert done.returncode == 2
        assert "give MARKETPLACE_SIGNING_KEYS_FILE" in done.stderr
    finally:
        await pool.execute("delete from flow.believed_until where (key_id, topic, partition) = ($1, $2, $3)", *where)


async def test_a_drift_is_named_and_ends_with_1(bare: Bare, planted: Planted, pool: asyncpg.Pool) -> None:
    await pool.execute("update rm.plan set status = 'rejected' where plan_id = $1::uuid", planted.plan)
    try:
        done = await asyncio.to_thread(main, bare.env)
        as_json = await asyncio.to_thread(main, bare.env, "--json")
    finally:
        await pool.execute("update rm.plan set status = 'executing' where plan_id = $1::uuid", planted.plan)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"drift: plan {planted.plan} is (3, 'rejected'), the log says (3, 'executing')" in done.stdout
    assert as_json.returncode == 1
    assert json.loads(as_json.stdout)["counts"] == {"drift": 1}


@pytest.mark.parametrize(("status", "is_found"), [("executing", False), ("awaiting_approval", True)])
async def test_a_head_that_was_changed_by_hand_is_found(
    bare: Bare, planted: Planted, pool: asyncpg.Pool, status: str, *, is_found: bool
) -> None:
    """As it was changed here, the plan could be approved a second time."""
    stream = f"plan-{planted.plan}"
    await pool.execute(
        "insert into decide.head (stream, kind, plan_id, status, version) values ($1, 'plan', $2::uuid, $3, 3)",
        *(stream, planted.plan, status),
    )
    try:
        done = await asyncio.to_thread(main, bare.env)
    finally:
        await pool.execute("delete from decide.head where stream = $1", stream)
    told = f"head: the next command to {stream} is decided by version 3, {status!r}, but the log says (3, 'executing')"
    assert (done.returncode, told in done.stdout) == (int(is_found), is_found)


@pytest.mark.parametrize("column", ["title", "reason"])
async def test_a_row_that_was_changed_by_hand_is_found(
    bare: Bare, planted: Planted, pool: asyncpg.Pool, column: str
) -> None:
    """Of no version or status, so nothing else tells it."""
    before = await pool.fetchval(f"select {column} from rm.plan where plan_id = $1::uuid", planted.plan)
    as_it_was = await asyncio.to_thread(main, bare.env, "--contents")
    await pool.execute(f"update rm.plan set {column} = 'by hand' where plan_id = $1::uuid", planted.plan)
    try:
        done = await asyncio.to_thread(main, bare.env, "--contents")
    finally:
        await pool.execute(f"update rm.plan set {column} = $2 where plan_id = $1::uuid", planted.plan, before)
    assert (as_it_was.returncode, as_it_was.stderr) == (0, "")
    assert (done.returncode, done.stderr) == (1, "")
    assert f"contents: plan: 1 different: ({planted.plan})" in done.stdout
    assert await pool.fetchval("select to_regnamespace('rm_new') is null")


@pytest.mark.parametrize("server", ["MARKETPLACE_REGISTRY_URL", "MARKETPLACE_BROKERS", "MARKETPLACE_DATABASE_URL"])
def test_a_server_that_is_not_there_is_one_line_and_status_3(bare: Bare, server: str) -> None:
    host = f"127.0.0.1:{free_port()}"
    value = {"MARKETPLACE_REGISTRY_URL": f"http://{host}", "MARKETPLACE_BROKERS": host}
    instead = {server: value.get(server, f"postgresql://anna:secret@{host}/marketplace")}
    done = main(bare.env, "--json", **instead)
    assert done.returncode == 3, done
    (line,) = done.stderr.splitlines()
    what = {"MARKETPLACE_REGISTRY_URL": "schema registry", "MARKETPLACE_BROKERS": "broker"}.get(server, "database")
    assert line.startswith(f"verify: the {what} is not there: ")
    assert "secret" not in line
    assert json.loads(done.stdout)["ok"] is False


async def test_a_log_that_has_lost_its_tail_is_a_finding(hasty: Settings, planted: Planted, pool: asyncpg.Pool) -> None:
    """As the projections leave it that had read the records that are gone."""
    where = f"topic = 'plan.events' and partition = {PARTITION}"
    end = await pool.fetchval(f"select next_offset from rm.projection_offset where {where}")
    await pool.execute(f"update rm.projection_offset set next_offset = next_offset + 3 where {where}")
    try:
        async with asyncio.timeout(PATIENCE_S):
            report = await verify(hasty)
    finally:
        await pool.execute(f"update rm.projection_offset set next_offset = next_offset - 3 where {where}")
    assert report.problems == [
        f"lost: the read models are at {end + 3} of plan.events/{PARTITION}, which ends at {end}"
    ]


async def test_recoveries_and_letters_are_compared(hasty: Settings, planted: Planted, pool: asyncpg.Pool) -> None:
    keep = "create table public.kept_{0} as table rm.{0}"
    for table in ("recovery", "dead_letter"):
        await pool.execute(keep.format(table))
    await pool.execute("delete from rm.recovery")
    await pool.execute("delete from rm.dead_letter where record_id = $1", planted.poison)
    await pool.execute("update rm.dead_letter set record_id = 'of|nobody|0|1' where record_id = $1", planted.letter)
    try:
        report = await verify(hasty)
    finally:
        await pool.execute("update rm.dead_letter set record_id = $1 where record_id = 'of|nobody|0|1'", planted.letter)
        columns = await pool.fetchval(
            "select string_agg(quote_ident(column_name), ', ') from information_schema.columns"
            " where table_schema = 'rm' and table_name = 'dead_letter' and is_generated = 'NEVER'"
        )
        await pool.execute("insert into rm.recovery table public.kept_recovery")
        await pool.execute(
            f"insert into rm.dead_letter ({columns}) select {columns} from public.kept_dead_letter"
            f" where record_id = $1",
            planted.poison,
        )
    assert sorted(report.problems) == sorted(
        [
            f"drift: recovery {planted.plan} v1 is missing",
            f"drift: letter {planted.poison} is missing",
            f"drift: letter {planted.letter} is missing",
            "drift: letter of|nobody|0|1 is not in the log",
            f"lost: nobody can read {planted.poison.replace('|', ' ')}, and there is no letter of it",
        ]
    )
    assert (await verify(hasty)).problems == []


async def test_a_letter_that_the_log_holds_no_more_is_not_asked_for(
    settings: Settings, planted: Planted, pool: asyncpg.Pool
) -> None:
    await pool.execute(
        "insert into rm.dead_letter (record_id, dead_at, dlq_topic, dlq_partition, dlq_offset)"
        " values ('agents|gone|0|1', now() - interval '91 days', 'agents.dlq', 0, -1)"
    )
    try:
        assert (await verify(settings)).problems == []
    finally:
        await pool.execute("delete from rm.dead_letter where record_id = 'agents|gone|0|1'")


async def test_a_broker_that_says_nothing_is_not_waited_for_for_ever(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_reader, "STALLED_S", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        brokers = f"127.0.0.1:{silent.getsockname()[1]}"  # takes connections, and answers nothing
        with pytest.raises(verification.Away, match="the broker is not there"):
            await verify(replace(settings, brokers=Brokers(brokers)))


async def test_a_broker_that_goes_away_in_the_middle_is_not_waited_for_for_ever(
    bare: Bare, settings: Settings, codec: Codec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Broker(tmp_path) as own:  # that of the others stays
        await fresh_topics({**bare.env, "MARKETPLACE_BROKERS": own.bootstrap})
        async with AIOKafkaProducer(bootstrap_servers=own.bootstrap) as producer:
            await producer.send_and_wait(PLAN_EVENTS, b"nonsense", key=b"k")
        async with reader_of(replace(settings, brokers=Brokers(own.bootstrap)), codec) as log:
            ends = await log.ends()
            await asyncio.to_thread(own.stop)
            monkeypatch.setattr(log_reader, "STALLED_S", 2.0)
            with pytest.raises(LogAway):
                await log.read_to(ends)
