"""A seller's own table of two channels: `;`, Latin-1, Brazilian numbers, a title above, a total below."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from local.samples.catalog import CHEAPER, LOSER, RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.truth import Sample, Truth
from local.samples.workbook import brazilian
from schemas.channels import CHANNELS

_SCENARIOS: Final = {
    "magalu": Scenario(cancelled=0.03, shipping=22.0),
    "own_store": Scenario(fee_rate=0.05, fixed_fee=0.0, shipping=9.0, cancelled=0.02, has_loser=False),
}
#: The same product is so much cheaper on Magalu than in the seller's own store.
GAP: Final = 0.18
_HEADER: Final = (
    "Pedido", "Data da venda", "Canal", "SKU", "Produto", "Qtde", "Valor Unitário", "Valor Total", "Comissão",
    "Frete", "Qtd devolvida", "Valor devolvido", "Situação", "Cliente", "CPF", "E-mail", "Cidade",
)  # fmt: skip
_STATUS: Final = {"sold": "Entregue", "returned": "Devolvido", "cancelled": "Cancelado", "unpaid": "Não pago"}


def write(folder: Path, seed: int, rows: int) -> Sample:
    """Write the table; each channel gets half of the rows."""
    markets = {
        channel: _with_gap(market(Random(f"{channel}-{seed}"), rows // 2, scenario), channel)  # noqa: S311 - samples
        for channel, scenario in _SCENARIOS.items()
    }
    lines = [
        (order.at, channel, order, line)
        for channel, sold in markets.items()
        for order in sold.orders
        for line in order.lines
    ]
    lines.sort(key=lambda entry: (entry[0], entry[1], entry[2].number))
    path = folder / "vendas_outros_canais.csv"
    with path.open("w", encoding="latin-1", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Relatório de vendas - todos os canais"])
        writer.writerow([])
        writer.writerow(_HEADER)
        writer.writerows(_row(channel, order, line) for _, channel, order, line in lines)
        total = sum(line.revenue for _, _, _, line in lines)
        writer.writerow(["Total geral", *[""] * 6, brazilian(total), *[""] * 9])
    planted = {
        "magalu": {
            "returns": RETURNED.sku,
            "losses": LOSER.sku,
            "stock-out": SILENT.sku,
            "price-gap": CHEAPER.sku,
            "shipping": "",
        },
        "own_store": {"returns": RETURNED.sku, "stock-out": SILENT.sku},
    }
    truth = {
        channel: sold.truth(planted=planted[channel], costs=True, returns=True, by_line=True)
        for channel, sold in markets.items()
    }
    secrets = [text for sold in markets.values() for buyer in sold.buyers for text in _secrets(buyer.secrets())]
    return Sample(path, list(markets), "Vendas de Magalu e loja própria", Truth("plain", truth, secrets))


def _secrets(texts: list[str]) -> list[str]:
    """Return those of the buyer's data that this table has: name, CPF, e-mail."""
    name, _, cpf, email, *_ = texts
    return [name, cpf, email]


def _with_gap(sold: Market, channel: str) -> Market:
    """Make every tenth order one of the product whose price differs between the channels."""
    price = round(CHEAPER.price * (1 - GAP), 2) if channel == "magalu" else CHEAPER.price
    orders = []
    for order in sold.orders:
        if order.number % 10 or order.status != "sold":
            orders.append(order)
            continue
        line = Line(CHEAPER, 1, price, price, 0)
        orders.append(replace(order, lines=[line], fee=round(price * 0.14, 2)))
    return Market(orders, sold.buyers)


def _row(channel: str, order: Order, line: Line) -> list[object]:
    fee, shipping = order.part(-order.fee, line), order.part(order.shipping, line)
    buyer = order.buyer
    return [
        f"{channel[:2].upper()}{order.number:06d}", f"{order.at:%d/%m/%Y}", CHANNELS[channel], line.item.sku,
        line.item.title.replace("”", '"'), line.units, f"R$ {brazilian(line.price)}",
        f"R$ {brazilian(line.revenue)}", brazilian(fee), brazilian(shipping),
        line.returned_units, brazilian(line.refund), _STATUS[order.status], buyer.name, buyer.cpf, buyer.email,
        buyer.city,
    ]  # fmt: skip
