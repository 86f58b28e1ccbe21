"""The read models at one moment, and their differences from what the log implies."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from projections.reads.rows import from_json
from projections.run.writer import PROJECTION
from projections.verify.buckets import WHOLE, Bucket
from projections.verify.expected import Expected, Found, check_log
from projections.verify.log_reader import TOPICS, Ends
from schemas.events import Event
from schemas.lifecycle import PlanStatus
from schemas.phase_tasks import PHASES, created_by, is_phase, is_whole

#: Rows that come from the database at a time.
ROWS_AT_ONCE: Final = 1000
#: The plans of a part.
_OF: Final = """(right(plan_id::text, 4) collate "C") >= $1 and (right(plan_id::text, 4) collate "C") < $2"""
_PHASES_OF: Final = f"select type, event_id, plan_id, data from timeline where type = any($3::text[]) and {_OF}"  # noqa: S608 - constants only
_PUBLISHED: Final = """
    select stream, version, event_id from decide.outbox
     where published_at <= $4 and raw_headers is null and topic = any($3::text[])
       and (right(key, 4) collate "C") >= $1 and (right(key, 4) collate "C") < $2"""
_WATCHED: Final = f"select plan_id from flow.deadline where kind = 'analysis' and {_OF}"  # noqa: S608 - constants only
_LETTERS: Final = """
    select record_id, dlq_topic, dlq_partition, dlq_offset, state from dead_letter
     where dead_at is not null and ($1::text[] is null or record_id = any($1))"""
_ROWS: Final = """
    select 'plan', status, count(*) from plan group by 2 union all
    select 'task', status, count(*) from task group by 2"""
_TALLY: Final = "select kind, status, sum(n)::bigint from tally group by 1, 2 having sum(n) <> 0"
_COUNTS: Final = "select exists (select from pg_trigger where tgname = 'tally_came' and tgrelid = to_regclass('plan'))"


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables at one moment, as far as they are of some plans, and how much of the log was in them then.

    Counts and positions are those of all plans, and letters are with the first part.
    """

    at: Ends
    plans: dict[str, tuple[int, str]]  # plan -> version, status
    tasks: dict[str, tuple[int, str, str]]  # task -> version, status, plan
    timeline: dict[tuple[str, int], str]  # (stream, version) -> event id
    unfolded: dict[tuple[str, int], str]  # the same, of the task.created that rows of phases stand for
    published: dict[tuple[str, int], str]  # the same, of events that the outbox says are in the log
    recoveries: dict[str, str]  # plan and version -> event id
    letters: dict[str, tuple[str, int, int]]  # id -> where it is in the log
    discarded: frozenset[str]  # letters that a person has discarded
    watched: frozenset[str]  # plans whose analysis has a deadline: somebody sees to it that it comes
    tally: dict[str, int]  # kind and status -> how many the database has counted
    counts: bool  # whether the database counts: from `migrate post` on
    rows: dict[str, int]  # kind and status -> how many there are


async def look(
    connection: asyncpg.Connection, fixed: datetime, bucket: Bucket = WHOLE, unread: Collection[str] = ()
) -> Tables:
    """Return the tables as they are now; of the outbox, what was published before `fixed`, by the database's clock.

    Letters are all of them with the first part; with any other those of `unread`.
    """
    part = (bucket.first, bucket.end)

    async def rows(query: str, *arguments: object) -> AsyncIterator[asyncpg.Record]:
        # not all at once: what is kept of a row is a part of it
        async for row in connection.cursor(query, *arguments, prefetch=ROWS_AT_ONCE):
            yield row

    async with connection.transaction(isolation="repeatable_read", readonly=True):
        letters = {
            r[0]: ((r[1], r[2], r[3]), r[4] == "discarded")
            async for r in rows(_LETTERS, None if bucket.is_first else list(unread))
        }
        return Tables(
            await positions(connection),
            {
                str(r[0]): (r[1], r[2])
                async for r in rows(f"select plan_id, version, status from plan where {_OF}", *part)  # noqa: S608 - constants only
            },
            {
                str(r[0]): (r[1], r[2], str(r[3]))
                async for r in rows(f"select task_id, version, status, plan_id from task where {_OF}", *part)  # noqa: S608 - constants only
            },
            {
                (r[0], r[1]): str(r[2])
                async for r in rows(f"select stream, version, event_id from timeline where {_OF}", *part)  # noqa: S608 - constants only
            },
            {place: id_ async for r in rows(_PHASES_OF, *part, sorted(PHASES)) for place, id_ in _unfolded(r).items()},
            {(r[0], r[1]): str(r[2]) async for r in rows(_PUBLISHED, *part, list(TOPICS), fixed)},
            {
                f"{r[0]} v{r[1]}": str(r[2])
                async for r in rows(f"select plan_id, version, event_id from recovery where {_OF}", *part)  # noqa: S608 - constants only
            },
            {id_: place for id_, (place, _) in letters.items()},
            frozenset(id_ for id_, (_, discarded) in letters.items() if discarded),
            frozenset([str(r[0]) async for r in rows(_WATCHED, *part)]),
            {f"{r[0]} {r[1]}": r[2] for r in await connection.fetch(_TALLY)},
            await connection.fetchval(_COUNTS),
            {f"{r[0]} {r[1]}": r[2] for r in await connection.fetch(_ROWS)},
        )


