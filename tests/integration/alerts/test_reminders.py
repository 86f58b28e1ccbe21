"""Reminders by a real mail server: who has a task that is due or overdue is told once, and not of what is over."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from gateway.access.people import Change, New, People, PersonInfo
from gateway.access.roles import Role
from gateway.access.teams import Teams
from gateway.alerts import words
from gateway.alerts.message import LISTED
from gateway.alerts.quiet import Quiet
from gateway.alerts.reminder_maker import EVERY_S
from gateway.alerts.reminder_queue import ReminderQueue
from gateway.alerts.reminders import TaskReminders, due_day
from gateway.verdict.words.own import Fate
from tests.integration.alerts.driving import PAGES
from tests.integration.alerts.reminding import ANA, ANAS, BIA, BIAS, BY, Driven
from tests.integration.gateway import gateway_seed as seed
from tests.support.receivers import SmtpReceiver, body_of, smtp_receiver


@dataclass
class Tasks(Driven):
    """Reminders of tasks of one plan."""

    plan: UUID = field(kw_only=True)
    language: str = words.DEFAULT

    @property
    def queue(self) -> ReminderQueue:
        return ReminderQueue(self.pool, PAGES, self.language)

    def maker(self, *, reach: bool = True) -> TaskReminders:
        return TaskReminders(self.routing, reach=reach)

    async def task(self, assignee: str, due_on: date, **fields: Any) -> UUID:
        return await seed.add_task(self.pool, self.plan, assignee=assignee, due_on=due_on, status="assigned", **fields)


@pytest.fixture
async def driven(pool: asyncpg.Pool, mail: SmtpReceiver) -> Tasks:
    await People(pool).make(New(ANA, "Ana Lima", Role.ANALYST, ANAS), BY)
    await People(pool).make(New(BIA, "Bia Reis", Role.VIEWER, BIAS), BY)
    return Tasks(pool, mail, plan=await seed.add_plan(pool))


def overdue() -> date:
    return datetime.now(UTC).date() - timedelta(days=3)


async def person(pool: asyncpg.Pool, handle: str = ANA) -> PersonInfo:
    found = await People(pool).find(handle)
    assert found is not None
    return found


async def end(pool: asyncpg.Pool, task_id: UUID, status: str = "completed") -> None:
    await pool.execute("update rm.task set status = $2, ended_at = now() where task_id = $1", task_id, status)


async def test_an_overdue_task_is_told_its_assignee_once_and_never_after_it_is_done(driven: Tasks) -> None:
    task = await driven.task(ANA, overdue(), title="Trocar as fotos")
    assert await driven.told() == [(ANAS, "Overdue: Trocar as fotos")]
    said = body_of(driven.mail.got[0])
    assert f"Overdue, it was due on {overdue()}: Trocar as fotos" in said
    assert f"{PAGES}/tasks/{task}" in said
    assert "/tasks?assignee=me" in said
    await driven.later()
    assert await driven.told() == [], "not twice for one state"
    await driven.pool.execute("delete from flow.alert_message")  # as housekeeping does in time
    assert await driven.told() == []
    await end(driven.pool, task)
    assert await driven.told() == []
    assert await driven.pool.fetchval("select count(*) from flow.reminder") == 1


async def test_a_number_of_an_agents_title_without_a_source_is_told_as_such(driven: Tasks) -> None:
    await seed.add_channel(driven.pool, driven.plan, "shopee")
    await driven.pool.execute(
        "update rm.plan_channel set unmatched = $2 where plan_id = $1",
        *(driven.plan, '[{"path": "phases[0].tasks[0].title", "number": "R$ 9.999"}]'),
    )
    await driven.task(ANA, overdue(), title="Ganhar R$ 9.999")
    assert await driven.told() == [(ANAS, "Overdue: Ganhar R$ 9.999 [?]")]
    assert "(without a source in the document: R$ 9.999)" in body_of(driven.mail.got[0])


async def test_that_it_is_due_and_that_it_is_overdue_are_told_each_and_another_day_anew(driven: Tasks) -> None:
    day = due_day(datetime.now(UTC), "UTC")
    task = await driven.task(ANA, day)
    assert await driven.told() == [(ANAS, "Due: Trocar as fotos")]
    for back in (3, 4):
        await driven.later()
        await driven.pool.execute("update rm.task set due_on = $2 where task_id = $1", task, day - timedelta(days=back))
        assert await driven.told() == [(ANAS, "Overdue: Trocar as fotos")]
    await driven.later()
    await driven.pool.execute("update rm.task set due_on = $2 where task_id = $1", task, day + timedelta(days=1))
    assert await driven.told() == [], "its day is to come"


async def test_a_task_that_is_assigned_anew_is_told_the_other_one_and_who_has_many_gets_one_message(
    driven: Tasks,
) -> None:
    many = [await driven.task(ANA, overdue(), position=n, title=f"Tarefa {n:02d}") for n in range(LISTED + 3)]
    assert await driven.told() == [(ANAS, "23 tasks of yours are due or overdue")]
    said = body_of(driven.mail.got[0])
    assert said.count("Overdue, it was due on") == LISTED
    assert "and 3 more" in said
    await driven.pool.execute("update rm.task set assignee = $2 where task_id = $1", many[0], BIA)
    assert await driven.told() == [(BIAS, "Overdue: Tarefa 00")]
    await driven.task(BIA, overdue(), title="Outra")
    assert await driven.told() == [], "it goes with what else falls due within minutes"
    await driven.task(BIA, overdue(), title="Mais uma")
    await driven.later()
    assert await driven.told() == [(BIAS, "2 tasks of yours are due or overdue")]


async def test_nobody_is_told_who_has_no_address_has_ended_or_does_not_see_the_plan(driven: Tasks) -> None:
    people, teams, pool = People(driven.pool), Teams(driven.pool), driven.pool
    await people.make(New("no.mail", "N", Role.ANALYST), BY)
    await people.make(New("gone", "G", Role.ANALYST, "gone@example.com"), BY)
    await people.make(New("op", "O", Role.OPERATOR, "op@example.com"), BY)
    for who in ("no.mail", "gone", "Somebody else", "", ANA, "op"):
        await driven.task(who, overdue())
    await people.end("gone", BY)
    team = await teams.make("Marketing", BY)
    await pool.execute("insert into decide.plan_team (plan_id, team_id) values ($1, $2)", driven.plan, team)
    assert await driven.told() == [("op@example.com", "Overdue: Trocar as fotos")], "operators see every plan"
    await teams.add(team, "person", ANA, BY)
    assert await driven.told() == [(ANAS, "Overdue: Trocar as fotos")]
    await people.change("no.mail", Change(email="now@example.com"), BY)
    await teams.add(team, "person", "no.mail", BY)
    assert await driven.told() == [("now@example.com", "Overdue: Trocar as fotos")], "who has one since is told"


async def test_quiet_hours_keep_it_and_what_is_over_by_their_end_is_not_told(driven: Tasks) -> None:
    kept, done = await driven.task(ANA, overdue(), title="Fica"), await driven.task(ANA, overdue(), title="Feita")
    other = await driven.task(BIA, overdue())
    driven.routing = replace(driven.routing, quiet=(Quiet(ZoneInfo("UTC"), time(0), time(0)),))
    assert await driven.told() == []
    assert await driven.pool.fetchval("select bool_and(due_at > now()) from flow.reminder")
    await driven.pool.execute("update flow.reminder set due_at = now() - interval '1 s'")
    await end(driven.pool, done)
    # decided, and not shown yet
    await driven.pool.execute(
        "insert into decide.head (stream, kind, plan_id, status, version) values ($1, 'task', $2, 'completed', 2)",
        f"task-{other}",
        driven.plan,
    )
    assert await driven.send() == 1
    assert driven.mail.to == [[ANAS]]
    assert driven.mail.got[0]["Subject"] == "Overdue: Fica"
    await driven.look()
    assert [row["task_id"] for row in await driven.pool.fetch("select task_id from flow.reminder")] == [kept]


@pytest.mark.parametrize("done", [False, True])
async def test_after_a_crash_it_goes_again_and_says_so_unless_it_is_over(driven: Tasks, *, done: bool) -> None:
    task = await driven.task(ANA, overdue())
    await driven.crashed("Overdue: Trocar as fotos", partial(end, driven.pool, task) if done else None)
    rows = await driven.pool.fetch("select state, error from flow.alert_message")
    assert [tuple(row) for row in rows] == [("failed", Fate.OVER) if done else ("sent", "")]
    await driven.later()
    assert await driven.told() == []


async def test_what_never_went_out_and_is_over_leaves_nothing(driven: Tasks) -> None:
    task = await driven.task(ANA, overdue())
    driven.mail.refuses = "451 later"
    assert await driven.told() == []
    assert await driven.pool.fetchval("select error from flow.alert_message") == "SMTP 451"
    await end(driven.pool, task, "failed")
    driven.mail.refuses = ""
    await driven.later()
    assert await driven.send() == 1, "what failed is a person's still"
    await driven.task(BIA, overdue())
    await driven.look()
    await driven.pool.execute("update rm.task set status = 'cancelled'")
    assert await driven.send() == 0
    assert await driven.look() is False
    assert await driven.pool.fetchval("select count(*) from flow.reminder where person_id is not null") == 1


async def test_who_is_refused_is_given_up_and_shown_to_admins_and_holds_up_nobody(
    driven: Tasks, pool: asyncpg.Pool
) -> None:
    driven.mail.unknown = frozenset({f"p{n}@example.com" for n in range(4)})
    for n in range(4):
        await People(pool).make(New(f"p{n}", "P", Role.ANALYST, f"p{n}@example.com"), BY)
        await driven.task(f"p{n}", overdue())
    await driven.task(ANA, overdue())
    assert await driven.told() == [(ANAS, "Overdue: Trocar as fotos")]
    assert [(await person(pool, one)).reminder_error for one in ("p0", ANA)] == ["SMTP 550", ""]
    assert await pool.fetchval("select coalesce(max(failures), 0) from flow.breaker where name = 'notify:people'") == 0
    tables = await pool.fetch("select schemaname || '.' || relname as name from pg_stat_user_tables")
    having = [
        row["name"]
        for row in tables
        if await pool.fetchval(f"select exists (select from {row['name']} t where t::text like '%@example.com%')")
    ]
    assert having == ["access.person"], "an address is nowhere else"


async def test_addresses_that_the_server_can_never_take_hold_up_nobody(driven: Tasks, pool: asyncpg.Pool) -> None:
    with smtp_receiver(of_any_script=False) as mail:
        driven = replace(driven, mail=mail)
        for n in range(6):
            await People(pool).make(New(f"j{n}", "J", Role.ANALYST, f"josé{n}@example.com"), BY)
            await driven.task(f"j{n}", overdue())
        await driven.task(ANA, overdue())
        assert await driven.told() == [(ANAS, "Overdue: Trocar as fotos")]
    assert "SMTPUTF8" in (await person(pool, "j0")).reminder_error
    assert await pool.fetchval("select coalesce(max(failures), 0) from flow.breaker where name = 'notify:people'") == 0
    assert await pool.fetchval("select max(attempts) from flow.alert_message where state = 'failed'") == 1


async def test_it_is_told_in_the_language_of_messages(driven: Tasks) -> None:
    driven.language = "pt_BR"
    await driven.task(ANA, overdue())
    assert await driven.told() == [(ANAS, "Atrasada: Trocar as fotos")]
    assert "Você recebe isto porque" in body_of(driven.mail.got[0])
    assert f"{PAGES}/sign-ins" in body_of(driven.mail.got[0])


async def test_who_wants_none_gets_none_and_who_chose_a_language_is_told_in_it(driven: Tasks) -> None:
    people = People(driven.pool)
    await people.change(ANA, Change(reminders=False), BY)
    await people.change(BIA, Change(language="pt_BR"), BY)
    await driven.task(ANA, overdue())
    await driven.task(BIA, overdue())
    assert await driven.told() == [(BIAS, "Atrasada: Trocar as fotos")]
    await people.change(ANA, Change(reminders=True), BY)
    assert await driven.told() == [(ANAS, "Overdue: Trocar as fotos")]


async def test_a_look_that_fails_holds_up_no_alert(driven: Tasks, pool: asyncpg.Pool) -> None:
    await driven.task(ANA, overdue())
    await pool.execute("alter table flow.reminder rename to reminder_away")
    assert await driven.look() is False
    await pool.execute("alter table flow.reminder_away rename to reminder")
    assert await driven.told() == [(ANAS, "Overdue: Trocar as fotos")]


async def test_it_looks_a_few_times_a_minute_and_never_without_a_mail_server(driven: Tasks) -> None:
    await driven.task(ANA, overdue())
    async with driven.pool.acquire() as db:
        at = datetime.now(UTC)
        assert await driven.maker(reach=False).look(db, at) is False
        looking = driven.maker()
        assert await looking.look(db, at) is True
        await db.execute("delete from flow.reminder")
        assert await looking.look(db, at + timedelta(seconds=EVERY_S - 1)) is False
        assert await looking.look(db, at + timedelta(seconds=EVERY_S)) is True
