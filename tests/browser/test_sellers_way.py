"""The whole way of a seller, in Portuguese: a file of a store, its columns, the plan, the tasks, the next month."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from local.samples import months
from local.stack import Stack
from tests.browser.conftest import PATIENCE_MS
from tests.support.systems import Systems

KEY = "mrs_seller_" + secrets.token_urlsafe(32)
HALF = timedelta(days=months.DAYS // 2)
#: What a database writes: `vlr` may be a price or a total, and only the seller knows.
HEADER = "dt_venda;ref_pedido;cod_sku;prod;qtd;vlr;tarifa;frete;qtd_devolvida;vlr_reembolso"


@pytest.fixture
async def system(systems: Systems, tmp_path: Path) -> AsyncIterator[Stack]:
    async with systems.system(tmp_path / "data", {"MARKETPLACE_BOOTSTRAP_KEY": KEY}) as whole:
        yield whole


@pytest.fixture
async def page(browser: Browser, system: Stack) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="pt-BR", base_url=system.env["MARKETPLACE_URL"]
    )
    context.set_default_timeout(PATIENCE_MS)
    shown = await context.new_page()
    yield shown
    await context.close()


def month(folder: Path, first_day: datetime, period: months.Period) -> Path:
    """Write a month of the store as its database tells it, the buyers' names included."""
    written = months.write(folder, first_day.date(), period)
    _, *rows = written.read_text("utf-8").splitlines()
    path = folder / f"loja_{period.name}.csv"
    path.write_text("\n".join([f"{HEADER};cliente_nome", *(f"{row};Ana Lima" for row in rows)]) + "\n", "utf-8")
    return path


async def choose(page: Page, file: Path) -> None:
    await page.goto("/plans?upload=open")
    await page.set_input_files("[data-files]", file)
    await page.check("input[name=channels][value=own_store]")
    await page.click("[data-upload] button.primary")


async def open_plan(page: Page) -> str:
    """Open the plan of the file that was uploaded, once it waits for its approval; return its address."""
    await page.click(".upload-row.good a")
    await expect(page.get_by_role("button", name="Aprovar")).to_be_visible()
    return page.url


async def test_from_the_file_to_what_came_of_it(page: Page, tmp_path: Path) -> None:
    middle = datetime.now(UTC)
    first = month(tmp_path, middle - HALF - timedelta(days=months.DAYS), months.BEFORE)
    second = month(tmp_path, middle - HALF, months.AFTER)
    await page.goto("/")
    await page.fill("input[name=key]", KEY)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/")

    await choose(page, first)
    await expect(page.locator("[data-mapping]")).to_be_visible()
    assert "Ana Lima" not in await page.inner_text("[data-mapping]")
    await page.get_by_label("vlr", exact=True).select_option(label="Valor total da linha")
    revenue = months.DAYS * (8 * 50 + 10 * 2 * 30 + 6 * 80)
    told = f"{revenue:,}".replace(",", ".")
    await expect(page.locator("[data-sum=revenue]")).to_contain_text(told)
    await page.screenshot(path=tmp_path / "1-columns.png", full_page=True)
    await page.click("[data-confirm]")
    await expect(page.locator(".upload-row.good")).to_have_count(1)
    before = await open_plan(page)
    shown = await page.inner_text("main")
    assert told in shown
    assert months.BOTTLE in shown
    await page.screenshot(path=tmp_path / "2-plan.png", full_page=True)

    await page.get_by_role("button", name="Aprovar").first.click()
    await expect(page.locator("main")).to_contain_text("Aprovado")
    await page.goto(f"/tasks?plan={before.rsplit('/', 1)[1]}")
    rows = page.locator("main tbody tr")
    await expect(rows.first).to_be_visible()
    tasks = await page.inner_text("main")
    assert re.search(r"R\$\s[\d.]+", tasks), "a task tells what it is worth"
    await page.screenshot(path=tmp_path / "3-tasks.png", full_page=True)
    count = await rows.count()
    for row in await rows.locator("input[name=id]").all():
        await row.check()
    await page.click("#bulk button[value=complete]")
    await expect(page.locator("main tbody tr", has_text="Concluíd")).to_have_count(count)

    await choose(page, second)  # its header is known: no question
    await expect(page.locator(".upload-row.good")).to_have_count(1)
    await open_plan(page)
    await expect(page.locator("main")).to_contain_text("No que deu o plano anterior")
    after = (await page.inner_text("main")).replace("\xa0", " ")
    assert f"devoluções de {months.BOTTLE}: 12,5" in after
    assert "As tarefas foram feitas a tempo." in after
    assert re.search(r"R\$ [\d.,]+ dos R\$ [\d.,]+ por mês prometidos", after), "what came of what was promised"
    await page.screenshot(path=tmp_path / "4-next-month.png", full_page=True)
    await page.goto(before)
    await expect(page.locator("main")).to_contain_text("O que aconteceu depois")
