"""Compares the log with the read models.

`python -m projections.verify [--contents] [--json] [--audit-head PLACE:HASH]`

Exit status: 0 all is well, 1 a gap, a duplicate or a drift, 2 wrong settings, 3 a server could not be reached, so that
nothing is known.

Reads every record of plan.events, task.events and the dead-letter topics from the first on, works out what must be
true, and compares plans, tasks, timeline, recoveries, letters, and the heads that decide the next command. Repeats of
the same event (a record sent twice) are counted, not held against anybody: delivery is at least once, effects are
exactly once. Each record that nobody can read must have its letter. A log that ends before what the read models have
seen has lost its tail. The chain of who did what is walked, too: `--audit-head PLACE:HASH` demands a head that a
gateway told in its log.

What is not believed, since it does not fit its place or nobody of ours has signed it, is a finding (`forged`) until its
letter is discarded. `--contents` also makes all tables anew beside the live ones, and compares what their rows contain:
what somebody changed by hand in the database is found then, whatever it is.

A long log is compared in parts, so that memory does not grow with it: each part reads the log once more. Of records
that nobody can read or believe no more than 10,000 are held, however many there are and whatever key they have.

The system may be at work meanwhile. Only what was accepted before the end of the log was fixed is asked for. The read
models are seen at one moment, together with the offset that they stand at, and the log is read exactly as far. What is
missing then may still be on its way, so it is looked for again: a finding is what does not come within
30 s (MARKETPLACE_VERIFY_PATIENCE).
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Final

import asyncpg

from projections.run.ahead import stay_level
from projections.run.writer import positions
from projections.settings import Settings
from projections.verify.audit import check_audit
from projections.verify.buckets import RECORDS_AT_ONCE, Bucket, buckets_of
from projections.verify.comparing import compare
from projections.verify.contents import check_contents
from projections.verify.expected import Found, Report
from projections.verify.log_reader import TOPICS, Ends, LogAway, LogReader
from projections.verify.tables import letters_of, look
from projections.verify.unread import Unread
from schemas.decoding import RegistryAway
from schemas.outbox_seal import FORGED
from schemas.process import logs, start
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.log_home import learn_growth
from schemas.process.places import growth
from schemas.process.settings import SettingsError
from schemas.process.signing import believed_until
from schemas.registry import RegistryError, wait_for_codec
from schemas.wire import Codec

__all__ = ["Away", "Report", "verify"]

CONTENTS: Final = "--contents"
#: How long the projections are given to reach the end that was seen, while they move.
CATCH_UP_S: Final = 60.0
#: How often it is looked for meanwhile.
LOOK_S: Final = 0.5
#: The option that demands a head of the chain.
HEAD: Final = "--audit-head"


class Away(Exception):  # noqa: N818 - a state of somebody else
    """A server could not be reached, so nothing is known. The message says which, and why."""


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


async def check_set_aside(connection: asyncpg.Connection, report: Report) -> None:
    """Report each event that is set aside: it was accepted and is missing from the log until a person mends it."""
    rows = await connection.fetch(
        "select seq, stream, version, type, held_why from decide.outbox"
        " where held_at is not null and published_at is null order by held_why is null, seq"
    )
    for row in rows:
        why = "it waits behind one that is"
        if row["held_why"] is not None:
            forged = row["held_why"].startswith(FORGED)
            way = "take it out with `marketplace outbox remove" if forged else "mend it with `marketplace outbox edit"
            why = f"{row['held_why']}; {way} {row['seq']}`"
        report.add("set-aside", f"{row['stream']} version {row['version']} ({row['type']}) is set aside: {why}")


async def wait_for_projection(connection: asyncpg.Connection, ends: Ends) -> bool:
    """Return True once the read models have seen the given ends, False where they do not get there in time."""
    deadline = asyncio.get_running_loop().time() + CATCH_UP_S
    while True:
        at = await positions(connection)
        if all(at.get(tp, 0) >= end for tp, end in ends.items()):
            return True
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(0.2)


async def _settled(
    connection: asyncpg.Connection, log: LogReader, fixed: datetime, within_s: float, bucket: Bucket
) -> Found:
    """Return the differences that stay. One that only a later look shows was not there at the first."""
    give_up = asyncio.get_running_loop().time() + within_s
    found: Found | None = None
    while True:
        tables = await look(connection, fixed, bucket, log.expected.unread)
        ends = await log.read_to(tables.at)
        now = compare(log.expected, tables, log.starts, ends, of_all=bucket.is_first)
        found = now if found is None else {key: now[key] for key in found if key in now}
        if not found or asyncio.get_running_loop().time() > give_up:
            return found
        await asyncio.sleep(LOOK_S)


@contextmanager
def _reaching() -> Iterator[None]:
    """Turn what says that a server is away into Away."""
    try:
        yield
    except LogAway as error:
        raise Away(f"the broker is not there: {error}") from error
    except (RegistryAway, RegistryError) as error:
        raise Away(f"the schema registry is not there: {error}") from error
    except DATABASE_FAILS as error:
        raise Away(f"the database is not there: {type(error).__name__}: {error}") from error


async def verify(
    settings: Settings, *, schema: str = "rm", contents: bool = False, at_once: int = RECORDS_AT_ONCE
) -> Report:
    """Compare log and read models, also while the system is at work; `contents` of rows, too.

    No more than `at_once` records, and the rows of their plans, are in memory at a time, more or less.

    Raises Away, SettingsError.
    """
    try:
        codec = await asyncio.to_thread(wait_for_codec, settings.registry_url, within_s=settings.registry_s)
    except (OSError, RegistryError) as error:
        raise Away(f"the schema registry is not there: {error}") from error
    with _reaching():
        report = await _verify(settings, codec, schema, at_once)
        if contents:
            await check_contents(settings, codec, report, schema=schema)
        return report


async def _verify(settings: Settings, codec: Codec, schema: str, at_once: int) -> Report:
    report = Report()
    connection = await asyncpg.connect(
        settings.database_url, timeout=10, command_timeout=120, server_settings={"search_path": schema}
    )
    try:
        await learn_growth(connection)
        partitions = growth.there
        # from here on: what was shown before its turn has had it once the end of the log is reached
        await stay_level(connection)
        left = await wait_for_log(connection)
        if left:
            report.add("lag", f"{left} accepted events did not get to the log within {CATCH_UP_S:.0f} s")
        belief = settings.signing.checked(await believed_until(connection))
        unread = Unread(partial(letters_of, connection), report, settings.settle_s)
        async with LogReader(settings, codec, report, unread, belief) as log:
            length = await log.length()
        for bucket in buckets_of(length, at_once, secrets.token_hex()):
            async with LogReader(settings, codec, report, unread, belief, bucket) as log:
                await _compare(connection, log, report, settings.settle_s, bucket)
        await learn_growth(connection)
        if growth.there != partitions:
            raise Away("partitions were added meanwhile, and not all of the log was read: verify again")
        await check_set_aside(connection, report)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await check_audit(connection, report, _head_asked())
    finally:
        with suppress(Exception):
            await connection.close(timeout=2)
    return report


async def _compare(
    connection: asyncpg.Connection, log: LogReader, report: Report, settle_s: float, bucket: Bucket
) -> None:
    """Compare the plans of one part."""
    # in this order: what the outbox calls published by then is in the log before its end
    fixed = await connection.fetchval("select clock_timestamp()")
    ends = await log.ends()
    behind = f"the projections did not reach the end of the log within {CATCH_UP_S:.0f} s"
    if not await wait_for_projection(connection, ends) and f"lag: {behind}" not in report.problems:
        report.add("lag", behind)
    await log.read_to(ends)  # not before: the letters of what is read are asked for
    for (kind, _), text in (await _settled(connection, log, fixed, settle_s, bucket)).items():
        report.add(kind, text)
    report.plans += len(log.expected.plans)
    report.tasks += len(log.expected.tasks)
    report.letters += len(log.expected.letters)


def _head_asked() -> str:
    """Return the head of the chain that the command line demands, empty where it demands none."""
    at = sys.argv.index(HEAD) + 1 if HEAD in sys.argv else len(sys.argv)
    return sys.argv[at] if at < len(sys.argv) else ""


def main() -> int:
    """Verify, print, return the exit status."""
    return start.run_command("verify", Settings.from_env, _report, of_log=True)


def _failed(why: str, advice: str, status: int) -> int:
    """Say why nothing is known; return the exit status."""
    logs.tell(f"verify: {why[:500]}. Nothing was compared; {advice}.", failed=True)
    if "--json" in sys.argv:
        print(json.dumps({"ok": False, "error": why}))
    return status


async def _report(settings: Settings) -> int:
    try:
        report = await verify(settings, contents=CONTENTS in sys.argv)
    except Away as error:
        return _failed(" ".join(str(error).split()), "start it, and try again", 3)
    except SettingsError as error:
        return _failed(str(error), "mend it, and try again", 2)
    if "--json" in sys.argv:
        # asdict takes a Counter for a mapping of pairs
        print(json.dumps({**asdict(report), "counts": dict(report.counts), "ok": report.ok}))
    else:
        for problem in report.problems:
            print(problem)
        print(
            f"{'OK' if report.ok else 'PROBLEMS'}: {report.records} records, {report.events} events,"
            f" {report.repeats} repeats, {report.poison} poison, {report.letters} letters,"
            f" {report.plans} plans, {report.tasks} tasks, {report.audited} audited; "
            + (", ".join(f"{n} {kind}" for kind, n in report.counts.items() if n) or "no gap, duplicate or drift")
        )
        if CONTENTS not in sys.argv:
            print(
                "Rows are compared by position, version and status; `marketplace verify --contents`, as"
                " `marketplace rebuild --check`, compares their contents."
            )
    return 0 if report.ok else 1
