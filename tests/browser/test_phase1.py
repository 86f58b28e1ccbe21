"""Phase 1 before the approval: what it would be, and tasks of one's own in its place."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from projections.reads.written import Shown
from tests.browser.accessibility import violations_in_light_and_dark
from tests.browser.conftest import Opener, notify
from tests.browser.row_contents import MELI, PHASES, task
from tests.browser.rows import Seed


@pytest.fixture
async def plan(db: asyncpg.Connection) -> UUID:
    """A plan whose Phase 1 would be the fallback: no phase has the number 1."""
    return await waiting(db, PHASES[1:])


async def waiting(db: asyncpg.Connection, phases: list[dict[str, Any]]) -> UUID:
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(
        plan_id, "awaiting_approval", title="Sem fase 1", opportunities=MELI, phases=phases, analyzed_at=seed.now
    )
    await seed.channel(plan_id, "mercado_livre", opportunities=MELI)
    return plan_id


async def approved(db: asyncpg.Connection, plan_id: UUID) -> tuple[str, Any]:
    """Who approved, and with which data; there must be one approval."""
    rows = await Shown(db).fetch("select actor, data from decide.outbox where key = $1", str(plan_id))
    assert len(rows) == 1
    return rows[0]["actor"], orjson.loads(rows[0]["data"])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
async def test_an_operator_changes_the_fallback_and_approves(
    opened: Opener, db: asyncpg.Connection, plan: UUID, *, scripts: bool
) -> None:
    """The page says which rule would make Phase 1; what is written in the form goes to the log with who and why."""
    page = await opened(f"/plans/{plan}", role="operator", java_script_enabled=scripts)
    ahead = await page.inner_text("#phase1-ahead")
    assert "Fallback" in ahead
    assert "No phase has the number 1" in ahead
    assert await page.locator(".ahead-tasks li").count() == 3

    await page.click("#give-phase1 > summary")
    await page.fill("#title-1", "Refazer só a tabela de medidas")
    await page.check("#give-phase1 input[name=drop][value='2']")
    await page.check("#give-phase1 input[name=drop][value='3']")
    await page.fill("#title-4", "Ligar para o fornecedor")
    await page.fill("#what-4", "Pedir prazo")
    await page.select_option("#channel-4", "shopee")
    await page.fill("#phase1-reason", "Uma pessoa só até o dia 20")
    await page.click("[data-approve-given]")
    await page.wait_for_selector("#flash .flash.done:has-text('Approved')")
    assert page.url.endswith(f"/plans/{plan}")

    actor, data = await approved(db, plan)
    given = data["phase1"]
    assert (actor, data["reason"], given["reason"]) == ("Test operator", *["Uma pessoa só até o dia 20"] * 2)
    assert given["tasks"] == [
        {
            "title": "Refazer só a tabela de medidas",
            "what": MELI[0]["what"],
            "channel": "mercado_livre",
            "priority": "high",
            "opportunity_id": MELI[0]["id"],
        },
        {
            "title": "Ligar para o fornecedor",
            "what": "Pedir prazo",
            "channel": "shopee",
            "priority": "normal",
            "opportunity_id": None,
        },
    ]


async def test_a_mistake_loses_nothing_of_what_was_written(opened: Opener, db: asyncpg.Connection, plan: UUID) -> None:
    """What cannot be taken is named, the form is as it was left, also after news, and sending it again works."""
    page = await opened(f"/plans/{plan}", role="operator")
    await page.click("#give-phase1 > summary")
    await page.fill("#title-1", "")
    await page.fill("#what-4", "Como, mas não o quê")
    await page.fill("#phase1-reason", "Porque sim")
    await page.click("[data-approve-given]")
    wrong = await page.inner_text("#phase1-wrong")
    assert "Nothing was approved" in wrong
    assert "Task 1: What is to be done is missing." in wrong
    assert "Task 4: What is to be done is missing." in wrong
    assert await page.evaluate("document.activeElement.id") == "phase1-wrong"
    assert await page.input_value("#phase1-reason") == "Porque sim"
    assert await page.input_value("#what-4") == "Como, mas não o quê"
    assert await db.fetchval("select count(*) from decide.outbox where key = $1", str(plan)) == 0

    await page.fill("#title-1", "Medir")
    await page.fill("#title-4", "Ligar")
    await db.execute("update rm.plan set title = 'Outro título' where plan_id = $1", plan)
    await notify(db, plan)
    await page.wait_for_selector("h1:has-text('Outro título')")
    await page.click("[data-approve-given]")
    await page.wait_for_selector("#flash .flash.done:has-text('Approved')")
    assert [t["title"] for t in (await approved(db, plan))[1]["phase1"]["tasks"]][::3] == ["Medir", "Ligar"]


async def test_an_analyst_sees_it_and_approves_it_as_it_is(opened: Opener, db: asyncpg.Connection) -> None:
    """The plan's own phase is shown as such; giving other tasks is left to an operator, and that is said."""
    plan = await waiting(db, [PHASES[0] | {"tasks": [task("shopee", "Limitar cupom", "A 10%.")]}])
    page = await opened(f"/plans/{plan}", role="analyst", locale="pt-BR")
    ahead = await page.inner_text("#phase1-ahead")
    assert "Fase 1, como a aprovação a faria" in ahead
    assert "Limitar cupom" in ahead
    assert "Um operador pode definir outras tarefas" in ahead
    assert await page.locator("#give-phase1").count() == 0


