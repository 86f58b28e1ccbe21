"""Shopee "Order.all" of 2026: a row per item, order money repeated on each, freight that its own coupons pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from local.samples.catalog import LOSER, RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.truth import Sample, Truth
from local.samples.workbook import Cell, write_workbook

_SCENARIO: Final = Scenario(fee_rate=0.2, fixed_fee=10.0, discount=0.22, unpaid=0.05, slow=0.3)
_HEADER: Final = (
    "ID do pedido", "Status do pedido", "Hot Listing", "Cancelar Motivo", "Status da Devolução / Reembolso",
    "Número de rastreamento", "Opção de envio", "Método de envio", "Data de criação do pedido",
    "Hora do pagamento do pedido", "Data prevista de envio", "Tempo de Envio", "Domestic Delivered Date",
    "Hora completa do pedido", "Nº de referência do SKU principal", "Nome do Produto", "Número de referência SKU",
    "Nome da variação", "Shopee Owned", "Preço original", "Preço acordado", "Quantidade", "Subtotal do produto",
    "Desconto do vendedor", "Desconto do vendedor", "Reembolso Shopee", "Peso total SKU", "Número de produtos pedidos",
    "Código do Cupom", "Cupom do vendedor", "Seller Absorbed Coin Cashback", "Cupom Shopee",
    "Compensar Moedas Shopee", "Valor Total", "Taxa de envio pagas pelo comprador", "Taxa de Envio Reversa",
    "Taxa de transação", "Taxa de comissão", "Taxa de serviço", "Total global", "Valor estimado do frete",
    "Nome de usuário (comprador)", "Nome do destinatário", "Telefone", "CPF do Comprador", "Endereço de entrega",
    "Cidade", "Bairro", "UF", "País", "CEP", "Observação do comprador", "Nota",
)  # fmt: skip
_STATUS: Final = {
    "sold": ("Concluído", "Entregue", "Enviado", "O comprador pode pedir uma devolução até 2026-04-14"),
    "returned": ("Concluído",),
    "cancelled": ("Cancelado",),
    "unpaid": ("Não pago",),
}
_FREIGHT: Final = 12.9


def write(folder: Path, seed: int, rows: int) -> Sample:
    """Write the workbook, sheet `orders`."""
    random = Random(f"shopee-{seed}")  # noqa: S311 - sample data
    drawn = market(random, rows, _SCENARIO)
    # The buyer pays for the freight, or Shopee's own coupon does: the seller never.
    sold = replace(drawn, orders=[replace(order, shipping=0.0) for order in drawn.orders])
    path = folder / "Order.all.shopee.xlsx"
    write_sold(path, random, sold)
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


def write_sold(path: Path, random: Random, sold: Market) -> None:
    """Write these orders as the marketplace does."""
    write_workbook(path, {"orders": _rows(random, sold)})


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
    is_free = order.number % 4 != 0  # for the buyer
    buyer_shipping = 0.0 if is_free else _FREIGHT
    total = order.revenue + buyer_shipping
    if order.status == "cancelled":
        total = 0.0
    return [
        f"26{order.number:06d}KQ{order.number % 97:02d}", status, "N",
        "Atraso no envio" if order.status == "cancelled" else "",
        "Solicitação aprovada" if order.status == "returned" else "",
        f"BR{order.number:011d}X", "Shopee Xpress", "Retirada", f"{order.at:%Y-%m-%d %H:%M}",
        f"{order.at:%Y-%m-%d %H:%M}" if is_sent else "-", f"{order.at + timedelta(days=2):%Y-%m-%d %H:%M}",
        f"{order.dispatched:%Y-%m-%d %H:%M}" if is_sent else "", "", "", "", line.item.title, line.item.sku, "",
        "FALSE", f"{line.list_price:.2f}", f"{line.price:.2f}", line.units, f"{line.revenue:.2f}",
        f"{line.list_price - line.price:.2f}", f"{line.list_price - line.price:.2f}", "0.00", "0.200",
        len(order.lines), f"FSV-13224372{order.number % 3:08d}" if is_free else "", "0.00", "0.00", "0.00", "0",
        f"{total:.2f}", f"{buyer_shipping:.2f}", "0.00", f"{transaction:.2f}", f"{commission:.2f}", f"{service:.2f}",
        f"{total:.2f}", f"{_FREIGHT:.2f}", buyer.login, buyer.name, buyer.phone, buyer.cpf,
        f"{buyer.street}, {buyer.city}", buyer.city, "Centro", buyer.state, "BR", buyer.postcode,
        f"Ligar para {buyer.phone}" if order.number % 9 == 0 else "", "",
    ]  # fmt: skip
