"""The read models at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from projections.reads.rows import from_json
from projections.run.writer import PROJECTION
from projections.verify.buckets import WHOLE, Bucket
from projections.verify.log_reader import TOPICS, Ends
from schemas.events import Event
from schemas.phase_tasks import PHASES, created_by, is_phase, is_whole


def _ends(key: str) -> str:
    """Return the condition for a plan of a part, by how its id ends."""
    return f'(right({key}, 4) collate "C") >= $1 and (right({key}, 4) collate "C") < $2'


_PART: Final = _ends("plan_id::text")
_PLANS: Final = f"select plan_id, version, status from plan where {_PART}"  # noqa: S608 - constants
_TASKS: Final = f"select task_id, version, status, plan_id from task where {_PART}"  # noqa: S608 - constants
_TIMELINE: Final = f"select stream, version, event_id from timeline where {_PART}"  # noqa: S608 - constants
_PHASES: Final = f"select type, event_id, plan_id, data from timeline where type = any($3::text[]) and {_PART}"  # noqa: S608 - constants
_PUBLISHED: Final = (
    "select stream, version, event_id from decide.outbox"  # noqa: S608 - constants
    f" where published_at <= $4 and raw_headers is null and topic = any($3::text[]) and {_ends('key')}"
)
_RECOVERIES: Final = f"select plan_id, version, event_id from recovery where {_PART}"  # noqa: S608 - constants
_WATCHED: Final = f"select plan_id from flow.deadline where kind = 'analysis' and {_PART}"  # noqa: S608 - constants
_LETTERS: Final = (
    "select record_id, dlq_topic, dlq_partition, dlq_offset, state from dead_letter where dead_at is not null"
)
_ROWS: Final = (
    "select 'plan', status, count(*) from plan group by 2"
    " union all select 'task', status, count(*) from task group by 2"
)
_TALLY: Final = "select kind, status, sum(n)::bigint from tally group by 1, 2 having sum(n) <> 0"
_COUNTS: Final = "select exists (select from pg_trigger where tgname = 'tally_came' and tgrelid = to_regclass('plan'))"


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables at one moment, as far as they are of some plans, and how much of the log was in them then.

    Letters, counts and positions are those of all plans.
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


async def look(connection: asyncpg.Connection, fixed: datetime, bucket: Bucket = WHOLE) -> Tables:
    """Return the tables as they are now; of the outbox, what was published before `fixed`, by the database's clock."""
    part = (bucket.first, bucket.end)
    fetch = connection.fetch
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        letters = await fetch(_LETTERS)
        published = await fetch(_PUBLISHED, *part, list(TOPICS), fixed)
        return Tables(
            at=await positions(connection),
            plans={str(r[0]): (r[1], r[2]) for r in await fetch(_PLANS, *part)},
            tasks={str(r[0]): (r[1], r[2], str(r[3])) for r in await fetch(_TASKS, *part)},
            timeline={(r[0], r[1]): str(r[2]) for r in await fetch(_TIMELINE, *part)},
            unfolded=_unfolded(await fetch(_PHASES, *part, sorted(PHASES))),
            published={(r[0], r[1]): str(r[2]) for r in published},
            recoveries={f"{r[0]} v{r[1]}": str(r[2]) for r in await fetch(_RECOVERIES, *part)},
            letters={r[0]: (r[1], r[2], r[3]) for r in letters},
            discarded=frozenset(r[0] for r in letters if r[4] == "discarded"),
            watched=frozenset(str(r[0]) for r in await fetch(_WATCHED, *part)),
            tally={f"{r[0]} {r[1]}": r[2] for r in await fetch(_TALLY)},
            counts=await connection.fetchval(_COUNTS),
            rows={f"{r[0]} {r[1]}": r[2] for r in await fetch(_ROWS)},
        )


def _unfolded(phases: list[asyncpg.Record]) -> dict[tuple[str, int], str]:
    """Return the events that are shown beside their phases, where they have no rows of their own."""
    found: dict[tuple[str, int], str] = {}
    for row in phases:
        plan = str(row["plan_id"])
        phase = Event(row["type"], str(row["event_id"]), f"plan-{plan}", 1, 0, "", plan, "", from_json(row["data"]))
        if is_phase(phase) and is_whole(phase):
            found |= {(made.stream, made.version): made.event_id for made in created_by(phase)}
    return found


async def positions(connection: asyncpg.Connection) -> Ends:
    """Return how far the read models have come."""
    rows = await connection.fetch(
        "select topic, partition, next_offset from projection_offset where projection = $1", PROJECTION
    )
    return {(r["topic"], r["partition"]): r["next_offset"] for r in rows}
