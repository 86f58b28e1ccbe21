"""Exports that nobody published are called by their names, and that they are known from documentation only is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import understand
from gateway.intake.layouts.signatures import DOCUMENTED
from tests.unit.gateway.intake.tables import cells, raw, reading, sold

TINY = (
    "Nome do cliente;Número do pedido no e-commerce;E-commerce;Código (SKU);Descrição do produto;Preço total;"
    "Total de itens;Data da venda;Número (Nota Fiscal)\nZuleica;26A;Shopee;A;Camisa;100,00;2;12/03/2026;4001"
)
BLING = (
    "Número;Número pedido loja;Data;Contato;Situação;Código;Descrição;Quantidade;Valor unidade;Total produtos\n"
    "1;701-1;12/03/2026;Zuleica;Atendido;A;Camisa;2;50,00;100,00"
)
TRAY = (
    "order_id;date;status;point_sale;product_reference;product_name;quantity;price;partial_total;shipment_value\n"
    "1;2026-03-12;FINALIZADO;LOJA VIRTUAL;A;Shirt;2;50.00;100.00;12.50"
)
MAGALU = "Pedido;Data;SKU;Quantidade;Valor total\nLU-1531770107905712;12/03/2026;A;2;100,00"


@pytest.mark.parametrize(
    ("text", "layout", "channel"),
    [
        (TINY, "olist_tiny.orders", "shopee"),
        (BLING, "bling.orders", "own_store"),
        (TRAY, "tray.orders", "own_store"),
        (MAGALU, "magalu.orders", "magalu"),
    ],
)
def test_it_is_recognised_by_its_columns_and_said_to_be_known_from_documentation(
    text: str, layout: str, channel: str
) -> None:
    found = reading(text, [channel])

    assert found.report.layout == layout
    assert DOCUMENTED in found.report.warnings
    assert sold(found)["channel"].to_list() == [channel]
    assert sold(found)["revenue"].to_list() == [100]


@pytest.mark.parametrize(
    ("number", "channels", "file", "channel"),
    [
        ("LU-1531770107905712", ["magalu", "shopee"], "", "magalu"),
        ("LU1531770107905712", ["magalu"], "", "magalu"),
        ("LU-1531770107905712", ["magalu", "shopee"], "shopee", "shopee"),
        ("LU-1531770107905712", ["own_store"], "", "own_store"),
        ("LU100234", ["own_store"], "", "own_store"),
        ("LU100234", ["magalu", "shopee"], "", None),
    ],
)
def test_the_numbers_of_orders_tell_the_channel_where_nothing_says_otherwise(
    number: str, channels: list[str], file: str, channel: str | None
) -> None:
    rows = "".join(f"\n{number};1{n}/03/2026;A;2;100,00" for n in range(3))
    found = understand(
        replace(raw(cells(f"Pedido;Data;SKU;Quantidade;Valor total{rows}")), named_by_file=file), channels
    )

    assert sold(found)["channel"].unique().to_list() == [channel]
    is_told = "Canal lido dos números dos pedidos: Magalu." in found.report.warnings
    assert is_told == (found.report.layout == "magalu.orders") == (channel == "magalu")
    if channel == "magalu":
        (facts,) = channel_facts(sold(found), None)
        assert (facts.currency, facts.currency_source) == ("BRL", "assumed")
        assert [said for said in facts.warnings if said.startswith("O documento não diz a moeda")]


def test_a_table_of_nobodys_columns_stays_a_plain_table_without_that_sentence() -> None:
    found = reading("Pedido;Data;SKU;Quantidade;Valor total\nLUVA-1;12/03/2026;A;2;100,00")

    assert found.report.layout == "plain"
    assert DOCUMENTED not in found.report.warnings


def test_a_known_layout_says_it_only_where_no_file_has_shown_it() -> None:
    woo = reading(
        "Order Number;Order Status;Order Date;Item Name;SKU;Quantity;Item Cost;Order Total Amount\n"
        "7;Completed;2026-03-01;Shirt;S;2;40;80"
    )
    shopify = reading(
        "Name;Financial Status;Currency;Total;Created at;Lineitem quantity;Lineitem name;Lineitem price;Lineitem sku\n"
        "#1;paid;USD;80;2026-03-01;2;Shirt;40;S"
    )

    assert DOCUMENTED in woo.report.warnings
    assert DOCUMENTED not in shopify.report.warnings
