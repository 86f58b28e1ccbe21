"""An order that was not paid is no sale, in the words of every program; one that is only pending is told."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.lines import SOLD, UNPAID
from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Pedido;Produto;Qtd;Valor total;Status\n1;A;1;10,00;Entregue\n2;B;1;20,00;"


@pytest.mark.parametrize(
    "text",
    [
        "A pagar", "Aguardando pagamento", "Aguardando confirmação de pagamento", "Boleto emitido",
        "Pendente de pagamento", "Awaiting bank wire payment", "Awaiting check payment", "Payment error",
        "Pending payment", "Error en pago",
        "En espera de pago por transferencia bancaria", "Por pagar", "Pago pendiente",
    ],
)  # fmt: skip
def test_an_order_that_waits_for_its_payment_is_unpaid(text: str) -> None:
    assert sold(reading(HEAD + text))["status"].to_list() == [SOLD, UNPAID]


@pytest.mark.parametrize(
    "text", ["Pago, pendente envio", "Pending shipment", "Payment accepted", "Aguardando envio - pago"]
)
def test_an_order_that_is_paid_and_waits_to_be_sent_is_sold(text: str) -> None:
    assert sold(reading(HEAD + text))["status"].to_list() == [SOLD, SOLD]


@pytest.mark.parametrize("text", ["Pendente", "pending", "on-hold", "On hold", "Pendiente", "EN_ATTENTE", "In attesa"])
def test_an_order_that_is_only_pending_is_unpaid_and_told(text: str) -> None:
    found = reading(HEAD + text)

    assert sold(found)["status"].to_list() == [SOLD, UNPAID]
    assert [one for one in found.report.warnings if "pendentes (coluna “Status”)" in one and "valor: 20,00" in one]


def test_pending_orders_are_sold_where_a_column_tells_that_they_are_paid() -> None:
    found = reading(
        "Pedido;Produto;Qtd;Valor total;Status;Status do pagamento\n1;A;1;10,00;Pendente;Pago\n2;A;1;10,00;Pendente;"
    )

    assert sold(found)["status"].to_list() == [SOLD, UNPAID]


def test_a_delivery_that_is_pending_says_nothing_of_the_payment() -> None:
    found = reading("Order ID;Product;Qty;Sales;Delivery Status\n1;A;1;10.00;Shipped\n2;A;1;20.00;Pending")

    assert sold(found)["status"].to_list() == [SOLD, SOLD]
