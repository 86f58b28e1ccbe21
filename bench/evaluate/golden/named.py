"""Tables of Magalu and Americanas, whose exports nobody describes: only a title or a column says whose they are."""

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

_MAGALU: Final = Scenario(fee_rate=0.16, fixed_fee=0.0, shipping=24.0, discount=0.0, has_loser=False)
_AMERICANAS: Final = Scenario(fee_rate=0.24, fixed_fee=0.0, discount=0.0, has_loser=False)
#: Nobody says which of them it is when it is uploaded.
_ASKED: Final = ["magalu", "americanas"]
_STATUS: Final = {"sold": "Entregue", "returned": "Devolvido", "cancelled": "Cancelado", "unpaid": "Não pago"}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write a workbook with a title, and a CSV whose column of what is paid out names the marketplace."""
    return [
        _magalu(folder / "relatorio_de_pedidos.xlsx", market(Random(f"magalu-{seed}"), rows, _MAGALU)),
        _americanas(folder / "pedidos_seller.csv", market(Random(f"americanas-{seed}"), rows, _AMERICANAS)),
    ]


def _magalu(path: Path, sold: Market) -> Golden:
    write_workbook(path, {"Pedidos": _magalu_rows(sold)})
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "shipping": ""}
    truth = sold.truth(planted=planted, costs=True, returns=True)
    return Golden(path, _ASKED, "magalu.orders", {"magalu": truth})


def _magalu_rows(sold: Market) -> Iterator[list[Cell]]:
    yield ["Magalu Marketplace - relatório de pedidos", *[None] * 11]
    yield [None] * 12
    yield [
        "Nº do pedido", "Data do pedido", "SKU do lojista", "Descrição do produto", "Qtde", "Preço unit.",
        "Valor do item", "Comissão", "Frete pago pelo lojista", "Situação do pedido", "Nome do cliente", "CPF",
    ]  # fmt: skip
    for order in sold.orders:
        for line in order.lines:
            share = line.revenue / order.revenue
            yield [
                f"LU-{order.number:08d}", f"{order.at:%d/%m/%Y %H:%M}", line.item.sku, line.item.title, line.units,
                line.price, line.revenue, round(-order.fee * share, 4), round(order.shipping * share, 4),
                _STATUS[order.status], order.buyer.name, order.buyer.cpf,
            ]  # fmt: skip


def _americanas(path: Path, sold: Market) -> Golden:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([
            "Entrega", "Pedido", "Data da compra", "Código SKU", "Nome do produto", "Quantidade", "Valor total (R$)",
            "Tarifas (R$)", "Repasse Americanas (R$)", "Status", "Destinatário", "CEP",
        ])  # fmt: skip
        writer.writerows(_americanas_row(order, line) for order in sold.orders for line in order.lines)
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "fees": ""}
    drawn = sold.truth(planted=planted, costs=True, returns=True, by_line=True)
    return Golden(path, _ASKED, "americanas.orders", {"americanas": replace(drawn, shipping=None)})


def _americanas_row(order: Order, line: Line) -> list[object]:
    fee = order.part(order.fee, line)
    return [
        f"{order.number:09d}-1", f"{700_000_000 + order.number}", f"{order.at:%d/%m/%Y}", line.item.sku,
        line.item.title.replace("”", '"'), line.units, brazilian(line.revenue), brazilian(fee),
        brazilian(line.revenue - fee), _STATUS[order.status], order.buyer.name, order.buyer.postcode,
    ]  # fmt: skip
