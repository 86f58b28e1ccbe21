"""Sales, costs and a report of advertising in one workbook: one product's does not pay, another's sells nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from local.samples.catalog import RETURNED, SILENT, items
from local.samples.market import DAYS, LAST_DAY, Market, Scenario, market
from local.samples.workbook import Cell, brazilian, write_workbook

_SCENARIO: Final = Scenario(
    fee_rate=0.12, fixed_fee=0.0, shipping=4.0, discount=0.0, returned=0.01, several=0.0, has_loser=False
)
#: What goods cost, as a share of their price: some 45 % are left to pay advertising.
_COST: Final = 0.35
#: Of each order of an advertised product so much is told as sold by advertising.
_ATTRIBUTED: Final = 0.5
#: What it costs of what it sells.
_ACOS: Final = 0.08
_ACOS_OF_WASTED: Final = 0.9
WASTED: Final = items()[2]
UNSOLD: Final = items()[6]
_ADVERTISED: Final = (*items()[:6], UNSOLD)
#: A day of advertising that sells nothing.
_A_DAY: Final = 9.9
_STATUS: Final = {"sold": "Entregue", "returned": "Devolvido", "cancelled": "Cancelado"}


def write(folder: Path, seed: int, rows: int) -> Golden:
    """Write the workbook."""
    sold = market(Random(f"ads-{seed}"), rows, _SCENARIO)
    path = folder / "vendas_publicidade.xlsx"
    report = _report(sold)
    every = {line.item.sku: line.item for order in sold.orders for line in order.lines}
    costs: list[list[Cell]] = [["SKU", "Custo unitário (R$)"]]
    costs += [[sku, brazilian(round(every[sku].price * _COST, 2))] for sku in sorted(every)]
    write_workbook(path, {"Vendas": _sales(sold), "Custos": iter(costs), "Anúncios": iter(report)})
    cost = sum(float(str(row[5])) for row in report[1:])
    sales = sum(float(str(row[6])) for row in report[1:])
    planted = {
        "returns": RETURNED.sku,
        "stock-out": SILENT.sku,
        "unprofitable-ads": WASTED.sku,
        "ads-without-sales": UNSOLD.sku,
    }
    truth = sold.truth(planted=planted, costs=True, returns=True)
    known = {
        "advertising_cost": round(cost, 2),
        "advertising_sales": round(sales, 2),
        "acos": round(cost / sales, 4),
        "tacos": round(cost / truth.revenue, 4),
    }
    return Golden(path, ["own_store"], "plain", {"own_store": replace(truth, goods=known)})


def _report(sold: Market) -> list[list[Cell]]:
    """Return a row for each advertised product and day: what is attributed to it, and what it cost."""
    by_day: dict[tuple[int, str], float] = defaultdict(float)
    for order in sold.orders:
        line = order.lines[0]
        if order.status in ("sold", "returned") and line.item.sku != UNSOLD.sku:
            by_day[(LAST_DAY - order.at).days, line.item.sku] += line.revenue * _ATTRIBUTED
    found: list[list[Cell]] = [
        ["Data", "Campanha", "SKU", "Impressões", "Cliques", "Investimento (R$)", "Receita (R$)"]
    ]
    for back in range(DAYS, -1, -1):
        for item in _ADVERTISED:
            sales = round(by_day[back, item.sku], 2)
            acos = _ACOS_OF_WASTED if item.sku == WASTED.sku else _ACOS
            cost = _A_DAY if item.sku == UNSOLD.sku else round(sales * acos, 2)
            day = f"{LAST_DAY - timedelta(days=back):%d/%m/%Y}"
            found.append([day, "Mais vendidos", item.sku, 400, 8, cost, sales])
    return found


def _sales(sold: Market) -> Iterator[list[Cell]]:
    yield ["Pedido", "Data", "SKU", "Produto", "Quantidade", "Valor total", "Comissão", "Frete", "Status"]
    for order in sold.orders:
        for line in order.lines:
            yield [
                f"P{order.number:06d}", f"{order.at:%d/%m/%Y %H:%M}", line.item.sku, line.item.title, line.units,
                line.revenue, round(order.fee, 4), round(order.shipping, 4), _STATUS[order.status],
            ]  # fmt: skip
