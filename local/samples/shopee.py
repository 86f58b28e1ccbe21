"""Shopee "Order.all": a row per item, order money repeated on each, English names in a Portuguese file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from local.samples.catalog import LOSER, RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.truth import Sample, Truth
from local.samples.workbook import Cell, write_workbook

_SCENARIO: Final = Scenario(fee_rate=0.2, fixed_fee=4.0, shipping=6.0, discount=0.22, unpaid=0.05, slow=0.3)
_HEADER: Final = (
    "ID do pedido", "Status do pedido", "Cancelar Motivo", "Status da Devolução / Reembolso",
    "Número de rastreamento", "Opção de envio", "Método de envio", "Data prevista de envio", "Tempo de Envio",
    "Data de criação do pedido", "Hora do pagamento do pedido", "Nº de referência do SKU principal",
    "Nome do Produto", "Número de referência SKU", "Nome da variação", "Preço original", "Preço acordado",
    "Quantidade", "Returned quantity", "Subtotal do produto", "Desconto do vendedor", "Desconto do vendedor",
    "Ajuste por participação em ação comercial", "Cupom do vendedor",
    "Coin Cashback Voucher Amount Sponsored by Seller", "Compensar Moedas Shopee", "Valor Total",
    "Taxa de envio pagas pelo comprador", "Desconto de Frete Aproximado", "Taxa de Envio Reversa",
    "Taxa de transação", "Taxa de comissão bruta", "Taxa de comissão líquida", "Taxa de serviço bruta",
    "Taxa de serviço líquida", "Total global", "Valor estimado do frete", "Nome de usuário (comprador)",
    "Nome do destinatário", "Telefone", "CPF do Comprador", "Endereço de entrega", "Cidade", "Bairro", "UF", "CEP",
    "Observação do comprador", "Hora completa do pedido", "Nota",
)  # fmt: skip
_STATUS: Final = {
    "sold": ("Concluído", "Entregue", "Enviado", "O comprador pode pedir devolução até 14-04-2026"),
    "returned": ("Concluído",),
    "cancelled": ("Cancelado",),
    "unpaid": ("Não pago",),
}


def write(folder: Path, seed: int, rows: int) -> Sample:
    """Write the workbook, sheet `orders`."""
    random = Random(f"shopee-{seed}")  # noqa: S311 - sample data
    sold = market(random, rows, _SCENARIO)
    path = folder / "Order.all.shopee.xlsx"
    write_workbook(path, {"orders": _rows(random, sold)})
    planted = {
        "returns": RETURNED.sku,
        "losses": LOSER.sku,
        "stock-out": SILENT.sku,
        "discounts": "",
        "slow-dispatch": "",
        "fees": "",
    }
    truth = sold.truth(planted=planted, costs=True, returns=True)
    return Sample(path, ["shopee"], "Pedidos da Shopee", Truth("shopee.order_all", {"shopee": truth}, sold.secrets))


def _rows(random: Random, sold: Market) -> Iterator[list[Cell]]:
    yield list(_HEADER)
    for order in sold.orders:
        status = random.choice(_STATUS[order.status])
        for line in order.lines:
            yield _row(order, line, status)


def _row(order: Order, line: Line, status: str) -> list[Cell]:
    buyer = order.buyer
    is_sent = order.status in ("sold", "returned")
    transaction = round(order.fee * 0.15, 2)
    service = round(order.fee * 0.25, 2)
    commission = round(order.fee - transaction - service, 2)
    buyer_shipping = 12.9
    return [
        f"26{order.number:06d}KQ{order.number % 97:02d}", status,
        "Atraso no envio" if order.status == "cancelled" else "",
        "Solicitação aprovada" if order.status == "returned" else "",
        f"BR{order.number:011d}X", "Shopee Xpress", "Retirada pelo Comprador",
        f"{order.at + timedelta(days=2):%Y-%m-%d %H:%M}", f"{order.dispatched:%Y-%m-%d %H:%M}" if is_sent else "",
        f"{order.at:%Y-%m-%d %H:%M}", f"{order.at:%Y-%m-%d %H:%M}" if is_sent else "-", "", line.item.title,
        line.item.sku, "", f"{line.list_price:.2f}", f"{line.price:.2f}", line.units, line.returned_units,
        f"{line.revenue:.2f}", f"{line.list_price - line.price:.2f}", "0.00", "0.00", "0.00", "0.00", "0.00",
        f"{order.revenue:.2f}", f"{buyer_shipping:.2f}", "8.00", "0.00", f"{transaction:.2f}",
        f"{commission * 1.1:.2f}", f"{commission:.2f}", f"{service * 1.2:.2f}", f"{service:.2f}",
        f"{order.revenue + buyer_shipping:.2f}", f"{order.shipping + buyer_shipping + 8:.2f}", buyer.login, buyer.name,
        buyer.phone, buyer.cpf, f"{buyer.street}, {buyer.city}", buyer.city, "Centro", buyer.state, buyer.postcode,
        f"Ligar para {buyer.phone}" if order.number % 9 == 0 else "", "", "",
    ]  # fmt: skip
