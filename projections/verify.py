"""Compares the log with the read models: `python -m projections.verify`. Exit 1 on any gap, duplicate or drift.

Reads every record of plan.events and task.events from offset 0, works out what must be true, and compares. Repeats of
the same event (a record sent twice) are counted, not held against anybody: delivery is at least once, effects are
exactly once.

The system may be at work meanwhile. Only what was accepted before the end of the log was fixed is asked for. The read
models are seen at one moment, together with the offset that they stand at, and the log is read exactly as far. What is
missing then may still be on its way, so it is looked for again: a finding is what does not come within SETTLE_S.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from projections.expected import Expected, Found, Report, check_log
from projections.log_reader import TOPICS, Ends, LogReader
from projections.settings import Settings, SettingsError
from projections.writer import PROJECTION
from schemas.registry import wait_for_codec

__all__ = ["Report", "verify"]

#: How long the projections are given to reach the end that was seen, while they move.
CATCH_UP_S: Final = 60.0
#: How long what is missing is waited for: as long as the system takes to heal.
SETTLE_S: Final = 30.0
#: How often it is looked for meanwhile.
LOOK_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Seen:
    """The tables at one moment, and how much of the log they had seen then."""

    at: Ends
    plans: dict[str, tuple[int, str]]  # plan -> version, status
    tasks: dict[str, tuple[int, str, str]]  # task -> version, status, plan
    timeline: dict[tuple[str, int], str]  # (stream, version) -> event id
    published: dict[tuple[str, int], str]  # the same, of events that the outbox says are in the log


async def look(connection: asyncpg.Connection, fixed: datetime) -> Seen:
    """Return the tables as they are now; of the outbox, what was published before `fixed`, by the database's clock."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        plans = await connection.fetch("select plan_id, version, status from plan")
        tasks = await connection.fetch("select task_id, version, status, plan_id from task")
        timeline = await connection.fetch("select stream, version, event_id from timeline")
        published = await connection.fetch(
            "select stream, version, event_id from decide.outbox where published_at <= $2"
            " and raw_headers is null and topic = any($1::text[])",
            list(TOPICS),
            fixed,
        )
        return Seen(
            await _positions(connection),
            {str(r[0]): (r[1], r[2]) for r in plans},
            {str(r[0]): (r[1], r[2], str(r[3])) for r in tasks},
            {(r[0], r[1]): str(r[2]) for r in timeline},
            {(r[0], r[1]): str(r[2]) for r in published},
        )


def compare(expected: Expected, seen: Seen) -> Found:
    """Return what is wrong, or not there yet, column by column that a person decides by."""
    found = check_log(expected)
    _differences("plan", expected.plans, seen.plans, found)
    _differences("task", expected.tasks, seen.tasks, found)
    _differences("timeline", _named(expected.ids), _named(seen.timeline), found)
    for (stream, version), event_id in seen.published.items():
        known = expected.ids.get((stream, version))
        if known is None:
            found["lost", f"{stream} v{version}"] = f"{stream} version {version} was published and is not in the log"
        elif known != event_id:
            found["conflict", f"{stream} v{version}"] = f"{stream} version {version} was published with another id"
    return found


def _named(ids: dict[tuple[str, int], str]) -> dict[str, str]:
    return {f"{stream} v{version}": event_id for (stream, version), event_id in ids.items()}


def _differences(name: str, wanted: dict[str, Any], there: dict[str, Any], found: Found) -> None:
    for key, value in wanted.items():
        if key not in there:
            found["drift", f"{name} {key}"] = f"{name} {key} is missing"
        elif there[key] != value:
            found["drift", f"{name} {key}"] = f"{name} {key} is {there[key]}, the log says {value}"
    for key in there.keys() - wanted.keys():
        found["drift", f"{name} {key}"] = f"{name} {key} is not in the log"


async def wait_for_log(connection: asyncpg.Connection) -> int:
    """Wait while events that are accepted by now are on their way to the log; return how many are not there at last.

    Read models may show them already: without the log they are made from the outbox.
    """
    give_up = asyncio.get_running_loop().time() + CATCH_UP_S
    began = await connection.fetchval("select clock_timestamp()")
    while True:
        left: int = await connection.fetchval(
            "select count(*) from decide.outbox"
            " where published_at is null and held_at is null and stored_at <= $2 and topic = any($1::text[])",
            list(TOPICS),
            began,
        )
        if not left or asyncio.get_running_loop().time() > give_up:
            return left
        await asyncio.sleep(0.1)


async def check_held(connection: asyncpg.Connection, report: Report) -> None:
    """Nothing may be set aside: it was accepted, and is not in the log as long as nobody mends it."""
    rows = await connection.fetch(
        "select stream, version, type, held_why from decide.outbox"
        " where held_at is not null and published_at is null order by held_why is null, seq"
    )
    for row in rows:
        why = row["held_why"] or "it waits behind one that is"
        report.add("held", f"{row['stream']} version {row['version']} ({row['type']}) is set aside: {why}")


async def _positions(connection: asyncpg.Connection) -> Ends:
    rows = await connection.fetch(
        "select topic, partition, next_offset from projection_offset where projection = $1", PROJECTION
    )
    return {(r["topic"], r["partition"]): r["next_offset"] for r in rows}


async def wait_for_projection(connection: asyncpg.Connection, ends: Ends) -> bool:
    """Return True once the read models have seen the given ends, False where they do not get there in time."""
    deadline = asyncio.get_running_loop().time() + CATCH_UP_S
    while True:
        at = await _positions(connection)
        if all(at.get(tp, 0) >= end for tp, end in ends.items()):
            return True
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.2)


async def _settled(connection: asyncpg.Connection, log: LogReader, fixed: datetime) -> Found:
    """Return what is wrong and stays so. What is new at a later look was not there to be asked for at the first."""
    give_up = asyncio.get_running_loop().time() + SETTLE_S
    found: Found | None = None
    while True:
        seen = await look(connection, fixed)
        await log.read_to(seen.at)
        now = compare(log.expected, seen)
        found = now if found is None else {key: now[key] for key in found if key in now}
        if not found or asyncio.get_running_loop().time() > give_up:
            return found
        await asyncio.sleep(LOOK_S)


async def verify(settings: Settings, *, schema: str = "rm") -> Report:
    """Compare log and read models, also while the system is at work."""
    report = Report()
    codec = await asyncio.to_thread(wait_for_codec, settings.registry_url)
    connection = await asyncpg.connect(settings.database_url, server_settings={"search_path": schema})
    try:
        left = await wait_for_log(connection)
        if left:
            report.add("lag", f"{left} accepted events did not get to the log within {CATCH_UP_S:.0f} s")
        async with LogReader(settings, codec, report) as log:
            # in this order: what the outbox calls published by then is in the log before its end
            fixed = await connection.fetchval("select clock_timestamp()")
            ends = await log.ends()
            await log.read_to(ends)
            if not await wait_for_projection(connection, ends):
                report.add("lag", f"the projections did not reach the end of the log within {CATCH_UP_S:.0f} s")
            for (kind, _), text in (await _settled(connection, log, fixed)).items():
                report.add(kind, text)
            await check_held(connection, report)
            report.plans, report.tasks = len(log.expected.plans), len(log.expected.tasks)
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
