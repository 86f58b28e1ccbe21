"""Documents are uploaded from the page: several at once, each with its own result."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import asyncpg
import orjson
import pytest
from playwright.async_api import expect

from tests.browser.conftest import Opener

TABLE = 'SKU;Título do anúncio;Unidades;Total (BRL)\nA-1;Tênis;3;"1.234,56"\nB-2;Meia;5;"99,90"\n'


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A table of its own for each test, an empty file, and a picture that claims to be a table."""
    made = {name: tmp_path / name for name in ("shopee-maio.csv", "vazio.csv", "foto.csv")}
    made["shopee-maio.csv"].write_text(TABLE + f'C-3;{tmp_path.name};1;"5,00"\n')
    made["vazio.csv"].write_bytes(b"")
    made["foto.csv"].write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    return made


async def test_uploads_several_with_a_result_for_each(
    opened: Opener, files: dict[str, Path], db: asyncpg.Connection
) -> None:
    """The good file becomes a plan, the empty and the false one say what to do; the channel is read from the name."""
    page = await opened("/plans?upload=open")
    await page.set_input_files("[data-files]", list(files.values()))
    guessed = await page.is_checked("input[name=channels][value=shopee]")
    await page.click("[data-upload] button.primary")
    await expect(page.locator(".upload-row.good, .upload-row.bad")).to_have_count(3)
    href = await page.get_attribute(".upload-row.good a", "href")

    assert guessed
    assert href is not None
    assert await db.fetchval("select channels from decide.document where plan_id = $1", href.rsplit("/", 1)[1]) == [
        "shopee"
    ]
    assert "The file is empty" in await page.inner_text(".upload-row:has-text('vazio.csv')")
    assert "This file is a picture" in await page.inner_text(".upload-row:has-text('foto.csv')")


async def test_the_same_file_leads_to_its_plan(opened: Opener, files: dict[str, Path]) -> None:
    """Uploaded again, the existing plan is offered; a second analysis is one click away."""
    page = await opened("/plans?upload=open")
    for expected in ("good", "known"):
        await page.set_input_files("[data-files]", files["shopee-maio.csv"])
        await page.click("[data-upload] button.primary")
        await page.wait_for_selector(f".upload-row.{expected}")
    first = await page.get_attribute(".upload-row.good a", "href")
    known = await page.get_attribute(".upload-row.known a", "href")
    await page.click(".upload-row.known button")
    await expect(page.locator(".upload-row.good")).to_have_count(2)

    assert first == known


@pytest.mark.parametrize("first", ["[data-upload] button.primary", "[data-look]"])
async def test_a_plan_is_of_the_team_that_is_chosen(
    opened: Opener, files: dict[str, Path], db: asyncpg.Connection, first: str
) -> None:
    """Whether the columns are looked at first or not; a plan of no team would be seen by everybody."""
    name = f"Norte {uuid4().hex[:6]}"
    team = await db.fetchval("insert into access.team (name) values ($1) returning team_id", name)
    page = await opened("/plans?upload=open", role="admin")
    await page.select_option("#upload-team", label=name)
    await page.set_input_files("[data-files]", files["shopee-maio.csv"])
    await page.click(first)
    if "look" in first:
        await page.click(".upload-asked button.primary")
    href = await page.get_attribute(".upload-row.good a", "href")

    assert href is not None
    plan_id = href.rsplit("/", 1)[1]
    assert await db.fetchval("select team_id from decide.plan_team where plan_id = $1", plan_id) == team


async def test_a_channel_is_needed(opened: Opener, tmp_path: Path) -> None:
    """Without a channel nothing is sent and the form says why."""
    (tmp_path / "vendas.csv").write_text(TABLE)
    page = await opened("/plans?upload=open")
    await page.set_input_files("[data-files]", tmp_path / "vendas.csv")
    await page.click("[data-upload] button.primary")

    assert await page.locator("[data-no-channel]").is_visible()
    assert await page.locator(".upload-row").count() == 0


async def test_uploads_without_scripts(opened: Opener, files: dict[str, Path]) -> None:
    """The plain form leads to the new plan; the same file again leads to a link to it."""
    page = await opened("/plans?upload=open", java_script_enabled=False)
    await page.set_input_files("[data-files]", files["shopee-maio.csv"])
    await page.check("input[name=channels][value=shopee]")
    await page.click("[data-upload] button.primary")
    plan = page.url
    said = await page.inner_text("#flash")
    await page.goto("/plans?upload=open")
    await page.set_input_files("[data-files]", files["shopee-maio.csv"])
    await page.check("input[name=channels][value=shopee]")
    await page.click("[data-upload] button.primary")

    assert "Uploaded" in said
    assert plan.endswith(str(await page.get_attribute("#flash li a", "href")))


