"""Small shops in which nothing is wrong, of 30 to 150 orders: whatever is found there is chance taken for a problem."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from bench.evaluate.golden.steady import Steady, steady
from local.samples import amazon, mercado_livre, shopee, tiktok
from local.samples.catalog import Item, items
from local.samples.market import Market
from local.samples.workbook import brazilian

#: Mercado Livre charges no fixed part of them, and Shopee's lowest band ends below them.
_DEAR: Final = [item for item in items()[:20] if item.price >= 79.99]
_CHEAP: Final = [item for item in items() if item.price < 79.99]
_STATUS: Final = {"sold": "Entregue", "returned": "Devolvido", "cancelled": "Cancelado"}


def write_all(folder: Path, seed: int) -> list[Golden]:
    """Write the five documents."""
    return [
        _mercado_livre(folder / "pequena_mercado_livre.xlsx", Random(f"small-ml-{seed}")),
        _amazon(folder / "pequena_amazon.txt", Random(f"small-amazon-{seed}")),
        _shopee(folder / "pequena_shopee.xlsx", Random(f"small-shopee-{seed}")),
        _own(folder / "pequena_loja.csv", Random(f"small-own-{seed}")),
        _tiktok(folder / "pequena_tiktok.csv", Random(f"small-tiktok-{seed}")),
    ]


def by_shopees_table(item: Item, _: int) -> float:
    """Return the fee of a product in the lowest band of the table of March 2026."""
    return item.price * 0.2 + 4


def _mercado_livre(path: Path, random: Random) -> Golden:
    sold = steady(random, 150, _DEAR, Steady(fee=lambda item, _: item.price * 0.13, shipping=6.0, returned=1))
    mercado_livre.write_sold(path, random, sold)
    truth = sold.truth(planted={}, costs=True, returns=True)
    return Golden(path, ["mercado_livre"], "mercado_livre.vendas", {"mercado_livre": truth})


def _amazon(path: Path, random: Random) -> Golden:
    sold = steady(random, 120, _DEAR, Steady(cancelled=4))
    amazon.write_sold(path, sold)
    truth = sold.truth(planted={}, costs=False, returns=False)
    return Golden(path, ["amazon"], "amazon.orders", {"amazon": truth})


def _shopee(path: Path, random: Random) -> Golden:
    """Write a shop whose fees are a third of its revenue, just as the table has them."""
    sold = steady(random, 90, _CHEAP, Steady(fee=by_shopees_table, shipping=0.0, cancelled=3, returned=2))
    shopee.write_sold(path, random, sold)
    truth = sold.truth(planted={}, costs=True, returns=True)
    return Golden(path, ["shopee"], "shopee.order_all", {"shopee": truth})


def _own(path: Path, random: Random) -> Golden:
    sold = steady(random, 60, items()[:20], Steady(cancelled=3, returned=2))
    write_own(path, sold)
    return Golden(path, ["own_store"], "plain", {"own_store": sold.truth(planted={}, costs=True, returns=True)})


def _tiktok(path: Path, random: Random) -> Golden:
    sold = steady(random, 30, _DEAR, Steady(cancelled=1, returned=1))
    tiktok.write_sold(path, sold)
    truth = sold.truth(planted={}, costs=False, returns=True)
    return Golden(path, ["tiktok_shop"], "tiktok.orders", {"tiktok_shop": truth})


def write_own(path: Path, sold: Market, *, without_sku: int = 0) -> None:
    """Write a seller's own table; of every so many orders one has no SKU, where that is asked for."""
    rows = ["Pedido;Data;SKU;Produto;Quantidade;Valor Total;Comissão;Frete;Status"]
    for order in sold.orders:
        (line,) = order.lines
        sku = "" if without_sku and order.number % without_sku == 0 else line.item.sku
        rows.append(
            f"{order.number:06d};{order.at:%d/%m/%Y};{sku};{line.item.title};{line.units};{brazilian(line.revenue)};"
            f"{brazilian(order.fee)};{brazilian(order.shipping)};{_STATUS[order.status]}"
        )
    path.write_text("\r\n".join(rows) + "\r\n", encoding="utf-8")
