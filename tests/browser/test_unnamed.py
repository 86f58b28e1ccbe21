"""Sales that name no channel: whoever sends them is asked once whose they are, and answers with one action."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest
from playwright.async_api import expect

from gateway.intake.document import read
from gateway.intake.limits import DEFAULT_LIMITS
from tests.browser.conftest import Opener
from tests.browser.rows import Seed
from tests.browser.test_figures import squeezed

WORDS = {
    "en": ("3 rows of sales name no channel: R$", "They were said to be of Shopee", "analysed before"),
    "pt-BR": ("3 linhas de vendas não dizem o canal: R$ 109,60", "Foi dito que são de Shopee", "já foram analisadas"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Sales of an own header, R$ 109.60 in all, that name no channel."""
    mark = uuid4().hex[:8]
    path = tmp_path / f"erp-{mark}.csv"
    rows = f"1;01/04/2026;{mark};Caneca;20;59,80;\n2;02/04/2026;A2;Prato;1;19,90;\n3;03/04/2026;A3;Copo;1;29,90;\n"
    path.write_text(f"Pedido;Data;SKU;Produto;Quantidade;Valor total;obs_{mark}\n{rows}", "utf-8")
    return path


@pytest.fixture
async def plan(db: asyncpg.Connection, file: Path) -> UUID:
    """A plan of such a document, sent for several channels, as decisions and pages know it."""
    seed, plan_id = Seed(db), uuid4()
    channels = ["shopee", "amazon"]
    await seed.plan(
        plan_id, "awaiting_approval", title="ERP", opportunities=[], phases=[], analyzed_at=seed.at(minutes=1)
    )
    facts = read(file, file.name, channels, DEFAULT_LIMITS)
    await db.execute(
        "insert into decide.document (document_id, plan_id, sha256, channels, facts) values ($1, $1, $2, $3, $4)",
        plan_id,
        plan_id.hex * 2,
        channels,
        orjson.dumps(facts.to_dict()).decode(),
    )
    return plan_id


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_the_plan_asks_and_one_action_answers(
    opened: Opener, db: asyncpg.Connection, plan: UUID, locale: str, width: int
) -> None:
    """Without scripts too. The plan tells then where its sales went; a second answer leads there."""
    asks, answered, before = WORDS[locale]
    options = {"locale": locale, "viewport": {"width": width, "height": 900}, "java_script_enabled": width != 390}
    page = await opened(f"/plans/{plan}", **options)
    late = await opened(f"/plans/{plan}", news=False, **options)  # it would show the answer by itself
    assert asks in squeezed(await page.inner_text("#unnamed"))
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    for one, channel in ((page, "shopee"), (late, "amazon")):
        await one.select_option("#unnamed-channel", channel)
        await one.click("[data-analyse-unnamed]")
        await one.wait_for_url(lambda url: str(plan) not in url)
    made = await db.fetch("select plan_id, channels from decide.document where sha256 = $1", plan.hex * 2)
    [new] = [row for row in made if row["plan_id"] != plan]

    assert new["channels"] == ["shopee"]
    assert page.url.endswith(f"/plans/{new['plan_id']}")
    assert late.url == page.url
    if width == 390:  # where scripts run, it is said at the edge of the page, and goes
        assert before in await late.inner_text("main")
    await page.goto(f"/plans/{plan}")
    assert answered in squeezed(await page.inner_text("#unnamed"))
    assert await page.locator("[data-analyse-unnamed]").count() == 0
    assert await page.locator("#unnamed time").count() == 1, "when it was said"
    assert await page.get_attribute("[data-answered]", "href") == f"/plans/{new['plan_id']}"
    viewer = await opened(f"/plans/{plan}", role="viewer", locale=locale)
    assert await viewer.locator("#unnamed").count() == 1
    assert await viewer.locator("[data-analyse-unnamed]").count() == 0


UPLOADED = {
    "en": ("Of which channel are these sales?", "3 rows of sales name no channel: R$", "Analyse them"),
    "pt-BR": ("De qual canal são estas vendas?", "3 linhas de vendas não dizem o canal: R$ 109,60", "Analisar"),
}


@pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("pt-BR", 390)])
async def test_an_upload_asks_and_the_same_header_is_not_asked_about_again(
    opened: Opener, db: asyncpg.Connection, file: Path, locale: str, width: int
) -> None:
    """In the file's row, with the channels that were chosen; the next file is read as those sales were."""
    state, rows, button = UPLOADED[locale]
    page = await opened("/plans?upload=open", locale=locale, viewport={"width": width, "height": 900})
    await page.set_input_files("[data-files]", file)
    for channel in ("shopee", "magalu"):
        await page.check(f"input[name=channels][value={channel}]")
    await page.click("[data-upload] button.primary")
    asked = page.locator(".upload-row [data-unnamed]")
    await expect(asked).to_be_visible()
    assert await page.inner_text(".upload-row .upload-state") == state
    assert rows in squeezed(await asked.inner_text())
    assert button in await asked.locator("button").inner_text()
    assert await asked.locator("option").count() == 3
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await asked.locator("select").select_option("magalu")
    await asked.locator("button").click()
    await expect(page.locator(".upload-row.good")).to_have_count(1)
    file.write_text(file.read_text("utf-8").replace("59,80", "61,80"), "utf-8")
    await page.set_input_files("[data-files]", file)
    await page.click("[data-upload] button.primary")
    await expect(page.locator(".upload-row.good")).to_have_count(2)
    found = await db.fetch(
        "select d.channels, d.facts #>> '{channels,0,channel}' as channel from decide.document d"
        " where d.facts #>> '{tables,0,header_id}' = (select header_id from decide.column_mapping where document = $1)"
        " order by d.stored_at",
        file.name,
    )

    assert [(sorted(row["channels"]), row["channel"]) for row in found] == [
        (["magalu"], "magalu"),
        (["magalu", "shopee"], "magalu"),
    ]
