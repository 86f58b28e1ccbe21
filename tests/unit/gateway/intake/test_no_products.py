"""Sales that name no product: their sums are those of the channel, and no finding is about a product called so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from gateway.intake import Limits
from gateway.intake.document import read
from gateway.ui.channel_figures import of_channel
from schemas.facts import ChannelFacts, DocumentFacts
from schemas.product import UNNAMED
from streams.analysis.rules import analyse

HEADER = (
    "Número do pedido;Data;Status do pedido;Quantidade;Valor total;Comissão;Frete pago pelo vendedor;Valor reembolsado"
)
FIRST = date(2026, 6, 1)
#: Figures that name products.
OF_PRODUCTS = {"product_return_rate", "product_losses", "days_without_sales", "concentration_top10"}


def orders(count: int, *, sku: str = "") -> list[str]:
    """Orders that lose money, a fifth of them returned, and then nothing for weeks."""
    rows = []
    for number in range(count):
        back = number % 5 == 0
        day = FIRST + timedelta(days=number // 4)
        status, refunded = ("Devolvido", "40,00") if back else ("Entregue", "0,00")
        rows.append(f"P{sku}{number};{day:%d/%m/%Y};{status};1;40,00;16,00;25,00;{refunded}")
    last = FIRST + timedelta(days=91)
    return [*rows, f"Z{sku};{last:%d/%m/%Y};Entregue;1;40,00;16,00;25,00;0,00"]


def facts_of(folder: Path, header: str, rows: list[str]) -> DocumentFacts:
    (folder / "pedidos.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    return read(folder / "pedidos.csv", "pedidos.csv", ["own_store"], Limits())


def metrics(own: ChannelFacts) -> set[str]:
    return {figure.metric for figure in own.figures}


@pytest.fixture
def unnamed(tmp_path: Path) -> DocumentFacts:
    return facts_of(tmp_path, HEADER, orders(300))


def test_no_figure_and_no_finding_is_of_it(unnamed: DocumentFacts) -> None:
    (own,) = unnamed.channels
    found = analyse("own_store", unnamed)

    assert not metrics(own) & OF_PRODUCTS
    assert {"revenue", "return_rate", "losing_orders"} <= metrics(own)
    assert own.products[0].sku == UNNAMED
    assert UNNAMED not in str(found.to_dict())
    assert "own_store-losing-orders" in [o.id for o in found.opportunities], "no product explains these losses"


def test_the_page_lists_no_product_that_there_is_not(unnamed: DocumentFacts) -> None:
    assert of_channel(unnamed.channels[0], []).products == []


def test_beside_products_it_is_none_of_them(tmp_path: Path) -> None:
    named = [f"{row};A-1" for row in orders(80, sku="A")[:-1]]
    facts = facts_of(tmp_path, f"{HEADER};SKU", [*named, *(f"{row};" for row in orders(300))])

    (own,) = facts.channels
    skus = {figure.metric: figure.skus for figure in own.figures if figure.metric in OF_PRODUCTS}

    assert {product.sku for product in own.products} == {"A-1", UNNAMED}
    assert skus["product_losses"] == skus["product_return_rate"] == skus["days_without_sales"] == ["A-1"]
