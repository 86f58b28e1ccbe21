"""Makes reminders: an assignee gets one for each task that is due or overdue, once for each state, day and assignee.

A waiting reminder is dropped as soon as its task is in another state; it is made again if the task returns to the
first.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from gateway.access.seeing import sees
from gateway.alerts.reminder_maker import FOR_DAYS, FROM, ReminderMaker
from projections.reads.due import GOING, state
from schemas.lifecycle import TASK
from schemas.process.connection import Db

_STATE: Final = state("$1::date", "t.")
_ENDED: Final = ", ".join(f"'{status}'" for status in sorted(TASK.final))
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


class TaskReminders(ReminderMaker):
    """Makes the reminders of tasks that are due or overdue."""

    what: ClassVar = "tasks"

    async def _make(self, db: Db, at: datetime) -> bool:
        day = due_day(at, self._routing.summary.zone)
        await db.execute(_DROP, day)
        return bool(await db.fetchval(_PUT, day, self._after_quiet(at)))
