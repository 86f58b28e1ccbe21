"""A person adds a task on a plan's page and changes what a task says on its own, by keyboard and in both languages."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import orjson
import pytest
from playwright.async_api import expect

from tests.browser.conftest import Opener
from tests.browser.rows import Seed


@pytest.mark.parametrize("language", ["en", "pt-BR"])
async def test_a_task_is_added_and_its_text_changed(opened: Opener, db: asyncpg.Connection, language: str) -> None:
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(plan_id, "executing", version=4, title=f"mais tarefas {plan_id.hex[:6]}")
    task = await seed.task(plan_id, 1, "open", "Uma tarefa")
    page = await opened(f"/plans/{plan_id}", locale=language)

    await page.locator("#add-task summary").focus()
    await page.keyboard.press("Enter")
    await page.fill("#add-title", "Fotos novas")
    await page.fill("#add-due", "2031-05-20")
    await page.fill("#add-reason", "faltava")
    await page.click("[data-add-task]")
    await page.wait_for_selector("#flash .flash.done")
    found = await db.fetchrow(
        "select data ->> 'title' as title, data ->> 'due_on' as day from decide.outbox"
        " where key = $1 and type = 'task.added'",
        str(plan_id),
    )
    assert tuple(found or ()) == ("Fotos novas", "2031-05-20")

    await page.goto(f"/tasks/{task}")
    await page.click("#reword summary")
    await expect(page.locator("#reword-title")).to_have_value("Uma tarefa")
    await page.fill("#reword-title", "Outro título")
    await page.fill("#reword-reason", "mais claro")
    await page.click("[data-reword]")
    await page.wait_for_selector("#flash .flash.done")
    said = await db.fetchval(
        "select data from decide.outbox where stream = $1 and type = 'task.changed'", f"task-{task}"
    )
    assert orjson.loads(said)["title"] == "Outro título"


async def test_what_was_written_stays_where_somebody_else_was_first(opened: Opener, db: asyncpg.Connection) -> None:
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(plan_id, "executing", version=4, title=f"ao mesmo tempo {plan_id.hex[:6]}")
    task = await seed.task(plan_id, 1, "open", "Uma tarefa")
    page = await opened(f"/tasks/{task}")
    await page.click("#reword summary")
    await page.fill("#reword-what", "O meu texto")
    await page.fill("#reword-reason", "mais claro")
    await db.execute("update rm.task set version = 2 where task_id = $1", task)

    await page.click("[data-reword]")

    await expect(page.locator("#reword-wrong")).to_be_visible()
    await expect(page.locator("#reword-what")).to_have_value("O meu texto")
    await expect(page.locator("#reword-reason")).to_have_value("mais claro")


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_refused_task_comes_back_as_it_was_written(
    opened: Opener, db: asyncpg.Connection, scripts: bool
) -> None:
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(plan_id, "executing", version=4, title=f"recusada {plan_id.hex[:6]}")
    await seed.task(plan_id, 1, "open", "Uma tarefa")
    page = await opened(f"/plans/{plan_id}", java_script_enabled=scripts)
    await page.click("#add-task summary")
    await page.fill("#add-title", "Fotos novas")
    await page.fill("#add-what", "Com régua\ne luz")
    await page.select_option("#add-priority", "high")
    await page.fill("#add-due", "2031-05-20")
    await page.fill("#add-reason", "   ")

    await page.click("[data-add-task]")

    await expect(page.locator("#flash .flash.fail")).to_be_visible()
    await expect(page.locator("#add-title")).to_be_visible()
    await expect(page.locator("#add-title")).to_have_value("Fotos novas")
    await expect(page.locator("#add-what")).to_have_value("Com régua\ne luz")
    await expect(page.locator("#add-priority")).to_have_value("high")
    await expect(page.locator("#add-due")).to_have_value("2031-05-20")

    await page.fill("#add-reason", "faltava")
    await page.click("[data-add-task]")
    await expect(page.locator("#flash .flash.done")).to_be_visible()
    assert page.url.endswith(f"/plans/{plan_id}")


async def test_a_form_that_no_page_of_ours_could_send_keeps_what_was_written(
    opened: Opener, db: asyncpg.Connection
) -> None:
    """Its refusal has a page of its own, which no address leads to: it stands above the form."""
    seed, plan_id = Seed(db), uuid4()
    await seed.plan(plan_id, "executing", version=4, title=f"errada {plan_id.hex[:6]}")
    await seed.task(plan_id, 1, "open", "Uma tarefa")
    page = await opened(f"/plans/{plan_id}")
    await page.click("#add-task summary")
    await page.fill("#add-title", "Fotos novas")
    await page.fill("#add-reason", "faltava")
    await page.evaluate("document.querySelector('#add-task input[name=key]').value = 'no key'")

    await page.click("[data-add-task]")

    await expect(page.locator("#flash .flash.fail")).to_be_visible()
    await expect(page.locator("#add-title")).to_have_value("Fotos novas")
    assert page.url.endswith(f"/plans/{plan_id}")
