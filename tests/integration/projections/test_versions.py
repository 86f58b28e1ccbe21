"""A database that a released version has left is taken over: its tables become today's, and what is in it goes on.

`tests.support.keep_version` has kept each: made by that version, with its own functions and rows.
"""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands
from gateway.shapes.alerts import AlertPage
from gateway.shapes.plans import EventPage, PlanPage
from gateway.shapes.tasks import TaskPage
from projections.dead_letters import reads as letters
from projections.migrate import migrate
from projections.plans import reads as plans
from projections.reads import alerts
from projections.reads.letter_filter import LetterFilter
from projections.tasks import reads as tasks
from projections.timeline import reads as timeline
from schemas.process.version import build
from tests.conftest import NewDatabase
from tests.support.catalogue import described
from tests.support.keep_version import FOLDER
from tests.support.reading import recorded

KEPT = sorted(FOLDER.glob("*.sql"))
CHANGELOG = Path(__file__).parents[3] / "CHANGELOG.md"
#: Its tables were changed before the baseline was closed: nothing leads from there (`make reset`).
WITHOUT_A_WAY = {"0.1.0"}


@pytest.fixture(scope="module", params=KEPT, ids=[file.stem for file in KEPT])
async def before(request: pytest.FixtureRequest, new_database: NewDatabase) -> str:
    """A database as a version has left it."""
    url = await new_database()
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(request.param.read_text("utf-8"))
    finally:
        await connection.close()
    return url


@pytest.fixture(scope="module")
async def database_url(before: str) -> str:
    """The same, migrated."""
    assert await migrate(before)
    assert await migrate(before) == []
    return before


def test_every_version_is_kept() -> None:
    released = set(re.findall(r"^## (\d+\.\d+\.\d+) ", CHANGELOG.read_text("utf-8"), re.MULTILINE))
    assert build().version in released
    assert {file.stem for file in KEPT} == released - WITHOUT_A_WAY


async def test_it_is_described_as_a_fresh_one_is(database_url: str, new_migrated: NewDatabase) -> None:
    """Tables, types, indexes, rights, and the definition of each function."""
    assert await described(database_url) == await described(await new_migrated())


async def test_its_records_are_those_of_a_fresh_one(pool: asyncpg.Pool, new_migrated: NewDatabase) -> None:
    fresh = await asyncpg.connect(await new_migrated())
    try:
        for sql in (
            "select name, digest from public.migration order by name",
            "select name, digest from public.function_file order by name",
            "select number, digest from public.function_set",
        ):
            assert await pool.fetch(sql) == await fresh.fetch(sql)
    finally:
        await fresh.close()


async def test_what_is_in_it_is_read(pool: asyncpg.Pool) -> None:
    page = await plans.find(pool, plans.PlanFilter(), count=True)
    shown = PlanPage.model_validate(page)
    assert shown.total == len(shown.items)
    assert sorted(plan.status for plan in shown.items) == ["awaiting_approval", "executing", "rejected"]
    counted = {row.plan_id: row.tasks for row in shown.items}
    for row in shown.items:
        plan = await plans.get(pool, row.plan_id)
        assert plan is not None
        assert [(one.channel, one.status) for one in plan.channel_results] == [("shopee", "analyzed")]
        assert plan.opportunities or plan.status == "awaiting_approval"  # of a file of a few rows
        events = EventPage.model_validate(await timeline.of_plan(pool, row.plan_id))
        assert {"plan.uploaded", "plan.channel.analyzed", "plan.analyzed"} <= {one.type for one in events.items}
        of_plan = await tasks.of_plan(pool, row.plan_id)
        assert (len(of_plan) > 1) == (row.status == "executing")
        assert len(of_plan) == counted[row.plan_id].total

    listed = TaskPage.model_validate(await tasks.find(pool, tasks.TaskFilter(assignees=("ana",))))
    [mine] = listed.items
    detail = await tasks.get(pool, mine.task_id)
    assert detail is not None
    assert [comment.comment for comment in detail.comments] == ["Começo amanhã."]

    found = (await letters.find(pool, LetterFilter())).items
    assert {(letter.group, letter.topic) for letter in found} <= {(g, "plan.events") for g in ("agents", "projections")}
    assert found
    assert AlertPage.model_validate(await alerts.find(pool)).items


async def test_what_was_begun_goes_on(pool: asyncpg.Pool) -> None:
    """The head that the version has left is decided on by today's functions, and the event is stored."""
    waiting = await pool.fetchrow("select plan_id::text, version from rm.plan where status = 'awaiting_approval'")
    assert waiting is not None
    commands = Commands(pool, NoRelay())

    answer = await commands.run(
        Command("plan.approve", waiting["plan_id"], "ana", "ana", {"reason": ""}, expect=waiting["version"])
    )

    assert (answer.outcome, answer.status) == ("accepted", "approved")
    stored = await pool.fetchval(
        "select type from decide.outbox where key = $1 order by seq desc limit 1", waiting["plan_id"]
    )
    assert stored == "plan.approved"


async def test_old_events_of_its_outbox_are_read(pool: asyncpg.Pool) -> None:
    """Each row becomes the event that it is today, as in degraded mode."""
    rows = await pool.fetch("select distinct key from decide.outbox where stream like 'plan-%'")
    types = {one.event.type for row in rows for one in await recorded(pool, row["key"])}
    assert {"plan.uploaded", "plan.approved", "plan.rejected", "task.assigned", "task.completed"} <= types
