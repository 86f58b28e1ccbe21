"""What a form is answered with is as accessible as a page that has an address."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import asyncpg
from playwright.async_api import Page, expect

from gateway.access.api_keys import ApiKeys
from gateway.access.links import Links
from gateway.access.roles import Role
from gateway.audit.writing import Who
from tests.browser.accessibility import violations_in_light_and_dark
from tests.browser.conftest import Opener, Site

HEAD, ROW = "dt_venda;prod;qtd;vlr", "01/03/2026;Camisa;2;50,00"


async def upload(page: Page, *files: Path) -> None:
    await page.set_input_files("[data-files]", list(files))
    await page.check("input[name=channels][value=own_store]")
    await page.click("[data-upload] button.primary")


async def test_results_of_several_uploads(opened: Opener, tmp_path: Path) -> None:
    good, empty = tmp_path / "shopee.csv", tmp_path / "vazio.csv"
    good.write_text(f'Nº do pedido;Produto;Quantidade;Valor total\n{uuid4().hex[:8]};Camisa;1;"50,00"\n', "utf-8")
    empty.write_bytes(b"")
    page = await opened("/plans?upload=open")

    await upload(page, good, empty)

    await expect(page.get_by_text("The file is empty")).to_be_visible()
    assert await violations_in_light_and_dark(page) == []


async def test_columns_that_a_person_has_to_map(opened: Opener, tmp_path: Path) -> None:
    file = tmp_path / "loja.csv"
    file.write_text(f"ref_{uuid4().hex[:6]};{HEAD}\na1;{ROW}\na2;{ROW}\n", "utf-8")
    page = await opened("/plans?upload=open")

    await upload(page, file)

    await expect(page.locator("[data-mapping]")).to_be_visible()
    assert await violations_in_light_and_dark(page) == []


async def test_a_key_that_is_shown_once(opened: Opener) -> None:
    page = await opened("/keys", role="admin")
    await page.get_by_label("For whom").fill("Iva")
    await page.get_by_role("button", name="Make the key").click()
    await expect(page.get_by_role("textbox", name="The key of Iva")).to_be_visible()
    assert await violations_in_light_and_dark(page) == []


async def test_a_webhooks_secret_that_is_shown_once(opened: Opener) -> None:
    page = await opened("/webhooks", role="admin")
    await page.get_by_label("Name, for good").fill(f"erp-{uuid4().hex[:6]}")
    await page.get_by_label("Address").fill("https://erp.example.com/plans")
    await page.get_by_role("button", name="Register").click()
    await expect(page.locator("input[readonly]").first).to_be_visible()
    assert await violations_in_light_and_dark(page) == []


async def test_a_link_that_signs_in_before_its_button_is_pressed(opened: Opener, site: Site) -> None:
    async with asyncpg.create_pool(site.database_url, min_size=1, max_size=2) as pool:
        made = await ApiKeys(pool).create(f"Mia {uuid4().hex[:4]}", Role.ANALYST, "test")
        link = await Links(pool).make(made.key_id, 15, Who(actor="test"))
    assert link is not None
    page = await opened(link.path, role=None)
    await expect(page.get_by_role("button").first).to_be_visible()
    assert await violations_in_light_and_dark(page) == []


async def test_an_address_at_which_nothing_is(opened: Opener) -> None:
    page = await opened("/nothing-is-here")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert await violations_in_light_and_dark(page) == []
