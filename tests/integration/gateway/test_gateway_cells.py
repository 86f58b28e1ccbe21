"""Cells of the tables by month and by product open: value, formula and rows, bounded."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from schemas.facts import CellRow, CellRows, Month, Product
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_figures import PATH, document
from tests.support import figures

SKU = "A/1 & <b>"
FACTS = replace(
    figures.MELI_FACTS,
    months=[Month("2026-02", revenue=10.0, orders=1), Month("2026-03", revenue=1234.5, orders=2, refunds=9.0)],
    products=[Product(SKU, "Garrafa", 2.0, 1234.5, 2, cost=500.0)],
    month_rows={
        "2026-03": CellRows(2, 1, [CellRow("P1", 0, 7, 1200.0, refunds=9.0), CellRow("P2", 0, 8, 30.0, cancelled=True)])
    },
    product_rows={SKU: CellRows(1, 0, [CellRow("P1", 0, 7, 1200.0)])},
)


@pytest.fixture
async def plan(gateway: Running) -> UUID:
    return await document(gateway, replace(figures.DOCUMENT, channels=[FACTS]))


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).replace("\xa0", " ").split())


async def test_every_cell_of_the_tables_leads_to_its_rows(gateway: Running, plan: UUID) -> None:
    async with gateway.client(None, **{"accept-language": "pt-BR"}) as page:
        await page.post("/login", data={"key": gateway.keys["viewer"]})
        shown = (await page.get(f"/plans/{plan}")).text
        cells = re.findall(r'href="(/plans/[^"]*cell=[^"]*)"', shown)
        assert len(cells) == 2 * 3 + 4
        for path in cells:
            assert (await page.get(path.replace("&amp;", "&"))).status_code == 200, path


async def test_a_month_tells_its_value_its_formula_and_some_of_its_rows(gateway: Running, plan: UUID) -> None:
    async with gateway.client(None, **{"accept-language": "pt-BR"}) as page:
        await page.post("/login", data={"key": gateway.keys["viewer"]})
        at = f"/plans/{plan}/figures/{figures.MELI}/revenue"
        told = text((await page.get(f"{at}?month=2026-03&cell=revenue")).text)
        assert "Receita · mar. de 2026 1.234,50" in told
        assert "Só das linhas deste mês." in told
        assert "2 linhas de vendas · 1 linha cancelada" in told
        assert "Algumas delas: as de maior receita" in told
        assert re.search(r"P1 7 1\.200,00 9,00 .*P2 linha cancelada 8 30,00 desconhecido", told)
        old = text((await page.get(f"{at}?month=2026-02&cell=revenue")).text)
        assert "Nenhuma linha foi guardada" in old


async def test_a_product_tells_its_rows_whatever_its_sku_is(gateway: Running, plan: UUID) -> None:
    async with gateway.client(None, **{"accept-language": "en"}) as page:
        await page.post("/login", data={"key": gateway.keys["viewer"]})
        answer = await page.get(f"/plans/{plan}/figures/{figures.MELI}/cost", params={"sku": SKU, "cell": "cost"})
        assert "Garrafa 500,00" in text(answer.text)
        assert "<b>" not in answer.text
        assert "Of the rows of this product alone." in text(answer.text)
        assert "P1 7" in text(answer.text)


@pytest.mark.parametrize(
    "query",
    [
        "month=2026-04&cell=revenue",
        "month=2026-03&cell=orders",
        "month=2026-03&cell=x",
        "sku=B&cell=revenue",
        "cell=revenue",
    ],
)
async def test_a_cell_that_is_not_there_is_not_found(gateway: Running, plan: UUID, query: str) -> None:
    async with gateway.client(None) as page:
        await page.post("/login", data={"key": gateway.keys["viewer"]})
        assert (await page.get(f"/plans/{plan}/figures/{figures.MELI}/revenue?{query}")).status_code == 404


async def test_the_api_tells_the_rows_and_the_page_of_the_plan_does_not_read_them(
    gateway: Running, api: httpx.AsyncClient, plan: UUID
) -> None:
    [told] = (await api.get(f"{PATH}/{plan}/figures")).json()["channels"]
    assert told["monthRows"]["2026-03"]["sample"][0]["order"] == "P1"
    assert told["productRows"][SKU]["sales"] == 1