async def test_a_file_can_be_dropped_anywhere(opened: Opener, files: dict[str, Path]) -> None:
    """Dropping opens the form with the file in it."""
    page = await opened("/plans")
    handle = await page.evaluate_handle(
        """text => { const data = new DataTransfer();
           data.items.add(new File([text], 'shopee-drop.csv', {type: 'text/csv'})); return data; }""",
        files["shopee-maio.csv"].read_text(),
    )
    await page.dispatch_event("main", "drop", {"dataTransfer": handle})

    assert await page.locator("details.upload[open]").count() == 1
    assert await page.evaluate("document.querySelector('[data-files]').files[0].name") == "shopee-drop.csv"


OF_TWO = (
    "Data;Pedido;SKU;Canal;Quantidade;Valor total\n01/04/2026;1;A1;Shopee;2;59,80\n02/04/2026;2;A2;Amazon;1;19,90\n"
)


async def test_each_of_several_files_is_for_its_own_channels(
    opened: Opener, tmp_path: Path, db: asyncpg.Connection
) -> None:
    """What is in a file and was not chosen is said beside it, what is in none of them above all; others are offered."""
    rest = f"03/04/2026;3;{tmp_path.name};"
    (tmp_path / "um.csv").write_text(OF_TWO + f"{rest}Shopee;1;9,90\n")
    (tmp_path / "dois.csv").write_text(OF_TWO.replace("Shopee", "Magalu").replace("Amazon", "Magalu"))
    page = await opened("/plans?upload=open")
    await page.set_input_files("[data-files]", [tmp_path / "um.csv", tmp_path / "dois.csv"])
    for channel in ("shopee", "shein"):
        await page.check(f"input[name=channels][value={channel}]")
    await page.click("[data-upload] button.primary")
    await expect(page.locator(".upload-row.good")).to_have_count(1)
    await expect(page.locator(".upload-row.known")).to_have_count(1)
    first = await page.get_attribute(".upload-row.good a", "href")

    assert first is not None
    assert await db.fetchval("select channels from decide.document where plan_id = $1", first.rsplit("/", 1)[1]) == [
        "shopee"
    ]
    assert "Also in this file: Amazon." in await page.inner_text(".upload-row.good")
    assert await page.inner_text(".upload-note") == "Asked for, and in none of these files: Shein"
    assert "sales of Magalu only" in await page.inner_text(".upload-row.known")
    await page.click(".upload-row.known button")
    await expect(page.locator(".upload-row.good")).to_have_count(2)


async def test_costs_and_sales_are_uploaded_together(opened: Opener, tmp_path: Path, db: asyncpg.Connection) -> None:
    """Costs are kept and have no channels; what is in no file is said of those with sales."""
    sku = f"A-{uuid4().hex[:8]}"
    (tmp_path / "custos.csv").write_text(f"SKU;Produto;Custo unitário (R$)\n{sku};Caneca;12,50\n", "utf-8")
    (tmp_path / "vendas.csv").write_text(OF_TWO + f"03/04/2026;3;{sku};Shopee;1;99,90\n", "utf-8")
    page = await opened("/plans?upload=open")
    await page.set_input_files("[data-files]", [tmp_path / "custos.csv", tmp_path / "vendas.csv"])
    for channel in ("shopee", "shein"):
        await page.check(f"input[name=channels][value={channel}]")
    await page.click("[data-upload] button.primary")
    await expect(page.locator(".upload-row.good")).to_have_count(2)
    href = await page.get_attribute(".upload-row.good:has-text('vendas.csv') a", "href")

    assert "Costs and stock are kept" in await page.inner_text(".upload-row:has-text('custos.csv')")
    assert await page.inner_text(".upload-note") == "Asked for, and in none of these files: Shein"
    assert href is not None
    facts = await db.fetchval("select facts from decide.document where plan_id = $1", href.rsplit("/", 1)[1])
    (costed,) = [one for own in orjson.loads(facts)["channels"] for one in own["products"] if one["sku"] == sku]
    assert costed["cost"] == 12.5


async def test_how_far_the_reading_is_stands_beside_the_file(opened: Opener, files: dict[str, Path]) -> None:
    """What the server says while it reads is shown, the last line is the answer."""
    page = await opened("/plans?upload=open")
    shown = await page.evaluate(
        """async () => { const { readingWords } = await import('/static/sending.js');
           const told = [{stage: 'waiting'}, {stage: 'sheet', at: 2, of: 3, rows: 120000},
                         {stage: 'page', at: 7, of: 88, rows: 0}, {stage: 'figures', at: 0, of: 0, rows: 5}];
           return told.map(readingWords); }"""
    )
    await page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => {
           for (const one of document.querySelectorAll('.upload-state')) window.seen.push(one.textContent); })
           .observe(document.querySelector('[data-uploads]'),
                    {subtree: true, childList: true, characterData: true}); }"""
    )
    await page.set_input_files("[data-files]", files["shopee-maio.csv"])
    await page.click("[data-upload] button.primary")
    await page.wait_for_selector(".upload-row.good")

    assert shown == [
        "Waiting for its turn to be read",
        "Reading: sheet 2 of 3, 120,000 rows",
        "Reading: page 7 of 88",
        "Summing up 5 rows",
    ]
    assert "Summing up 4 rows" in await page.evaluate("window.seen")
