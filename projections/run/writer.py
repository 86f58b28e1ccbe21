"""Writes a batch: rows, offsets and the notice to readers in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

import asyncpg
import orjson
import structlog

from projections import dead_letters, deadlines, goods, outcomes, plans, recoveries, slo, tasks, timeline
from projections.dead_letters.projection import project as project_dead_letter
from projections.deadlines.projection import project as project_deadline
from projections.deadlines.rows import deadline_phase1
from projections.goods.projection import project as project_goods
from projections.outcomes.projection import project as project_outcome
from projections.plans.merging import Folded, merge_changes
from projections.plans.projection import project as project_plan
from projections.plans.rows import (
    channel_ended,
    plan_analyzed,
    plan_decided,
    plan_decided_phase1,
    plan_erased,
    plan_phase1,
    plan_unnamed,
    plan_uploaded,
)
from projections.reads.data_keys import names_shown
from projections.recoveries.projection import project as project_recovery
from projections.rows import Recorded, Row, fold, of_goods, of_plan, of_system, of_task
from projections.run.at_once import FENCED, arguments, fits, function_of, question
from projections.run.beside import forget
from projections.run.sql import load, parameters
from projections.slo.projection import project as project_slo
from projections.slo.rows import slo_measured
from projections.tasks.projection import project as project_task
from projections.tasks.projection import project_phase
from projections.tasks.rows import task_begun
from projections.timeline.apart import Statements, as_read
from projections.timeline.projection import project as project_timeline
from projections.timeline.rows import plan_body, timeline_event
from schemas.process.connection import Db
from schemas.process.crashpoints import crashpoint

log = structlog.get_logger("projections")

#: Every read model, in the order in which its statements are run: deadlines look at those before them, and what is
#: counted by the hour looks at the history as it was before.
PROJECTION: Final = "read_models"
STATEMENTS: Final = load(
    *(part.__name__ for part in (slo, plans, tasks, timeline, recoveries, outcomes, goods, dead_letters, deadlines)),
)
#: The names of each statement's parameters, in the order in which they are sent.
PARAMETERS: Final = {name: tuple(parameters(sql)) for name, sql in STATEMENTS.items()}
#: A statement that is run with the same rows after another.
SECOND_HALF: Final = {"task_moved": "task_moved_update"}
#: Moves offsets that stand where the batch began.
_ADVANCE: Final = """
    update projection_offset o
       set next_offset = v.following, ahead_until = greatest(o.ahead_until, v.ahead), changed_at = now()
      from unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[])
           v (topic, partition, expected, following, ahead)
     where o.projection = $1 and o.topic = v.topic and o.partition = v.partition and o.next_offset = v.expected
"""
#: After these a plan's names are kept nowhere.
_NAMELESS: Final = (plan_erased.name, plan_unnamed.name)
#: The statements of a decision and of its Phase 1, which a small batch may be written by at once.
_OFTEN: Final = {
    part.name: STATEMENTS[part.name]
    for part in (
        slo_measured,
        plan_decided,
        plan_phase1,
        plan_decided_phase1,
        task_begun,
        plan_body,
        timeline_event,
        deadline_phase1,
    )
}
_OFTEN_PARAMETERS: Final = {name: PARAMETERS[name] for name in _OFTEN}
_REPEATING: Final = Statements(channel_ended.name, plan_analyzed.name, (plan_phase1.name, plan_decided_phase1.name))
#: What the database says when a row's contents are the fault: nothing is gained by trying again.
REFUSED: Final = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,  # such as a text that is too long for an index
    asyncpg.CardinalityViolationError,  # two events that claim one place, in one batch: the first to come has it
)
#: Postgres takes at most 8000 bytes in a notice.
NOTICE_PLANS: Final = 150


class Fenced(Exception):  # noqa: N818 - says what happened
    """Another process has moved an offset of this one, which no longer owns the partition."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a partition stands: the batch was read from `expected`, the next record is `following`.

    `ahead`: up to there records may be shown whose turn has not come.
    """

    topic: str
    partition: int
    expected: int
    following: int
    ahead: int = 0


def rows_of(recorded: Recorded) -> list[Row]:
    """Return every row that an event changes, in any read model.

    An event of a plan or a task whose type is not known here yet is history only.
    """
    if of_plan(recorded):
        rows = [
            *project_plan(recorded),
            *project_phase(recorded),
            *project_recovery(recorded),
            *project_outcome(recorded),
            *project_deadline(recorded),
            *project_slo(recorded),
        ]
    elif of_task(recorded):
        rows = [*project_task(recorded), *project_slo(recorded)]
    elif of_goods(recorded):
        return [*project_goods(recorded)]
    elif of_system(recorded):
        return [*project_dead_letter(recorded)]
    elif recorded.event.type.startswith(("plan.", "task.")):
        rows = []
    else:
        return []
    rows += project_timeline(recorded)
    return rows


async def start_positions(connection: Db, partitions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Return the next offset of each partition, creating missing ones at 0."""
    wanted = sorted(partitions)
    await connection.execute(
        "insert into projection_offset (projection, topic, partition, next_offset)"
        " select $1, t, p, 0 from unnest($2::text[], $3::int[]) v (t, p) on conflict do nothing",
        PROJECTION,
        [t for t, _ in wanted],
        [p for _, p in wanted],
    )
    stored = await positions(connection)
    return {tp: stored[tp] for tp in wanted}


