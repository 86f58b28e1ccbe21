"""SHEIN, the sellers' order export: group headings above the header, a row for each unit, dates with month names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.workbook import Cell, write_workbook

_SCENARIO: Final = Scenario(
    cancelled=0.0, returned=0.02, returned_worst=0.4, discount=0.0, fixed_fee=0.0, fee_rate=0.16, has_loser=False
)
_MONTHS: Final = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
    "dezembro",
)  # fmt: skip
_GROUPS: Final = ("Solicite informações básicas", *[None] * 22, "Fornecedor de logística de última milha", None)
_HEADER: Final = (
    "Tipo de pedido", "Número do pedido", "Pedido de troca", "Status do pedido", "Pedido com problemas",
    "Nome do produto", "Número do produto", "Variação", "SKU do vendedor", "SHEIN-SKU", "SKC", "ID do item",
    "Status do produto", "Motivo do reembolso", "Motivo do cancelamento", "Data e hora de criação do pedido",
    "Coletado em", "Entregue em", "Código de rastreio", "Moeda do vendedor", "Preço do produto", "Valor do cupom",
    "Desconto de campanha da loja", "Comissão", "Receita estimada de mercadorias", "Cidade",
)  # fmt: skip
_STATUS: Final = {"sold": ("Enviado", "Entregue"), "returned": ("Reembolsado por cliente",)}


def write(folder: Path, seed: int, rows: int) -> Golden:
    """Write the workbook."""
    random = Random(f"shein-{seed}")
    sold = market(random, rows, _SCENARIO)
    path = folder / "shein_pedidos.xlsx"
    write_workbook(path, {"0": _rows(random, sold)})
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku}
    # its commission is only a part of what SHEIN keeps: what counts as fees is for the layout to say
    truth = sold.truth(planted=planted, costs=False, returns=True, refunds=False)
    return Golden(path, ["shein"], "shein.orders", {"shein": truth})


def _rows(random: Random, sold: Market) -> Iterator[list[Cell]]:
    yield list(_GROUPS)
    yield list(_HEADER)
    for order in reversed(sold.orders):
        status = random.choice(_STATUS[order.status])
        for line in order.lines:
            for unit in range(line.units):
                yield _row(order, line, unit, status)


def _row(order: Order, line: Line, unit: int, status: str) -> list[Cell]:
    commission = round(line.price * _SCENARIO.fee_rate, 2)
    at = f"{order.at.day:02d} {_MONTHS[order.at.month - 1]} {order.at.year} {order.at:%H:%M}"
    return [
        "Pedido normal", f"GSH{order.number:06d}Q", None, status, "Não", line.item.title, line.item.sku, "Único",
        line.item.sku, f"I{sum(map(ord, line.item.sku)):09d}", f"sj{order.number:012d}",
        f"{3_500_000_000 + order.number * 10 + unit}", status,
        "Não serviu" if order.status == "returned" else None, None, at, None, None, f"GC{order.number:012d}", "BRL",
        f"{line.price:.2f}", "0", "0", f"{commission:.2f}", f"{line.price - commission:.2f}", order.buyer.city,
    ]  # fmt: skip
