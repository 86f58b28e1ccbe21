"""What became of an order, in the words that marketplaces and stores use in five languages."""

from __future__ import annotations

from typing import Final

import polars as pl
import pytest

from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD, UNPAID
from gateway.intake.layouts.shopee_languages import status_in_portuguese
from gateway.intake.layouts.status import status_of
from tests.unit.gateway.intake.tables import fields, reading

#: status class -> texts that say so
SAID: Final = {
    SOLD: (
        "Pronto para envio|A caminho|Em separação|Etiqueta impressa|NF emitida|Nota fiscal emitida|Coletado|Postado|"
        "Em trânsito|Saiu para entrega|Entrega realizada|Pedido concluído|Pagamento aprovado|Pagamento confirmado|"
        "Aprovado|Pago|Preparando envio|Aguardando envio|Aguardando coleta|A enviar|Para enviar|Verificado|Atendido|"
        "Finalizado|Retirado na loja|Liberado|Em produção|Pronto para retirada|Venda concluída|Recebido|"
        "Pedido enviado|Enviado parcialmente|Ready to ship|Shipped|In transit|Out for delivery|Delivered|Completed|"
        "Processing|Awaiting fulfillment|Awaiting shipment|Payment received|Paid|Confirmed|Packed|Partially shipped|"
        "Dispatched|Collected|Order placed and paid|Picked up|To ship|To receive|Despachado|En camino|Entregado|"
        "Pagado|Listo para enviar|En preparación|En tránsito|Completado|Acreditado|Aprobado|Finalizado|Recibido|"
        "Retirado|Facturado|Enviada|Concretada|Por enviar|Preparado|Đã giao hàng|Giao thành công|Đang vận chuyển|"
        "Chờ lấy hàng|Đang xử lý|Đã xác nhận|Hoàn tất|Chờ giao hàng|Đang chuẩn bị|Đã nhận hàng|Thành công|Selesai|"
        "Dikirim|Sedang dikirim|Terkirim|Diproses|Siap dikirim|Perlu dikirim|Sudah dibayar|Dalam pengiriman|"
        "Pesanan diterima|Sampai|Telah dikirim|Sedang diproses|Dikemas|Lunas"
    ),
    CANCELLED: (
        "Cancelado|Cancelada|Pedido cancelado|Cancelado pelo cliente|Cancelado pelo vendedor|Cancelado - estoque|"
        "Venda cancelada|Anulado|Cancelado automaticamente|Cancelamento concluído|Cancelado antes do envio|Canceled|"
        "Cancelled by seller|Cancelled - Buyer|Order cancelled|Voided|Cancelled by system|Auto cancelled|"
        "Cancelación completada|Cancelada por el vendedor|Cancelado por falta de stock|Orden cancelada|Anulada|"
        "Venta cancelada|Đã hủy|Đã huỷ|Huỷ|Hủy đơn|Đơn bị hủy|Hủy bởi người bán|Người mua hủy|Khách hủy|Bị hủy|"
        "Hệ thống hủy|Dibatalkan|Dibatalkan oleh penjual|Dibatalkan sistem|Batal|Pesanan batal|Pembatalan selesai|"
        "Dibatalkan pembeli|Cancel"
    ),
    UNPAID: (
        "Aguardando pagamento|Pagamento pendente|Pendente de pagamento|Não pago|Boleto emitido|Pagamento em análise|"
        "Pagamento recusado|Pagamento expirado|Boleto vencido|Expirado|Pix expirado|"
        "Aguardando confirmação de pagamento|Pagamento não aprovado|Unpaid|Pending payment|Awaiting payment|"
        "Payment failed|Payment declined|Expired|Waiting for payment|Payment pending|Pendiente de pago|"
        "Esperando pago|Pago pendiente|Pago rechazado|Sin pagar|No pagado|Pago vencido|Impago|Chưa thanh toán|"
        "Chờ thanh toán|Thanh toán thất bại|Chờ xác nhận thanh toán|Belum dibayar|Menunggu pembayaran|Belum bayar|"
        "Pembayaran gagal|Kedaluwarsa|Belum lunas|Pembayaran kadaluarsa"
    ),
    RETURNED: (
        "Devolvido|Devolução concluída|Reembolsado|Devolvido pelo comprador|Produto devolvido|Devolução|Chargeback|"
        "Retornado|Extraviado e reembolsado|Returned|Refunded|Return completed|Returned to seller|Chargeback|"
        "Return received|RTO Delivered|Devuelto|Reembolsado|Devolución completada|Devuelta|Contracargo|Reintegrado|"
        "Đã trả hàng|Trả hàng|Hoàn hàng|Đã hoàn tiền|Trả hàng/Hoàn tiền|Hoàn về|Dikembalikan|Retur|"
        "Pengembalian selesai|Dana dikembalikan|Barang dikembalikan|Refund selesai"
    ),
}


@pytest.mark.parametrize(
    ("status", "text"), [(status, text) for status, said in SAID.items() for text in said.split("|")]
)
def test_a_status_is_what_it_says(status: str, text: str) -> None:
    assert status_of(status_in_portuguese(pl.Series([text])), None, 1).to_list() == [status]


@pytest.mark.parametrize(
    ("done", "back"), [("Entregado", "Devuelto"), ("Entregue", "Devolvido"), ("Shipped", "Returned")]
)
def test_a_column_of_states_is_known_by_its_cells(done: str, back: str) -> None:
    found = reading(f"Pedido;Valor total;Xis\n1;10,00;{done}\n2;20,00;{back}\n3;30,00;{back}\n4;40,00;{done}")

    assert fields(found)["status"] == "Xis"
