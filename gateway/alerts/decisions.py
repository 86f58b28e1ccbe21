"""Reminders of decisions: whoever may approve a plan is told once that it waits too long, and once more later.

What a person was told of is known by a moment, and not by plan: all plans whose deadline passed between two moments are
one row, and one message lists them. So nobody gets a message for each of many.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import ClassVar, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from gateway.access.seeing import sees
from gateway.alerts.message import DueTask
from gateway.alerts.reminder_maker import FOR_DAYS, FROM, ReminderMaker
from gateway.alerts.routing import Routing
from projections.reads.written import Shown
from schemas.lifecycle import PLAN, PlanAction, PlanStatus
from schemas.process.connection import Db
from schemas.rules import Role

#: A state of a plan that waits, and after how many times its deadline it is in it.
STATES: Final = {"decide": 1, "decide-late": 2}
#: Nobody is reminded from this time of a day on, until `FROM` of the next one, by the clocks of the routes.
UNTIL: Final = time(20)
_MAY: Final = ", ".join(f"'{role}'" for role in Role if role.includes(PLAN.rules[PlanAction.APPROVE].role))
_UNDECIDED: Final = f"'{PlanStatus.ANALYZING}', '{PlanStatus.AWAITING_APPROVAL}'"
_TIMES: Final = ", ".join(f"('{about}', {times})" for about, times in STATES.items())
# What was decided counts before it is shown. Of a plan that waits the head may be behind.
_LATE: Final = f"""
    late as materialized (
        select l.plan_id, l.uploaded_by, l.title, l.analyzed_at, s.about,
               l.analyzed_at + make_interval(secs => $1 * s.times) as at
          from rm.plan l cross join (values {_TIMES}) s (about, times)
         where l.status = '{PlanStatus.AWAITING_APPROVAL}'
           and l.analyzed_at <= now() - make_interval(secs => $1 * s.times)
           and l.analyzed_at > now() - interval '{FOR_DAYS} days'
           and not exists (select from decide.head h
                            where h.stream = 'plan-' || l.plan_id and h.status not in ({_UNDECIDED})))"""  # noqa: S608 - constants
#: A person `p` may be told of a plan `l`; $2: somebody else than its uploader has to approve it.
_TOLD_OF: Final = f"""
    p.ended_at is null and p.email is not null and p.reminders and p.role in ({_MAY})
    and not ($2 and l.uploaded_by = p.handle) and {sees("l.plan_id")}"""
_PUT: Final = f"""
    with {_LATE},
    latest as (select about, max(at) as at from late group by about),
    known as (select person_id, about, max(until) as until from flow.decision_reminder group by person_id, about),
    put as (
        insert into flow.decision_reminder (person_id, about, since, until, due_at)
        select p.person_id, n.about, coalesce(k.until, '-infinity'), now(), $3
          from access.person p cross join latest n
          left join known k on k.person_id = p.person_id and k.about = n.about
         where n.at > coalesce(k.until, '-infinity')
           and exists (select from late l
                        where l.about = n.about and l.at > coalesce(k.until, '-infinity') and {_TOLD_OF})
        on conflict (person_id, about) where message_id is null do update set until = excluded.until
        returning xmax = 0 as new)
    select count(*) filter (where new) from put"""  # noqa: S608 - constants
#: The newest that was told stays: by it is known what was. Of those that have ended nothing does.
_DROP: Final = """
    delete from flow.decision_reminder r
     where r.person_id in (select person_id from access.person where ended_at is not null)
        or (r.message_id is not null
            and not exists (select from flow.alert_message m where m.message_id = r.message_id and m.state = 'waiting')
            and exists (select from flow.decision_reminder n
                         where n.person_id = r.person_id and n.about = r.about and n.since > r.since
                           and n.message_id is not null))"""
NEXT: Final = """
    select r.person_id from flow.decision_reminder r where r.message_id is null and r.due_at <= now()"""
MINE: Final = """
    select about, since::text from flow.decision_reminder r
     where r.message_id is null and r.due_at <= now() and r.person_id = $1
     order by about, since for update of r skip locked"""
LINK: Final = """
    update flow.decision_reminder r set message_id = $1 from unnest($3::text[], $4::text[]) d (about, since)
     where r.person_id = $2 and r.about = d.about and r.since = d.since::timestamptz"""
FORGET: Final = "delete from flow.decision_reminder where message_id = $1"
_TOLD: Final = f"""
    with {_LATE},
    mine as (
        select distinct on (l.plan_id) l.plan_id, l.about, l.title, l.analyzed_at, p.email, p.language
          from flow.decision_reminder r
          join access.person p on p.person_id = r.person_id
          join late l on l.about = r.about and l.at > r.since and l.at <= r.until
         where r.message_id = $3 and {_TOLD_OF}
         order by l.plan_id, l.about desc)
    select *, count(*) over () as n from mine order by about desc, analyzed_at, plan_id limit $4"""  # noqa: S608 - constants


def by_day(at: datetime, zone: str) -> datetime:
    """Return when it is day by then. Pure."""
    local = at.astimezone(ZoneInfo(zone))
    if FROM <= local.time() < UNTIL:
        return at
    day = local.date() if local.time() < FROM else local.date() + timedelta(days=1)
    return datetime.combine(day, FROM, ZoneInfo(zone)).astimezone(at.tzinfo)


class DecisionReminders(ReminderMaker):
    """Makes the reminders of plans that wait too long for an approval."""

    what: ClassVar = "plans that wait for an approval"

    def __init__(self, routing: Routing, due_s: float, *, four_eyes: bool, reach: bool) -> None:
        super().__init__(routing, reach=reach)
        self._due_s = due_s
        self._four_eyes = four_eyes

    async def _make(self, db: Db, at: datetime) -> bool:
        await db.execute(_DROP)
        due_at = self._after_quiet(by_day(at, self._routing.summary.zone))
        return bool(await db.fetchval(_PUT, self._due_s, self._four_eyes, due_at))


async def told(
    db: Db, due_s: float, message_id: UUID, most: int, *, four_eyes: bool
) -> tuple[Sequence[DueTask], int, tuple[str, str]]:
    """Return the plans that a message tells of still, `most` of them, how many there are, and address and language."""
    rows = await Shown(db).fetch(_TOLD, due_s, four_eyes, message_id, most)
    plans = [DueTask(str(r["plan_id"]), r["title"], r["analyzed_at"].date().isoformat(), r["about"]) for r in rows]
    return plans, rows[0]["n"] if rows else 0, (rows[0]["email"], rows[0]["language"]) if rows else ("", "")
