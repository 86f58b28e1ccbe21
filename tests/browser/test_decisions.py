"""Decisions: by mouse, by keyboard, without scripts, one and many."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import expect

from projections.reads.written import Shown
from tests.browser.conftest import Opener, notify
from tests.browser.row_contents import MELI, PHASES
from tests.browser.rows import Seed, insert
from tests.support.patience import until


@pytest.fixture
async def plan(db: asyncpg.Connection) -> UUID:
    """A plan of its own that waits for a decision."""
    return await waiting_plan(db, "Plano à espera")


async def waiting_plan(db: asyncpg.Connection, title: str) -> UUID:
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(
        plan_id, "awaiting_approval", title=title, opportunities=MELI, phases=PHASES, analyzed_at=seed.at(minutes=1)
    )
    await seed.channel(plan_id, "mercado_livre", opportunities=MELI)
    return plan_id


async def decided(db: asyncpg.Connection, plan_id: UUID) -> tuple[str, str, str]:
    """What was decided: type, who, why. The outbox has it in the transaction of the decision."""
    row = await until(
        lambda: Shown(db).fetchrow(
            "select type, actor, data ->> 'reason' as reason from decide.outbox where key = $1"
            " order by seq desc limit 1",
            str(plan_id),
        )
    )
    return row["type"], row["actor"], row["reason"]


async def project(db: asyncpg.Connection, plan_id: UUID, status: str, version: int) -> None:
    """Do what the projections would do with the decision's event."""
    await db.execute(
        "update rm.plan set status = $2, version = $3, decided_by = 'Test analyst', decided_at = now(),"
        " changed_at = now() where plan_id = $1",
        plan_id,
        status,
        version,
    )
    await notify(db, plan_id)


async def test_approves_by_mouse(opened: Opener, db: asyncpg.Connection, plan: UUID) -> None:
    """One click approves; the page says so, shows the new state by itself, and the button is gone."""
    page = await opened(f"/plans/{plan}")
    click = asyncio.create_task(page.click("[data-approve]"))
    said = await decided(db, plan)
    await project(db, plan, "approved", 3)
    await click
    await page.wait_for_selector(".page-head .chip:has-text('Creating Phase 1')")
    await page.wait_for_selector("#flash:has-text('Approved')")  # the new state may come first, by the live update

    assert said == ("plan.approved", "Test analyst", "")
    assert await page.evaluate("document.activeElement.id") == "flash"
    assert await page.locator("[data-approve]").count() == 0


async def test_approves_by_keyboard(opened: Opener, db: asyncpg.Connection, plan: UUID) -> None:
    """From the list: j to the row, Enter opens it, Tab reaches Approve, Enter approves."""
    page = await opened(f"/plans?q={plan}")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/plans/{plan}")
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.hasAttribute('data-approve')"):
            break
    await page.keyboard.press("Enter")

    assert (await decided(db, plan))[0] == "plan.approved"


async def test_approves_without_scripts(opened: Opener, db: asyncpg.Connection, plan: UUID) -> None:
    """A plain form and a redirect do the same; a read model that is late is said to be late."""
    page = await opened(f"/plans/{plan}", java_script_enabled=False)
    await page.click("[data-approve]")

    assert page.url.endswith(f"/plans/{plan}")
    assert "in a moment" in await page.inner_text("#flash")
    assert (await decided(db, plan))[0] == "plan.approved"


@pytest.mark.parametrize("scripts", [True, False])
async def test_rejects_with_a_reason(opened: Opener, db: asyncpg.Connection, plan: UUID, *, scripts: bool) -> None:
    """A rejection carries the person's words to the log."""
    page = await opened(f"/plans/{plan}", java_script_enabled=scripts)
    await page.click("#menu-reject > summary")
    await page.fill("#reject-reason", "Números de outro ano")
    await page.click("#menu-reject button")

    assert await decided(db, plan) == ("plan.rejected", "Test analyst", "Números de outro ano")


async def test_a_decision_that_came_too_late_is_refused_in_words(
    opened: Opener, db: asyncpg.Connection, plan: UUID
) -> None:
    """Somebody else was faster: the page says what the state is now."""
    page = await opened(f"/plans/{plan}", java_script_enabled=False)
    await db.execute("update decide.head set status = 'rejected' where stream = $1", f"plan-{plan}")
    await page.click("[data-approve]")

    assert "the state is now “Rejected”" in await page.inner_text("#flash")


