"""The read models as they are at one moment: of each row what is compared, and how much of the log was in them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from projections.reads.rows import from_json
from projections.run.writer import positions
from projections.timeline.whole import whole
from projections.verify.buckets import WHOLE, Bucket
from projections.verify.heads import Heads, heads_of
from projections.verify.log_reader import TOPICS, Ends
from schemas.events import Event
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
    select record_id, dlq_topic, dlq_partition, dlq_offset from dead_letter
     where dead_at is not null
       and (right(encode(sha256(convert_to($3 || record_id, 'UTF8')), 'hex'), 4) collate "C") >= $1
       and (right(encode(sha256(convert_to($3 || record_id, 'UTF8')), 'hex'), 4) collate "C") < $2"""
_UNREAD: Final = """
    select record_id, state = 'discarded' from dead_letter where dead_at is not null and record_id = any($1::text[])"""
_ROWS: Final = """
    select 'plan', status, count(*) from plan group by 2 union all
    select 'task', status, count(*) from task group by 2"""
_TALLY: Final = "select kind, status, sum(n)::bigint from tally group by 1, 2 having sum(n) <> 0"
_COUNTS: Final = "select exists (select from pg_trigger where tgname = 'tally_came' and tgrelid = to_regclass('plan'))"


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables at one moment, as far as they are of some plans, and how much of the log was in them then.

    Counts and positions are those of all plans.
    """

    at: Ends
    plans: dict[str, tuple[int, str]]  # plan -> version, status
    tasks: dict[str, tuple[int, str, str]]  # task -> version, status, plan
    timeline: dict[tuple[str, int], str]  # (stream, version) -> event id
    unfolded: dict[tuple[str, int], str]  # the same, of the task.created that rows of phases stand for
    published: dict[tuple[str, int], str]  # the same, of events that the outbox says are in the log
    recoveries: dict[str, str]  # plan and version -> event id
    letters: dict[str, tuple[str, int, int]]  # id -> where it is in the log
    unread: dict[str, bool]  # id of a letter that was asked for -> whether a person has discarded it
    watched: frozenset[str]  # plans whose analysis has a deadline: somebody sees to it that it comes
    tally: dict[str, int]  # kind and status -> how many the database has counted
    counts: bool  # whether the database counts: from `migrate post` on
    rows: dict[str, int]  # kind and status -> how many there are
    heads: Heads


async def look(
    connection: asyncpg.Connection, fixed: datetime, bucket: Bucket = WHOLE, unread: Collection[str] = ()
) -> Tables:
    """Return the tables as they are now; of the outbox, what was published before `fixed`, by the database's clock.

    `unread` are ids of letters that are asked for, whichever part they are of.
    """
    part = (bucket.first, bucket.end)

    async def rows(query: str, *arguments: object) -> AsyncIterator[asyncpg.Record]:
        # not all at once: what is kept of a row is a part of it
        async for row in connection.cursor(query, *arguments, prefetch=ROWS_AT_ONCE):
            yield row

    async with connection.transaction(isolation="repeatable_read", readonly=True):
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
            {r[0]: (r[1], r[2], r[3]) async for r in rows(_LETTERS, *part, bucket.salt)},
            await letters_of(connection, unread),
            frozenset([str(r[0]) async for r in rows(_WATCHED, *part)]),
            {f"{r[0]} {r[1]}": r[2] for r in await connection.fetch(_TALLY)},
            await connection.fetchval(_COUNTS),
            {f"{r[0]} {r[1]}": r[2] for r in await connection.fetch(_ROWS)},
            await heads_of(rows, part, TOPICS),
        )


async def letters_of(connection: asyncpg.Connection, ids: Collection[str]) -> dict[str, bool]:
    """Return which of these ids have a letter, each with whether a person has discarded it."""
    return {r[0]: r[1] for r in await connection.fetch(_UNREAD, list(ids))}


def _unfolded(row: asyncpg.Record) -> dict[tuple[str, int], str]:
    """Return the events that are shown beside a phase, where they have no rows of their own."""
    plan = str(row["plan_id"])
    data = whole(row["type"], plan, from_json(row["data"]), None)
    phase = Event(row["type"], str(row["event_id"]), f"plan-{plan}", 1, 0, "", plan, "", data)
    if is_phase(phase) and is_whole(phase):
        return {(made.stream, made.version): made.event_id for made in created_by(phase)}
    return {}
