"""Problems that the other documents do not have: each document has some of them, under their rules' own names.

Sales are spread evenly over the days: chance draws no fall into them, which would be there and planted by nobody. That
chance is taken for no fall is what the small shops measure, whose days are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from bench.evaluate.golden.small_shops import by_shopees_table, write_own
from bench.evaluate.golden.steady import Steady, steady
from local.samples import ChannelTruth, mercado_livre, shopee
from local.samples.catalog import Item, items
from local.samples.market import LAST_DAY, Market
from local.samples.workbook import Cell, brazilian, write_workbook

_GOODS: Final = items()[:20]
#: Dearer than usual: just above the end of Shopee's lowest band.
_AT_A_CLIFF: Final = Item("TAP-01", "Tapete de ioga 6 mm", 84.9)
_BY_SHOPEE: Final = 84.9 * 0.14 + 16
_TIGHT: Final = _GOODS[1]
_IDLE: Final = items()[25]
_STOPPED: Final = _GOODS[1]
_STOPPED_DAYS: Final = 30
_UNCLICKED: Final = _GOODS[3]
_FAR: Final = _GOODS[2]


def write_all(folder: Path, seed: int) -> list[Golden]:
    """Write the seven documents."""
    return [
        _reputation(folder / "vendas_com_reclamacoes.xlsx", Random(f"claims-{seed}")),
        _cliff(folder / "Order.all.degrau.xlsx", Random(f"cliff-{seed}")),
        _goods(folder / "custos_e_parados.xlsx", Random(f"idle-{seed}")),
        _losing(folder / "pedidos_no_prejuizo.xlsx", Random(f"losing-{seed}")),
        _few(folder / "poucos_produtos.csv", Random(f"few-{seed}")),
        _everywhere(folder / "dois_canais.csv", Random(f"everywhere-{seed}")),
        _clicks(folder / "desempenho_shopee.xlsx", Random(f"clicks-{seed}")),
    ]


def _reputation(path: Path, random: Random) -> Golden:
    """Write Mercado Livre's sales with many claims, Clássico charged as Premium, and hardly any advertising."""
    dear = [item for item in _GOODS if item.price >= 79]
    of = Steady(even=True, days=120, fee=lambda item, _: item.price * 0.19, shipping=6.0, returned=60, advertised=0.01)
    sold = steady(random, 1200, dear, of)
    mercado_livre.write_sold(path, random, sold)
    planted = {"reputation": "", "fee-audit": "", "try-advertising": "", "return-causes": ""}
    truth = sold.truth(planted=planted, costs=True, returns=True)
    return Golden(path, ["mercado_livre"], "mercado_livre.vendas", {"mercado_livre": truth})


def _cliff(path: Path, random: Random) -> Golden:
    cheap = [item for item in items() if item.price < 79.9]
    drawn = steady(
        random,
        400,
        [_AT_A_CLIFF, *cheap],
        Steady(
            even=True,
            fee=lambda item, n: _BY_SHOPEE if item is _AT_A_CLIFF else by_shopees_table(item, n),
            shipping=0.0,
        ),
    )
    shopee.write_sold(path, random, drawn)
    truth = drawn.truth(planted={"price-cliffs": _AT_A_CLIFF.sku}, costs=True, returns=False)
    return Golden(path, ["shopee"], "shopee.order_all", {"shopee": truth})


def _goods(path: Path, random: Random) -> Golden:
    """Write sales with costs and stock: one product bears hardly more returns than it has, one lies and never sells."""
    drawn = steady(random, 900, _GOODS, Steady(even=True, days=90))
    back = [order.number for order in drawn.orders if order.lines[0].item is _TIGHT][::9]
    orders = [
        replace(o, status="returned", lines=[replace(o.lines[0], returned_units=1)]) if o.number in back else o
        for o in drawn.orders
    ]
    sold = replace(drawn, orders=orders)
    left = 0.9 - 4.0 / _TIGHT.price  # of its price, after fees and freight
    share = {_TIGHT.sku: left - 0.14}  # returns of 14 % would leave nothing
    costs: list[list[Cell]] = [["SKU", "Custo unitário (R$)"]]
    costs += [[item.sku, brazilian(round(item.price * share.get(item.sku, 0.3), 2))] for item in _GOODS]
    count = {item.sku: sum(o.lines[0].item is item for o in sold.orders) for item in _GOODS}
    stock: list[list[Cell]] = [["SKU", "Produto", "Estoque disponível", "Data do estoque"]]
    stock += [[item.sku, item.title, round(count[item.sku] / 90 * 60) + 1, "31/03/2026"] for item in _GOODS]
    stock.append([_IDLE.sku, _IDLE.title, 40, "31/03/2026"])
    write_workbook(path, {"Vendas": _rows(sold), "Custos": iter(costs), "Estoque": iter(stock)})
    planted = {"return-room": _TIGHT.sku, "idle-stock": _IDLE.sku}
    return Golden(path, ["own_store"], "plain", {"own_store": sold.truth(planted=planted, costs=True, returns=True)})


