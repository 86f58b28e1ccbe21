"""What a buyer pays for freight is no revenue: an order's total that contains it is read without it, to the cent."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.buyers_freight import (
    BY_FORMAT,
    MAY_HAVE_FREIGHT,
    TAKEN_OUT,
    UNKNOWN,
    WITHOUT_COLUMN,
)
from tests.unit.gateway.intake.tables import reading, sold

#: Goods of 100.00, 80.00 and 50.00 + 30.00; discounts of 10.00, none and 14.00; freight of 12.50, 15.00 and 9.90.
REVENUE = 90.00 + 80.00 + 66.00
FREIGHT = "37,40"
TRAY = """order_id;date;status;point_sale;product_reference;product_name;quantity;price;\
partial_total;shipment_value;discount;total
1;2026-03-12;FINALIZADO;LOJA VIRTUAL;A;Shirt;2;50.00;100.00;12.50;10.00;102.50
2;2026-03-13;FINALIZADO;LOJA VIRTUAL;B;Hat;1;80.00;80.00;15.00;0.00;95.00
3;2026-03-14;FINALIZADO;LOJA VIRTUAL;A;Shirt;1;50.00;80.00;9.90;14.00;75.90
3;2026-03-14;FINALIZADO;LOJA VIRTUAL;C;Sock;3;10.00;80.00;9.90;14.00;75.90"""
BLING = """Número;Número pedido loja;Data;Situação;Código;Descrição;Quantidade;Valor unidade;Desconto;Frete;Total venda
1;701-1;12/03/2026;Atendido;A;Camisa;2;50,00;10,00;12,50;102,50
2;701-2;13/03/2026;Atendido;B;Boné;1;80,00;0,00;15,00;95,00
3;701-3;14/03/2026;Atendido;A;Camisa;1;50,00;14,00;9,90;75,90
3;701-3;14/03/2026;Atendido;C;Meia;3;10,00;14,00;9,90;75,90"""
BLING_ORDERS = """Número;Número pedido loja;Data;Contato;Situação;Total produtos;Desconto;Frete;Total venda
1;701-1;12/03/2026;Zuleica;Atendido;100,00;10,00;12,50;102,50
2;701-2;13/03/2026;Zuleica;Atendido;80,00;0,00;15,00;95,00
3;701-3;14/03/2026;Zuleica;Atendido;80,00;14,00;9,90;75,90"""
TINY = """ID contato;Número do pedido;Data;Situação;Código (SKU);Descrição;Quantidade;Valor unitário;\
Desconto pedido;Frete pedido;Valor total
7;901;12/03/2026;Entregue;A;Camisa;2;50,00;10,00;12,50;102,50
7;902;13/03/2026;Entregue;B;Boné;1;80,00;0,00;15,00;95,00
8;903;14/03/2026;Entregue;A;Camisa;1;50,00;14,00;9,90;75,90
8;903;14/03/2026;Entregue;C;Meia;3;10,00;14,00;9,90;75,90"""


def without(text: str, *columns: str) -> str:
    """Return the table without these columns."""
    rows = [row.split(";") for row in text.splitlines()]
    kept = [place for place, name in enumerate(rows[0]) if name not in columns]
    return "\n".join(";".join(row[place] for place in kept) for row in rows)


@pytest.mark.parametrize(
    ("text", "layout", "freight", "total"),
    [
        (TRAY, "tray.orders", "shipment_value", "total"),
        (without(TRAY, "partial_total"), "tray.orders", "shipment_value", "total"),
        (BLING, "bling.orders", "Frete", "Total venda"),
        (BLING_ORDERS, "bling.orders", "Frete", "Total venda"),
        (TINY, "olist_tiny.orders", "Frete pedido", "Valor total"),
    ],
)
def test_a_shops_order_total_is_read_without_the_freight_that_the_buyer_paid(
    text: str, layout: str, freight: str, total: str
) -> None:
    found = reading(text)
    (facts,) = channel_facts(sold(found), None)

    assert found.report.layout == layout
    assert {figure.metric: figure.value for figure in facts.figures}["revenue"] == REVENUE
    assert sold(found)["discount"].sum() == pytest.approx(24)
    assert sold(found)["shipping"].null_count() == sold(found).height
    assert TAKEN_OUT.format(column=freight, total=total, amount=FREIGHT) in found.report.warnings


def test_each_item_has_its_part_of_what_is_left() -> None:
    assert sold(reading(TRAY))["revenue"].round(2).to_list() == [90.00, 80.00, 41.25, 24.75]


def test_where_no_column_has_the_goods_the_format_says_that_the_total_contains_it() -> None:
    found = reading(without(BLING_ORDERS, "Total produtos", "Desconto"))

    assert sold(found)["revenue"].to_list() == pytest.approx([90.00, 80.00, 66.00])
    assert BY_FORMAT.format(column="Frete", total="Total venda", amount=FREIGHT) in found.report.warnings


def test_where_goods_and_freight_do_not_give_the_total_the_revenue_is_unknown() -> None:
    found = reading(TRAY.replace("102.50", "131.07").replace("95.00", "99.99").replace("75.90", "83.21"))

    assert sold(found)["revenue"].null_count() == 4
    assert UNKNOWN.format(column="shipment_value", total="total") in found.report.warnings


def test_where_the_freight_has_no_column_the_revenue_is_unknown() -> None:
    found = reading(without(TRAY, "shipment_value"))
    alone = reading(without(BLING_ORDERS, "Total produtos", "Desconto", "Frete"))

    assert sold(found)["revenue"].null_count() == 4
    assert WITHOUT_COLUMN.format(total="total") in found.report.warnings
    assert sold(alone)["revenue"].sum() == pytest.approx(102.5 + 95 + 75.9)
    assert MAY_HAVE_FREIGHT.format(total="Total venda") in alone.report.warnings


def test_a_total_of_the_goods_alone_stays_as_it_is() -> None:
    found = reading(TRAY.replace("102.50", "90.00").replace("95.00", "80.00").replace("75.90", "66.00"))

    assert sold(found)["revenue"].sum() == pytest.approx(REVENUE)
    assert not [one for one in found.report.warnings if "desconhecida" in one]


def test_freight_of_each_row_is_not_taken_for_the_orders() -> None:
    header = "Pedido;Data;Produto;Qtd;Preço unitário;Frete;Total"
    rows = "1;01/03/2026;A;1;50,00;5,00;55,00\n1;01/03/2026;B;1;30,00;5,00;35,00\n2;02/03/2026;A;2;50,00;7,00;107,00"

    assert sold(reading(f"{header}\n{rows}"))["revenue"].to_list() == pytest.approx([50, 30, 100])


def test_a_payout_with_the_freight_still_fits() -> None:
    found = reading(
        "Pedido;Data;Produto;Qtd;Preço unitário;Frete;Total;Comissão;Repasse\n"
        "1;01/03/2026;A;1;50,00;5,00;55,00;5,00;50,00\n2;02/03/2026;B;2;30,00;6,00;66,00;6,00;60,00"
    )

    assert sold(found)["revenue"].to_list() == [50, 60]
    assert sold(found)["net"].to_list() == [50, 60]


def test_freight_is_the_buyers_where_the_total_is_the_price_less_a_share_of_it_and_the_freight() -> None:
    rows = [(1, 100.0, 0.1, 5.0), (2, 50.5, 0.0, 8.99), (1, 80.0, 0.25, 12.99), (3, 20.0, 0.05, 4.99)]
    lines = [
        f"O{n};2026-03-0{n + 1};P{n};{units};{price:.2f};{off};{freight:.2f};{units * price * (1 - off) + freight:.2f}"
        for n, (units, price, off, freight) in enumerate(rows)
    ]
    head = "OrderID;OrderDate;ProductName;Quantity;UnitPrice;Discount;ShippingCost;TotalAmount"
    lines_read = sold(reading("\n".join([head, *lines])))

    assert lines_read["revenue"].to_list() == pytest.approx([90, 101, 60, 57])
    assert lines_read["shipping"].null_count() == 4


def test_what_woocommerce_tells_programs_has_the_buyers_freight_in_the_total() -> None:
    rows = [f"{n};completed;2026-03-0{n}T10:00:00;8.00;0.00;{30 + n}.00" for n in range(1, 6)]
    found = reading("\n".join(["id;status;date_created;shipping_total;cart_tax;total", *rows]))

    assert sold(found)["revenue"].sum() == pytest.approx(5 * 22 + 15)
