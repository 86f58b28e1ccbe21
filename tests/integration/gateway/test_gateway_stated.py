"""What a document's text states stands on the plan's page with its place, uncorrected by what its tables come to."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from schemas.stated import StatedFigure
from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_figures import PATH, document
from tests.support import figures

REVENUE = StatedFigure("revenue", 48230.15, "BRL", "página 2", "Receita total R$ 48.230,15", figures.MELI)
RETURNS = StatedFigure("return_rate", 0.094, "ratio", "página 3", "devolução <b>9,4 %</b>")
CANCELLED = StatedFigure("cancelled_orders", 12, "count", "parágrafo 4", "12 pedidos cancelados")


async def stated_on(gateway: Running, plan_id: UUID, language: str) -> list[str]:
    """Return the rows of the card, each as one line of text; none where there is no card."""
    async with gateway.client(None, **{"accept-language": language}) as page:
        await page.post("/login", data={"key": gateway.keys["viewer"]})
        shown = (await page.get(f"/plans/{plan_id}")).text.partition('id="stated"')[2].partition("</section>")[0]
    assert "<b>" not in shown
    rows = re.findall(r"<li>(?:(?!</li>).)*</li>", shown, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).replace("\xa0", " ").split()) for row in rows]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "pt-BR",
            [
                "R$ 48.230,15 Receita Mercado Livre · página 2 · calculado: {} Receita total R$ 48.230,15",
                "9,4% Taxa de devolução · página 3 devolução &lt;b&gt;9,4 %&lt;/b&gt;",
                "12 Pedidos cancelados · parágrafo 4 12 pedidos cancelados",
            ],
        ),
        (
            "en",
            [
                "R$ 48.230,15 Revenue Mercado Livre · page 2 · computed: {} Receita total R$ 48.230,15",
                "9.4% Return rate · page 3 devolução &lt;b&gt;9,4 %&lt;/b&gt;",
                "12 Cancelled orders · paragraph 4 12 pedidos cancelados",
            ],
        ),
    ],
)
async def test_each_statement_stands_with_its_place_beside_what_was_computed(
    gateway: Running, language: str, said: list[str]
) -> None:
    """Of several channels nobody knows of which one a statement without a name speaks: nothing stands beside it."""
    plan_id = await document(gateway, replace(figures.DOCUMENT, stated=[REVENUE, RETURNS, CANCELLED]))
    shown = await stated_on(gateway, plan_id, language)
    computed = re.search(r": (R\$ [\d.,]+) Receita", shown[0])
    assert computed, shown[0]
    assert shown == [said[0].format(computed[1]), *said[1:]]
    assert computed[1] != "R$ 48.230,15", "the tables come to something else, and the statement stays as it is"


async def test_a_statement_of_a_document_with_one_channel_stands_beside_its_figure(gateway: Running) -> None:
    alone = replace(figures.DOCUMENT, channels=[figures.MELI_FACTS], stated=[replace(REVENUE, channel="")])
    [shown] = await stated_on(gateway, await document(gateway, alone), "pt-BR")
    assert re.fullmatch(
        r"R\$ 48\.230,15 Receita · página 2 · calculado: R\$ [\d.,]+ Receita total R\$ 48\.230,15", shown
    )


async def test_a_text_that_states_nothing_has_no_card(gateway: Running) -> None:
    assert await stated_on(gateway, await document(gateway), "pt-BR") == []


async def test_the_api_tells_what_is_stated_with_its_words(gateway: Running, api: httpx.AsyncClient) -> None:
    plan_id = await document(gateway, replace(figures.DOCUMENT, stated=[REVENUE]))
    assert (await api.get(f"{PATH}/{plan_id}/figures")).json()["stated"] == [
        {
            "metric": "revenue",
            "value": 48230.15,
            "unit": "BRL",
            "where": "página 2",
            "quote": "Receita total R$ 48.230,15",
            "channel": figures.MELI,
        }
    ]
