"""The queue of reminders in Postgres. The tasks and the address of a message are read when it is claimed.

So nobody is reminded of a task that has ended meanwhile, or that has another assignee, and the queue holds no address.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

import asyncpg

from gateway.alerts import decisions, words
from gateway.alerts.alert import NAMESPACE
from gateway.alerts.message import LISTED, DueTask, Message, reminding
from gateway.alerts.notifiers.personal import Reminder
from gateway.alerts.queue import BEGUN, CLAIM, CLAIM_S, Claimed, Outcomes
from gateway.alerts.reminders import DUE, SAME, due_day
from gateway.verdict.words.own import Fate
from projections.reads.overview import DECISION_DUE_S
from projections.reads.unsourced import UNMATCHED, without_source
from projections.reads.written import Shown
from schemas.process.connection import Db

#: The name of the sender of reminders, in its messages and its circuit breaker.
PEOPLE: Final = "people"
#: The most tasks in one message.
MOST: Final = 1000
#: Least minutes between two messages to one person: tasks that fall due meanwhile go in one message.
APART: Final = 10
_WAITS: Final = f"""
      from flow.reminder r join ({DUE}) d on {SAME} where r.message_id is null and r.due_at <= now()"""
_APART: Final = f"""
       and not exists (select from flow.alert_message m where m.person_id = r.person_id
                          and m.created_at > now() - make_interval(mins => {APART}))
     order by r.due_at, r.person_id limit 1"""
_NEXT: Final = f"select r.person_id {_WAITS} {_APART}"
_NEXT_TO_DECIDE: Final = f"{decisions.NEXT} {_APART}"
_MINE: Final = f"""
    select r.task_id, r.due_on, r.about {_WAITS} and r.person_id = $2
     order by r.due_on, r.task_id limit {MOST} for update of r skip locked"""
_MAKE: Final = """
    insert into flow.alert_message (message_id, notifier, body, due_at, person_id) values ($1, $2, '{}', now(), $3)
    on conflict do nothing"""
_LINK: Final = """
    update flow.reminder r set message_id = $1
      from unnest($3::uuid[], $4::date[], $5::text[]) d (task_id, due_on, about)
     where r.person_id = $2 and r.task_id = d.task_id and r.due_on = d.due_on and r.about = d.about"""
_TOLD: Final = f"""
    select d.task_id, d.due_on, d.about, d.title, d.email, d.language,
           (select {UNMATCHED} from rm.task t left join rm.plan p using (plan_id) where t.task_id = d.task_id)
               as unmatched
      from flow.reminder r join ({DUE}) d on {SAME}
     where r.message_id = $2 order by d.due_on, d.title, d.task_id"""  # noqa: S608 - constants
_NOT_DUE: Final = f"""
    delete from flow.reminder r where r.message_id = $2 and not exists (select from ({DUE}) d where {SAME})"""  # noqa: S608 - constants
_GONE: Final = "delete from flow.alert_message where message_id = $1"
_OVER: Final = "update flow.alert_message set state = 'failed', ended_at = now(), error = $2 where message_id = $1"


class ReminderQueue(Outcomes[Reminder]):
    """Claims across all processes. Raises the database's errors.

    `zone`: by whose clocks a day begins. `due_s`: so long a plan may wait for an approval. `four_eyes`: somebody else
    than its uploader approves it.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        page_url: str,
        language: str = words.DEFAULT,
        zone: str = "UTC",
        due_s: float = DECISION_DUE_S,
        *,
        four_eyes: bool = False,
    ) -> None:
        super().__init__(pool)
        self._page_url = page_url
        self._language = language
        self._zone = zone
        self._due_s = due_s
        self._four_eyes = four_eyes

    async def claim(self, notifier: str, *, gathers: bool) -> Claimed[Reminder] | None:  # noqa: ARG002 - one gathers always
        """Return the next due message that still has a task to remind of, None if there is none."""
        day = due_day(datetime.now(UTC), self._zone)
        async with self._pool.acquire() as connection, connection.transaction():
            await _gather(connection, notifier, day)
            while (row := await connection.fetchrow(CLAIM, notifier, CLAIM_S)) is not None:
                message_id, may_repeat = row["message_id"], row["may_repeat"]
                if not may_repeat:  # nobody has heard of it: it is told where the task comes back to this
                    await connection.execute(_NOT_DUE, day, message_id)
                found = await self._told(connection, day, message_id)
                if found is not None:
                    await connection.execute(BEGUN, message_id, row["attempts"])
                    made, to = found
                    reminder = Reminder(replace(made, may_repeat=may_repeat), to)
                    return Claimed(reminder, row["attempts"], (), row["created_at"], age_s=row["age_s"])
                if may_repeat:
                    await connection.execute(_OVER, message_id, Fate.OVER)
                else:
                    await connection.execute(decisions.FORGET, message_id)
                    await connection.execute(_GONE, message_id)
        return None

    async def _told(self, connection: Db, day: date, message_id: UUID) -> tuple[Message, str] | None:
        """Return what a message tells of still, and to which address; None: nothing."""
        rows = await Shown(connection).fetch(_TOLD, day, message_id)
        tasks = [_task(row) for row in rows]
        plans, count, (to, language) = await decisions.told(
            connection, self._due_s, message_id, LISTED, four_eyes=self._four_eyes
        )
        if rows:
            to, language = rows[0]["email"], rows[0]["language"]
        if not (tasks or plans):
            return None
        more = count - len(plans)
        return reminding(str(message_id), [*tasks, *plans], self._page_url, language or self._language, more), to


def _task(row: Any) -> DueTask:
    strange = tuple(without_source(row["title"], row["unmatched"]))
    return DueTask(str(row["task_id"]), row["title"], row["due_on"].isoformat(), row["about"], strange)


async def _gather(connection: Db, notifier: str, day: date) -> None:
    """Make one message of what is due for one person."""
    person_id = await connection.fetchval(_NEXT, day) or await connection.fetchval(_NEXT_TO_DECIDE)
    if person_id is None:
        return
    mine = await connection.fetch(_MINE, day, person_id)
    plans = await connection.fetch(decisions.MINE, person_id)
    if not (mine or plans):
        return
    keys = [(row["task_id"], row["due_on"], row["about"]) for row in mine]
    states = [(row["about"], row["since"]) for row in plans]
    of = sorted([f"{task} {on} {about}" for task, on, about in keys] + [f"{about} {since}" for about, since in states])
    message_id = uuid5(NAMESPACE, "|".join([person_id, *of]))
    await connection.execute(_MAKE, message_id, notifier, person_id)
    if keys:
        await connection.execute(_LINK, message_id, person_id, *map(list, zip(*keys, strict=True)))
    if states:
        await connection.execute(decisions.LINK, message_id, person_id, *map(list, zip(*states, strict=True)))
