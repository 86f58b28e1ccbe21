"""Sales with what the goods cost and how many are on hand, in one workbook: all costs known, and only some of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from local.samples.catalog import RETURNED, SILENT, Item, items
from local.samples.market import DAYS, Market, Order, Scenario, market
from local.samples.workbook import Cell, brazilian, write_workbook

_SCENARIO: Final = Scenario(fee_rate=0.12, fixed_fee=0.0, shipping=4.0, discount=0.0, returned=0.01, has_loser=False)
#: What goods cost, as a share of their price; of one product nearly all of it.
_SHARE: Final = 0.3
_SHARE_OF_DEAR: Final = 0.95
_TAX: Final = 0.06
_PACKAGING: Final = 1.25
DEAR: Final = items()[3]
ENDING: Final = items()[1]
LYING: Final = items()[4]
#: For so many days the stock of each lasts, of all others in between.
_LASTS: Final = {ENDING.sku: 6, LYING.sku: 500}
_USUAL: Final = 60
#: Products whose cost the second list lacks.
_WITHOUT: Final = frozenset(item.sku for item in items()[5:12])
_STATUS: Final = {"sold": "Entregue", "returned": "Devolvido", "cancelled": "Cancelado"}
_ESTADO: Final = {"sold": "Entregado", "returned": "Devuelto", "cancelled": "Cancelado"}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write both workbooks."""
    return [
        _brazilian(folder / "vendas_custos_estoque.xlsx", market(Random(f"costs-{seed}"), rows, _SCENARIO)),
        _spanish(folder / "ventas_y_costos.xlsx", market(Random(f"costos-{seed}"), rows, _SCENARIO)),
    ]


def _brazilian(path: Path, sold: Market) -> Golden:
    goods = _goods(sold)
    costs: list[list[Cell]] = [
        ["Custos de março"],
        ["Descrição", "Custo unitário (R$)", "Embalagem (R$)", "Imposto (%)", "Código SKU"],
    ]
    costs += [
        [item.title, brazilian(_cost(item)), brazilian(_PACKAGING), brazilian(_TAX * 100), item.sku.lower()]
        for item in goods
    ]
    stock: list[list[Cell]] = [["SKU", "Produto", "Estoque disponível", "Data do estoque"]]
    stock += [[item.sku, item.title, _on_hand(item, sold), "31/03/2026"] for item in goods]
    write_workbook(path, {"Vendas": _sales(sold), "Custos": iter(costs), "Estoque": iter(stock)})
    planted = {
        "returns": RETURNED.sku,
        "stock-out": SILENT.sku,
        "below-break-even": DEAR.sku,
        "low-stock": ENDING.sku,
        "slow-stock": LYING.sku,
    }
    truth = sold.truth(planted=planted, costs=True, returns=True)
    cost = sum(line.units * (_cost(line.item) + _PACKAGING) for order in _sold(sold) for line in order.lines)
    assert truth.refunds is not None
    assert truth.fees is not None
    assert truth.shipping is not None
    taxes = _TAX * (truth.revenue - truth.refunds)
    left = truth.revenue - truth.fees - truth.shipping - truth.refunds - cost - taxes
    known = {"cost": round(cost, 2), "contribution": round(left, 2), "cost_coverage": 1.0}
    return Golden(path, ["own_store"], "plain", {"own_store": replace(truth, goods=known)})


def _spanish(path: Path, sold: Market) -> Golden:
    costs: list[list[Cell]] = [["Código de producto", "Costo unitario (MXN)", "Válido desde"]]
    costs += [[item.sku, _cost(item), "2025-11-01"] for item in _goods(sold) if item.sku not in _WITHOUT]
    write_workbook(path, {"Ventas": _ventas(sold), "Costos": iter(costs)})
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "below-break-even": DEAR.sku}
    truth = sold.truth(planted=planted, costs=True, returns=True)
    covered = [line for order in _sold(sold) for line in order.lines if line.item.sku not in _WITHOUT]
    known = {
        "covered_cost": round(sum(line.units * _cost(line.item) for line in covered), 2),
        "cost_coverage": round(sum(line.revenue for line in covered) / truth.revenue, 4),
    }
    return Golden(
        path, ["own_store"], "plain", {"own_store": replace(truth, goods=known)}, currency={"own_store": "MXN"}
    )  # fmt: skip


def _sold(sold: Market) -> list[Order]:
    return [order for order in sold.orders if order.status in ("sold", "returned")]


def _goods(sold: Market) -> list[Item]:
    """Return each product that was ordered, in the order of its SKU."""
    every = {line.item.sku: line.item for order in sold.orders for line in order.lines}
    return [every[sku] for sku in sorted(every)]


def _cost(item: Item) -> float:
    return round(item.price * (_SHARE_OF_DEAR if item.sku == DEAR.sku else _SHARE), 2)


def _on_hand(item: Item, sold: Market) -> int:
    units = sum(line.units for order in _sold(sold) for line in order.lines if line.item.sku == item.sku)
    return round(units / DAYS * _LASTS.get(item.sku, _USUAL))


def _sales(sold: Market) -> Iterator[list[Cell]]:
    yield [
        "Pedido", "Data", "SKU", "Produto", "Quantidade", "Valor unitário", "Valor total", "Comissão", "Frete",
        "Status",
    ]  # fmt: skip
    yield from _rows(sold, _STATUS)


def _ventas(sold: Market) -> Iterator[list[Cell]]:
    yield [
        "Número de orden", "Fecha de venta", "SKU", "Producto", "Cantidad", "Precio unitario (MXN)",
        "Total venta (MXN)", "Comisión (MXN)", "Costo de envío (MXN)", "Estado del pedido",
    ]  # fmt: skip
    yield from _rows(sold, _ESTADO)


def _rows(sold: Market, states: dict[str, str]) -> Iterator[list[Cell]]:
    for order in sold.orders:
        for line in order.lines:
            share = line.revenue / order.revenue
            yield [
                f"P{order.number:06d}", f"{order.at:%d/%m/%Y %H:%M}", line.item.sku, line.item.title, line.units,
                line.price, line.revenue, round(order.fee * share, 4), round(order.shipping * share, 4),
                states[order.status],
            ]  # fmt: skip
