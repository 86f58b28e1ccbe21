"""Columns that are not sure are mapped in the page: the sums follow, the plan is made from what is confirmed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.accessibility import violations_in_light_and_dark
from tests.browser.conftest import Opener

ROWS = (
    "a1;01/03/2026;Ana Lima;Camisa;2;50,00\na2;02/03/2026;Rui Melo;Meia;1;30,00\na3;03/03/2026;Zoe Reis;Calça;3;80,00\n"
)


class Store:
    """Files of an own store, with a header that no other test has: `vlr` may be a price or a total."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.head = f"ref_{uuid4().hex[:6]};dt_venda;cliente_nome;prod;qtd;vlr\n"

    def file(self, name: str, *more: str) -> Path:
        path = self.folder / name
        path.write_text(self.head + ROWS + "".join(more), "utf-8")
        return path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


async def choose(page: Page, file: Path) -> None:
    await page.set_input_files("[data-files]", file)
    await page.check("input[name=channels][value=own_store]")
    await page.click("[data-upload] button.primary")


async def pick(page: Page, column: str, field: str) -> None:
    await page.get_by_label(column, exact=True).select_option(label=field)


async def revenue_of(db: asyncpg.Connection, href: str | None) -> str | None:
    assert href is not None
    found: str | None = await db.fetchval(
        """select jsonb_path_query_first(facts, '$.channels[0].figures[*] ? (@.metric == "revenue").value')::text
           from decide.document where plan_id = $1""",
        href.rsplit("/", 1)[1],
    )
    return found


async def test_maps_columns_and_makes_the_plan(opened: Opener, store: Store, db: asyncpg.Connection) -> None:
    """One dropdown changes the sums; the confirmed plan has them; the next file with the header goes straight on."""
    page = await opened("/plans?upload=open")
    await choose(page, store.file("loja-marco.csv"))
    sums = page.locator("[data-sum=revenue]")
    await expect(page.locator("[data-mapping]")).to_be_visible()
    shown = await page.inner_text("[data-mapping]")
    await expect(sums).to_contain_text("370")  # of what was guessed
    await pick(page, "vlr", "Total of the row")
    await expect(sums).to_contain_text("160")
    await page.click("[data-confirm]")
    await expect(page.locator(".upload-row.good")).to_have_count(1)
    first = await page.get_attribute(".upload-row.good a", "href")
    await choose(page, store.file("loja-abril.csv", "a4;04/04/2026;Ivo Reis;Boné;1;10,00\n"))
    await expect(page.locator(".upload-row.good")).to_have_count(2)
    second = await page.get_attribute(".upload-row.good:first-child a", "href")

    assert "50,00" in shown
    assert "Ana Lima" not in shown
    assert float(await revenue_of(db, first) or 0) == 160
    assert float(await revenue_of(db, second) or 0) == 170


async def test_the_last_choice_is_looked_at_and_those_before_are_given_up(opened: Opener, store: Store) -> None:
    """Else the sums of a seller who chooses quickly wait for every reading before."""
    page = await opened("/plans?upload=open")
    await choose(page, store.file("loja-junho.csv"))
    await expect(page.locator("[data-sum=revenue]")).to_contain_text("370")
    given_up: list[str] = []
    page.on("requestfailed", lambda request: given_up.append(request.url.rsplit("/", 1)[1]))
    held = asyncio.Event()

    async def hold_the_first(route: Route) -> None:
        await held.wait()
        await route.abort()

    await page.route("**/plans/upload/mapping", hold_the_first, times=1)
    await pick(page, "vlr", "Ignore it")
    await pick(page, "vlr", "Total of the row")
    await expect(page.locator("[data-sum=revenue]")).to_contain_text("160")
    held.set()

    assert given_up == ["mapping"]
    assert await page.locator("[data-sums][aria-busy]").count() == 0


async def test_what_is_missing_is_said_by_what_was_chosen(opened: Opener, store: Store) -> None:
    page = await opened("/plans?upload=open", locale="pt-BR")
    await choose(page, store.file("loja-julho.csv"))
    await expect(page.locator("[data-sum=revenue]")).to_contain_text("370")
    await pick(page, "vlr", "Ignorar")

    await expect(page.locator("[data-sums] .note")).to_contain_text(
        "falta o valor. Diga qual coluna é o total da linha"
    )


async def answer_once(db: asyncpg.Connection, answer: dict[str, Any]) -> None:
    """Answer the next question as the runner would."""
    while not await db.fetchval(
        "update flow.column_proposal set taken_at = now(), answer = $1 where answer is null and until > now()"
        " returning true",
        json.dumps(answer),
    ):
        await asyncio.sleep(0.05)


async def test_an_agent_proposes_and_the_person_confirms(opened: Opener, store: Store, db: asyncpg.Connection) -> None:
    """The proposal stands in the dropdowns, with who made it; the plan is of what is confirmed."""
    columns = {"dt_venda": "at", "qtd": "units", "vlr": "revenue", "cliente_nome": "title"}
    page = await opened("/plans?upload=open")
    await choose(page, store.file("loja-agente.csv"))
    await expect(page.locator("[data-mapping]")).to_be_visible()
    asked = asyncio.create_task(
        answer_once(db, {"agent": "agent:host/m", "columns": columns, "dropped": [], "use": {}})
    )
    await page.click("[data-propose]")
    note = page.locator("[data-proposal]")
    await expect(note).to_contain_text("agent:host/m")
    await asked
    said = await note.inner_text()
    await expect(page.locator("[data-sum=revenue]")).to_contain_text("160")
    await page.click("[data-confirm]")
    await expect(page.locator(".upload-row.good")).to_have_count(1)
    made = await page.get_attribute(".upload-row.good a", "href")

    assert "“cliente_nome”" in said
    assert "its cells say otherwise" in said
    assert float(await revenue_of(db, made) or 0) == 160


