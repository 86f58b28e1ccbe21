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