@pytest.mark.parametrize("scripts", [True, False])
async def test_an_old_page_decides_nothing_and_shows_what_is_so(
    opened: Opener, db: asyncpg.Connection, plan: UUID, *, scripts: bool
) -> None:
    """In one tab the plan is cancelled; the other, which still offers to approve it, is told so and does nothing."""
    old = await opened(f"/plans/{plan}", java_script_enabled=scripts, news=False)  # it hears nothing of the other
    other = await opened(f"/plans/{plan}", java_script_enabled=False)
    await other.click("#menu-cancel > summary")
    await other.fill("#cancel-reason", "Números de outro ano")
    await other.click("#menu-cancel button")
    assert (await decided(db, plan))[0] == "plan.cancelled"
    await db.execute("update rm.plan set status = 'cancelled', version = 3 where plan_id = $1", plan)

    await old.click("[data-approve]")
    await old.wait_for_selector("#flash .flash.fail:has-text('it was changed since this page was made')")

    assert "“Cancelled”" in await old.inner_text("#flash")
    await old.wait_for_selector(".page-head .chip:has-text('Cancelled')")
    assert await old.locator("[data-approve]").count() == 0
    assert await types(db, plan) == ["plan.cancelled"]


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_double_click_decides_once(
    opened: Opener, db: asyncpg.Connection, plan: UUID, *, scripts: bool
) -> None:
    """The second press finds the first one's answer: nothing else happens, and nothing else is said."""
    page = await opened(f"/plans/{plan}", java_script_enabled=scripts)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    await page.click("#menu-reject > summary")
    await page.fill("#reject-reason", "duas\nlinhas")
    await page.dblclick("#menu-reject button")
    await page.wait_for_selector("#flash .flash")

    assert asked
    assert await page.locator("#flash .flash.done").count() == 1
    assert await types(db, plan) == ["plan.rejected"]


async def types(db: asyncpg.Connection, plan_id: UUID) -> list[str]:
    """Return what the log will hold of decisions about a plan."""
    rows = await db.fetch("select type from decide.outbox where key = $1 order by seq", str(plan_id))
    return [row["type"] for row in rows]


async def test_approves_many_with_a_result_for_each(opened: Opener, db: asyncpg.Connection) -> None:
    """Rows are selected with j and x; the one that was cancelled meanwhile is named, the others are done."""
    word = f"lote{uuid4().hex[:6]}"
    plans = [await waiting_plan(db, f"{word} {n}") for n in range(3)]
    page = await opened(f"/plans?q={word}")
    await db.execute("update decide.head set status = 'cancelled' where stream = $1", f"plan-{plans[1]}")
    for _ in range(3):
        await page.keyboard.press("j")
        await page.keyboard.press("x")
    selected = await page.inner_text("[data-selected]")
    await page.click("[data-bulk] button[value=approve]")
    await page.wait_for_selector("#flash li")

    assert selected == "3"
    assert "Done for 2. 1 was not possible:" in await page.inner_text("#flash")
    assert await page.get_attribute("#flash li a", "href") == f"/plans/{plans[1]}"
    assert await page.locator("[data-bulk]").is_hidden()


async def test_rejecting_many_needs_a_word(opened: Opener, db: asyncpg.Connection) -> None:
    """Nothing is rejected without a reason, also where the browser does not check it."""
    word = f"motivo{uuid4().hex[:6]}"
    plan = await waiting_plan(db, word)
    page = await opened(f"/plans?q={word}", java_script_enabled=False)
    await page.check("tbody input[name=id]")
    await page.click(".bulk summary")
    await page.click(".bulk button[value=reject]")

    assert "write a word" in await page.inner_text("#flash")
    assert await db.fetchval("select status from decide.head where stream = $1", f"plan-{plan}") == "awaiting_approval"


async def test_comments_on_many_tasks(opened: Opener, db: asyncpg.Connection) -> None:
    """By keys: j and k go down and up, x selects; a comment without words is refused."""
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(plan_id, "executing", version=4, title=f"tarefas {plan_id.hex[:6]}")
    tasks = [await seed.task(plan_id, n, "open", f"Tarefa {n}") for n in range(1, 4)]
    page = await opened(f"/tasks?plan={plan_id}")
    for key in ("j", "x", "j", "j", "k", "x"):  # the first two
        await page.keyboard.press(key)
    assert await page.inner_text("[data-selected]") == "2"
    first_two = await page.eval_on_selector_all("input[name=id]:checked", "boxes => boxes.map(one => one.value)")
    await page.click(".bulk summary:has-text('Comment')")
    await page.fill("#bulk-comment", "Olha só")
    await page.click(".bulk button[value=comment]")
    await expect(page.locator("#flash")).to_contain_text("2")

    found = await db.fetch("select stream from decide.outbox where type = 'task.commented'")
    mine = {row["stream"] for row in found} & {f"task-{one}" for one in tasks}
    assert mine == {f"task-{one}" for one in first_two}

    await page.goto(f"/tasks?plan={plan_id}")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.click(".bulk summary:has-text('Comment')")
    await page.click(".bulk button[value=comment]")
    await expect(page.locator("#flash")).to_contain_text("write a word")


