"""Predict the outcome of a replay of dead letters without making it, and list other letters of the same record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from projections.reads.rows import Reader
from schemas.headers import NAME_LIMIT
from schemas.topics import groups

#: After so many replays that came back a letter is blocked from more.
MAX_REPLAYS: Final = 3
BLOCKED: Final = "blocked"
#: What `blocked` is called in the tables and functions of the database, which two versions share.
STORED_BLOCKED: Final = "parked"


def said(column: str) -> str:
    """Return the SQL that gives a stored state or outcome of a letter in today's word."""
    return f"case {column} when '{STORED_BLOCKED}' then '{BLOCKED}' else {column} end"


@dataclass(frozen=True, slots=True)
class Outlook:
    """The predicted answer of a replay: `accepted` or the refusal. `topic` is "" without a reader.

    `readable`: what would be sent can be decoded and fits its schema. `behind`: the record that it would wait for, ""
    for none. `in_history`: the same place of the same stream is in the plan's history already, so that nothing of it
    will happen twice.
    """

    record_id: str
    outcome: str
    group: str
    topic: str
    type: str
    edited: bool
    readable: bool
    behind: str
    in_history: bool


#: The groups whose records wait for those before them.
_IN_ORDER: Final = [group.name for group in groups().values() if group.redelivered]
_OUTLOOK: Final = f"""
    select i.id as record_id, d.record_id is not null as found, coalesce(d.grp, '') as grp,
           case when flow.is_read(d.grp, d.orig_topic) then flow.replay_topic(d.grp, d.orig_topic) else '' end as topic,
           coalesce(f.edit_type, d.type, '') as type, f.edit_data is not null as edited,
           coalesce(f.edit_data, d.data) is not null as readable,
           coalesce(f.discarded, false) as discarded, coalesce(f.replays, 0) as replays, d.replay,
           coalesce((select q.record_id from flow.parked q
                      where q.state = 'waiting' and q.grp = d.grp and q.key = left(d.key, {NAME_LIMIT})
                        and q.orig_topic = d.orig_topic and q.orig_partition = d.orig_partition
                        and q.orig_offset < d.orig_offset and d.grp = any ($2::text[]) and d.key <> ''
                      order by q.orig_offset limit 1), '') as behind,
           exists (select 1 from rm.timeline t
                    where t.plan_id = d.plan_id and t.stream = coalesce(f.edit_data, d.data) ->> 'stream'
                      and t.version::text = coalesce(f.edit_data, d.data) ->> 'version')
             or coalesce(f.edit_type, d.type) = 'task.created' and exists (  -- its phase has told it
                  select 1 from rm.task k
                   where k.plan_id = d.plan_id and k.created_at is not null
                     and 'task-' || k.task_id = coalesce(f.edit_data, d.data) ->> 'stream') as in_history
      from unnest($1::text[]) with ordinality i (id, n)
      left join rm.dead_letter d on d.record_id = i.id and d.dead_at is not null
      left join flow.dead_head f on f.record_id = i.id
     order by i.n
"""  # noqa: S608 - a constant
_TWINS: Final = """
    select t.record_id from rm.dead_letter d, unnest($2::text[]) g (grp), rm.dead_letter t
     where d.record_id = $1 and t.record_id = g.grp || substr(d.record_id, length(d.grp) + 1)
       and t.record_id <> d.record_id and t.dead_at is not null
     order by 1"""


async def of(db: Reader, ids: Sequence[str], *, force: bool) -> list[Outlook]:
    """Predict a replay of each letter, in their order, by the rules of flow.dead_replay."""
    found = []
    for row in await db.fetch(_OUTLOOK, list(ids), _IN_ORDER):
        outcome = "accepted"
        if not row["found"]:
            outcome = "not_found"
        elif not row["topic"]:
            outcome = "unread"
        elif row["discarded"] and not force:
            outcome = "discarded"
        elif row["replays"] > row["replay"] and not force:
            outcome = "replayed"
        elif row["replay"] >= MAX_REPLAYS and not force:
            outcome = BLOCKED
        found.append(
            Outlook(
                row["record_id"],
                outcome,
                row["grp"],
                row["topic"],
                row["type"],
                row["edited"],
                row["readable"],
                row["behind"],
                row["in_history"],
            )
        )
    return found


async def twins(db: Reader, record_id: str) -> list[str]:
    """Return the letters that the same record made for other groups."""
    rows = await db.fetch(_TWINS, record_id, list(groups()))
    return [row["record_id"] for row in rows]
