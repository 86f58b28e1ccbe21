"""Tables as ERP, BI and shop programs write them: what is a sale, what is none, and what sums up others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gateway.intake.layouts.names import without_line_names, words
from tests.unit.gateway.intake.tables import fields, reading, sold


def test_a_total_behind_signs_is_a_total_whatever_else_its_row_has() -> None:
    found = reading(
        "Loja;Código do produto;Produto;Qtd;Valor total\n"
        "C1;01;Copo;2;20,00\nC1;02;Prato;1;30,00\nC1;;>> SUBTOTAL DA LOJA <<;3;50,00\n"
        "C2;01;Copo;1;10,00\nC2;;>> SUBTOTAL DA LOJA <<;1;10,00\n"
        "--->> RESUMO DA REDE (POR PRODUTO);01;Copo;3;30,00\n--->> RESUMO DA REDE (POR PRODUTO);02;Prato;1;30,00\n"
        "==== TOTAL GERAL ABSOLUTO ====;;;4;60,00\nC3;03;- Total Clean -;1;7,00"
    )

    assert (sold(found)["revenue"].sum(), sold(found)["units"].sum()) == (67, 5)
    assert "5 linha(s) de total, média ou saldo não foram contadas como venda." in found.report.warnings


def test_names_of_a_shop_program_that_say_sku_are_of_amounts() -> None:
    found = reading(
        "Order;Creation Date;Quantity_SKU;ID_SKU;Produto;SKU Total Price;Shipping Value\n"
        "MK-1;2026-03-01;2;501;Copo;80,00;5,00\nMK-2;2026-03-02;1;502;Prato;30,00;5,00"
    )

    assert (sold(found)["revenue"].sum(), sold(found)["units"].sum()) == (110, 3)
    assert fields(found)["sku"] == "ID_SKU"


def test_a_count_of_skus_counts_no_units() -> None:
    assert "units" not in fields(reading("Pedido;Data;Quantidade de SKUs;Valor total\n1;2026-03-01;2;80,00"))


def test_lines_of_orders_are_read_without_the_name_of_their_table() -> None:
    found = reading(
        "Order Reference;Order Lines/Product;Order Lines/Quantity;Order Lines/Unit Price\n"
        "S001;Cup;2;10.00\nS002;Plate;1;30.00"
    )

    assert (sold(found)["revenue"].sum(), sold(found)["units"].sum()) == (50, 3)
    assert fields(found)["title"] == "Order Lines/Product"


@pytest.mark.parametrize("headers", [["Data/Hora", "Data/Hora envio"], ["Linha / Produto", "Quantidade"]])
def test_a_stroke_alone_cuts_no_name(headers: list[str]) -> None:
    assert without_line_names(headers) == headers


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("IDVenta", ("id", "venta")),
        ("IDproducto", ("id", "producto")),
        ("Vl NFVenda", ("valor", "nf", "venda")),
        ("SKUs", ("sku",)),
    ],
)
def test_capitals_before_a_word_are_a_word(header: str, told: tuple[str, ...]) -> None:
    assert words(header) == told


ORDERED = """OrderNumber;Warehouse;OrderDate;ShipDate;ProductID;Order Quantity;Unit Cost;Unit Price
    SO - 001;W-1;2026-03-01;2026-03-02;11;2;5.00;9.00
    SO - 002;W-1;2026-03-02;2026-03-04;12;1;7.00;12.00
    SO - 003;W-2;2026-03-03;2026-03-05;11;4;5.00;9.00"""


def test_orders_that_tell_their_warehouse_and_cost_are_no_stock() -> None:
    found = reading(ORDERED)

    assert found.report.kind == "sales"
    assert (sold(found)["revenue"].sum(), sold(found)["order_id"].n_unique()) == (66, 3)


def test_of_orders_without_a_number_the_day_of_dispatch_tells_that_they_are_none() -> None:
    found = reading("\n".join(line.split(";", 1)[1] for line in ORDERED.splitlines()))

    assert found.report.kind == "sales"


def test_whose_stock_was_sold_is_no_count_of_it() -> None:
    found = reading(
        "Data Emissao;Estoque;NFNumero;Produto;Quantidade;Vl NFVenda\n"
        "2026-03-01;Próprio;901;Trator;1;90000,00\n2026-03-02;Consignado;902;Arado;2;8000,00"
    )

    assert found.report.kind == "sales"
    assert sold(found)["revenue"].sum() == 98_000


BOUGHT = "Bestelldatum;Lieferant;Artikelnummer;Menge;Preis;Gesamtpreis{}\n2026-03-01;Nord AG;X-1;2;5,00;10,00{}"


def test_what_was_ordered_of_suppliers_is_asked_about() -> None:
    found = reading(BOUGHT.format("", ""))

    assert (found.lines, found.report.asks) == (None, True)


@pytest.mark.parametrize(("header", "cell"), [(";Kunde", ";Zuleica"), (";Verkaufte Stück", ";2"), (";Rabatt", ";2,50")])
def test_a_supplier_beside_what_was_sold_is_the_goods_own(header: str, cell: str) -> None:
    assert reading(BOUGHT.format(header, cell)).lines is not None


def test_what_a_card_was_used_for_is_no_sale() -> None:
    found = reading("Fecha;Comercio;Monto;Tipo\n01/03/2026;SUPER SUR;14664,00;Aviso\n02/03/2026;CAFE;3800,00;Aviso")

    assert (found.report.kind, found.lines) == ("costs", None)


def test_the_history_of_a_buyer_is_no_sale() -> None:
    found = reading(
        "Marketplace;Order ID;Order Date;Item Subtotal;Product Condition;Quantity;Payment Instrument Type;"
        "Carrier Name & Tracking Number\nAmazon.com;112-1;2026-03-01;19.99;New;1;Visa;UPS(1)"
    )

    assert (found.report.kind, found.lines) == ("costs", None)


def test_sums_by_product_beside_their_visits_are_read() -> None:
    found = reading(
        "Product name;Units sold;Total sales;Product views\nGrand Total;5;130.00;900\n"
        "Cup;3;30.00;500\nPlate;2;100.00;400"
    )

    assert (sold(found)["revenue"].sum(), sold(found)["units"].sum()) == (130, 5)


def test_a_rate_of_offers_makes_no_report_of_visits() -> None:
    months = (
        "Mês;Vendedor;Orçamentos;Conversão;Faturamento\n03/2026;Zuleica;150;0,57;875128,80\n04/2026;Teo;90;0,61;98,75"
    )

    assert sold(reading(months))["revenue"].sum() == 875_227.55
    visits = months.replace("Conversão", "Visitas").replace("0,57", "570").replace("0,61", "610")
    assert reading(visits).report.kind == "performance"


def test_a_price_for_a_box_is_the_price_of_boxes() -> None:
    found = reading("VentaID;ProductoID;Cantidad;PrecioCaja;FechaVenta\n1;7;10;2,50;2026-03-01\n2;8;4;5,00;2026-03-02")

    assert sold(found)["revenue"].sum() == 45


def test_takings_in_polish_and_a_status_of_dispatch_in_spanish_are_known() -> None:
    found = reading("idZamowienia;dataZamowienia;Utarg\n10248;16.07.2026;440,00\n10249;17.07.2026;1863,40")
    assert sold(found)["revenue"].sum() == 2303.4

    found = reading(
        "PedidoID;Fecha;Producto;Cantidad;Total;EstadoEnvio\n1;2026-03-01;Taza;1;10,00;Enviado\n2;2026-03-02;Taza;1;10,00;Cancelado"
    )
    assert sold(found)["status"].to_list() == ["sold", "cancelled"]


def test_mercado_shops_is_of_mercado_libre_and_publicity_is_told_in_spanish() -> None:
    found = reading(
        "IDVenta;Fecha Venta;Unidades;Total (MXN);Canal de venta;Venta por publicidad\n"
        "2001;2026-03-01;1;185,00;Mercado Libre;Sí\n2002;2026-03-02;1;90,00;Mercado Shops;No",
        ["mercado_livre"],
    )

    assert sold(found)["channel"].to_list() == ["mercado_livre"] * 2
    assert sold(found)["advertised"].to_list() == [True, False]


def test_codes_of_some_rows_that_no_name_calls_so_are_no_skus() -> None:
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(20)]
    rows = [f"{n};{day};Trator;1;90,00;{f'9BM{n}X' if n % 2 else ''}" for n, day in enumerate(days)]

    assert "sku" not in fields(reading("\n".join(["Pedido;Data;Produto;Quantidade;Valor total;Chassi", *rows])))


def test_returns_by_status_count_beside_those_with_a_row_of_their_own() -> None:
    found = reading(
        "Order ID;Date;Qty;Price;Order Status\n1;2026-03-01;2;10.00;Delivered\n2;2026-03-02;1;30.00;Returned\n"
        "3;2026-03-03;1;50.00;Returned\n3;2026-03-03;-1;50.00;Returned\n4;2026-03-04;1;20.00;Delivered"
    )

    assert (sold(found)["revenue"].sum(), sold(found)["refund"].sum()) == (120, 80)
    assert sold(found)["returned_units"].sum() == 2
