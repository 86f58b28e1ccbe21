"""Reminders of decisions by a real mail server: who may approve is told once of plans that wait, and not of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from email.header import decode_header, make_header
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from gateway.access.people import Change, New, People
from gateway.access.roles import Role
from gateway.access.teams import Teams
from gateway.alerts.decisions import DecisionReminders
from gateway.alerts.message import LISTED
from gateway.alerts.quiet import Quiet
from gateway.alerts.reminder_queue import ReminderQueue
from gateway.alerts.reminders import TaskReminders
from tests.integration.alerts.driving import PAGES
from tests.integration.alerts.reminding import ANA, ANAS, BIA, BIAS, BY, Driven
from tests.integration.gateway import gateway_seed as seed
from tests.support.receivers import SmtpReceiver, body_of

HOUR = timedelta(hours=1)
DUE = 24 * HOUR


@dataclass
class Decisions(Driven):
    """Reminders of plans that wait too long for an approval. It is noon, so that nobody sleeps."""

    four_eyes: bool = False

    @property
    def queue(self) -> ReminderQueue:
        return ReminderQueue(self.pool, PAGES, four_eyes=self.four_eyes)

    def maker(self, *, reach: bool = True) -> DecisionReminders:
        return DecisionReminders(self.routing, DUE.total_seconds(), four_eyes=self.four_eyes, reach=reach)

    async def look(self, at: datetime | None = None) -> bool:
        found = await super().look(at or datetime.now(UTC).replace(hour=12))
        if at is None:  # whatever the time of the day is in which this runs
            await self.pool.execute("update flow.decision_reminder set due_at = now() where message_id is null")
        return found

    async def told(self) -> list[tuple[str, str]]:
        return sorted(await super().told())

    async def plan(self, title: str = "Abril", waits: timedelta = DUE + HOUR, **fields: Any) -> UUID:
        plan = await seed.add_plan(self.pool, title=title, **fields)
        await self.pool.execute(
            "update rm.plan set analyzed_at = now() - $2::interval, uploaded_by = $3 where plan_id = $1",
            plan,
            waits,
            ANA,
        )
        return plan

    async def decided(self, plan: UUID, status: str = "approved") -> None:
        await self.pool.execute("update rm.plan set status = $2 where plan_id = $1", plan, status)


@pytest.fixture
async def driven(pool: asyncpg.Pool, mail: SmtpReceiver) -> Decisions:
    await People(pool).make(New(ANA, "Ana Lima", Role.ANALYST, ANAS), BY)
    return Decisions(pool, mail)


async def test_who_may_approve_is_told_once_when_it_waits_too_long_and_once_when_twice_as_long(
    driven: Decisions,
) -> None:
    plan = await driven.plan(waits=DUE - HOUR)
    assert await driven.told() == []
    await driven.pool.execute("update rm.plan set analyzed_at = analyzed_at - interval '2 hours'")
    assert await driven.told() == [(ANAS, "Waits for an approval: Abril")]
    said = body_of(driven.mail.got[0])
    assert "Waits for an approval since " in said
    assert f"{PAGES}/plans/{plan}" in said
    assert "because you may approve these plans" in said
    await driven.later()
    assert await driven.told() == [], "not twice for one state"
    await driven.pool.execute("delete from flow.alert_message")  # as housekeeping does in time
    assert await driven.told() == []
    await driven.pool.execute("update rm.plan set analyzed_at = now() - $1::interval", 2 * DUE + HOUR)
    assert await driven.told() == [(ANAS, "Still waits for an approval: Abril")]
    await driven.later()
    assert await driven.told() == []
    assert await driven.pool.fetchval("select count(*) from flow.decision_reminder") == 2


async def test_many_plans_are_one_message_and_those_that_come_later_another(driven: Decisions) -> None:
    for n in range(LISTED + 5):
        await driven.plan(f"Plano {n:02d}", DUE + HOUR + timedelta(minutes=n))
    assert await driven.told() == [(ANAS, f"{LISTED + 5} plans wait for an approval")]
    said = body_of(driven.mail.got[0])
    assert said.count("Waits for an approval since") == LISTED
    assert "and 5 more" in said
    assert f"Plano {LISTED + 4:02d}" in said, "what has waited longest is listed"
    await driven.plan("Maio", DUE + timedelta(milliseconds=1))
    assert await driven.told() == [], "it goes with what else comes within minutes"
    await driven.later()
    assert await driven.told() == [(ANAS, "Waits for an approval: Maio")]


async def test_only_who_may_approve_a_plan_is_told_of_it(driven: Decisions) -> None:
    people, teams, pool = People(driven.pool), Teams(driven.pool), driven.pool
    for handle, role, email in (
        ("view", Role.VIEWER, "view@example.com"),
        ("no.mail", Role.ANALYST, ""),
        ("gone", Role.ADMIN, "gone@example.com"),
        ("quiet", Role.ADMIN, "quiet@example.com"),
        ("op", Role.OPERATOR, "op@example.com"),
        (BIA, Role.ANALYST, BIAS),
    ):
        await people.make(New(handle, handle, role, email), BY)
    await people.end("gone", BY)
    await people.change("quiet", Change(reminders=False), BY)
    team = await teams.make("Marketing", BY)
    plan = await driven.plan()
    await pool.execute("insert into decide.plan_team (plan_id, team_id) values ($1, $2)", plan, team)
    await teams.add(team, "person", BIA, BY)
    driven.four_eyes = True
    told = await driven.told()
    assert [to for to, _ in told] == [BIAS, "op@example.com"]
    other = await driven.plan("Maio", DUE + timedelta(seconds=1))
    await pool.execute("insert into decide.plan_team (plan_id) values ($1)", other)
    await driven.later()
    assert ANAS not in [to for to, _ in await driven.told()], "four eyes: she has uploaded it herself"
    driven.four_eyes = False
    await driven.later()
    assert [one for one in await driven.told() if one[0] == ANAS] == [(ANAS, "Waits for an approval: Maio")]


async def test_nobody_is_told_by_night_or_in_quiet_hours_nor_of_what_was_decided_by_then(driven: Decisions) -> None:
    kept, done = await driven.plan("Fica"), await driven.plan("Feito")
    night = datetime.now(UTC).replace(hour=23, minute=30)
    assert await driven.look(night) is True
    [due_at] = [row["due_at"] for row in await driven.pool.fetch("select due_at from flow.decision_reminder")]
    assert due_at == (night + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    await driven.pool.execute("delete from flow.decision_reminder")
    driven.routing = replace(driven.routing, quiet=(Quiet(ZoneInfo("UTC"), time(11), time(15)),))
    await driven.look(night.replace(hour=12))
    assert await driven.pool.fetchval("select max(due_at) from flow.decision_reminder") == night.replace(
        hour=15, minute=0, second=0, microsecond=0
    )
    await driven.pool.execute("update flow.decision_reminder set due_at = now() - interval '1 s'")
    # decided, and not shown yet
    await driven.pool.execute("update decide.head set status = 'approved' where stream = $1", f"plan-{done}")
    assert await driven.send() == 1
    assert driven.mail.got[0]["Subject"] == "Waits for an approval: Fica"
    await driven.decided(kept)
    assert await driven.look() is False


@pytest.mark.parametrize("done", [False, True])
async def test_after_a_crash_it_goes_again_and_says_so_unless_it_is_over(driven: Decisions, *, done: bool) -> None:
    plan = await driven.plan()
    await driven.crashed("Waits for an approval: Abril", partial(driven.decided, plan) if done else None)
    await driven.later()
    assert await driven.told() == []


async def test_what_nobody_heard_of_and_is_over_leaves_nothing_and_what_comes_then_is_told(driven: Decisions) -> None:
    plan = await driven.plan()
    await driven.look()
    await driven.decided(plan, "rejected")
    assert await driven.send() == 0
    assert await driven.pool.fetchval("select count(*) from flow.decision_reminder") == 0
    assert await driven.pool.fetchval("select count(*) from flow.alert_message") == 0
    await driven.plan("Maio")
    assert await driven.told() == [(ANAS, "Waits for an approval: Maio")]


async def test_tasks_and_plans_that_are_due_together_are_one_message_in_the_language_of_the_person(
    driven: Decisions,
) -> None:
    await People(driven.pool).change(ANA, Change(language="pt_BR"), BY)
    plan = await driven.plan()
    await seed.add_task(
        driven.pool, plan, assignee=ANA, due_on=datetime.now(UTC).date() - timedelta(days=3), status="assigned"
    )
    async with driven.pool.acquire() as db:
        assert await TaskReminders(driven.routing, reach=True).look(db, datetime.now(UTC))
    [(to, subject)] = await driven.told()
    assert (to, str(make_header(decode_header(subject)))) == (ANAS, "2 tarefas e planos esperam por você")
    said = body_of(driven.mail.got[0])
    assert "Atrasada" in said
    assert "Aguarda aprovação desde" in said


async def test_a_person_who_ends_takes_along_what_she_was_told_of(driven: Decisions) -> None:
    await driven.plan()
    await driven.told()
    await driven.look()
    assert await driven.pool.fetchval("select count(*) from flow.decision_reminder") == 1
    await People(driven.pool).end(ANA, BY)
    await driven.look()
    assert await driven.pool.fetchval("select count(*) from flow.decision_reminder") == 0
