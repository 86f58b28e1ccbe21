"""Documents are uploaded from the page: several at once, each with its own result."""

from __future__ import annotations

from pathlib import Path

import asyncpg
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
    assert "cannot be read" in await page.inner_text(".upload-row:has-text('foto.csv')")


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