@pytest.mark.parametrize(
    ("action", "field", "words", "event"),
    [
        ("assign", "assignee", "Carla", "task.assigned"),
        ("comment", "comment", "Olha só", "task.commented"),
        ("fail", "reason", "Sem prazo", "task.failed"),
        ("complete", "note", "Feito ontem", "task.completed"),
        ("reschedule", "due_on", "2031-05-20", "task.rescheduled"),
    ],
)
async def test_works_on_a_task(
    opened: Opener, db: asyncpg.Connection, action: str, field: str, words: str, event: str
) -> None:
    """What is written in the row's menu reaches the log, and the page says that it was done."""
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(plan_id, "executing", version=4, title=f"tarefas {plan_id.hex[:6]}")
    task = await seed.task(plan_id, 1, "open", "Uma tarefa")
    page = await opened(f"/tasks?plan={plan_id}")
    await page.click(f"#menu-{task} > summary")
    await page.fill(f"#{action}-{task}", words)
    await page.press(f"#{action}-{task}", "Enter")
    await page.wait_for_selector("#flash .flash.done")
    said = await Shown(db).fetchrow(
        "select type, data ->> $2 as words from decide.outbox where key = $1 and topic = 'task.events'",
        str(plan_id),
        field,
    )

    assert said is not None
    assert (said["type"], said["words"]) == (event, words)


async def test_a_field_that_was_sent_shows_what_holds_then(opened: Opener, db: asyncpg.Connection) -> None:
    """An emptied day would be taken away by whoever sends the form once more. What somebody writes meanwhile stays."""
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(plan_id, "executing", version=4, title=f"prazos {plan_id.hex[:6]}")
    task = await seed.task(plan_id, 1, "open", "Uma tarefa", due_on=date(2031, 5, 1))
    page = await opened(f"/tasks/{task}")
    day, comment = page.locator("main input[name=due_on]"), page.locator("main textarea[name=comment]")
    await day.fill("2031-05-20")
    await page.click("main form[action$=reschedule] button")
    await page.wait_for_selector("#flash .flash.done")
    await expect(day).to_have_value("2031-05-01")  # nobody projects here: that is the day that it has still

    await db.execute("update rm.task set due_on = '2031-05-20', version = 2 where task_id = $1", task)
    await comment.fill("Olha só")
    await notify(db, plan_id)
    await expect(day).to_have_value("2031-05-20")
    await expect(comment).to_have_value("Olha só")


async def test_steps_of_several_phases_are_told_apart(opened: Opener, db: asyncpg.Connection) -> None:
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(plan_id, "executing", version=6, title=f"fases {plan_id.hex[:6]}")
    for position in (1, 2):
        await seed.task(plan_id, position, "completed", f"Tarefa {position}")
    steps = "#tasks td.pick"
    page = await opened(f"/plans/{plan_id}", news=False)
    assert [text.strip() for text in await page.locator(steps).all_inner_texts()] == ["1", "2"]
    task = await seed.task(plan_id, 3, "open", "Da segunda fase")
    await db.execute("update rm.task set phase = 2, position = 1 where task_id = $1", task)
    await page.reload()
    assert [text.strip() for text in await page.locator(steps).all_inner_texts()] == ["1.1", "1.2", "2.1"]
    lines = await page.locator(f"{steps} .figures").evaluate_all("all => all.map(e => e.getClientRects().length)")
    assert lines == [1, 1, 1], "none is broken in two"


async def test_starts_the_next_phase(opened: Opener, db: asyncpg.Connection) -> None:
    """A completed plan with another phase says so; one click makes its steps tasks."""
    seed, plan_id = Seed(db), uuid4()
    phases = [*PHASES[:1], {**PHASES[0], "number": 2, "name": "Fase 2", "weeks": "Semanas 5-8"}]
    done = {"analyzed_at": seed.at(minutes=9), "phase1_at": seed.at(minutes=8), "ended_at": seed.at(minutes=1)}
    await seed.plan(plan_id, "completed", version=5, title="Primeira fase feita", phases=phases, **done)
    page = await opened(f"/plans/{plan_id}")
    assert "Phase 1 has ended" in await page.inner_text("[data-key=say]")
    await page.click("[data-start-phase]")
    await page.wait_for_selector("#flash .flash.done")
    rows = await db.fetch(
        "select type, data ->> 'phase' as n from decide.outbox where key = $1 order by seq", str(plan_id)
    )

    assert [tuple(row) for row in rows] == [
        ("plan.phase.started", "2"),
        *[("task.created", "2")] * len(PHASES[0]["tasks"]),
    ]


async def test_an_operator_moves_on_a_plan_that_hangs(opened: Opener, db: asyncpg.Connection) -> None:
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(plan_id, "analyzing", version=1, title="Sem resposta")
    await insert(db, "flow.deadline", plan_id=plan_id, kind="analysis")
    try:
        page = await opened(f"/plans/{plan_id}", role="operator", news=False)
        await page.click("#menu-move-on > summary")
        await page.select_option("#move-on-channel", "shopee")
        await page.fill("#move-on-reason", "o agente não responde")
        await page.click("#menu-move-on button.primary")
        await page.wait_for_selector("#flash .flash.done")
        said = await Shown(db).fetchval("select data::text from decide.outbox where key = $1", str(plan_id))
    finally:
        await db.execute("delete from flow.deadline where plan_id = $1", plan_id)

    assert json.loads(said) == {
        "plan_id": str(plan_id),
        "how": "move_on",
        "channels": ["shopee"],
        "reason": "o agente não responde",
    }