def _losing(path: Path, random: Random) -> Golden:
    """Write sales with costs, of which one product goes far away each third time: it pays, and these orders do not."""
    drawn = steady(random, 900, _GOODS, Steady(even=True, days=90))
    far = [order.number for order in drawn.orders if order.lines[0].item is _FAR][::3]
    freight = round(_FAR.price * 0.9, 2)
    sold = replace(drawn, orders=[replace(o, shipping=freight) if o.number in far else o for o in drawn.orders])
    costs: list[list[Cell]] = [["SKU", "Custo unitário (R$)"]]
    costs += [[item.sku, brazilian(round(item.price * 0.3, 2))] for item in _GOODS]
    write_workbook(path, {"Vendas": _rows(sold), "Custos": iter(costs)})
    lost = round(len(far) * (_FAR.price * (1 - 0.9 - 0.3) - round(_FAR.price * 0.1, 2)), 2)
    truth = sold.truth(planted={"losing-orders": _FAR.sku}, costs=True, returns=False)
    return Golden(path, ["own_store"], "plain", {"own_store": replace(truth, goods={"losing_unrefunded": -lost})})


def _rows(sold: Market) -> Iterator[list[Cell]]:
    status = {"sold": "Entregue", "returned": "Devolvido"}
    yield ["Pedido", "Data", "SKU", "Produto", "Quantidade", "Valor total", "Comissão", "Frete", "Status"]
    for order in sold.orders:
        (line,) = order.lines
        yield [
            f"P{order.number:06d}", f"{order.at:%d/%m/%Y %H:%M}", line.item.sku, line.item.title, line.units,
            line.revenue, order.fee, order.shipping, status[order.status],
        ]  # fmt: skip


def _few(path: Path, random: Random) -> Golden:
    """Write a shop that lives on two of its twenty products, and gives every eighth sale no SKU."""
    weights = [20.0, 12.0, *[0.6] * (len(_GOODS) - 2)]
    sold = steady(random, 500, _GOODS, Steady(even=True), weights)
    write_own(path, sold, without_sku=8)
    planted = {"concentration": _GOODS[0].sku, "missing-skus": ""}
    return Golden(path, ["own_store"], "plain", {"own_store": sold.truth(planted=planted, costs=True, returns=False)})


def _everywhere(path: Path, random: Random) -> Golden:
    """Write two channels in one table, whose common best seller stopped on both on the same day."""
    rows = ["Canal;Pedido;Data;SKU;Produto;Quantidade;Valor Total"]
    truths: dict[str, ChannelTruth] = {}
    end = LAST_DAY - timedelta(days=_STOPPED_DAYS)
    for channel, name in (("shopee", "Shopee"), ("amazon", "Amazon")):
        drawn = steady(random, 700, _GOODS, Steady(even=True, days=90))
        orders = [o for o in drawn.orders if o.lines[0].item is not _STOPPED or o.at < end]
        for order in orders:
            (line,) = order.lines
            rows.append(
                f"{name};{name[:2]}{order.number:06d};{order.at:%d/%m/%Y};{line.item.sku};{line.item.title};{line.units};"
                f"{brazilian(line.revenue)}"
            )
        sold = replace(drawn, orders=orders).truth(planted={}, costs=False, returns=False)
        truths[channel] = replace(sold, cancelled_orders=None, planted={"stopped-everywhere": _STOPPED.sku})
    path.write_text("\r\n".join(rows) + "\r\n", encoding="utf-8")
    return Golden(path, list(truths), "plain", truths)


def _clicks(path: Path, random: Random) -> Golden:
    """Write Shopee's report of the products' performance: one is shown as often as others, and hardly clicked."""
    rows: list[list[Cell]] = [[
        "ID do item", "Produto", "SKU Principal", "Vendas (Pedido pago) (BRL)", "Unidades (Pedido pago)",
        "Impressão do Produto", "Cliques Por Produto", "CTR",
    ]]  # fmt: skip
    revenue = units = 0.0
    for number, item in enumerate(_GOODS):
        shown = random.randrange(3_000, 6_000)
        clicks = round(shown * (0.006 if item is _UNCLICKED else random.uniform(0.035, 0.045)))
        sold = random.randrange(8, 16)
        money = round(sold * item.price, 2)
        rows.append([
            str(22_000_000_000 + number), item.title, item.sku, brazilian(money), sold, shown, clicks,
            f"{brazilian(clicks / shown * 100)}%",
        ])  # fmt: skip
        revenue, units = revenue + money, units + sold
    write_workbook(path, {"Produtos": iter(rows)})
    truth = ChannelTruth(round(revenue, 2), None, units, planted={"little-clicked": _UNCLICKED.sku})
    return Golden(path, ["shopee"], "shopee.product_performance", {"shopee": truth})
