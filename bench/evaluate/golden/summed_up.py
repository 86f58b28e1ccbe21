"""Sums and lists of marketplaces that have no items: Shopee's sales by day, and Etsy's orders."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from bench.evaluate.golden.document import Golden
from bench.evaluate.golden.steady import Steady, steady
from local.samples import ChannelTruth
from local.samples.catalog import items
from local.samples.workbook import Cell, brazilian, write_workbook


def write_all(folder: Path, seed: int) -> list[Golden]:
    """Write the two documents."""
    return [
        _days(folder / "visao_geral_shopee.xlsx", Random(f"days-{seed}")),
        _etsy(folder / "etsy_sold_orders.csv", Random(f"etsy-{seed}")),
    ]


def _days(path: Path, random: Random) -> Golden:
    """Write days below the line of the whole period, with more orders placed than paid."""
    sold = steady(random, 400, items()[:20], Steady(days=60))
    paid: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for order in sold.orders:
        for place, amount in enumerate((order.revenue, sum(line.units for line in order.lines), 1)):
            paid[order.at.date()][place] += amount
    money, units, orders = (sum(one[place] for one in paid.values()) for place in range(3))
    first, last = min(paid), max(paid)
    rows: list[list[Cell]] = [
        ["Data", "Visitantes (Visitar)", "Vendas (Pedidos Feitos) (BRL)", "Vendas (Pedidos Pagos) (BRL)"],
        [f"{first:%d/%m/%Y}-{last:%d/%m/%Y}", "9.000", brazilian(money * 1.1), brazilian(money)],
        [None],
        [
            "Data", "Visitantes (Visitar)", "Unidades (Pedidos Feitos)", "Pedidos (Pedidos Feitos)",
            "Vendas (Pedidos Feitos) (BRL)", "Unidades (Pedidos Pagos)", "Pedidos (Pedidos Pagos)",
            "Vendas (Pedidos Pagos) (BRL)",
        ],
    ]  # fmt: skip
    for day in sorted(paid):
        own, count, number = paid[day]
        rows.append(
            [f"{day:%d/%m/%Y}", "150", round(count) + 1, round(number) + 1, brazilian(own * 1.1), round(count),
             round(number), brazilian(own)]
        )  # fmt: skip
    write_workbook(path, {"Visão Geral das Vendas": iter(rows)})
    assert orders == len(sold.orders)
    truth = ChannelTruth(round(money, 2), len(sold.orders), units)
    return Golden(path, ["shopee"], "shopee.sales_overview", {"shopee": truth}, {"shopee": "BRL"})


def _etsy(path: Path, random: Random) -> Golden:
    """Write orders whose buyers paid freight and a tax, with numbers that could be phones."""
    sold = steady(random, 300, items()[:20], Steady())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([
            "Sale Date", "Order ID", "Buyer User ID", "Full Name", "Number of Items", "Payment Method", "Date Shipped",
            "Street 1", "Ship City", "Currency", "Order Value", "Coupon Code", "Discount Amount", "Shipping Discount",
            "Shipping", "Sales Tax", "Order Total", "Status", "Card Processing Fees", "Order Net", "SKU",
        ])  # fmt: skip
        for order in reversed(sold.orders):
            value, units = order.revenue, sum(line.units for line in order.lines)
            total = value + 4.13 + 0.81
            writer.writerow([
                f"{order.at:%m/%d/%Y}", 3_159_000_000 + order.number, f"u{order.number}", order.buyer.name, units,
                "Credit Card", f"{order.dispatched:%m/%d/%Y}", order.buyer.street, order.buyer.city, "USD",
                f"{value + 2:.2f}", "TEN", "2.00", "0", "4.13", "0.81", f"{total:.2f}", "", "0.76",
                f"{total - 0.76:.2f}", "",
            ])  # fmt: skip
    truth = replace(sold.truth(planted={}, costs=False, returns=False), cancelled_orders=None)
    return Golden(path, ["own_store"], "etsy.orders", {"own_store": truth}, {"own_store": "USD"})
