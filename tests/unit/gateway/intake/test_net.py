"""What is left of sales is called by what it does not contain: an unknown part is never taken for zero."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.flagged_returns import IN_PART
from schemas.facts import NETS, ChannelFacts
from tests.unit.gateway.intake.tables import reading, sold
from tests.unit.gateway.intake.test_figures import facts, line


def nets(own: ChannelFacts) -> dict[str, float]:
    return {figure.metric: figure.value for figure in own.figures if figure.metric in NETS}


@pytest.mark.parametrize(
    ("known", "metric", "left"),
    [
        ({"shipping": 10.0, "refund": 5.0}, "net_receipts", 65),
        ({"shipping": 10.0, "refund": 5.0, "discount": 7.0, "undeducted": 7.0}, "net_receipts", 58),
        ({"shipping": 10.0}, "net_receipts", 70),  # its status tells that nothing came back
        ({"shipping": 10.0, "status": None}, "net_without_refunds", 70),
        ({"refund": 5.0}, "net_without_freight", 75),
        ({"status": None}, "net_without_freight_and_refunds", 80),
        ({"net": 61.0, "status": None}, "net_receipts", 61),  # the marketplace's own account
    ],
)
def test_it_is_called_by_what_is_not_taken_off(known: dict[str, object], metric: str, left: float) -> None:
    own = facts(line(revenue=100.0, fees=20.0, **known))

    assert nets(own) == {metric: left}
    assert any("é o máximo que pode ser" in warning for warning in own.warnings) is (metric != "net_receipts")


def test_a_blank_in_a_column_that_is_there_is_none() -> None:
    own = facts(line(revenue=100.0, fees=20.0, shipping=10.0), line(revenue=50.0, fees=5.0))

    assert nets(own) == {"net_receipts": 115}


def test_a_table_that_lacks_a_part_is_not_made_whole_by_another_one() -> None:
    first, second = (line(order_id=str(n), revenue=100.0 + n, fees=20.0, table=n, row=2) for n in (0, 1))
    own = facts(first | {"shipping": 10.0}, second)

    assert nets(own) == {"net_without_freight": 151}


def test_what_was_paid_back_in_part_is_unknown_and_not_all_of_it() -> None:
    rows = "1;Parcialmente reembolsado;A;1;100,00;12,00;5,00\n2;Entregue;B;1;50,00;6,00;5,00"
    names = "Pedido;Status;SKU;Quantidade;Valor total;Comissão;Frete pago pelo vendedor"
    (part,) = channel_facts(sold(reading(f"{names}\n{rows}")), None)
    (whole,) = channel_facts(sold(reading(f"{names}\n{rows.replace('Parcialmente r', 'R')}")), None)

    told = reading(f"{names}\n{rows}").report.warnings
    assert IN_PART.format(rows=1, names="Quantidade devolvida, Valor reembolsado") in told
    assert nets(part) == {"net_without_refunds": 122}
    assert nets(whole) == {"net_receipts": 22}
    assert {"refunds", "returned_units", "return_rate"}.isdisjoint(figure.metric for figure in part.figures)
    assert {figure.metric: figure.value for figure in whole.figures}["returned_units"] == 1


def test_without_fees_nothing_is_said_of_what_is_left() -> None:
    own = facts(line(revenue=100.0))

    assert nets(own) == {}
    assert not any("é o máximo que pode ser" in warning for warning in own.warnings)


def test_what_a_marketplace_pays_out_is_what_is_left() -> None:
    found = reading("Pedido;SKU;Qtd;Valor total;Comissão;Repasse\n1;A;1;100,00;12,00;88,00\n2;B;2;50,00;6,00;44,00")
    (own,) = channel_facts(sold(found), None)

    assert nets(own) == {"net_receipts": 132}


def test_the_discount_of_what_came_back_is_taken_off_once() -> None:
    names = (
        "Número do pedido;Status do produto;SHEIN-SKU;SKC;Preço do produto;Desconto de campanha da loja;Comissão;"
        "Taxa de intermediação de frete;Taxa de operação de estocagem"
    )
    rows = "1;Enviado;I1;s1;100,00;10,00;5,00;4,00;1,00\n2;Reembolsado por cliente;I1;s1;100,00;10,00;5,00;4,00;1,00"
    (own,) = channel_facts(sold(reading(f"{names}\n{rows}")), None)

    assert nets(own) == {"net_receipts": 70}
    assert {figure.metric: figure.value for figure in own.figures}["refunds"] == 90
