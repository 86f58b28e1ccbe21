"""Shopee's own sums, by product and by day: of what was paid, in the currency of the header, each sale once."""

from __future__ import annotations

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.day_or_month import DAY_OR_MONTH
from gateway.intake.settling import settled
from schemas.facts import ChannelFacts
from tests.unit.gateway.intake.tables import cells, raw, reading, sold

PRODUCTS = (
    "ID do Item;Produto;ID da Variação;SKU da Variação;SKU Principle;Visitantes do Produto (Visita);"
    "Unidades (Pedido realizado);Vendas (Pedido realizado) (BRL);Unidades (Pedido pago);Vendas (Pedido pago) (BRL)\n"
    "71;Caneca;-;-;CAN-PAI;902;32;1.465,66;27;1.207,28\n"
    "71;Caneca;801;CAN-AZ;CAN-PAI;-;20;900,00;17;807,28\n"
    "71;Caneca;802;CAN-PR;CAN-PAI;-;12;565,66;10;400,00\n"
    "72;Copo;-;-;-;30;1;50,00;1;50,00"
)
DAYS = (
    "Data;Visitantes (Visitar);Vendas (Pedidos Feitos) (BRL);Vendas (Pedidos Pagos) (BRL)\n"
    "24/12/2025-25/12/2025;153;191,07;150,00\n"
    ";;;\n"
    "Data;Visitantes (Visitar);Unidades (Pedidos Feitos);Pedidos (Pedidos Feitos);Vendas (Pedidos Feitos) (BRL);"
    "Unidades (Pedidos Pagos);Pedidos (Pedidos Pagos);Vendas (Pedidos Pagos) (BRL)\n"
    "24/12/2025;84;2;2;78,00;2;2;78,00\n"
    "25/12/2025;69;1;1;113,07;1;1;72,00"
)
ABROAD = (
    "Date;Month;Visitors (Visit);Units (Placed Orders);Orders (Placed Orders);Sales (Placed Orders) (VND);"
    "Units(Confirmed Orders);Orders (Confirmed Orders);Sales(Confirmed Orders) (VND)\n"
    "1/1/2025;1;732;30;17;4787000;26;14;4027000\n1/13/2025;1;462;5;3;1024000;5;3;966000"
)


def own(text: str, told: str = "") -> ChannelFacts:
    found = settled(raw(cells(text)), ["shopee"], None, told)
    (facts,) = channel_facts(found.lines, found.exposure)
    return facts


def figures(facts: ChannelFacts) -> dict[str, float]:
    return {figure.metric: figure.value for figure in facts.figures}


def test_a_product_is_counted_once_and_not_its_variations_again() -> None:
    found = reading(PRODUCTS, ["shopee"])
    assert found.exposure is not None
    assert found.report.layout == "shopee.product_overview"
    assert found.exposure.select("sku", "units", "revenue").rows() == [("CAN-PAI", 27, 1207.28), ("72", 1, 50)]

    facts = own(PRODUCTS)
    assert (facts.currency, figures(facts)["revenue"], figures(facts)["units"]) == ("BRL", 1257.28, 28)


def test_days_are_those_of_paid_orders_and_the_line_of_the_period_is_none() -> None:
    lines = sold(reading(DAYS, ["shopee"]))

    assert lines["revenue"].to_list() == [78, 72]
    assert lines["units"].to_list() == [2, 1]
    facts = own(DAYS)
    assert (facts.currency, facts.period) == ("BRL", ["2025-12-24", "2025-12-25"])
    assert (figures(facts)["orders"], figures(facts)["average_ticket"]) == (3, 50)
    assert any("(3 ao todo)" in warning for warning in reading(DAYS, ["shopee"]).report.warnings)


def test_where_payment_comes_with_delivery_confirmed_orders_are_the_sales() -> None:
    facts = own(ABROAD)
    assert (facts.currency, figures(facts)["revenue"], figures(facts)["units"]) == ("VND", 4_993_000, 31)
    assert facts.period == ["2025-01-01", "2025-01-13"]


@pytest.mark.parametrize("told", ["USD", ""])
def test_a_currency_that_a_person_tells_is_that_of_a_report_of_products(told: str) -> None:
    report = "(Child) ASIN;Title;Sessions;Units Ordered;Ordered Product Sales\nB0A;Cup;90;3;30.00\nB0B;Mug;40;2;50.00"
    found = settled(raw(cells(report)), ["amazon"], None, told)
    (facts,) = channel_facts(None, found.exposure)

    assert (facts.currency, facts.currency_source) == (told, "told" if told else "")
    assert found.report.told_currency == told
    assert figures(facts)["revenue"] == 80


def test_a_currency_that_the_report_names_stands() -> None:
    facts = own(PRODUCTS, "USD")
    assert (facts.currency, facts.currency_source) == ("BRL", "read")
    assert isinstance(settled(raw(cells(PRODUCTS)), ["shopee"], None, "USD").exposure, pl.DataFrame)


def test_products_in_indonesian_are_read_without_their_variations() -> None:
    head = (
        "Kode Produk;Produk;Kode Variasi;SKU Induk;Penjualan (Pesanan Siap Dikirim) (IDR);Produk (Pesanan Siap Dikirim)"
    )
    rows = "42;Jaket;-;JK-1;1.703.993;9\n42;Jaket;286;JK-1;566.998;3\n42;Jaket;287;JK-1;1.136.995;6\n43;Topi;-;TP-1;0;0"
    facts = own(f"{head}\n{rows}")

    assert (facts.currency, figures(facts)["revenue"], figures(facts)["units"]) == ("IDR", 1_703_993, 9)


def test_days_that_may_all_be_months_are_no_lines_to_leave_out() -> None:
    text = DAYS.replace("24/12/2025;", "02/03/2026;").replace("\n25/12/2025;", "\n04/03/2026;")
    found = reading(text, ["shopee"])

    assert (sold(found)["revenue"].to_list(), sold(found)["at"].null_count()) == ([78, 72], 2)
    assert DAY_OR_MONTH.format(column="Data", rows=2) in found.report.warnings
