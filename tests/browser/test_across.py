"""One file per channel, in Portuguese: the second plan tells what both show together, and opens the first."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.test_sellers_way import KEY, page, system

__all__ = ["page", "system"]

FIRST = datetime.now(UTC).date() - timedelta(days=60)


def sales(folder: Path, channel: str, price: int) -> Path:
    """Write sixty days of two products, of which one stops after forty; each has a number that no other file has."""
    lines = ["Pedido;Data;SKU;Produto;Quantidade;Valor total"]
    for n in range(60):
        day = f"{FIRST + timedelta(days=n):%d/%m/%Y}"
        lines += [f"{price}A{n};{day};AIR-1;Fritadeira sem óleo;1;{price},00"] * (n < 40)
        lines += [f"{price}B{n};{day};{channel.upper()}-2;Outro produto;1;30,00"]
    path = folder / f"vendas_{channel}.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


async def upload(page: Page, file: Path, channel: str) -> str:
    """Upload the file for the channel; return the address of its plan, once it waits for its approval."""
    await page.goto("/plans?upload=open")
    await page.set_input_files("[data-files]", file)
    await page.check(f"input[name=channels][value={channel}]")
    await page.click("[data-upload] button.primary")
    await expect(page.locator(".upload-row.good")).to_have_count(1)
    await page.click(".upload-row.good a")
    await expect(page.get_by_role("button", name="Aprovar")).to_be_visible()
    return page.url


async def test_the_second_file_tells_what_both_show_and_opens_the_first(page: Page, tmp_path: Path) -> None:
    await page.goto("/")
    await page.fill("input[name=key]", KEY)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/")

    first = await upload(page, sales(tmp_path, "shopee", 300), "shopee")
    assert "pelo documento" not in await page.inner_text("main")
    second = await upload(page, sales(tmp_path, "amazon", 240), "amazon")
    told = await page.inner_text("main")
    days = f"Shopee: documento de {FIRST:%d/%m/%Y} a {FIRST + timedelta(days=59):%d/%m/%Y}"
    assert "Repor AIR-1: parou ao mesmo tempo em Amazon e Shopee" in told
    assert "Aproximar o preço de AIR-1 entre os canais" in told
    assert days in told
    await page.screenshot(path=tmp_path / "1-plan.png", full_page=True)

    await page.goto(f"{second}/figures/amazon/price_gap")
    section = page.locator("section", has=page.get_by_role("heading", name="Comparado com"))
    await expect(section).to_contain_text("60 dias em comum")
    await expect(page.locator("#rows")).to_contain_text("240,00")
    await page.screenshot(path=tmp_path / "2-figure.png", full_page=True)
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.screenshot(path=tmp_path / "3-figure-390.png", full_page=True)
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide
    await section.get_by_role("link").click()
    await page.wait_for_url(re.compile(re.escape(first)))
