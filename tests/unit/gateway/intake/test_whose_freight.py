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


@pytest.mark.parametrize(
    "name",
    [
        *("Custo do frete", "Tarifa de envio", "Frete pago pelo vendedor", "Ongkos Kirim Penjual"),
        *("Phí vận chuyển người bán trả", "Biaya Pengiriman Ditanggung Penjual"),
    ],
)
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


BOTH = (
    "Pedido;SKU;Qtd;Preço unitário;Total;{own};{buyers}\n1;A;1;100,00;110,00;7,00;10,00\n"
    "2;B;2;50,00;115,00;8,00;15,00\n3;B;1;50,00;62,00;9,00;12,00"
)


@pytest.mark.parametrize(
    ("own", "buyers"),
    [
        ("Frete pago pelo vendedor", "Frete pago pelo comprador"),
        ("Custo do frete", "Frete"),  # the first says whose it is
        ("Frete", "Frete pago pelo cliente"),  # the second does
        ("Phí vận chuyển người bán trả", "Phí vận chuyển người mua trả"),
        ("Ongkos Kirim Penjual", "Ongkos Kirim Dibayar oleh Pembeli"),
    ],
)
def test_the_sellers_freight_stays_beside_the_buyers_that_the_total_contains(own: str, buyers: str) -> None:
    lines = sold(reading(BOTH.format(own=own, buyers=buyers)))

    assert lines["revenue"].to_list() == [100, 100, 50]
    assert lines["shipping"].to_list() == [7, 8, 9]


def test_two_columns_of_freight_that_say_nothing_are_both_the_buyers() -> None:
    lines = sold(reading(BOTH.format(own="Frete", buyers="Frete com seguro")))

    assert lines["revenue"].to_list() == [100, 100, 50]
    assert lines["shipping"].null_count() == 3


def test_freight_of_a_cent_shows_nothing() -> None:
    found = reading(
        "Pedido;SKU;Qtd;Preço unitário;Total;Custo do frete;Frete pago pelo comprador\n1;A;1;100,00;100,01;7,00;0,01"
    )

    assert sold(found)["revenue"].to_list() == [100.01]
    assert sold(found)["shipping"].to_list() == [7]


def test_the_buyers_freight_has_a_bare_name_and_the_sellers_stands_in_another_column() -> None:
    found = reading(
        "Pedido;SKU;Qtd;Preço unitário;Total do pedido;Phí vận chuyển;Phí vận chuyển người bán trả\n"
        "1;A;1;100,00;110,00;10,00;7,00\n2;B;2;50,00;115,00;15,00;8,00\n3;B;1;50,00;62,00;12,00;9,00"
    )

    assert sold(found)["revenue"].to_list() == [100, 100, 50]
    assert sold(found)["shipping"].to_list() == [7, 8, 9]


def test_costo_de_envio_is_the_sellers_beside_freight_that_the_total_contains() -> None:
    lines = sold(reading(BOTH.format(own="Costo de envío", buyers="Envío")))

    assert lines["revenue"].to_list() == [100, 100, 50]
    assert lines["shipping"].to_list() == [7, 8, 9]


@pytest.mark.parametrize("name", ["Total do pedido", "Valor total do pedido"])
def test_totals_of_rows_and_the_freight_of_their_order_are_its_total(name: str) -> None:
    """The order's total and its freight stand on each of its rows; without prices the rows' own totals tell them."""
    found = reading(
        f"Pedido;SKU;Qtd;Total;{name};Valor do frete\n1;A;1;100,00;160,00;10,00\n1;B;1;50,00;160,00;10,00\n"
        "2;B;2;100,00;115,00;15,00\n3;C;1;30,00;30,00;0,00"
    )

    assert sold(found)["revenue"].to_list() == [100, 50, 100, 30]
    assert sold(found)["shipping"].null_count() == 4


def test_what_is_left_after_the_sellers_freight_makes_the_freight_nobody_elses() -> None:
    found = reading(
        "Pedido;SKU;Qtd;Total do pedido;Custo do frete;Valor líquido\n1;A;1;110,00;10,00;100,00\n"
        "2;B;2;115,00;15,00;100,00\n3;B;1;62,00;12,00;50,00"
    )

    assert sold(found)["revenue"].to_list() == [110, 115, 62]
    assert sold(found)["shipping"].to_list() == [10, 15, 12]


def test_a_discount_as_high_as_the_freight_shows_nothing_of_who_paid_it() -> None:
    """Free delivery may be written as freight with a discount of as much."""
    found = reading(
        "Pedido;SKU;Qtd;Total do pedido;Desconto;Custo do frete\n1;A;1;110,00;10,00;10,00\n"
        "2;B;2;115,00;15,00;15,00\n3;B;1;62,00;12,00;12,00"
    )

    assert sold(found)["revenue"].to_list() == [110, 115, 62]
    assert sold(found)["shipping"].to_list() == [10, 15, 12]
