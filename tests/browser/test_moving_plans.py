"""The list of plans, selected ones of which go to another team: by mouse, and without scripts."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import expect

from projections.reads.seen import NOBODYS
from projections.reads.written import Shown
from tests.browser.conftest import Opener, notify
from tests.browser.rows import Seed


@pytest.fixture
async def team(db: asyncpg.Connection) -> UUID:
    found: UUID = await db.fetchval(
        "insert into access.team (name) values ($1) returning team_id", f"Norte {uuid4().hex[:6]}"
    )
    return found


async def two(db: asyncpg.Connection, title: str) -> list[UUID]:
    """Return two plans with this title, one of which can be decided."""
    seed, found = Seed(db), [uuid4(), uuid4()]
    for plan_id, status in zip(found, ("awaiting_approval", "completed"), strict=True):
        await seed.plan(plan_id, status, title=title, version=3, analyzed_at=seed.at(minutes=1))
    return found


async def teams_of(db: asyncpg.Connection, plans: list[UUID]) -> list[UUID]:
    rows = await db.fetch("select team_id from decide.plan_team where plan_id = any($1::uuid[])", plans)
    return [row["team_id"] for row in rows]


@pytest.mark.parametrize("scripts", [True, False])
async def test_selected_plans_go_to_a_team_in_whatever_state_they_are(
    opened: Opener, db: asyncpg.Connection, team: UUID, *, scripts: bool
) -> None:
    title = f"Muda de equipe {uuid4().hex[:8]}"
    plans = await two(db, title)
    page = await opened(f"/plans?q={title.rpartition(' ')[2]}", role="admin", java_script_enabled=scripts)
    for plan_id in plans:
        await page.check(f'input[name="id"][value="{plan_id}"]')
    await page.click("#menu-move-selected > summary")
    await page.click("#menu-move-selected button")  # neither a team nor a reason
    await expect(page.locator("#flash .fail")).to_be_visible()
    assert team not in await teams_of(db, plans)
    for plan_id in plans:
        await page.check(f'input[name="id"][value="{plan_id}"]')
    if not await page.locator("#bulk-team").is_visible():
        await page.click("#menu-move-selected > summary")
    await page.select_option("#bulk-team", str(team))
    await page.fill("#bulk-why", "de outra região")
    await page.click("#menu-move-selected button")
    await expect(page.locator("#flash .done")).to_contain_text("2 plans were moved.")

    assert await teams_of(db, plans) == [team, team]
    said = await Shown(db).fetch("select action, reason from audit.entry where plan_id = any($1::uuid[])", plans)
    assert [(row["action"], row["reason"]) for row in said] == [("plan.move", "de outra região")] * 2


async def test_a_decision_takes_those_that_the_page_showed_to_be_decided(
    opened: Opener, db: asyncpg.Connection, team: UUID
) -> None:
    """All are selected; what is still analysed then is left out, though its proposal is there when it is approved."""
    word, plans, seed = f"todos{uuid4().hex[:8]}", [uuid4(), uuid4()], Seed(db)
    for plan_id, status in zip(plans, ("awaiting_approval", "analyzing"), strict=True):
        await seed.plan(plan_id, status, title=word, version=3, analyzed_at=seed.at(minutes=1))
    page = await opened(f"/plans?q={word}", role="admin")
    await page.check("[data-all]")
    await expect(page.locator("[data-selected]").first).to_have_text("2")
    await expect(page.locator("[data-left-out]")).to_have_text("1 cannot be decided: a decision leaves them out")
    await db.execute("update decide.head set status = 'awaiting_approval' where stream = $1", f"plan-{plans[1]}")
    await db.execute("update rm.plan set status = 'awaiting_approval' where plan_id = $1", plans[1])
    await notify(db, plans[1])
    await expect(page.locator(f'[data-key="{plans[1]}"] input[name=seen]')).to_be_disabled()
    await expect(page.locator("[data-left-out]")).to_be_visible()
    await page.click("[data-bulk] button[value=approve]")
    await expect(page.locator("#flash")).to_contain_text("Done for 1. 1 was left out")
    rows = await db.fetch("select key from decide.outbox where key = any($1::text[])", [str(one) for one in plans])
    assert [row["key"] for row in rows] == [str(plans[0])]


async def test_nothing_chosen_moves_nothing_and_to_nobody_is_a_choice(
    opened: Opener, db: asyncpg.Connection, team: UUID
) -> None:
    title = f"De todos {uuid4().hex[:8]}"
    plans = await two(db, title)
    await db.executemany(
        "insert into decide.plan_team values ($1, $2) on conflict (plan_id) do update set team_id = $2",
        [(plan, team) for plan in plans],
    )
    page = await opened(f"/plans?q={title.rpartition(' ')[2]}", role="admin", java_script_enabled=False)
    await page.click("#menu-move-selected > summary")
    await page.select_option("#bulk-team", "none")
    await page.fill("#bulk-why", "para todos")
    await page.click("#menu-move-selected button")
    await expect(page.locator("#flash .fail")).to_contain_text("Nothing was selected.")
    assert await teams_of(db, plans) == [team, team]
    await page.check(f'input[name="id"][value="{plans[1]}"]')
    await page.click("#menu-move-selected > summary")
    await page.select_option("#bulk-team", "none")
    await page.fill("#bulk-why", "para todos")
    await page.click("#menu-move-selected button")
    await expect(page.locator("#flash .done")).to_contain_text("1 plan was moved.")
    assert sorted(await teams_of(db, plans)) == sorted([UUID(NOBODYS), team])


@pytest.mark.parametrize("role", ["viewer", "analyst", "operator"])
async def test_who_may_not_move_plans_is_shown_no_way_to_do_it(
    opened: Opener, db: asyncpg.Connection, team: UUID, role: str
) -> None:
    plans = await two(db, f"Fica {uuid4().hex[:8]}")
    page = await opened("/plans", role=role)
    assert await page.locator("#menu-move-selected").count() == 0
    assert await page.locator(f'input[name="id"][value="{plans[1]}"]').count() == 0
