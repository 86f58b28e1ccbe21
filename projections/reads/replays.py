"""Replays of many letters: how far each is, and what became of each letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from projections.reads.outlook import said
from projections.reads.rows import Reader, from_json


@dataclass(frozen=True, slots=True)
class Job:
    """A replay of many letters. `outcomes` counts the letters that were handled so far, by outcome.

    `came_back`: how many of those that were sent are dead letters again.
    """

    job_id: UUID
    actor: str
    selection: dict[str, Any]
    force: bool
    rate: float
    total: int
    state: str
    created_at: datetime
    ended_at: datetime | None
    outcomes: dict[str, int]
    came_back: int = 0
    records: int = 0


@dataclass(frozen=True, slots=True)
class JobItem:
    """One letter of a replay. `retry`: the state of its attempt; `came_back`: it is a dead letter again."""

    record_id: str
    outcome: str | None
    at: datetime | None
    retry: str
    came_back: bool = False


# Whatever clocks say: it came here with as many replays as it was sent for.
_CAME_BACK: Final = """
    i.outcome is not distinct from 'accepted' and exists (
        select from rm.dead_letter d join flow.dead_head f using (record_id)
         where d.record_id = i.record_id and f.replays > 0 and d.replay >= f.replays)"""
_JOBS: Final = f"""
    select j.job_id, j.actor, j.selection, j.force, j.rate, j.total, j.state, j.created_at, j.ended_at,
           (select coalesce(jsonb_object_agg(o.outcome, o.n), '{{}}')
              from (select {said("i.outcome")} as outcome, count(*) as n from flow.replay_item i
                     where i.job_id = j.job_id and i.outcome is not null group by i.outcome) o) as outcomes,
           (select count(*) from flow.replay_item i where i.job_id = j.job_id and {_CAME_BACK}) as came_back,
           (select count(*) from (select distinct substr(i.record_id, strpos(i.record_id, '|')) from flow.replay_item i
                                   where i.job_id = j.job_id) r) as records
      from flow.replay_job j"""  # noqa: S608 - a constant

_ITEMS: Final = f"""
    select i.record_id, {said("i.outcome")} as outcome, i.at,
           case when i.outcome = 'accepted' then coalesce(p.state, '') else '' end as retry, {_CAME_BACK} as came_back
      from flow.replay_item i left join flow.parked p using (record_id)
     where i.job_id = $1 and i.position >= $2 order by i.position limit $3"""  # noqa: S608 - a constant


async def jobs(db: Reader, limit: int = 20) -> list[Job]:
    """Return the last jobs, newest first."""
    return [_job(r) for r in await db.fetch(f"{_JOBS} order by j.created_at desc, j.job_id limit {limit:d}")]


async def job(db: Reader, job_id: UUID) -> Job | None:
    """Return one job."""
    row = await db.fetchrow(f"{_JOBS} where j.job_id = $1", job_id)
    return None if row is None else _job(row)


async def job_items(db: Reader, job_id: UUID, after: int, limit: int) -> list[JobItem]:
    """Return a job's letters from a position (from 0) on, with what became of each."""
    rows = await db.fetch(_ITEMS, job_id, after, limit)
    return [JobItem(r["record_id"], r["outcome"], r["at"], r["retry"], r["came_back"]) for r in rows]


def _job(row: Any) -> Job:
    values = {name: row[name] for name in Job.__dataclass_fields__}
    return Job(**{**values, "selection": from_json(row["selection"]), "outcomes": from_json(row["outcomes"])})