async def positions(connection: Db) -> dict[tuple[str, int], int]:
    """Return how far the read models have come: (topic, partition) -> the next offset."""
    rows = await connection.fetch(
        "select topic, partition, next_offset from projection_offset where projection = $1", PROJECTION
    )
    return {(r["topic"], r["partition"]): r["next_offset"] for r in rows}


async def prepare(connection: Db) -> bool:
    """Make the session ready for `write` at once; return False where its user may make no function of its own."""
    try:
        await connection.execute(function_of(_ADVANCE, _OFTEN))
    except asyncpg.InsufficientPrivilegeError as error:
        log.warning(
            "small batches are written statement by statement: grant temporary on the database", error=str(error)
        )
        return False
    return True


async def write(
    connection: Db,
    rows: Iterable[Row],
    positions: Sequence[Position],
    plan_ids: Sequence[str],
    *,
    at_once: bool = False,
) -> None:
    """Write everything or nothing. Raises Fenced, and asyncpg's errors as they are.

    `at_once`: the session is prepared, and a small batch may be written by one question.
    """
    folded = await as_read(connection, merge_changes(fold(rows)), _REPEATING)
    notice = _notice(plan_ids) if plan_ids else None
    if at_once and fits(folded, _OFTEN):
        await _write_at_once(connection, folded, positions, notice)
    else:
        async with connection.transaction():
            await _advance(connection, positions)
            crashpoint("projections.advanced")
            await _put(connection, folded)
            if nameless := [row for name in _NAMELESS for row in folded.get(name, ())]:
                await forget(connection, nameless)
            if notice is not None:
                await connection.execute("select pg_notify('projected', $1)", notice)
            crashpoint("projections.before_commit")
    crashpoint("projections.committed")


async def _write_at_once(connection: Db, folded: Folded, positions: Sequence[Position], notice: str | None) -> None:
    columns = {name: _columns(name, values) for name, values in folded.items() if values}
    given = arguments(_offsets(positions), columns, _OFTEN_PARAMETERS, notice)
    crashpoint("projections.before_question")
    try:
        await connection.execute(question(len(given)), *given)
    except asyncpg.PostgresError as error:
        if error.sqlstate != FENCED:
            raise
        raise Fenced(f"{error} of {len(positions)} offsets") from error


async def put(connection: Db, folded: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Run each statement with its rows, in the order of the read models, on the tables that the session finds."""
    await _put(connection, await as_read(connection, folded, _REPEATING))


async def _put(connection: Db, folded: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    for statement, sql in STATEMENTS.items():
        values = folded.get(statement)
        if not values:
            continue
        if statement == plan_uploaded.name:
            values = await names_shown(connection, values)
        columns = _columns(statement, values)
        await connection.execute(sql, *columns)
        second = SECOND_HALF.get(statement)
        if second is not None:
            await connection.execute(STATEMENTS[second], *columns)


def _columns(statement: str, values: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    return [list(map(itemgetter(name), values)) for name in PARAMETERS[statement]]


async def _advance(connection: Db, positions: Sequence[Position]) -> None:
    moved = await connection.execute(_ADVANCE, *_offsets(positions))
    if moved != f"UPDATE {len(positions)}":
        raise Fenced(f"{moved} of {len(positions)} offsets")


def _offsets(positions: Sequence[Position]) -> list[Any]:
    return [
        PROJECTION,
        [p.topic for p in positions],
        [p.partition for p in positions],
        [p.expected for p in positions],
        [p.following for p in positions],
        [p.ahead for p in positions],
    ]


def _notice(plan_ids: Sequence[str]) -> str:
    message: Mapping[str, Any] = {"plans": list(plan_ids[:NOTICE_PLANS]), "n": len(plan_ids)}
    if len(plan_ids) > NOTICE_PLANS:
        message = {**message, "all": True}
    return orjson.dumps(message).decode()
