"""Two exports put into one workbook, whose periods overlap: each sale is one sale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from local.samples.catalog import RETURNED, SILENT
from local.samples.market import DAYS, LAST_DAY, Order, Scenario, market
from local.samples.workbook import Cell, brazilian, write_workbook

_SCENARIO: Final = Scenario(fee_rate=0.12, fixed_fee=0.0, shipping=4.0, discount=0.0, has_loser=False)
_HEADER: Final = (
    "Pedido", "Data", "SKU", "Produto", "Quantidade", "Valor unitário", "Valor total", "Comissão", "Frete", "Status",
)  # fmt: skip
_STATUS: Final = {"sold": "Entregue", "returned": "Devolvido", "cancelled": "Cancelado"}
#: The second export begins so many days before the first one ends.
_BOTH_DAYS: Final = 15


def write(folder: Path, seed: int, rows: int) -> Golden:
    """Write the workbook; its truth is that of all orders, each counted once."""
    sold = market(Random(f"overlapping-{seed}"), rows, _SCENARIO)
    middle = LAST_DAY - timedelta(days=DAYS / 2)
    first = [order for order in sold.orders if order.at < middle + timedelta(days=_BOTH_DAYS)]
    second = [order for order in sold.orders if order.at >= middle]
    path = folder / "duas_exportacoes.xlsx"
    write_workbook(path, {"Exportação 1": _rows(first), "Exportação 2": _rows(second)})
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku}
    truth = sold.truth(planted=planted, costs=True, returns=True)
    return Golden(path, ["own_store"], "plain", {"own_store": truth})


def _rows(orders: list[Order]) -> Iterator[list[Cell]]:
    yield list(_HEADER)
    for order in orders:
        for line in order.lines:
            share = line.revenue / order.revenue
            yield [
                f"P{order.number:06d}", f"{order.at:%d/%m/%Y %H:%M}", line.item.sku, line.item.title, line.units,
                brazilian(line.price), brazilian(line.revenue), round(order.fee * share, 4),
                round(order.shipping * share, 4), _STATUS[order.status],
            ]  # fmt: skip
