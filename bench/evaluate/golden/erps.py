"""Order lists of Olist Tiny, Bling and Tray: their columns as descriptions name them, never seen as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.workbook import Cell, brazilian, write_workbook

_TINY: Final = Scenario(fee_rate=0.0, fixed_fee=0.0, shipping=0.0, discount=0.0, has_loser=False, cancelled=0.02)
_BLING: Final = Scenario(fee_rate=0.17, fixed_fee=0.0, shipping=0.0, discount=0.0, has_loser=False)
_TRAY: Final = Scenario(fee_rate=0.0, fixed_fee=0.0, discount=0.0, has_loser=False, cancelled=0.11)
_FREIGHT: Final = 12.5
_STATUS: Final = {"sold": "Atendido", "returned": "Devolvido", "cancelled": "Cancelado", "unpaid": "Em aberto"}
_PAID: Final = {
    "sold": "FINALIZADO",
    "returned": "DEVOLVIDO",
    "cancelled": "CANCELADO",
    "unpaid": "AGUARDANDO PAGAMENTO",
}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write a CSV of Olist Tiny, a workbook of Bling with its channel in a column, and a CSV of Tray."""
    return [
        _tiny(folder / "pedidos_olist_tiny.csv", market(Random(f"tiny-{seed}"), rows, _TINY)),
        _bling(folder / "pedidos_de_venda_bling.xlsx", market(Random(f"bling-{seed}"), rows, _BLING)),
        _tray(folder / "orders_tray.csv", market(Random(f"tray-orders-{seed}"), rows, _TRAY)),
    ]


def _tiny(path: Path, sold: Market) -> Golden:
    """Write what was invoiced: without a status, so that nothing tells of cancellations and returns."""
    kept = replace(sold, orders=[order for order in sold.orders if order.status in ("sold", "returned")])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([
            "Nome do cliente", "CPF/CNPJ", "Número do pedido no e-commerce", "E-commerce", "Código (SKU)",
            "Descrição do produto", "Preço total", "Total de itens", "Data da venda", "Forma de envio",
            "Frete no e-commerce", "Número (Nota Fiscal)", "Data de Emissão",
        ])  # fmt: skip
        writer.writerows(_tiny_row(order, line) for order in kept.orders for line in order.lines)
    drawn = kept.truth(planted={"stock-out": SILENT.sku}, costs=False, returns=False)
    return Golden(path, ["shopee"], "olist_tiny.orders", {"shopee": replace(drawn, cancelled_orders=None)})


def _tiny_row(order: Order, line: Line) -> list[object]:
    return [
        order.buyer.name, order.buyer.cpf, f"26{order.number:06d}SH", "Shopee", line.item.sku,
        line.item.title.replace("”", '"'), brazilian(line.revenue), line.units, f"{order.at:%d/%m/%Y}", "Shopee Envios",
        brazilian(_FREIGHT), 40_000 + order.number, f"{order.at:%d/%m/%Y}",
    ]  # fmt: skip


def _bling(path: Path, sold: Market) -> Golden:
    write_workbook(path, {"Pedidos de venda": _bling_rows(sold)})
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku}
    truth = sold.truth(planted=planted, costs=True, returns=True)
    return Golden(path, ["amazon"], "bling.orders", {"amazon": replace(truth, shipping=None)})


def _bling_rows(sold: Market) -> Iterator[list[Cell]]:
    yield [
        "Número", "Número pedido loja", "Data", "Contato", "Situação", "Loja", "Código", "Descrição", "Quantidade",
        "Valor unidade", "Total produtos", "Comissão",
    ]  # fmt: skip
    for order in sold.orders:
        for line in order.lines:
            yield [
                10_000 + order.number, f"701-{order.number:07d}-1", f"{order.at:%d/%m/%Y}", order.buyer.name,
                _STATUS[order.status], "Amazon", line.item.sku, line.item.title, line.units, line.price, line.revenue,
                round(order.fee * line.revenue / order.revenue, 4),
            ]  # fmt: skip


def _tray(path: Path, sold: Market) -> Golden:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([
            "order_id", "date", "status", "point_sale", "customer_name", "product_reference", "product_name",
            "quantity", "price", "partial_total", "shipment_value", "total",
        ])  # fmt: skip
        writer.writerows(_tray_row(order, line) for order in sold.orders for line in order.lines)
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "cancellations": ""}
    drawn = sold.truth(planted=planted, costs=False, returns=True, refunds=False)
    return Golden(path, ["own_store"], "tray.orders", {"own_store": drawn})


def _tray_row(order: Order, line: Line) -> list[object]:
    return [
        order.number, f"{order.at:%Y-%m-%d}", _PAID[order.status], "LOJA VIRTUAL", order.buyer.name, line.item.sku,
        line.item.title, line.units, f"{line.price:.2f}", f"{order.revenue:.2f}", f"{_FREIGHT:.2f}",
        f"{order.revenue + _FREIGHT:.2f}",
    ]  # fmt: skip
