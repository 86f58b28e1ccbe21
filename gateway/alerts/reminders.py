"""Makes reminders: an assignee gets one for each task that is due or overdue, once for each state, day and assignee.

A waiting reminder is dropped as soon as its task is in another state; it is made again if the task returns to the
first.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from gateway.access.roles import CONFINED
from gateway.alerts.quiet import kept_until
from gateway.alerts.routing import Routing
from gateway.verdict.traits import Severity
from projections.reads.due import GOING, state
from schemas.lifecycle import TASK
from schemas.process.connection import Db
from schemas.process.named import named

log = structlog.get_logger("alerts")

#: Seconds between two checks for due tasks: a day is long.
EVERY_S: Final = 15.0
#: The time of day from which a task is due, in the zone of the routes.
FROM: Final = time(8)
#: The most days for which a due task is reminded of. Sent reminders are known for longer.
FOR_DAYS: Final = 365
#: Quiet hours delay reminders, as they do messages of this severity.
SEVERITY: Final = Severity.WARNING
_STATE: Final = state("$1::date", "t.")
_ENDED: Final = ", ".join(f"'{status}'" for status in sorted(TASK.final))
_CONFINED: Final = ", ".join(f"'{role}'" for role in sorted(CONFINED))


def sees(plan: str) -> str:
    """Return the SQL of whether a person `p` sees a plan, given by the SQL of its id."""
    return f"""
        (p.role not in ({_CONFINED}) or not exists (select from access.team)
         or exists (select from decide.plan_team pt where pt.plan_id = {plan}
                       and (not exists (select from access.team w where w.team_id = pt.team_id)
                            or pt.team_id in (select m.team_id from access.team_member m
                                               where m.person_id = p.person_id))))"""  # noqa: S608 - constants


#: Tasks that are due on the day $1, and whose: of a person who has an e-mail, wants it, and sees the plan. What was
#: decided counts before it is shown: of a task that has ended nobody is reminded.
DUE: Final = f"""
    select t.task_id, p.person_id, t.due_on, {_STATE} as about, t.title, p.email, p.language
      from rm.task t join access.person p on p.handle = t.assignee
     where t.due_on <= $1::date and t.due_on > $1::date - {FOR_DAYS} and t.status in ({GOING})
       and p.ended_at is null and p.email is not null and p.reminders
       and not exists (select from decide.head h where h.stream = 'task-' || t.task_id and h.status in ({_ENDED}))
       and {sees("t.plan_id")}"""  # noqa: S608 - constants
#: A reminder `r` is of what is due `d`.
SAME: Final = "r.task_id = d.task_id and r.person_id = d.person_id and r.due_on = d.due_on and r.about = d.about"
_PUT: Final = f"""
    with made as (
        insert into flow.reminder (task_id, person_id, due_on, about, due_at)
        select d.task_id, d.person_id, d.due_on, d.about, $2 from ({DUE}) d
         where not exists (select from flow.reminder r where {SAME})
        on conflict do nothing returning 1)
    select count(*) from made"""  # noqa: S608 - constants
_DROP: Final = f"""
    delete from flow.reminder r
     where r.message_id is null and not exists (select from ({DUE}) d where {SAME})"""  # noqa: S608 - constants


def due_day(at: datetime, zone: str) -> date:
    """Return the last day whose tasks are due by now. Pure."""
    local = at.astimezone(ZoneInfo(zone))
    return local.date() if local.time() >= FROM else local.date() - timedelta(days=1)


class Reminders:
    """Makes reminders of due tasks, in whichever engine is active.

    `reach`: people can be reached; if not, none is made.

    A failure is logged and delays no alert: the next check comes soon.
    """

    def __init__(self, routing: Routing, *, reach: bool) -> None:
        self._routing = routing
        self._reach = reach
        self._next: datetime | None = None

    async def look(self, db: Db, at: datetime) -> bool:
        """Store which tasks are due for whom; return whether any is new."""
        if not self._reach or (self._next is not None and at < self._next):
            return False
        self._next = at + timedelta(seconds=EVERY_S)
        day = due_day(at, self._routing.summary.zone)
        due_at = kept_until(self._routing.quiet, SEVERITY, at) or at
        try:
            await db.execute(_DROP, day)
            return bool(await db.fetchval(_PUT, day, due_at))
        except Exception as error:  # what is wrong with the database the look itself finds
            log.warning("tasks that are due were not looked for", error=named(error, 200))
            return False
