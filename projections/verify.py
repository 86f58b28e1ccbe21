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
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from projections.settings import Settings, SettingsError
from projections.writer import PROJECTION
from schemas.events import Event
from schemas.registry import wait_for_codec
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, declared
from schemas.wire import Codec, Undecodable

TOPICS: Final = (PLAN_EVENTS, TASK_EVENTS)
#: Problems of one kind that are listed; all are counted.
LISTED: Final = 20
#: How long the projections are given to reach the end that was seen, while they move.
CATCH_UP_S: Final = 60.0

_PLAN_STATUS: Final = {
    "plan.uploaded": "analyzing",
    "plan.analyzed": "awaiting_approval",
    "plan.approved": "approved",
    "plan.rejected": "rejected",
    "plan.cancelled": "cancelled",
    "plan.phase1.created": "executing",
    "plan.completed": "completed",
}
_TASK_STATUS: Final = {
    "task.created": "open",
    "task.started": "started",
    "task.completed": "completed",
    "task.failed": "failed",
    "task.retried": "open",
    "task.cancelled": "cancelled",
}


@dataclass(slots=True)
class Report:
    """What was compared, and what is wrong. `problems` is empty where all is well."""

    records: int = 0
    events: int = 0
    repeats: int = 0
    poison: int = 0
    plans: int = 0
    tasks: int = 0
    problems: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, what: str) -> None:
        """Note a problem."""
        self.counts[kind] += 1
        if self.counts[kind] <= LISTED:
            self.problems.append(f"{kind}: {what}")

    @property
    def ok(self) -> bool:
        return not self.counts


@dataclass(slots=True)
class Expected:
    """What the log says must be true."""

    ids: dict[tuple[str, int], str] = field(default_factory=dict)  # (stream, version) -> event id
    plans: dict[str, tuple[int, str]] = field(default_factory=dict)  # plan -> version, status
    tasks: dict[str, tuple[int, str, str]] = field(default_factory=dict)  # task -> version, status, plan
    approved: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    phase1: dict[str, list[str]] = field(default_factory=dict)  # plan -> ids of its tasks
    created: Counter[str] = field(default_factory=Counter)  # task -> distinct task.created


def take(event: Event, expected: Expected, report: Report) -> None:
    """Fold one event into what is expected."""
    place = (event.stream, event.version)
    seen = expected.ids.get(place)
    if seen == event.event_id:
        report.repeats += 1
        return
    if seen is not None:
        report.add("conflict", f"{event.stream} version {event.version} is {seen} and {event.event_id}")
        return
    expected.ids[place] = event.event_id
    report.events += 1
    kind, plan = event.type.partition(".")[0], event.correlation_id
    if kind == "plan" and event.stream == f"plan-{plan}":
        version, status = expected.plans.get(plan, (0, ""))
        if event.version > version:
            expected.plans[plan] = (event.version, _PLAN_STATUS.get(event.type, status))
        if event.type == "plan.approved":
            expected.approved.add(plan)
        elif event.type == "plan.cancelled":
            expected.cancelled.add(plan)
        elif event.type == "plan.phase1.created":
            expected.phase1[plan] = [t["task_id"] for t in event.data["tasks"]]
    elif kind == "task":
        task = event.data["task_id"]
        if event.type == "task.created":
            expected.created[task] += 1
        version, status, _ = expected.tasks.get(task, (0, "", plan))
        if event.version > version:
            after = event.data["status"] if event.type == "task.assigned" else _TASK_STATUS.get(event.type, status)
            expected.tasks[task] = (event.version, after, plan)


def check_log(expected: Expected, report: Report) -> None:
    """Find what the log itself lacks."""
    highest: dict[str, int] = {}
    for stream, version in expected.ids:
        highest[stream] = max(version, highest.get(stream, 0))
    for stream, last in highest.items():
        for version in range(1, last):
            if (stream, version) in expected.ids:
                continue
            # version 2 of a plan is kept for plan.analyzed, which a cancelled plan never gets
            if stream.startswith("plan-") and stream.removeprefix("plan-") in expected.cancelled:
                continue
            report.add("gap", f"{stream} has no version {version}, but {last}")
    for plan in sorted(expected.approved - expected.cancelled):
        tasks = expected.phase1.get(plan)
        if tasks is None:
            report.add("lost", f"plan {plan} is approved and has no Phase 1")
            continue
        for task in tasks:
            if expected.created[task] != 1:
                report.add("lost" if not expected.created[task] else "duplicate", f"task {task} of plan {plan}")
    known = {task for tasks in expected.phase1.values() for task in tasks}
    for task in sorted(set(expected.created) - known):
        report.add("duplicate", f"task {task} belongs to no Phase 1")
    report.plans, report.tasks = len(expected.plans), len(expected.tasks)


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


async def read_log(brokers: str, codec: Codec, report: Report) -> tuple[Expected, dict[tuple[str, int], int]]:
    """Return what the log says, and the end of each partition as it was when reading began."""
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, enable_auto_commit=False, auto_offset_reset="earliest")
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
                        take(codec.decode(record.value), expected, report)
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
        expected, ends = await read_log(settings.brokers, codec, report)
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
