"""Freight whose payer no name and no payout tells is taken for the seller's, and the plan says so."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.freight_names import is_freight
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


@pytest.mark.parametrize(
    ("header", "rows", "revenue"),
    [
        # the buyer's freight has the bare name
        (
            "Preço unitário;Total do pedido;Phí vận chuyển;Phí vận chuyển người bán trả",
            "100;110;10;7|50;115;15;8|50;62;12;9",
            [100, 100, 50],
        ),
        # a cost beside freight that the total contains
        (
            "Preço unitário;Total;Costo de envío;Envío",
            "100;110;7;10|50;115;8;15|50;62;9;12",
            [100, 100, 50],
        ),
        # what is left after the seller's freight is no goods' total
        (
            "Preço;Total do pedido;Custo do frete;Valor líquido",
            ";110;7;103|;115;8;107|;62;9;53",
            [110, 115, 62],
        ),
        # free delivery may be written as freight with a discount of as much
        (
            "Preço;Total do pedido;Desconto;Custo do frete",
            ";110;7;7|;115;8;8|;62;9;9",
            [110, 115, 62],
        ),
    ],
)
def test_the_seller_pays_seven_to_nine_whatever_stands_beside(header: str, rows: str, revenue: list[float]) -> None:
    cells = ["1;A;1", "2;B;2", "3;B;1"]
    table = [f"{of};{more}" for of, more in zip(cells, rows.split("|"), strict=True)]
    lines = sold(reading("\n".join([f"Pedido;SKU;Qtd;{header}", *table])))

    assert lines["revenue"].to_list() == revenue
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


@pytest.mark.parametrize("name", ["Tiền vận chuyển", "Ongkos kirim", "Valor do frete", "Delivery"])
def test_a_name_of_freight_is_one(name: str) -> None:
    assert is_freight(name)


@pytest.mark.parametrize("name", ["Chuyển khoản", "Tiền hàng", "Total do pedido"])
def test_a_name_of_other_money_is_none(name: str) -> None:
    assert not is_freight(name)