async def test_too_late_it_says_what_to_do_instead(opened: Opener, db: asyncpg.Connection, plan: UUID) -> None:
    """Somebody approved meanwhile: nothing is changed, and the page says how to get rid of a task."""
    page = await opened(f"/plans/{plan}", role="operator", java_script_enabled=False)
    await db.execute("update decide.head set status = 'executing' where stream = $1", f"plan-{plan}")
    await page.click("#give-phase1 > summary")
    await page.fill("#phase1-reason", "Tarde demais")
    await page.click("[data-approve-given]")
    said = await page.inner_text("#flash")
    assert "the state is now “In progress”" in said
    assert "cancel the tasks that are not wanted" in said
    assert await db.fetchval("select count(*) from decide.outbox where key = $1", str(plan)) == 0


async def test_afterwards_it_stands_there_who_gave_it_and_why(opened: Opener, db: asyncpg.Connection) -> None:
    """An executing plan shows the operator as the origin, by name, with the reason."""
    seed, plan_id = Seed(db), uuid4()
    made = {"origin": "operator", "rule": "set-by:Ana", "name": "Fase da Ana", "weeks": "", "investment": ""}
    await seed.plan(
        plan_id,
        "executing",
        version=4,
        phase1={**made, "expected_impact": "", "tasks": []},
        phase1_at=seed.now,
        decided_at=seed.now,
    )
    given = {"tasks": [{"title": "x"}], "reason": "Uma pessoa só"}
    data = {"reason": "Uma pessoa só", "phase1": given}
    await seed.event(plan_id, "plan.approved", f"plan-{plan_id}", 3, "Ana", data, seed.now)
    page = await opened(f"/plans/{plan_id}")
    shown = await page.inner_text("#phase1")
    assert "Set by an operator" in shown
    assert "Ana gave these tasks with the approval" in shown
    assert "Why: Uma pessoa só" in shown
    assert "Plan approved, with 1 task given by hand" in await page.inner_text("#timeline")
    assert await page.locator("#phase1-ahead").count() == 0


async def test_the_form_is_accessible_and_fits_a_phone(opened: Opener, plan: UUID) -> None:
    """With the form open axe finds nothing, and nothing of it scrolls sideways at 360 pixels."""
    page = await opened(f"/plans/{plan}", role="operator", phone=True, locale="pt-BR", reduced_motion="reduce")
    assert await violations_in_light_and_dark(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
