"""Reports of sums: by day a fall of sales can be planted; by product alone nothing can, for no row tells when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final, TypeVar

from bench.evaluate.golden.document import Golden, write_table
from local.samples.catalog import SILENT, Item
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.workbook import Cell, brazilian, write_workbook

_FALLING: Final = Scenario(
    cancelled=0.0, discount=0.0, several=0.0, returned=0.0, returned_worst=0.0, last_month=0.5, has_loser=False
)
_FALL: Final = {"falling-sales": ""}
_VISITS: Final = 40
Key = TypeVar("Key")


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the six reports."""
    return [
        _amazon_products(folder / "BusinessReport-produtos.csv", _drawn("business-products", seed, rows)),
        _amazon_days(folder / "BusinessReport-dias.csv", _drawn("business-days", seed, rows)),
        _shopee_products(folder / "desempenho_produtos_shopee.xlsx", _drawn("product-overview", seed, rows)),
        _store(folder / "vendas_por_dia_e_produto.csv", _drawn("sales-report", seed, rows)),
        _woocommerce_orders(folder / "wc-analytics-orders.csv", _drawn("analytics-orders", seed, rows)),
        _woocommerce_products(folder / "wc-analytics-products.csv", _drawn("analytics-products", seed, rows)),
    ]


def _drawn(name: str, seed: int, rows: int) -> Market:
    return market(Random(f"{name}-{seed}"), rows, _FALLING)


def _of(
    path: Path, layout: str, channel: str, sold: Market, *, dated: bool, has_orders: bool = False, currency: str = "BRL"
) -> Golden:
    """Return the document, whose truth is what was ordered: sums of costs and of cancelled orders are not in it."""
    truth = sold.truth(planted=dict(_FALL) if dated else {}, costs=False, returns=False)
    orders = truth.orders if has_orders else None
    told = replace(truth, orders=orders, cancelled_orders=None)
    return Golden(path, [channel], layout, {channel: told}, {channel: currency})


def _summed(sold: Market, key: Callable[[Order, Line], Key]) -> dict[Key, tuple[float, int, int]]:
    """Return revenue, units and orders by a key, in the order in which it comes first."""
    sums: dict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for order in sold.orders:
        for line in order.lines:
            for place, amount in enumerate((line.revenue, line.units, 1)):
                sums[key(order, line)][place] += amount
    return {one: (round(told[0], 2), round(told[1]), round(told[2])) for one, told in sums.items()}


def _products(sold: Market) -> dict[Item, tuple[float, int, int]]:
    return _summed(sold, lambda _, line: line.item)


def _reais(amount: float) -> str:
    return f"R${amount:,.2f}"


def _amazon_products(path: Path, sold: Market) -> Golden:
    header = [
        "(Parent) ASIN", "(Child) ASIN", "Title", "SKU", "Sessions - Total", "Page Views - Total", "Units Ordered",
        "Units Ordered - B2B", "Unit Session Percentage", "Ordered Product Sales", "Ordered Product Sales - B2B",
        "Total Order Items",
    ]  # fmt: skip
    rows = [
        [
            f"B0P{place:07d}", f"B0C{place:07d}", item.title, item.sku, f"{units * _VISITS:,}",
            f"{units * _VISITS * 2:,}", units, units // 10, "2.50%", _reais(revenue), _reais(revenue / 10), orders,
        ]
        for place, (item, (revenue, units, orders)) in enumerate(_products(sold).items())
    ]  # fmt: skip
    write_table(path, [header, *rows])
    return _of(path, "amazon.business_products", "amazon", sold, dated=False)


def _amazon_days(path: Path, sold: Market) -> Golden:
    header = [
        "Date", "Ordered Product Sales", "Ordered Product Sales - B2B", "Units Ordered", "Units Ordered - B2B",
        "Total Order Items", "Average Selling Price", "Sessions - Total",
    ]  # fmt: skip
    days = _summed(sold, lambda order, _: order.at.date())
    rows = [
        [f"{day:%m/%d/%Y}", _reais(revenue), _reais(revenue / 10), units, units // 10, orders,
         _reais(revenue / units), f"{units * _VISITS:,}"]
        for day, (revenue, units, orders) in days.items()
    ]  # fmt: skip
    write_table(path, [header, *rows])
    return _of(path, "amazon.business_days", "amazon", sold, dated=True)


