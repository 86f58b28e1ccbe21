"""Disks that fill: from where on, whose they are, and what a full one makes wait."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from gateway.verdict.causes import follows, roots
from gateway.verdict.disks import SAYS_FULL, refused_alone
from gateway.verdict.families import key_of
from gateway.verdict.finding import Finding
from gateway.verdict.judge import judge
from gateway.verdict.kinds import Kind
from gateway.verdict.settling import settles_s
from gateway.verdict.words.findings import say
from projections.reads.disks import Disk, disks_of
from projections.reads.operations import Operations
from projections.reads.processes import Process
from schemas.process.named import named
from tests.unit.gateway.verdict.examples import NOW, RUNS, and_also, finding, kinds, on_disk, process, seen, without

GIB = 1024**3


@pytest.mark.parametrize(
    ("size", "free", "found"),
    [
        (100 * GIB, 11 * GIB, []),
        (100 * GIB, 9 * GIB, [Kind.DISK_FILLING]),
        (10_000 * GIB, 300 * GIB, []),  # 3 % of a large disk is much
        (10_000 * GIB, 19 * GIB, [Kind.DISK_FILLING]),
        (100 * GIB, 2 * GIB, [Kind.DISK_FILLING]),
        (100 * GIB, GIB - 1, [Kind.DISK_FULL]),
        (GIB, GIB // 50, [Kind.DISK_FILLING]),  # a small disk has always less than 1 GiB
        (GIB, 0, [Kind.DISK_FULL]),
    ],
)
def test_a_disk_fills_by_share_and_by_what_is_left(size: int, free: int, found: list[Kind]) -> None:
    assert kinds(seen(operations=and_also(on_disk(size, free)))) == found


@pytest.mark.parametrize(
    ("free", "says"), [(12 * GIB + 1, "12 GiB"), (10 * GIB - 1, "10239 MiB"), (5 * 1024**2, "5 MiB"), (7, "0 MiB")]
)
def test_what_is_left_is_told_in_whole_numbers(free: int, says: str) -> None:
    (one,) = judge(seen(operations=and_also(on_disk(1000 * GIB, free)))).findings
    assert f"{says} are left" in say(one).text
    assert "." not in str(one.values["free"])


def test_one_disk_that_many_see_is_one_finding_named_by_the_server_on_it() -> None:
    many = [on_disk(GIB, 0, role) for role in ("worker", "runner")]
    server = {"of": "database", "path": "/var/lib/postgresql/data", "device": 7, "size": GIB, "free": 5}
    watchdog = process("watchdog", progress={"server_disks": [server]})
    runs = replace(without("watchdog"), processes=[*without("watchdog").processes, *many, watchdog])

    (one,) = judge(seen(operations=runs)).findings
    assert one.subject == "host:/var/lib/postgresql/data"
    assert say(one).evidence == "Written to by: database, runner, worker."


def told(of: str, device: int | None, **more: Any) -> dict[str, Any]:
    return {"of": of, "path": f"/{of}", "device": device, "size": 10, "free": 5, **more}


@pytest.mark.parametrize(
    ("processes", "disks"),
    [
        ([process("worker", progress={"disks": [told("worker", 1)]}, silent_seconds=9.0)], []),
        (
            [process("worker", host=host, progress={"disks": [told("worker", 1)]}) for host in ("a", "b")],
            [Disk("a", "/worker", 10, 5, ("worker",)), Disk("b", "/worker", 10, 5, ("worker",))],
        ),
        (
            [process("watchdog", progress={"server_disks": [told("broker", None, host=h) for h in ("k1", "k2")]})],
            [Disk("k1", "/broker", 10, 5, ("broker",)), Disk("k2", "/broker", 10, 5, ("broker",))],
        ),
    ],
)
def test_disks_are_told_apart_by_machine(processes: list[Process], disks: list[Disk]) -> None:
    assert disks_of(processes) == disks


def away_from_a_full_disk(seen_s: float) -> Process:
    """A watchdog whose broker does not answer, and what that broker said about its disk before."""
    disk = told("broker", None, host="k1", size=GIB, free=GIB // 200, seen_s=seen_s)
    return process("watchdog", progress={"server_disks": [disk], "broker_away_s": 4.0, "broker_error": "refused"})


def test_a_broker_that_went_away_from_a_full_disk_is_told_by_the_disk_and_when_that_was_seen() -> None:
    runs = replace(without("watchdog"), processes=[*without("watchdog").processes, away_from_a_full_disk(61.0)])
    found = {one.kind: one for one in judge(seen(operations=runs)).findings}
    assert found.keys() >= {Kind.DISK_FULL, Kind.BROKER_AWAY}
    full_one = found[Kind.DISK_FULL]
    assert follows(found[Kind.BROKER_AWAY], full_one)
    assert say(full_one).evidence == (
        "Written to by: broker. Seen so 1 min ago, before that server was away; how it is now is unknown."
    )
    keyed = {str(one.kind): one for one in found.values()}
    assert roots(keyed, {}, full_one.since or NOW)[Kind.BROKER_AWAY] == Kind.DISK_FULL


@pytest.mark.parametrize(("seen_s", "ago"), [(0.3, 0.0), (5.0, 0.0), (5.1, 5.1)])
def test_what_a_server_has_just_told_has_no_age(seen_s: float, ago: float) -> None:
    (disk,) = disks_of([away_from_a_full_disk(seen_s)])
    assert (disk.seen_s, disk.free) == (ago, GIB // 200)


def test_who_looks_at_a_disk_knows_better_than_a_server_that_is_away() -> None:
    """Where somebody made room, what the broker told before it ended is not told any more."""
    before = {**told("broker", 7), "free": 0, "seen_s": 90.0}
    looks = process("worker", progress={"disks": [told("worker", 7)]})
    (disk,) = disks_of([process("watchdog", progress={"server_disks": [before]}), looks])
    assert disk == Disk("host", "/broker", 10, 5, ("broker", "worker"))


def test_what_one_watchdog_sees_is_seen() -> None:
    blind = process("watchdog", progress={"disks_unseen": ["broker", "database"]})
    sees = process("watchdog", source="watchdog-2", progress={"disks_unseen": ["database"]})
    both = replace(without("watchdog"), processes=[*without("watchdog").processes, blind, sees])
    assert [f.subject for f in judge(seen(operations=both)).findings] == ["database"]
    assert kinds(seen(operations=both, database_limit=GIB)) == []
    assert kinds(seen(operations=RUNS)) == []  # a watchdog of an earlier version says nothing


def full(owners: str) -> Finding:
    return Finding(Kind.DISK_FULL, {**finding(Kind.DISK_FULL).values, "owners": owners})


@pytest.mark.parametrize(
    ("effect", "owners", "expected"),
    [
        (Kind.COMMANDS_REFUSED, "database worker", True),
        (Kind.COMMANDS_REFUSED, "broker", False),
        (Kind.BROKER_AWAY, "broker", True),
        (Kind.BROKER_AWAY, "worker", False),
        (Kind.DATABASE_AWAY, "database", True),
        (Kind.DATABASE_HANGS, "broker", False),
        (Kind.PLANS_STALLED, "broker", True),
        (Kind.PLANS_STALLED, "gateway", False),
        (Kind.DEAD_LETTERS, "database", False),
    ],
)
def test_a_full_disk_is_the_cause_of_what_its_own_server_does_not_do(effect: Kind, owners: str, expected: bool) -> None:
    assert follows(finding(effect), full(owners)) is expected


@pytest.mark.parametrize("kind", [Kind.BROKER_AWAY, Kind.DATABASE_AWAY])
def test_nobody_waits_for_a_disk_to_be_told_that_its_server_is_away(kind: Kind) -> None:
    assert settles_s(finding(kind)) == 0.0


def test_pages_say_first_what_messages_name_as_the_cause() -> None:
    runs = replace(without("watchdog"), processes=[*without("watchdog").processes, away_from_a_full_disk(0.0)])
    assert kinds(seen(operations=runs))[:2] == [Kind.DISK_FULL, Kind.BROKER_AWAY]


SAID = "DiskFullError: could not extend file: No space left on device"


def on_the_disk_of_the_database(free: int) -> Operations:
    disk = told("database", None, host="db1", size=GIB, free=free)
    return and_also(process("watchdog", source="watchdog-2", progress={"server_disks": [disk]}))


@pytest.mark.parametrize(
    ("runs", "subject"), [(RUNS, "database"), (on_the_disk_of_the_database(GIB // 2), "db1:/database")]
)
def test_postgres_says_itself_that_its_disk_is_full(runs: Operations, subject: str) -> None:
    """What was seen of the disk a moment ago is old then; it is the same disk, and one alert with it."""
    (found,) = judge(seen(operations=runs, refused=SAID)).findings
    assert (found.kind, found.subject) == (Kind.DATABASE_DISK_FULL, subject)
    assert SAID in say(found).evidence
    assert key_of(found) == key_of(replace(full("database"), subject=subject))


def test_a_disk_that_is_seen_to_be_full_is_said_once_and_the_refusal_follows_from_it() -> None:
    found = judge(seen(operations=on_the_disk_of_the_database(0), refused=SAID)).findings
    assert [one.kind for one in found] == [Kind.DISK_FULL, Kind.COMMANDS_REFUSED]
    assert follows(found[1], found[0])


def test_told_alone_it_is_one_alert_with_the_disk_that_is_seen_to_be_full() -> None:
    """While nothing is stored an engine tells of that alone; what is seen of the disk comes with the database."""
    runs = on_the_disk_of_the_database(0)
    seen_full, _ = judge(seen(operations=runs, refused=SAID)).findings

    alone = refused_alone(SAID, runs.disks)

    assert alone.kind is Kind.DATABASE_DISK_FULL
    assert key_of(alone) == key_of(seen_full)
    assert refused_alone("ReadOnlySQLTransactionError: read-only", runs.disks).kind is Kind.COMMANDS_REFUSED


def test_a_database_that_goes_away_from_its_full_disk_is_told_by_the_disk() -> None:
    assert follows(finding(Kind.DATABASE_AWAY), finding(Kind.DATABASE_DISK_FULL))
    assert not follows(finding(Kind.BROKER_AWAY), finding(Kind.DATABASE_DISK_FULL))


def test_the_reason_begins_as_the_driver_names_it() -> None:
    assert named(asyncpg.DiskFullError("could not extend file")).startswith(SAYS_FULL)
