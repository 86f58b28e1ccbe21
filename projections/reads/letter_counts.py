"""Dead letters, counted: by cause, by state, and of how many records they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from projections.reads.letter_filter import STATES, LetterFilter, narrow
from projections.reads.outlook import said
from projections.reads.rows import Reader, from_json

#: Hours of a cause's trend.
TREND_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class Counted:
    """How many letters there are, and of how many records: each group that gave one up has a letter of it."""

    records: int
    letters: int


NONE: Final = Counted(0, 0)


@dataclass(frozen=True, slots=True)
class Cause:
    """All letters with one cause. `trend` counts them by the hour, the oldest of TREND_HOURS first.

    `groups`: who could not handle them. One record that two groups cannot read makes two letters: `records`,
    `record_states` and `record_trend` count it once. `messages`: how many there are; `message` is the newest.
    """

    fingerprint: str
    group: str
    code: str
    error_class: str
    type: str
    message: str
    total: int
    states: dict[str, int]
    first_at: datetime
    last_at: datetime
    trend: list[int]
    groups: list[str]
    records: int
    record_states: dict[str, int]
    record_trend: list[int]
    messages: int


_RECORD: Final = "(d.orig_topic, d.orig_partition, d.orig_offset)"
_LATE: Final = f"d.dead_at > now() - interval '{TREND_HOURS} hours'"
_BY_HOUR: Final = f"""
        select {{what}} from generate_series(1, {TREND_HOURS}) hours (n)
          left join unnest(array_agg({TREND_HOURS} - floor(extract(epoch from now() - d.dead_at) / 3600)::int)
                             filter (where {_LATE}),
                           array_agg(d.orig_topic || '|' || d.orig_partition || '|' || d.orig_offset)
                             filter (where {_LATE})) b (n, record)
            on b.n = hours.n
         group by hours.n order by hours.n"""  # noqa: S608 - a constant
_CAUSES: Final = f"""
    select d.fingerprint, min(d.grp) as "group", min(d.code) as code, min(d.error_class) as error_class,
           min(d.type) as type, (array_agg(d.message order by d.dead_at desc))[1] as message, count(*) as total,
           jsonb_build_object('open', count(*) filter (where d.state = 'open'),
                              'blocked', count(*) filter (where d.state = 'parked'),
                              'replayed', count(*) filter (where d.state = 'replayed'),
                              'discarded', count(*) filter (where d.state = 'discarded')) as states,
           min(d.first_failed_at) as first_at, max(d.dead_at) as last_at,
           array_agg(distinct d.grp) as groups,
           count(distinct {_RECORD}) as records,
           jsonb_build_object('open', count(distinct {_RECORD}) filter (where d.state = 'open'),
                              'blocked', count(distinct {_RECORD}) filter (where d.state = 'parked'),
                              'replayed', count(distinct {_RECORD}) filter (where d.state = 'replayed'),
                              'discarded', count(distinct {_RECORD}) filter (where d.state = 'discarded'))
             as record_states,
           count(distinct d.message) as messages,
           array({_BY_HOUR.format(what="count(b.n)")})::int[] as trend,
           array({_BY_HOUR.format(what="count(distinct b.record)")})::int[] as record_trend
      from rm.dead_letter d {{where}} group by d.fingerprint
     order by count(*) filter (where d.state in ('open', 'parked')) desc, max(d.dead_at) desc, d.fingerprint
     limit 500"""  # noqa: S608 - constants
_COUNTED: Final = f"select count(distinct {_RECORD}) as records, count(*) as letters from rm.dead_letter d"  # noqa: S608 - a constant
_COUNTS: Final = f"""
    select {said("state")} as state, count(*) as n from rm.dead_letter where dead_at is not null group by 1"""  # noqa: S608 - a constant
_RECORD_COUNTS: Final = f"""
    select {said("state")} as state, count(*) as n
      from (select distinct state, orig_topic, orig_partition, orig_offset from rm.dead_letter
             where dead_at is not null) d
     group by 1"""  # noqa: S608 - a constant


async def causes(db: Reader, wanted: LetterFilter) -> list[Cause]:
    """Return the letters by cause, those with the most open ones first."""
    where = narrow(wanted)
    rows = await db.fetch(_CAUSES.replace("{where}", where.sql()), *where.args)
    return [_cause(r) for r in rows]


async def counts(db: Reader) -> dict[str, int]:
    """Return how many letters are in each state."""
    rows = await db.fetch(_COUNTS)
    return dict.fromkeys(STATES, 0) | {r["state"]: r["n"] for r in rows}


async def record_counts(db: Reader) -> dict[str, int]:
    """Return of how many records there are letters in each state."""
    rows = await db.fetch(_RECORD_COUNTS)
    return dict.fromkeys(STATES, 0) | {r["state"]: r["n"] for r in rows}


async def counted(db: Reader, wanted: LetterFilter | None) -> Counted:
    """Return how many letters fit, and of how many records; none where nothing is wanted."""
    if wanted is None:
        return NONE
    where = narrow(wanted)
    row = await db.fetchrow(f"{_COUNTED} {where.sql()}", *where.args)
    return Counted(row["records"], row["letters"])


def counted_of(record_ids: Sequence[str]) -> Counted:
    """Return of how many records letters are, by their ids: group, and place of the record."""
    return Counted(len({one.partition("|")[2] for one in record_ids}), len(record_ids))


def _cause(row: Any) -> Cause:
    values = {name: row[name] for name in Cause.__dataclass_fields__}
    return Cause(**{**values, **{name: from_json(values[name]) for name in ("states", "record_states")}})
