"""Tables that sellers make of a shop's export: orders by their sign, codes of payments, costs on first rows."""

import pytest

from gateway.intake.figures import channel_facts
from tests.unit.gateway.intake.tables import fields, reading, sold

SHOPIFYS = (
    "Name;Email;Subtotal;Shipping;Total;Lineitem quantity;Lineitem name;Lineitem price;Lineitem sku;Total Item\n"
    "#1001;a@b.example;56,00;10,00;66,00;2;Cebola;8,00;CB-1;16,00\n#1001;a@b.example;;;;4;Arroz;10,00;AR-1;40,00\n"
    "#1002;c@b.example;24,00;6,00;30,00;3;Cebola;8,00;CB-1;24,00\n#1003;d@b.example;20,00;0,00;20,00;2;Arroz;10,00;AR-1;20,00"
)


def test_numbers_of_orders_are_known_by_their_sign() -> None:
    found = reading(SHOPIFYS)

    assert fields(found)["order_id"] == "Name"
    assert sold(found)["order_id"].n_unique() == 3


def test_a_cost_on_an_orders_first_row_is_that_of_the_order() -> None:
    head = "Pedido;Data;SKU;Quantidade;Valor total;Custo do frete;Comissão\n"
    rows = [f"{n};0{n}/03/2026;A;1;60,00;10,00;6,00\n{n};0{n}/03/2026;B;1;40,00;;" for n in range(1, 5)]
    lines = sold(reading(head + "\n".join(rows)))
    figures = {one.metric: one.value for one in channel_facts(lines, None)[0].figures}

    assert lines["shipping"].to_list() == pytest.approx([6, 4] * 4)
    assert figures["shipping_cost"] == 40
    assert figures["shipping_share"] == pytest.approx(0.1)  # of the orders, and not of their first rows
    assert figures["fee_share"] == pytest.approx(0.06)


def test_costs_of_some_rows_of_an_order_stay_with_these() -> None:
    head = "Pedido;Data;SKU;Quantidade;Valor total;Comissão\n"
    rows = "1;01/03/2026;A;1;60,00;6,00\n1;01/03/2026;B;1;40,00;6,00\n1;01/03/2026;C;1;40,00;"

    assert sold(reading(head + rows))["fees"].to_list() == [6, 6, None]


def test_a_payments_number_is_no_sku() -> None:
    head = "Date;id;Sale Type;Amount;Qty;Order ID;Payment Ref Key\n"
    rows = [
        f"2026-02-0{n};k-{n};{kind};{50 * n};1;ord00{n};pay00{n}" for n in range(1, 8) for kind in ("Setup", "Recharge")
    ]
    found = reading(head + "\n".join(rows))

    assert "sku" not in fields(found)
    assert fields(found)["order_id"] == "Order ID"


def test_codes_that_come_again_are_skus() -> None:
    head = "Order ID;Date;Product;xyz;Amount\n"
    rows = [f"o-{n};2026-02-0{n};Shirt {n % 3};AB-{n % 3 + 10};{50 * n}" for n in range(1, 8)]

    assert fields(reading(head + "\n".join(rows)))["sku"] == "xyz"


def test_a_total_below_everything_is_no_header() -> None:
    found = reading(
        ";;;OFERTA TOTAL (Bls);DISPONIBLE\nSemillero;Varied;Variedad;Primu;Primu\n"
        "DM;X1;DON 1;3461;3461\n;;Total;3461;3461"
    )

    assert found.report.rows > 1


def test_of_two_codes_the_one_that_all_rows_have_is_the_sku() -> None:
    head = "Order ID;Date;Lineitem sku;SKU;Product;Quantity;Amount\n"
    rows = [
        f"o-{n};2026-02-0{n};AB-{n % 3 + 10};{'3_X' if n == 5 else ''};Shirt {n % 3};1;{50 * n},00" for n in range(1, 8)
    ]

    assert fields(reading(head + "\n".join(rows)))["sku"] == "Lineitem sku"


@pytest.mark.parametrize("name", ["Vendas (R$)", "Penjualan (Rp.)", "Venta $"])
def test_what_was_sold_in_a_currency_is_an_amount(name: str) -> None:
    rows = "\n".join(f"2026-03-0{n};Kopi;{20 * n};Sosis" for n in range(1, 6))

    assert sold(reading(f"Data;Produto;{name};Variante\n{rows}"))["revenue"].sum() == 300
    assert reading(f"Data;Produto;{name.split(maxsplit=1)[0]};Variante\n{rows}").lines is None  # pieces or money?


def test_what_a_bill_amounts_to_is_what_was_sold() -> None:
    rows = "#17102474;;12/03/2024;COD;740.75;\n#17102475;;13/03/2024;Net Banking;841.50;FIRSTBUY"

    assert (
        sold(reading(f"Order ID;Billing Name;Date;Payment Method;Bill Amount;Coupon Used\n{rows}"))["revenue"].sum()
        == 1582.25
    )


def test_sales_beside_their_costs_and_expenses_are_sales() -> None:
    head = "ProductId;Date;COGS;Inventory;Margin;Profit;Sales;Total Expenses;Product Name;State\n"
    rows = [f"{n};2012-01-0{n};89;777;130;94;{200 + n * n};36;Amaretto {n};Colorado" for n in range(1, 7)]
    found = reading(head + "\n".join(rows))

    assert sold(found)["revenue"].sum() == 1200 + 91
    assert found.goods is None


def test_expenses_by_cost_centre_are_no_sales() -> None:
    head = "Data;Descrição;Centro de custo;Valor total\n"

    assert reading(head + "01/03/2026;Aluguel;Loja;1500,00\n02/03/2026;Energia;Loja;350,00").lines is None
