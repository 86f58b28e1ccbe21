"""Freight whose payer no name and no payout tells is taken for the seller's, and the plan says so."""

from __future__ import annotations

import pytest

from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Pedido;Data;Produto;Valor total;{freight}\n1;01/03/2026;Camisa;100,00;10,00\n2;02/03/2026;Meia;200,00;15,50"


def told(text: str) -> list[str]:
    return [warning for warning in reading(text).report.warnings if "o nome não diz quem paga" in warning]


@pytest.mark.parametrize("name", ["Frete", "Valor do frete", "Envio"])
def test_a_bare_name_is_told_with_its_sum(name: str) -> None:
    (warning,) = told(HEAD.format(freight=name))

    assert warning.startswith(f"“{name}” (25,50 ao todo) foi lida como frete pago por você")


@pytest.mark.parametrize("name", ["Custo do frete", "Tarifa de envio", "Frete pago pelo vendedor"])
def test_a_name_that_says_so_is_not(name: str) -> None:
    assert told(HEAD.format(freight=name)) == []


def test_a_payout_without_the_freight_shows_whose_it_is() -> None:
    rows = "1;01/03/2026;Camisa;100,00;10,00;12,00;78,00\n2;02/03/2026;Meia;200,00;15,50;24,00;160,50"

    assert told(f"Pedido;Data;Produto;Valor total;Frete;Comissão;Repasse\n{rows}") == []


def test_freight_of_nothing_is_not_told() -> None:
    assert told("Pedido;Data;Produto;Valor total;Frete\n1;01/03/2026;Camisa;100,00;0,00") == []


@pytest.mark.parametrize("goods", ["Total product cost", "Subtotal", "Valor dos produtos"])
def test_freight_between_the_goods_and_the_total_is_the_buyers(goods: str) -> None:
    found = reading(
        f"Order No.;Order Amount;{goods};Shipping cost\n1;110,00;100,00;10,00\n"
        "2;215,50;200,00;15,50\n3;50,00;50,00;0,00"
    )

    assert sold(found)["shipping"].null_count() == 3
    assert not told(f"Order No.;Order Amount;{goods};Shipping cost\n1;110,00;100,00;10,00\n2;215,50;200,00;15,50")


def test_freight_of_an_order_of_several_items_is_the_buyers_where_the_items_and_it_are_the_total() -> None:
    rows = (
        "1;A;1;100,00;10,00;5,00;155,00\n1;B;1;50,00;10,00;5,00;155,00\n"
        "2;A;2;100,00;10,00;0,00;210,00\n3;C;1;20,00;10,00;0,00;80,00\n3;B;1;50,00;10,00;0,00;80,00"
    )
    found = reading(f"Pedido;Produto;Qtd;Valor unitário;Frete pedido;Desconto pedido;Total pedido\n{rows}")
    lines = sold(found)

    assert lines["shipping"].null_count() == 5
    assert (round(lines["revenue"].sum(), 2), round(lines["discount"].sum(), 2)) == (415, 5)
