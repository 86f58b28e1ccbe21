"""Compares the log with the read models: `python -m projections.verify`. Exit 1 on any gap, duplicate or drift.

Reads every record of plan.events and task.events from offset 0 up to the end as it was when it began, works out what
must be true, and compares. Repeats of the same event (a record sent twice) are counted, not held against anybody:
delivery is at least once, effects are exactly once.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from projections.expected import Expected, Report, check_log, take
from projections.settings import Settings, SettingsError
from projections.writer import PROJECTION
from schemas.events import Event
from schemas.registry import Registry, RegistryError, wait_for_codec
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, declared
from schemas.wire import Codec, Undecodable, UnknownSchema

__all__ = ["Report", "verify"]

TOPICS: Final = (PLAN_EVENTS, TASK_EVENTS)
#: How long the projections are given to reach the end that was seen, while they move.
CATCH_UP_S: Final = 60.0


async def check_read_models(connection: asyncpg.Connection, expected: Expected, report: Report) -> None:
    """Compare the tables, column by column that a person decides by."""
    plans = {str(r[0]): (r[1], r[2]) for r in await connection.fetch("select plan_id, version, status from plan")}
    _compare("plan", expected.plans, plans, report)
    tasks = {
        str(r[0]): (r[1], r[2], str(r[3]))
        for r in await connection.fetch("select task_id, version, status, plan_id from task")
    }
    _compare("task", expected.tasks, tasks, report)
    rows = await connection.fetch("select stream, version, event_id from timeline")
    _compare(
        "timeline",
        {f"{s} v{v}": e for (s, v), e in expected.ids.items()},
        {f"{r[0]} v{r[1]}": str(r[2]) for r in rows},
        report,
    )


async def check_outbox(connection: asyncpg.Connection, expected: Expected, report: Report) -> None:
    """Every event that was decided and marked as published must be in the log."""
    rows = await connection.fetch(
        "select stream, version, event_id from decide.outbox where published_at is not null"
        " and raw_headers is null and topic = any($1::text[]) and published_at < now() - interval '1 second'",
        list(TOPICS),
    )
    for row in rows:
        found = expected.ids.get((row["stream"], row["version"]))
        if found is None:
            report.add("lost", f"{row['stream']} version {row['version']} was published and is not in the log")
        elif found != str(row["event_id"]):
            report.add("conflict", f"{row['stream']} version {row['version']} was published with another id")


def _compare(name: str, wanted: dict[str, Any], found: dict[str, Any], report: Report) -> None:
    for key, value in wanted.items():
        if key not in found:
            report.add("drift", f"{name} {key} is missing")
        elif found[key] != value:
            report.add("drift", f"{name} {key} is {found[key]}, the log says {value}")
    for key in found.keys() - wanted.keys():
        report.add("drift", f"{name} {key} is not in the log")


async def read_log(settings: Settings, codec: Codec, report: Report) -> tuple[Expected, dict[tuple[str, int], int]]:
    """Return what the log says, and the end of each partition as it was when reading began."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.brokers, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    registry = Registry(settings.registry_url)
    await consumer.start()
    expected = Expected()
    try:
        partitions = [TopicPartition(t, p) for t in TOPICS for p in range(declared()[t].partitions)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        left = {tp for tp, end in ends.items() if await consumer.position(tp) < end}
        while left:
            for tp, records in (await consumer.getmany(*left, timeout_ms=500, max_records=5000)).items():
                for record in records:
                    if record.offset >= ends[tp]:
                        break
                    report.records += 1
                    try:
                        take(await _decode(codec, registry, record.value), expected, report)
                    except Undecodable:
                        report.poison += 1  # the dead letters' matter: nothing of ours is lost with it
            left = {tp for tp in left if await consumer.position(tp) < ends[tp]}
        return expected, {(tp.topic, tp.partition): end for tp, end in ends.items()}
    finally:
        with suppress(Exception):
            await consumer.stop()


async def wait_for_log(connection: asyncpg.Connection) -> int:
    """Wait while accepted events are on their way to the log; return how many are not there at last.

    Read models may show them already: without the log they are made from the outbox.
    """
    give_up = asyncio.get_running_loop().time() + CATCH_UP_S
    while True:
        left: int = await connection.fetchval(
            "select count(*) from decide.outbox where published_at is null and topic = any($1::text[])", list(TOPICS)
        )
        if not left or asyncio.get_running_loop().time() > give_up:
            return left
        await asyncio.sleep(0.1)


async def _decode(codec: Codec, registry: Registry, value: bytes | None) -> Event:
    """Return the event, also one that a newer version of us wrote. Raises Undecodable."""
    try:
        return codec.decode(value)
    except UnknownSchema as unknown:
        try:
            raw = await asyncio.to_thread(registry.schema, unknown.schema_id)
        except RegistryError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            raise unknown from error
        codec.learn_named(unknown.schema_id, raw)
        return codec.decode(value)


async def wait_for_projection(connection: asyncpg.Connection, ends: dict[tuple[str, int], int]) -> bool:
    """Return True once the read models have seen the given ends, False where they do not get there in time."""
    deadline = asyncio.get_running_loop().time() + CATCH_UP_S
    while True:
        rows = await connection.fetch(
            "select topic, partition, next_offset from projection_offset where projection = $1", PROJECTION
        )
        at = {(r["topic"], r["partition"]): r["next_offset"] for r in rows}
        if all(at.get(tp, 0) >= end for tp, end in ends.items()):
            return True
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.2)


async def verify(settings: Settings, *, schema: str = "rm") -> Report:
    """Compare log and read models. For an exact answer nothing new should be asked of the system meanwhile."""
    report = Report()
    codec = await asyncio.to_thread(wait_for_codec, settings.registry_url)
    connection = await asyncpg.connect(settings.database_url, server_settings={"search_path": schema})
    try:
        left = await wait_for_log(connection)
        if left:
            report.add("lag", f"{left} accepted events did not get to the log within {CATCH_UP_S:.0f} s")
        expected, ends = await read_log(settings, codec, report)
        if not await wait_for_projection(connection, ends):
            report.add("lag", f"the projections did not reach the end of the log within {CATCH_UP_S:.0f} s")
        check_log(expected, report)
        await check_read_models(connection, expected, report)
        await check_outbox(connection, expected, report)
    finally:
        await connection.close()
    return report


def main() -> int:
    """Verify, print, exit 1 where anything is wrong."""
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        print(f"verify: {error}", file=sys.stderr)
        return 2
    report = asyncio.run(verify(settings))
    if "--json" in sys.argv:
        print(json.dumps({**asdict(report), "ok": report.ok}))
    else:
        for problem in report.problems:
            print(problem)
        print(
            f"{'OK' if report.ok else 'PROBLEMS'}: {report.records} records, {report.events} events,"
            f" {report.repeats} repeats, {report.poison} poison, {report.plans} plans, {report.tasks} tasks; "
            + (", ".join(f"{n} {kind}" for kind, n in report.counts.items() if n) or "no gap, duplicate or drift")
        )
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
