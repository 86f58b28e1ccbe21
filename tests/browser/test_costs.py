"""Costs are told on a page of their own or beside sales; either way the person sees what was kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
from playwright.async_api import expect

from tests.browser.conftest import Opener


def file_of(folder: Path, *rows: str) -> Path:
    path = folder / "custos.csv"
    path.write_text("\n".join(["SKU;Produto;Custo unitário", *rows]), "utf-8")
    return path


async def count_plans(db: asyncpg.Connection) -> int:
    found: int = await db.fetchval("select count(*) from decide.document")
    return found


async def test_the_page_keeps_a_file_and_says_what_was_wrong(
    opened: Opener, tmp_path: Path, db: asyncpg.Connection
) -> None:
    sku = f"A-{uuid4().hex[:8]}"
    plans = await count_plans(db)
    page = await opened("/costs", locale="pt-BR")
    await page.set_input_files("#costs-file", file_of(tmp_path, f"{sku};Caneca;12,50", f"{sku}-x;Prato;abc"))
    await page.get_by_role("button", name="Guardar").click()

    said = page.locator(".flash")
    await expect(said).to_contain_text("Guardado, sem gerar um plano: 1 SKU com custo (1 novos ou alterados).")
    await expect(said).to_contain_text("um arquivo que já virou plano usa quando for enviado de novo")
    await expect(said).to_contain_text("Linha(s) 3")
    assert await count_plans(db) == plans
    assert await db.fetchval("select unit_cost from decide.unit_cost where sku = $1", sku) == 12.5


async def test_a_file_without_one_right_row_is_refused_in_words(opened: Opener, tmp_path: Path) -> None:
    page = await opened("/costs", locale="pt-BR")
    await page.set_input_files("#costs-file", file_of(tmp_path, "A;Caneca;-1,00"))
    await page.get_by_role("button", name="Guardar").click()

    await expect(page.locator(".flash")).to_contain_text("Nenhuma linha pôde ser guardada")
    await expect(page.locator(".flash")).to_contain_text("Linha(s) 2 com um valor negativo")


async def test_the_form_for_documents_takes_costs_and_leads_to_them(opened: Opener, tmp_path: Path) -> None:
    page = await opened("/plans?upload=open", locale="pt-BR")
    await page.set_input_files("[data-files]", file_of(tmp_path, f"A-{uuid4().hex[:8]};Caneca;12,50"))
    await page.check("input[name=channels][value=own_store]")
    await page.click("[data-upload] button.primary")

    row = page.locator(".upload-row.good")
    await expect(row).to_contain_text("Custos e estoque guardados")
    await expect(row).to_contain_text("1 SKU com custo lido")
    await row.get_by_role("link", name="Ver custos e estoque").click()
    await expect(page).to_have_url(re.compile(r"/costs$"))


async def test_a_cost_is_put_right_on_the_page(opened: Opener, tmp_path: Path, db: asyncpg.Connection) -> None:
    """Its currency is changed and it is taken back, each with a word; a page that is old changes nothing."""
    sku = f"A-{uuid4().hex[:8]}"
    page = await opened("/costs", locale="pt-BR")
    await page.set_input_files("#costs-file", file_of(tmp_path, f"{sku};Caneca;12,50"))
    await page.get_by_role("button", name="Guardar").click()
    await expect(page.locator(".flash.done")).to_be_visible()
    await db.execute(
        "insert into rm.unit_cost (sku_key, valid_from, version, sku, title, unit_cost, currency, document,"
        " recorded_by, recorded_at)"
        " select sku_key, valid_from, version, sku, title, unit_cost, currency, 'custos.csv', 'ana', now()"
        " from decide.unit_cost where sku = $1",
        sku,
    )
    await page.goto(f"/costs?q={sku}")
    await page.locator("details.more summary").click()
    await page.select_option("details.more select", "USD")
    await page.get_by_role("button", name="Mudar a moeda").click()
    await expect(page.locator(".flash.done")).to_contain_text("A moeda foi alterada.")
    changed = await db.fetchval("select currency from decide.unit_cost where sku = $1", sku)

    await page.goto(f"/costs?q={sku}")
    await page.locator("details.more summary").click()
    await page.get_by_role("button", name="Excluir este custo").click()
    await expect(page.locator(".flash.fail")).to_contain_text("foi informado de novo")
    await db.execute("update rm.unit_cost set version = (select version from decide.goods) where sku = $1", sku)
    await page.goto(f"/costs?q={sku}")
    await page.locator("details.more summary").click()
    await page.get_by_role("button", name="Excluir este custo").click()
    await expect(page.locator(".flash.done")).to_contain_text("O custo foi excluído.")

    assert changed == "USD"
    assert await db.fetchval("select count(*) from decide.unit_cost where sku = $1", sku) == 0


async def test_a_report_of_advertising_is_kept_listed_and_deleted(
    opened: Opener, tmp_path: Path, db: asyncpg.Connection
) -> None:
    path = tmp_path / f"anuncios-{uuid4().hex[:6]}.csv"
    year = datetime.now(UTC).year - 1  # it is kept for two years
    rows = f"Desde;Até;Campanha;Impressões;Cliques;Investimento (R$)\n01/03/{year};31/03/{year};Verão;1000;20;62,00"
    path.write_text(rows, "utf-8")
    page = await opened("/costs", locale="pt-BR")
    await page.set_input_files("#costs-file", path)
    await page.get_by_role("button", name="Guardar").click()
    await expect(page.locator(".flash.fail")).to_contain_text("escolha o canal ao enviar")
    await page.set_input_files("#costs-file", path)
    await page.select_option("#costs-channel", "shein")
    await page.get_by_role("button", name="Guardar").click()
    await expect(page.locator(".flash.done")).to_contain_text("1 relatório de publicidade (1 novos ou alterados)")
    kept = await db.fetchval("select document from decide.ad_report where channel = 'shein'")
    assert path.name not in kept, "the name is encrypted by the key of who uploaded it"
    await db.execute(
        "insert into rm.ad_report (key, version, channel, first_day, last_day, currency, amount, document, recorded_by,"
        " recorded_at) select key, version, channel, first_day, last_day, 'BRL', 62, document, 'ana', now()"
        " from decide.ad_report where document = $1",
        kept,
    )
    await page.goto("/costs")
    row = page.locator("#advertising tr", has_text=path.name)
    await expect(row).to_contain_text("62,00")
    await row.get_by_role("button", name="Apagar").click()
    await expect(page.locator(".flash.done")).to_contain_text("O relatório foi apagado.")

    assert await db.fetchval("select count(*) from decide.ad_report where document = $1", kept) == 0
    await db.execute("delete from rm.ad_report where document = $1", kept)


async def test_a_viewer_sees_costs_and_has_no_form(opened: Opener) -> None:
    page = await opened("/costs", role="viewer")

    await expect(page.locator("h1")).to_have_text("Costs and stock")
    assert await page.locator("#costs-file, details.more").count() == 0
