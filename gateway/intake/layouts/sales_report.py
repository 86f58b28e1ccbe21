"""Shopify's and WooCommerce's reports of sales by product or day. Known from descriptions, not from a file."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.day_or_month import sure_days
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import amount, needed
from gateway.intake.layouts.store import CHANNEL
from schemas.given import without_none

NAME: Final = "store.sales_report"
_GROSS: Final = "Gross sales | gross_sales | Vendas brutas | Ventas brutas"
_NET: Final = "Net sales | net_sales | Vendas líquidas | Ventas netas"
_TOTAL: Final = "Total sales | total_sales | Vendas totais | Total de vendas | Ventas totales"
_RETURNS: Final = "Returns | returns | Sales reversals | Devoluções | Reembolsos | Devoluciones"
_DISCOUNTS: Final = "Discounts | discounts | Descontos | Descuentos | Coupons | Cupons | Cupones"
_FREIGHT: Final = (
    "Shipping | Shipping charges | shipping | shipping_charges | Frete | Despesas de frete | Envío | Gastos de envío"
)
_UNITS: Final = "Net items sold | Net quantity | net_quantity | net_items_sold | Itens líquidos vendidos | Items sold"
REQUIRED: Final = (_GROSS, _NET, _TOTAL, _RETURNS)
TYPICAL: Final = (
    *("Taxes", "taxes", "Impostos", "Tributos", "Impuestos", "Coupons", "Cupons", "Product vendor", "Product type"),
    "Duties",
    *("product_vendor", "product_type", "Additional fees", *alternatives(_UNITS), *alternatives(_FREIGHT)),
)
ADDED_UP: Final = (
    "É um relatório de vendas somadas: a receita é o total pago pelos compradores (“{total}”), sem as devoluções "
    "({sum}), que são contadas à parte. O frete que ele traz é o que os compradores pagaram; o custo do frete é "
    "desconhecido."
)
NET_UNITS: Final = "As unidades são as vendidas menos as devolvidas: quantas voltaram é desconhecido."


def read(table: Columns) -> pl.DataFrame:
    """Return the lines, one for each product or day; orders are not known, nor what freight cost."""
    total, refund = needed(table, _TOTAL), needed(table, _RETURNS).abs()
    units = table.number(*alternatives(_UNITS), optional=True)
    told = f"{float(refund.sum()):.2f}".replace(".", ",")
    table.warnings.append(ADDED_UP.format(total=alternatives(_TOTAL)[0], sum=told))
    if units is not None and float(refund.sum()):
        table.warnings.append(NET_UNITS)
    discount, gross, net = amount(table, _DISCOUNTS), amount(table, _GROSS), amount(table, _NET)
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": constant(CHANNEL, table.height),
        "sku": table.text("Product variant SKU", "product_variant_sku", "SKU", optional=True),
        "title": table.text("Product title", "product_title", "Produto", "Título do produto", optional=True),
        "at": sure_days(table, "Day", "day", "Date", "Dia", "Data", "Fecha", optional=True),
        "units": units,
        "revenue": total + refund,
        "refund": refund,
        "discount": None if discount is None else discount.abs(),
        "total_name": constant(alternatives(_NET)[0], table.height),
        "total_theirs": net,
        "total_ours": None if gross is None else gross - refund - (discount.abs() if discount is not None else 0.0),
    }
    return shape.lines(without_none(columns), table.height)
