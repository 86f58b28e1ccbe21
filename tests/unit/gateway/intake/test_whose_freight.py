"""Freight whose payer no name and no payout tells is taken for the seller's, and the plan says so."""

from __future__ import annotations

import pytest

from tests.unit.gateway.intake.tables import reading

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
