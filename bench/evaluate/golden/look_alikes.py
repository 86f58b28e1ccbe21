"""Documents that look like sales and are none: stock, returns, advertising; and sales whose money are dollars."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from bench.evaluate.golden.document import Golden
from bench.evaluate.golden.steady import Steady, steady
from local.samples import mercado_livre
from local.samples.catalog import items
from local.samples.market import LAST_DAY
from local.samples.workbook import Cell, brazilian, write_workbook


def write_all(folder: Path, seed: int) -> list[Golden]:
    """Write the four documents."""
    return [
        _stock(folder / "estoque.xlsx", Random(f"stock-{seed}")),
        _returns(folder / "devolucoes_mercado_livre.xlsx", Random(f"back-{seed}")),
        _ads(folder / "relatorio_anuncios.csv", Random(f"only-ads-{seed}")),
        _dollars(folder / "sales_usd.csv", Random(f"dollars-{seed}")),
    ]


def _stock(path: Path, random: Random) -> Golden:
    rows: list[list[Cell]] = [["SKU", "Produto", "Estoque disponível", "Preço de venda (R$)", "Data do estoque"]]
    rows += [[i.sku, i.title, random.randrange(0, 90), brazilian(i.price), "31/03/2026"] for i in items()]
    write_workbook(path, {"Estoque": iter(rows)})
    return Golden(path, ["own_store"], "goods", kind="stock")


def _returns(path: Path, random: Random) -> Golden:
    sold = steady(random, 60, items()[:20], Steady(returned=60))
    mercado_livre.write_sold(path, random, sold)
    return Golden(path, ["mercado_livre"], "mercado_livre.vendas", kind="returns")


def _ads(path: Path, random: Random) -> Golden:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Data", "Campanha", "Impressões", "Cliques", "Investimento (R$)", "Receita (R$)"])
        for back in range(30):
            cost = round(random.uniform(20, 60), 2)
            day = LAST_DAY - timedelta(days=back)
            writer.writerow([f"{day:%d/%m/%Y}", "Geral", 4_000, 80, brazilian(cost), brazilian(cost * 9)])
    return Golden(path, ["shopee"], "unknown", kind="advertising")


def _dollars(path: Path, random: Random) -> Golden:
    sold = steady(random, 400, items()[:20], Steady())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Order ID", "Order Date", "Product ID", "Product Name", "Quantity", "Sales (USD)"])
        for order in sold.orders:
            (line,) = order.lines
            title = line.item.title.replace("”", '"')
            day = f"{order.at:%Y-%m-%d}"
            writer.writerow([f"US-{order.number:06d}", day, line.item.sku, title, line.units, f"{line.revenue:.2f}"])
    truth = replace(sold.truth(planted={}, costs=False, returns=False), cancelled_orders=None)
    return Golden(path, ["own_store"], "plain", {"own_store": truth}, {"own_store": "USD"})