def _unfolded(row: asyncpg.Record) -> dict[tuple[str, int], str]:
    """Return the events that are shown beside a phase, where they have no rows of their own."""
    plan = str(row["plan_id"])
    phase = Event(row["type"], str(row["event_id"]), f"plan-{plan}", 1, 0, "", plan, "", from_json(row["data"]))
    if is_phase(phase) and is_whole(phase):
        return {(made.stream, made.version): made.event_id for made in created_by(phase)}
    return {}


def compare(expected: Expected, tables: Tables, starts: Ends, ends: Ends, *, of_all: bool = True) -> Found:
    """Return the differences, missing rows included, in the columns that a person decides by.

    `starts` and `ends` say which part of the log there is. `of_all`: what belongs to no plan is compared, too.
    """
    found = check_log(expected)
    _differences("plan", expected.plans, tables.plans, found)
    _differences("task", expected.tasks, tables.tasks, found)
    shown = {place: id_ for place, id_ in tables.unfolded.items() if place in expected.ids} | tables.timeline
    _differences("timeline", _named(expected.ids), _named(shown), found)
    _differences("recovery", expected.recoveries, tables.recoveries, found)
    for id_ in sorted(expected.poison - tables.letters.keys()):
        found["lost", f"letter {id_}"] = f"nobody can read {id_.replace('|', ' ')}, and there is no letter of it"
    if of_all:
        _letters(expected, tables, starts, found)
        _tally(tables, found)
        _lost_ends(tables, ends, found)
    for id_, what in expected.forged.items():
        # a person who has discarded its letter knows of it; nothing takes it out of the log
        if id_ in expected.poison and id_ not in tables.discarded:
            found["forged", f"letter {id_}"] = what
    for plan, (_, status) in expected.plans.items():
        if status == PlanStatus.ANALYZING and plan not in tables.watched:
            found["lost", f"analysis {plan}"] = f"plan {plan} is not analysed, and has no deadline by which it must be"
    for (stream, version), event_id in tables.published.items():
        known = expected.ids.get((stream, version))
        if known is None:
            found["lost", f"{stream} v{version}"] = f"{stream} version {version} was published and is not in the log"
        elif known != event_id:
            found["conflict", f"{stream} v{version}"] = f"{stream} version {version} was published with another id"
    return found


def _lost_ends(tables: Tables, ends: Ends, found: Found) -> None:
    for (topic, partition), at in tables.at.items():
        end = ends.get((topic, partition), at)
        if at > end:
            found["lost", f"{topic}/{partition}"] = (
                f"the read models are at {at} of {topic}/{partition}, which ends at {end}"
            )


def _letters(expected: Expected, tables: Tables, starts: Ends, found: Found) -> None:
    for id_, recent in expected.letters.items():
        if recent and id_ not in tables.letters:
            found["drift", f"letter {id_}"] = f"letter {id_} is missing"
    for id_, (topic, partition, offset) in tables.letters.items():
        if id_ not in expected.letters and offset >= starts.get((topic, partition), 0):
            found["drift", f"letter {id_}"] = f"letter {id_} is not in the log"


def _tally(tables: Tables, found: Found) -> None:
    """Compare what the database has counted with the rows themselves, where it counts."""
    there = Counter(tables.rows)
    for key in sorted(there.keys() | tables.tally.keys()) if tables.counts else ():
        if there[key] != tables.tally.get(key, 0):
            found["drift", f"count of {key}"] = (
                f"{tables.tally.get(key, 0)} of {key} are counted, there are {there[key]}"
            )


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


async def positions(connection: asyncpg.Connection) -> Ends:
    """Return how far the read models have come."""
    rows = await connection.fetch(
        "select topic, partition, next_offset from projection_offset where projection = $1", PROJECTION
    )
    return {(r["topic"], r["partition"]): r["next_offset"] for r in rows}
