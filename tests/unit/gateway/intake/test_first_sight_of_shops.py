"""Exports of shops' programs as they were first met: each figure is the file's own, to the cent, or unknown."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.buyers_freight import TAKEN_OUT
from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from tests.unit.gateway.intake.tables import reading, sold

_YAMPI = (
    "numero_pedido;status;data_criacao;produto_sku;produto_nome;produto_quantidade;produto_preco;subtotal_pedido;"
    "desconto_pedido;frete_pedido;juros_pedido;total_pedido;forma_pagamento\n"
    "601;Entregue;01/03/2026 09:00;A;Abajur;1;89,90;238,90;10,00;15,90;4,37;249,17;Cartão\n"
    "601;Entregue;01/03/2026 09:00;B;Pendente;1;149,00;238,90;10,00;15,90;4,37;249,17;Cartão\n"
    "602;Em transporte;02/03/2026 09:00;B;Pendente;2;149,00;298,00;0,00;0,00;0,00;298,00;Pix\n"
    "603;Faturado;03/03/2026 09:00;C;Luz;1;59,50;59,50;0,00;22,00;0,00;81,50;Pix\n"
    "604;Pago;04/03/2026 09:00;A;Abajur;1;89,90;89,90;0,00;15,90;3,10;108,90;Cartão"
)


def test_interest_that_the_buyer_pays_is_no_revenue_where_the_total_has_it_and_the_freight() -> None:
    found = reading(_YAMPI)

    assert sold(found)["revenue"].sum() == pytest.approx(238.9 - 10 + 298 + 59.5 + 89.9)
    assert sold(found)["shipping"].null_count() == 5
    for column, amount in (("frete_pedido", "53,80"), ("juros_pedido", "7,47")):
        assert TAKEN_OUT.format(column=column, total="total_pedido", amount=amount) in found.report.warnings


def test_of_an_order_under_way_nothing_is_told() -> None:
    assert not [told for told in reading(_YAMPI).report.warnings if "não é conhecida" in told]


_COMMANDES = (
    "ID;Référence;Nouveau client;Livraison;Client;Total;Paiement;État;Date\n"
    "300;ABCDEFXYZ;0;France;x;54,90 €;Carte bancaire;Livré;2026-03-01 10:00:00\n"
    "301;ABCDEGXYZ;1;France;x;129,00 €;Carte bancaire;Expédié;2026-03-02 10:00:00\n"
    "302;ABCDEHXYZ;0;France;x;1 249,99 €;Carte bancaire;Paiement accepté;2026-03-03 10:00:00\n"
    "303;ABCDEIXYZ;1;France;x;60,00 €;Virement bancaire;{};2026-03-04 10:00:00"
)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("En attente de virement bancaire", UNPAID),
        ("En attente du paiement par chèque", UNPAID),
        ("Erreur de paiement", UNPAID),
        ("Annulé", CANCELLED),
        ("Remboursé", RETURNED),
        ("En cours de préparation", SOLD),
    ],
)
def test_prestashops_french_list_of_orders_is_read_by_its_own_words(state: str, status: str) -> None:
    found = reading(_COMMANDES.format(state))

    assert sold(found)["revenue"].to_list() == [54.9, 129, 1249.99, 60]
    assert sold(found)["status"].to_list() == [SOLD, SOLD, SOLD, status]


_WOO = (
    "Número do pedido;Status do pedido;Data do pedido;Item #;SKU;Nome do item;Quantidade (- Reembolso);"
    "Valor do subtotal do pedido;Valor do desconto do carrinho;Valor do frete do pedido;Valor do reembolso do pedido;"
    "Valor total do pedido\n"
    "1;Concluído;01/03/2026 10:00;1;A;Abajur;1;238,90;0,00;14,50;0,00;253,40\n"
    "1;Concluído;01/03/2026 10:00;2;B;Luz;1;238,90;0,00;14,50;0,00;253,40\n"
    "2;Reembolsado;02/03/2026 10:00;1;A;Abajur;2;179,80;0,00;14,50;194,30;194,30\n"
    "3;Aguardando;03/03/2026 10:00;1;B;Luz;2;298,00;0,00;0,00;0,00;298,00\n"
    "4;Concluído;04/03/2026 10:00;1;B;Luz;1;149,00;10,00;14,50;0,00;153,50"
)


def test_item_numbers_count_no_units_and_on_hold_is_not_sold() -> None:
    found = reading(_WOO)

    assert sold(found)["units"].to_list() == [1, 1, 2, 2, 1]
    assert sold(found)["status"].to_list() == [SOLD, SOLD, RETURNED, UNPAID, SOLD]


def test_one_refund_that_some_multiple_fits_was_not_taken_off() -> None:
    assert sold(reading(_WOO))["revenue"].sum() == pytest.approx(238.9 + 179.8 + 298 + 139)


def test_shopifys_sales_by_day_are_read_in_portuguese() -> None:
    found = reading(
        "Dia;Pedidos;Vendas brutas;Descontos;Devoluções;Vendas líquidas;Despesas de frete;Tributos;Total de vendas\n"
        "2026-03-01;2;200.00;-10.00;0.00;190.00;15.00;0.00;205.00\n2026-03-02;3;213.37;0.00;-30.00;183.37;0.00;0.00;183.37"
    )

    assert found.report.layout == "store.sales_report"
    assert sold(found)["refund"].to_list() == [0, 30]