def _shopee_products(path: Path, sold: Market) -> Golden:
    write_workbook(path, {"Produtos com Melhor Desempenho": _shopee_rows(sold)})
    return _of(path, "shopee.product_overview", "shopee", sold, dated=False)


def _shopee_rows(sold: Market) -> Iterator[list[Cell]]:
    yield [
        "ID do Item", "Produto", "Status atual do Item", "ID da Variação", "Nome da Variação", "SKU da Variação",
        "SKU Principle", "Visitantes do Produto (Visita)", "Unidades (Pedido realizado)",
        "Vendas (Pedido realizado) (BRL)", "Unidades (Pedido pago)", "Vendas (Pedido pago) (BRL)",
    ]  # fmt: skip
    for place, (item, (revenue, units, _)) in enumerate(_products(sold).items()):
        own: list[Cell] = [f"{22_000_000_000 + place}", item.title, "Normal"]
        paid: list[Cell] = [units + 1, brazilian(revenue * 1.1), units, brazilian(revenue)]
        yield [*own, "-", "-", "-", item.sku, units * _VISITS, *paid]
        yield [*own, f"{33_000_000_000 + place}", "Único", item.sku, item.sku, "-", *paid]


def _store(path: Path, sold: Market) -> Golden:
    """Write Shopify's sales by day and product."""
    header = [
        "Day", "Product title", "Product variant SKU", "Product vendor", "Product type", "Net items sold",
        "Gross sales", "Discounts", "Returns", "Net sales", "Taxes", "Total sales",
    ]  # fmt: skip
    days = _summed(sold, lambda order, line: (order.at.date(), line.item))
    rows = [
        [f"{day:%Y-%m-%d}", item.title, item.sku, "Loja", "Casa", units, f"{revenue:.2f}", "0.00", "0.00",
         f"{revenue:.2f}", "0.00", f"{revenue:.2f}"]
        for (day, item), (revenue, units, _) in days.items()
    ]  # fmt: skip
    write_table(path, [header, *rows])
    document = _of(path, "store.sales_report", "own_store", sold, dated=True, currency="")
    document.truth["own_store"].planted["stock-out"] = SILENT.sku  # its rows name products as well as days
    return document


def _woocommerce_orders(path: Path, sold: Market) -> Golden:
    header = [
        "Date", "Order #", "N. Revenue (formatted)", "Status", "Customer", "Customer type", "Product(s)", "Items sold",
        "Coupon(s)", "N. Revenue", "Attribution",
    ]  # fmt: skip
    rows = [
        [
            f"{order.at:%Y-%m-%d %H:%M:%S}", 500 + order.number, f"R&#36;{order.revenue:,.2f}", "completed",
            order.buyer.name, "new", ", ".join(f"{line.units}\u00d7 {line.item.title}" for line in order.lines),
            sum(line.units for line in order.lines), "", f"{order.revenue:.2f}", "Direct",
        ]
        for order in sold.orders
    ]  # fmt: skip
    write_table(path, [header, *rows])
    return _of(path, "woocommerce.analytics_orders", "own_store", sold, dated=True, has_orders=True)


def _woocommerce_products(path: Path, sold: Market) -> Golden:
    header = ["Product title", "SKU", "Items sold", "N. Revenue", "Orders", "Category", "Variations", "Status", "Stock"]
    rows = [
        [item.title, item.sku, units, f"{revenue:.2f}", orders, "Casa", 0, "In stock", 40]
        for item, (revenue, units, orders) in _products(sold).items()
    ]
    write_table(path, [header, *rows])
    return _of(path, "woocommerce.analytics_products", "own_store", sold, dated=False, currency="")
