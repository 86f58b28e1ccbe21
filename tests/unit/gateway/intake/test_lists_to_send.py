"""A list of orders that are still to be sent has no cancelled ones: their share is unknown, and not zero."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.waiting import TO_SEND
from tests.unit.gateway.intake.tables import reading, sold

_SHOPEE = (
    "ID do pedido;Status do pedido;Status da Devolução / Reembolso;Data de criação do pedido;"
    "Número de referência SKU;Nome do Produto;Preço original;Preço acordado;Quantidade;Returned quantity;"
    "Subtotal do produto;Taxa de comissão líquida"
)
_TIKTOK = (
    "Order ID;Order Status;Order Substatus;Cancelation/Return Type;Seller SKU;SKU ID;Product Name;Quantity;"
    "Sku Quantity of return;SKU Subtotal Before Discount;SKU Seller Discount;SKU Subtotal After Discount;"
    "Order Amount;Order Refund Amount;Created Time"
)


def figures(text: str) -> tuple[dict[str, float], list[str]]:
    found = reading(text)
    (own,) = channel_facts(sold(found), None)
    return {one.metric: one.value for one in own.figures}, found.report.warnings


def shopee(*states: str) -> str:
    rows = (f"26{n};{state};;2026-03-1{n} 10:00;A;Caneca;30;25;1;0;25;4" for n, state in enumerate(states))
    return "\n".join([_SHOPEE, *rows])


def tiktok(*states: str) -> str:
    rows = (f"57{n};{state};;;A;9;Caneca;1;0;30;5;25;25;0;1{n}/03/2026 10:00:00" for n, state in enumerate(states))
    return "\n".join([_TIKTOK, *rows])


@pytest.mark.parametrize("text", [shopee(*["A Enviar"] * 4), tiktok(*["A ser enviado"] * 4)])
def test_of_a_list_to_send_nobody_knows_what_was_cancelled(text: str) -> None:
    got, told = figures(text)

    assert (got["revenue"], got["orders"]) == (100, 4)
    assert not {"cancellation_rate", "returned_units", "return_rate", "refunds"} & got.keys()
    assert TO_SEND in told


@pytest.mark.parametrize("text", [shopee("A Enviar", "Concluído"), tiktok("Para enviar", "Concluído"), shopee("", "")])
def test_all_other_lists_tell_it(text: str) -> None:
    assert TO_SEND not in figures(text)[1]
