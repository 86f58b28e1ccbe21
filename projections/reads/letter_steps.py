"""Read the history of one dead letter: failed attempts and people's actions, the latest first.

Failed attempts are in flow.job_attempt for 90 days, the last of them is the letter. Replays of many are known by their
job, everything else that people did by the audit, for as long as that is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from projections.reads.rows import Reader

#: Steps that are read, the latest; more are counted.
MOST: Final = 50
What = Literal["failed", "dead", "edited", "replayed", "discarded"]

_STEPS: Final = """
    select s.*, count(*) over () as total from (
        select 'failed' as what, j.at, j.attempt as number, '' as actor, j.code, j.message as reason
          from flow.job_attempt j where j.record_id = $1
        union all
        select 'dead', d.dead_at, d.attempts, '', d.code, d.message
          from rm.dead_letter d where d.record_id = $1 and d.dead_at is not null
        union all
        select case e.action when 'letter.edit' then 'edited' when 'letter.replay' then 'replayed' else 'discarded' end,
               e.at, null, e.actor, case e.outcome when 'accepted' then '' else e.outcome end, coalesce(e.reason, '')
          from audit.entry e
         where e.kind = 'letter' and e.target = $1
           and e.action in ('letter.edit', 'letter.replay', 'letter.discard')
        union all
        select 'replayed', i.at, null, b.actor, case i.outcome when 'accepted' then '' else i.outcome end, ''
          from flow.replay_item i join flow.replay_job b using (job_id)
         where i.record_id = $1 and i.outcome is not null
    ) s order by s.at desc, s.number desc limit $2"""


@dataclass(frozen=True, slots=True)
class Step:
    """One attempt or one person's action. `number`: of the attempt, None for an action; `by`: the person.

    `code`: why an attempt failed, or why what somebody did was refused, "" where it was done. `reason`: the message of
    the failure, or what that person gave as the reason.
    """

    what: What
    at: datetime
    number: int | None
    by: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Steps:
    """`more`: earlier ones that are not among the items."""

    items: list[Step]
    more: int


async def of_letter(db: Reader, record_id: str) -> Steps:
    """Return the latest steps of one letter, of a plan or of none."""
    rows = await db.fetch(_STEPS, record_id, MOST)
    items = [Step(r["what"], r["at"], r["number"], r["actor"], r["code"], r["reason"]) for r in rows]
    return Steps(items, rows[0]["total"] - len(items) if rows else 0)
