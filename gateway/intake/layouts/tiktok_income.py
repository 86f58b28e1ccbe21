"""TikTok Shop: income of settled orders. Known from programs that read it, not from a file."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import SETTLED_ONLY, Movements, adding_up, amount, needed, payout_lines, text_of
from gateway.intake.layouts.tiktok import CHANNEL
from gateway.intake.values import says

NAME: Final = "tiktok.income"
#: In English, Portuguese, Vietnamese and Indonesian, each in the words of that country's seller center.
_ORDER: Final = "Order/adjustment ID | ID do pedido/ajuste | ID đơn hàng/điều chỉnh | ID Pesanan/Penyesuaian"
_TYPE: Final = "Type | Tipo | Transaction type | Tipo de transação | Loại giao dịch | Jenis transaksi"
_SETTLED: Final = (
    "Total settlement amount | Valor total de liquidação | Valor total a ser liquidado | Settlement amount | "
    "Tổng số tiền quyết toán | Jumlah penyelesaian pembayaran"
)
#: Of orders that TikTok has not settled yet it tells what it expects to pay.
_EXPECTED: Final = (
    "Estimated settlement amount | Total estimated settlement amount | Valor estimado a ser liquidado | "
    "Số tiền quyết toán ước tính | Estimasi jumlah penyelesaian pembayaran"
)
_TOTAL: Final = f"{_SETTLED} | {_EXPECTED}"
_FEES: Final = "Total Fees | Fees | Taxas | Total de taxas | Taxas e impostos | Tổng phí | Total Biaya"
#: Beside the fees in some exports, and within them in others: what adds up to the payout tells.
_COMMISSIONS: Final = "Comissões de afiliados"
_ADS: Final = "Taxa de anúncio de GMV Max"
REQUIRED: Final = (_ORDER, _TYPE, _TOTAL, _FEES)
TYPICAL: Final = (
    *("Order created time", "Order created date", "Order settled time", "Statement date", "Data do extrato"),
    *("Total revenue", "Net sales", "Subtotal before discounts", "Vendas líquidas", "Related order ID"),
    *("Data do demonstrativo", "Vendas líquidas dos produtos", "ID do pedido relacionado", "Custo líquido de frete"),
    *("Tổng doanh thu", "ID đơn hàng liên quan", "Total Pendapatan", "ID pesanan terkait"),
)
FREIGHT_IN_FEES: Final = "O frete está dentro das taxas (“{column}”): o relatório não o separa por linha."
NOT_SETTLED: Final = (
    "São pedidos que o TikTok Shop ainda não liquidou: as tarifas e o que é recebido são a estimativa dele, com a data "
    "de {dates}. Pedidos cancelados e não pagos não aparecem, por isso a taxa de cancelamento é desconhecida."
)
_BEFORE: Final = (
    "Subtotal before discounts | Subtotal antes dos descontos | Subtotal do item antes dos descontos | "
    "Tổng phụ trước giảm giá | Subtotal sebelum diskon"
)
_DISCOUNT: Final = (
    "Seller discounts | Descontos do vendedor | Descontos financiados pelo vendedor | Giảm giá của người bán | "
    "Diskon penjual"
)
_AFTER: Final = (
    "Subtotal after seller discounts | Subtotal após os descontos do vendedor | Tổng phụ sau giảm giá của người bán | "
    "Subtotal setelah diskon penjual"
)
_REFUND_AFTER: Final = (
    "Refund subtotal after seller discounts | Reembolsos de produtos | "
    "Tổng phụ của khoản hoàn tiền sau giảm giá của người bán | Subtotal pengembalian dana setelah diskon penjual"
)
_REFUND_BEFORE: Final = "Refund subtotal before seller discounts | Subtotal de reembolso"
_REFUND_DISCOUNT: Final = "Refund of seller discounts | Reembolso de descontos do vendedor"
_WHOLE: Final = (
    "Total revenue | Net sales | Vendas líquidas | Vendas líquidas dos produtos | Tổng doanh thu | Total Pendapatan"
)
_FREIGHT: Final = "Shipping | Frete | Custo líquido de frete"
_AT: Final = (
    *("Order created time", "Order created date", "Data de criação do pedido", "Thời gian tạo đơn hàng"),
    *("Ngày tạo đơn hàng", "Waktu pemesanan"),
)
#: What TikTok pays a seller back for a parcel is no refund of a buyer.
_OF_PARCELS: Final = "logistic"


def read(table: Columns) -> pl.DataFrame:
    """Return the lines of orders; adjustments, advertising and reimbursements are reported."""
    kind, net = text_of(table, _TYPE), needed(table, _TOTAL)
    discount, freight = amount(table, _DISCOUNT), amount(table, _FREIGHT)
    if freight is None:
        table.warnings.append(FREIGHT_IN_FEES.format(column=_name_of(table, _FEES)))
    goods, refund = _goods(table, discount)
    moved = Movements(
        channel=constant(CHANNEL, table.height),
        sold=says(kind, "^(order|pedido|don hang|pesanan)"),
        back=says(kind, "^(refund|reembolso)") & ~says(kind, _OF_PARCELS),
        kind=kind,
        net=net,
        net_name=_name_of(table, _TOTAL),
        needs=(_TOTAL,),
        order=table.text(*alternatives(_ORDER)),
        goods=goods,
        refund=refund,
        fees=_fees(table, net, [one for one in (goods, refund, freight) if one is not None]),
        freight=freight,
        discount=discount,
        units=table.number("Quantity", "Quantidade", "Số lượng", optional=True),
        sku=table.text("Seller SKU", "SKU ID", "ID do SKU", "ID SKU", optional=True),
        title=table.text("Product name", "Nome do produto", "Tên sản phẩm", optional=True),
        at=table.moment(*_AT, day_first=False),
        currency=table.text("Currency", "Moeda", "Đơn vị tiền tệ", "Mata uang", optional=True),
        told=SETTLED_ONLY if table.has(*alternatives(_SETTLED)) else NOT_SETTLED,
    )
    return payout_lines(table, moved, "criação do pedido")


def _name_of(table: Columns, names: str) -> str:
    """Return the first of a column's names that the table has, as it is written there."""
    return next(name for name in alternatives(names) if table.has(name))


def _fees(table: Columns, net: pl.Series, others: list[pl.Series]) -> pl.Series | None:
    """Return the fees: with the affiliates' commissions and the advertising where the payout is without them."""
    fees, commissions, ads = (amount(table, name) for name in (_FEES, _COMMISSIONS, _ADS))
    if fees is None or commissions is None:
        return fees
    tried: list[pl.Series | None] = [fees, fees + commissions]
    if ads is not None:
        tried.extend((fees + ads, fees + commissions + ads))
    return adding_up(net, reduce(add, others), tried)


def _goods(table: Columns, discount: pl.Series | None) -> tuple[pl.Series | None, pl.Series | None]:
    """Return what buyers paid after the seller's discounts, and what of it was paid back."""
    goods, refund, before = amount(table, _AFTER), amount(table, _REFUND_AFTER), amount(table, _BEFORE)
    if goods is None and before is not None:
        goods = before if discount is None else before + discount
    if refund is None:
        gross, given_back = amount(table, _REFUND_BEFORE), amount(table, _REFUND_DISCOUNT)
        refund = gross if gross is None or given_back is None else gross + given_back
    whole = amount(table, _WHOLE)
    if goods is None and whole is not None:
        return (whole if refund is None else whole - refund), refund
    return goods, refund