async def test_an_agent_that_proposes_nothing_leaves_the_page_as_it_was(
    opened: Opener, store: Store, db: asyncpg.Connection
) -> None:
    page = await opened("/plans?upload=open")
    await choose(page, store.file("loja-nada.csv"))
    await expect(page.locator("[data-mapping]")).to_be_visible()
    await pick(page, "vlr", "Total of the row")
    await expect(page.locator("[data-sum=revenue]")).to_contain_text("160")
    asked = asyncio.create_task(
        answer_once(
            db, {"agent": "agent:host/m", "code": "answer-no-json", "reason": "the agent's answer held no JSON"}
        )
    )
    await page.click("[data-propose]")
    await expect(page.locator("[data-proposal]")).to_contain_text("nothing could be read from its answer")
    await asked

    assert await page.get_by_label("vlr", exact=True).locator("option:checked").inner_text() == "Total of the row"
    await expect(page.locator("[data-sum=revenue]")).to_contain_text("160")


async def test_a_mapping_without_sense_says_so(opened: Opener, store: Store) -> None:
    """Two columns for one field are told in the sums; a buyer's column is not taken."""
    page = await opened("/plans?upload=open")
    await choose(page, store.file("loja.csv"))
    note = page.locator("[data-sums] .note.fail")
    await pick(page, "vlr", "Units sold")
    await expect(note).to_contain_text("several columns (qtd, vlr)")
    await pick(page, "vlr", "Total of the row")
    await expect(note).to_have_count(0)
    await pick(page, "cliente_nome", "Order status")
    await expect(note).to_contain_text("buyers")


async def test_uploads_anyway(opened: Opener, store: Store, db: asyncpg.Connection) -> None:
    """Who cannot say what the columns are gets a plan without figures."""
    page = await opened("/plans?upload=open")
    await choose(page, store.file("loja.csv"))
    await page.click("[data-anyway]")
    await expect(page.locator(".upload-row.good")).to_have_count(1)

    assert await revenue_of(db, await page.get_attribute(".upload-row.good a", "href")) is None


async def test_maps_without_scripts(opened: Opener, store: Store, db: asyncpg.Connection) -> None:
    """The form shows the columns, the sums on demand, and takes the file once more with the mapping."""
    file = store.file("loja.csv")
    page = await opened("/plans?upload=open", java_script_enabled=False)
    await choose(page, file)
    await pick(page, "vlr", "Price of a unit")
    await page.set_input_files("#mapping-file", file)
    await page.get_by_role("button", name="See the sums").click()
    sums = await page.inner_text("[data-sum=revenue]")
    await page.set_input_files("#mapping-file", file)
    await page.click("[data-confirm]")
    said = await page.inner_text("#flash")

    assert "370" in sums
    assert "Uploaded" in said
    assert float(await revenue_of(db, page.url) or 0) == 370


async def test_what_is_kept_is_changed_and_forgotten(opened: Opener, store: Store, db: asyncpg.Connection) -> None:
    """The list shows who mapped what; a change and a removal are one form each."""
    page = await opened("/plans?upload=open")
    await choose(page, store.file(f"{store.head[:10]}.csv"))
    await pick(page, "vlr", "Price of a unit")
    await page.click("[data-confirm]")
    await expect(page.locator(".upload-row.good")).to_have_count(1)
    await page.goto("/mappings")
    card = page.locator("section.card", has_text=store.head[:10])
    told = await card.inner_text()
    assert await violations_in_light_and_dark(page) == []
    await card.get_by_label("vlr").select_option(label="Total of the row")
    await card.get_by_role("button", name="Save").click()
    await expect(page.locator("#flash")).to_contain_text("Changed")
    kept = await db.fetchval("select columns ->> 'vlr' from decide.column_mapping order by made_at desc limit 1")
    await card.get_by_role("button", name="Forget it").click()
    await expect(card).to_have_count(0)

    assert "mapped by Test analyst" in told
    assert kept == "revenue"


async def test_columns_that_were_sure_are_looked_at_before_the_upload(
    opened: Opener, tmp_path: Path, db: asyncpg.Connection
) -> None:
    """Guessed surely but wrongly: the person changes one column, and the plan is made by that."""
    file = tmp_path / "loja.csv"
    mark = uuid4().hex[:6]
    file.write_text(f"Pedido;Data;SKU;Quantidade;Valor total;Cobrado {mark}\n1;01/03/2026;A;2;50,00;44,00\n"
                    "2;02/03/2026;B;1;30,00;27,00\n", "utf-8")  # fmt: skip
    page = await opened("/plans?upload=open")
    await page.set_input_files("[data-files]", file)
    await page.check("input[name=channels][value=own_store]")
    await page.click("[data-look]")
    sums = page.locator("[data-sum=revenue]")
    await expect(sums).to_contain_text("80")
    await pick(page, "Valor total", "Ignore it")
    await pick(page, f"Cobrado {mark}", "Total of the row")
    await expect(sums).to_contain_text("71")
    await page.click("[data-confirm]")
    await expect(page.locator(".upload-row.good")).to_have_count(1)

    assert float(await revenue_of(db, await page.get_attribute(".upload-row.good a", "href")) or 0) == 71
