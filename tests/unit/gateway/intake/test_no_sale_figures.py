"""Tables whose amounts look like those of sales and are none: rates, statistics, what is in stock, repeated totals."""

import pytest

from gateway.intake.layouts import understand
from gateway.intake.tables import RawTable
from tests.unit.gateway.intake.tables import cells, raw, reading, sold


def test_a_total_that_an_orders_products_repeat_counts_once() -> None:
    head = "Order ID,Date Created,Status,Product Name,Total Amount,Total Discount\n"
    rows = [
        "1,2025-04-05 09:25:08,processing,Lab test,1183.93,0.00",
        "1,2025-04-05 09:25:08,processing,Combo,1183.93,0.00",
        "2,2025-04-05 10:25:08,processing,Lab test,71.75,0.00",
        "3,2025-04-05 11:25:08,processing,Combo,689.45,0.00",
        "3,2025-04-05 11:25:08,processing,Consultation,689.45,0.00",
        "4,2025-04-05 12:25:08,processing,Lab test,658.57,0.00",
        "4,2025-04-05 12:25:08,processing,Consultation,658.57,0.00",
    ]
    found = understand(raw(cells(head + "\n".join(rows), ",")), ["own_store"])

    assert sold(found)["revenue"].sum() == pytest.approx(1183.93 + 71.75 + 689.45 + 658.57)


def test_amounts_that_are_the_products_prices_are_no_orders_total() -> None:
    head = "Order ID;Date;Product;Total\n"
    rows = ["1;2025-04-05;A;10.00", "1;2025-04-05;B;10.00", "2;2025-04-06;C;20.00", "2;2025-04-06;D;20.00"]
    rows += ["3;2025-04-07;E;30.00", "3;2025-04-07;F;30.00", "4;2025-04-08;A;10.00", "4;2025-04-08;B;10.00"]

    assert sold(reading(head + "\n".join(rows)))["revenue"].sum() == 140


def test_a_rate_beside_the_fee_that_it_makes_is_no_fee() -> None:
    head = "OP;Fecha de la Orden;Importe;comision;Importe Comision\n"
    sales = [(845000, 0), (650000, 10), (87500, 20), (96000, 15)]
    rows = [f"{n};2026-02-0{n};{total};{rate};{total * rate // 100}" for n, (total, rate) in enumerate(sales, 1)]
    lines = sold(reading(head + "\n".join(rows)))

    assert lines["fees"].sum() == 65000 + 17500 + 14400


def test_two_fees_of_one_sale_are_added() -> None:
    lines = sold(
        reading(
            "Pedido;Data;Valor total;Comissão;Taxa fixa\n1;01/03/2026;100,00;12,00;5,00\n2;02/03/2026;50,00;6,00;5,00"
        )
    )

    assert lines["fees"].to_list() == [17, 11]


def test_statistics_of_amounts_are_no_sales() -> None:
    names = ("count", "mean", "median", "std", "min", "25%", "75%", "max")
    head = ";".join(["ASIN", *(f"{base}_{name}" for base in ("Qty", "Amount") for name in names)])
    rows = [
        f"B01LYC0N{n}Q;21;1.05;1.0;0.22;1;1.0;1.0;2;21;395.33;376.0;81.76;376.0;376.0;382.0;752.0" for n in range(5)
    ]
    found = reading("\n".join([head, *rows]))

    assert found.lines is None
    assert not found.report.asks


def test_a_sum_beside_statistics_is_read() -> None:
    head = "order_date;product;amount_sum;amount_mean;amount_std;amount_max\n"
    found = reading(head + "2026-03-01;A;100.50;50.25;3.5;60.1\n2026-03-02;B;80.25;40.1;2.5;50.2")

    assert found.lines is None or sold(found)["revenue"].sum() == pytest.approx(180.75)


STOCK = (
    "id;sku;nome_produto;preco_custo;preco_venda;quantidade;data_compra\n"
    "2;MC-1;Sapato;100;272;40;2025-04-25\n4;MC-2;Calça;50;200;22;2025-04-26\n5;MC-3;Blusa;20;80;10;2025-04-26"
)


def test_what_a_file_calls_stock_is_none_of_sales() -> None:
    table = raw(cells(STOCK))
    found = understand(RawTable(table.where, table.frame, filename="estoque_completo.xlsx"), ["own_store"])

    assert found.lines is None
    assert found.report.kind in ("stock", "costs")


def test_units_with_a_cost_and_the_day_of_their_purchase_are_asked_about() -> None:
    found = reading(STOCK)

    assert (found.lines, found.goods, found.report.asks) == (None, None, True)


def test_units_with_a_cost_and_a_buyer_are_sales() -> None:
    head = "id;sku;nome_produto;preco_custo;preco_venda;quantidade;data_compra;cliente\n"
    found = reading(head + "2;MC-1;Sapato;100;272;4;2025-04-25;Zuleica\n4;MC-2;Calça;50;200;2;2025-04-26;Teobaldo")

    assert sold(found)["revenue"].sum() == 272 * 4 + 200 * 2
