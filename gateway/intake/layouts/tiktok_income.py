"""TikTok Shop: income of settled orders. Known from programs that read it, not from a file."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import Movements, amount, needed, payout_lines, text_of
from gateway.intake.layouts.tiktok import CHANNEL
from gateway.intake.values import says

NAME: Final = "tiktok.income"
_ORDER: Final = "Order/adjustment ID | ID do pedido/ajuste"
_TYPE: Final = "Type | Tipo"
_TOTAL: Final = "Total settlement amount | Valor total de liquidação | Valor total a ser liquidado | Settlement amount"
_FEES: Final = "Total Fees | Fees | Taxas | Total de taxas"
REQUIRED: Final = (_ORDER, _TYPE, _TOTAL, _FEES)
TYPICAL: Final = (
    *("Order created time", "Order created date", "Order settled time", "Statement date", "Data do extrato"),
    *("Total revenue", "Net sales", "Subtotal before discounts", "Vendas líquidas", "Related order ID"),
)
FREIGHT_IN_FEES: Final = "O frete está dentro das taxas (“{column}”): o relatório não o separa por linha."
_BEFORE: Final = "Subtotal before discounts | Subtotal antes dos descontos"
_DISCOUNT: Final = "Seller discounts | Descontos do vendedor"
_AFTER: Final = "Subtotal after seller discounts | Subtotal após os descontos do vendedor"
_REFUND_AFTER: Final = "Refund subtotal after seller discounts"
_REFUND_BEFORE: Final = "Refund subtotal before seller discounts | Subtotal de reembolso"
_REFUND_DISCOUNT: Final = "Refund of seller discounts | Reembolso de descontos do vendedor"
_WHOLE: Final = "Total revenue | Net sales | Vendas líquidas"


def read(table: Columns) -> pl.DataFrame:
    """Return the lines of orders; adjustments, advertising and reimbursements are told."""
    kind, net = text_of(table, _TYPE), needed(table, _TOTAL)
    discount = amount(table, _DISCOUNT)
    freight = amount(table, "Shipping | Frete")
    if freight is None:
        table.warnings.append(FREIGHT_IN_FEES.format(column=alternatives(_FEES)[0]))
    goods, refund = _goods(table, discount)
    moved = Movements(
        channel=constant(CHANNEL, table.height),
        sold=says(kind, "^(order|pedido)"),
        back=says(kind, "^(refund|reembolso)"),
        kind=kind,
        net=net,
        net_name=alternatives(_TOTAL)[0],
        order=table.text(*alternatives(_ORDER)),
        goods=goods,
        refund=refund,
        fees=amount(table, _FEES),
        freight=freight,
        discount=discount,
        units=table.number("Quantity", "Quantidade", optional=True),
        sku=table.text("Seller SKU", "SKU ID", "ID do SKU", optional=True),
        title=table.text("Product name", "Nome do produto", optional=True),
        at=table.moment("Order created time", "Order created date", "Data de criação do pedido", day_first=False),
        currency=table.text("Currency", "Moeda", optional=True),
    )
    return payout_lines(table, moved, "criação do pedido")


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
