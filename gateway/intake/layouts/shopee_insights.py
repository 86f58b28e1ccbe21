"""Shopee's business insights: sales by day, and by product; of orders that were placed and of those that were paid."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.day_or_month import sure_days
from gateway.intake.layouts.names import alternatives, currency_in
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.shopee import CHANNEL
from gateway.intake.values import numbers
from schemas.given import without_none

DAYS: Final = "shopee.sales_overview"
PRODUCTS: Final = "shopee.product_overview"
#: Paid for, in Brazil; confirmed, which is what it is called where payment comes with delivery.
_PAID_UNITS: Final = (
    "Unidades (Pedidos Pagos) | Unidades (Pedido pago) | Units (Paid Orders) | Units (Paid Order) | "
    "Units (Confirmed Orders) | Units(Confirmed Orders) | Units (Confirmed Order) | "
    "Produk (Pesanan Siap Dikirim)"
)
_PAID: Final = (
    "Pedidos Pagos",
    "Pedido pago",
    "Paid Orders",
    "Paid Order",
    "Confirmed Orders",
    "Confirmed Order",
    "Pesanan Siap Dikirim",
)
_MONEY: Final = ("BRL", "MYR", "SGD", "PHP", "IDR", "VND", "THB", "TWD", "MXN", "COP", "CLP")
_PAID_SALES: Final = " | ".join(
    name
    for of in _PAID
    for word in ("Vendas", "Sales", "Penjualan")
    for gap in (" ", "")
    for name in (f"{word}{gap}({of})", *(f"{word}{gap}({of}) ({code})" for code in _MONEY))
)
_DAY: Final = "Data | Date"
DAYS_REQUIRED: Final = (_DAY, _PAID_SALES, _PAID_UNITS)
DAYS_TYPICAL: Final = (
    *("Visitantes (Visitar)", "Compradores (Pedidos Pagos)", "Pedidos (Pedidos Pagos)", "Pedidos (Pedidos Feitos)"),
    *("Visitors (Visit)", "Orders (Placed Orders)", "Orders (Confirmed Orders)", "Buyers (Confirmed Orders)"),
    *("Orders (Paid Orders)", "Buyers (Paid Orders)"),
)
_ITEM: Final = "ID do Item | Item ID | Kode Produk"
_TITLE: Final = "Produto | Product | Produk"
PRODUCTS_REQUIRED: Final = (_ITEM, _TITLE, _PAID_SALES, _PAID_UNITS)
PRODUCTS_TYPICAL: Final = (
    *("Visitantes do Produto (Visita)", "Visualizações da Página do Produto", "SKU Principle", "SKU da Variação"),
    *("Product Visitors (Visit)", "Product Page Views", "Parent SKU", "Variation ID"),
    *("Pengunjung Produk (Kunjungan)", "Halaman Produk Dilihat", "SKU Induk", "Kode Variasi"),
)
OF_DAYS: Final = (
    "É o resumo de vendas da Shopee por dia: a receita é a dos pedidos pagos ({orders} ao todo), com os que foram "
    "cancelados ou devolvidos depois. Tarifas, reembolsos e os pedidos, um a um, não estão nele."
)
OF_PRODUCTS: Final = (
    "É o desempenho por produto da Shopee: a receita é a dos pedidos pagos. As linhas de variações são partes dos "
    "produtos e não foram somadas outra vez."
)


def read_days(table: Columns) -> pl.DataFrame:
    """Return the lines, one for each day; neither orders nor products are known. The line of the period is no day."""
    days = table.moment(*alternatives(_DAY))
    if days is not None:
        table.leave_out(days.is_null())
    orders = table.number("Pedidos (Pedidos Pagos)", "Orders (Paid Orders)", "Orders (Confirmed Orders)", optional=True)
    told = "desconhecidos" if orders is None else f"{int(orders.sum())}"
    table.warnings.append(OF_DAYS.format(orders=told))
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": constant(CHANNEL, table.height),
        "counted_orders": orders,
        "at": sure_days(table, *alternatives(_DAY)),
        "units": table.number(*alternatives(_PAID_UNITS)),
        "revenue": table.number(*alternatives(_PAID_SALES)),
        "currency": _currency(table),
    }
    return shape.lines(without_none(columns), table.height)


def read_products(table: Columns) -> pl.DataFrame:
    """Return what was paid for of each product; the rows of its variations are left out."""
    table.warnings.append(OF_PRODUCTS)
    variation = table.text("ID da Variação", "Variation ID", "Kode Variasi", optional=True)
    item = table.text(*alternatives(_ITEM))
    sku = table.text("SKU Principle", "SKU Principal", "Parent SKU", "SKU Induk", optional=True)
    columns: dict[str, pl.Series | None] = {
        "channel": constant(CHANNEL, table.height),
        "sku": item if sku is None or item is None else sku.zip_with((sku != "-").fill_null(value=False), item),
        "title": table.text(*alternatives(_TITLE)),
        "units": table.number(*alternatives(_PAID_UNITS)),
        "revenue": table.number(*alternatives(_PAID_SALES)),
        "currency": _currency(table),
    }
    frame = shape.exposure(without_none(columns), table.height)
    if variation is None:
        return frame
    return frame.filter((numbers(variation).is_null() | (variation == "-")).fill_null(value=True))


def _currency(table: Columns) -> pl.Series | None:
    """Return the currency that the header of the sales names; None where it names none."""
    code = next((code for header in table.used if (code := currency_in(header)) is not None), None)
    return None if code is None else constant(code, table.height)
