"""What was never paid, given up, lost or denied is no sale, or is told: in whatever words its status says so."""

from __future__ import annotations

import polars as pl
import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from gateway.intake.layouts.status import are_known, status_of, with_payment
from tests.unit.gateway.intake.tables import reading, sold

NEVER_PAID = [
    *("Não aprovado", "Pagamento não aprovado", "PEDIDO NÃO APROVADO", "Compra não aprovada", "Não quitado"),
    *("Pagamento não identificado", "Transação negada", "Reprovado", "Inadimplente", "Boleto não pago"),
    *("Impago", "Impaga", "Sin pagar", "Sin pago", "Falta de pago", "Por cobrar", "No abonado", "Pago rechazado"),
    *("Pago vencido", "Pago expirado", "Kedaluwarsa", "Pembayaran kadaluarsa"),
    *("Pago no recibido", "Pago fallido", "Pendiente de cobro", "Esperando pago por cheque", "No aprobado"),
    *("Not paid", "Not approved", "Payment failed", "payment-denied", "Payment not received", "Unauthorized"),
    *("Card declined", "Insufficient funds", "payment-pending", "Denied"),
    *("Chưa thanh toán", "Chưa trả tiền", "Thanh toán thất bại", "Chờ xác nhận thanh toán"),
    *("Belum lunas", "Belum dibayar", "Gagal bayar", "Pembayaran gagal", "Menunggu pelunasan"),
    *("Aguardando pgto", "Aguard. pgto", "Ag. pagamento", "Pgto pendente", "Pagto não confirmado", "Falta pagto"),
    *("Menunggu bayar", "Blm bayar", "Belum transfer", "Chưa TT", "Chờ chuyển khoản", "A la espera del pago"),
    *("Payment due", "Payment is outstanding"),
]
GIVEN_UP = [
    "Desistência",
    "Cliente desistiu",
    "Excluído",
    "Estorno",
    "Dado de baja",
    "Aborted",
    "Gagal",
    "Tidak jadi",
    "Baja",
    "Canc.",
]
CAME_BACK = [
    "Retornado",
    "Extraviado",
    "Avariado",
    "Sent back",
    "Trả lại",
    "Bom hàng",
    "Hoàn về",
    "Cambio",
    "RMA completed",
]
DENIED = [
    *("Não concluído", "Não atendido", "Não recebido", "No completado", "No concretado", "Not completed"),
    *("Not yet confirmed", "Delivery failed", "failed_delivery", "Entrega falhou", "Giao không thành công"),
]
STANDS = [
    *("Não devolvido", "Pago no cartão", "Aprovado no pix", "Entregue", "Pagamento aprovado", "Não enviado"),
    *("Pgto ok", "Pagto aprovado", "Sent", "A enviar", "Para Enviar", "To ship", "Facturado"),
    *("Dispatched", "Dalam perjalanan", "Đã xác nhận"),
    *("Pago", "Paid", "Đã thanh toán", "Giao hàng thành công", "Lunas", "Terkirim", "Aprobado", "Unfulfilled"),
]


@pytest.mark.parametrize(
    ("text", "is_now"),
    [
        *((text, UNPAID) for text in NEVER_PAID),
        *((text, CANCELLED) for text in GIVEN_UP),
        *((text, RETURNED) for text in CAME_BACK),
        *((text, SOLD) for text in STANDS),
    ],
)
def test_what_a_status_says_in_other_words(text: str, is_now: str) -> None:
    assert status_of(pl.Series([text]), None, 1).to_list() == [is_now]


@pytest.mark.parametrize("text", DENIED)
def test_a_status_that_denies_what_was_done_is_not_known(text: str) -> None:
    assert are_known(pl.Series([text])).to_list() == [False]


@pytest.mark.parametrize("text", STANDS)
def test_a_status_of_a_sale_that_stands_is_known_whatever_it_denies(text: str) -> None:
    assert are_known(pl.Series([text])).to_list() == [True]


@pytest.mark.parametrize("text", [*NEVER_PAID, "Não recebido", "Menunggu pembayaran"])
def test_a_payment_that_was_not_made_makes_no_sale(text: str) -> None:
    found = with_payment(pl.Series([SOLD, CANCELLED]), pl.Series([text, text]))

    assert found.to_list() == [UNPAID, CANCELLED]


def test_the_revenue_leaves_them_out_and_what_is_denied_is_told() -> None:
    states = ["Entregue", "Não aprovado", "Entregue", "Não concluído", "Entregue", "Entregue"]
    rows = [f"{n};0{n}/10/2026;A;1;100,00;{state}" for n, state in enumerate(states, start=1)]
    found = reading("\n".join(["Pedido;Data;Produto;Qtd;Valor total;Status", *rows]))
    (own,) = channel_facts(sold(found), None)
    figures = {one.metric: one.value for one in own.figures}

    assert figures["revenue"] == 500
    assert any("Não concluído" in one for one in found.report.warnings)
    assert not any("Não aprovado" in one for one in found.report.warnings)
