"""Payouts of TikTok Shop and Shopify, which tell neither products nor who was paid for the freight."""

from __future__ import annotations

from pathlib import Path
from random import Random

from bench.evaluate.golden.document import Golden, settled, without_freight, write_table
from bench.evaluate.golden.payouts import DEAR, FALLING, Rows
from local.samples.market import Market, market


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the two reports."""
    return [
        _tiktok(folder / "tiktok_income.csv", market(Random(f"tiktok-income-{seed}"), rows, DEAR)),
        _shopify(folder / "payment_transactions_export.csv", market(Random(f"payouts-{seed}"), rows, FALLING)),
    ]


def _tiktok(path: Path, drawn: Market) -> Golden:
    """Write TikTok Shop's income: its fees have the freight in them, and products are not told."""
    sold = without_freight(drawn)
    header = [
        "Order/adjustment ID",
        "Type",
        "Order created time",
        "Order settled time",
        "Currency",
        "Total settlement amount",
        "Total Revenue",
        "Subtotal after seller discounts",
        "Subtotal before discounts",
        "Seller discounts",
        "Refund subtotal after seller discounts",
        "Total Fees",
        "TikTok Shop commission fee",
        "Adjustment amount",
        "Related order ID",
    ]
    rows: Rows = []
    for order in sold.orders:
        back = sum(line.refund for line in order.lines)
        day = f"{order.at:%Y/%m/%d}"
        rows.append([
            f"57{order.number:016d}", "Order", day, day, "BRL", f"{order.revenue - back - order.fee:.2f}",
            f"{order.revenue - back:.2f}", f"{order.revenue:.2f}", f"{order.revenue:.2f}", "0", f"{-back:.2f}",
            f"{-order.fee:.2f}", f"{-order.fee:.2f}", "0", "",
        ])  # fmt: skip
    day = f"{sold.orders[-1].at:%Y/%m/%d}"
    rows.append([f"58{1:016d}", "Logistics reimbursement", day, day, "BRL", "12.00", *["0"] * 7, "12.00", rows[0][0]])
    write_table(path, [header, *rows])
    truth = settled(sold, {"fees": ""}, has_units=False, has_freight=False)
    return Golden(path, ["tiktok_shop"], "tiktok.income", {"tiktok_shop": truth}, {"tiktok_shop": "BRL"})


def _shopify(path: Path, drawn: Market) -> Golden:
    """Write the transactions of Shopify's payouts; who pays the freight is not in them."""
    sold = without_freight(drawn)
    header = [
        "Transaction Date",
        "Type",
        "Order",
        "Card Brand",
        "Payout Status",
        "Payout Date",
        "Payout ID",
        "Amount",
        "Fee",
        "Net",
        "Currency",
    ]
    rows: Rows = [
        [
            f"{order.at:%Y-%m-%d %H:%M:%S} -0300", "charge", f"#{1000 + order.number}", "visa", "paid",
            f"{order.at:%Y-%m-%d}", 1, f"{order.revenue:.2f}", f"{order.fee:.2f}", f"{order.revenue - order.fee:.2f}",
            "BRL",
        ]
        for order in sold.orders
    ]  # fmt: skip
    at = sold.orders[-1].at
    rows.append([f"{at:%Y-%m-%d %H:%M:%S} -0300", "adjustment", "", "", "paid", f"{at:%Y-%m-%d}", 1, "-15.00", "0.00",
                 "-15.00", "BRL"])  # fmt: skip
    write_table(path, [header, *rows])
    truth = settled(sold, {"falling-sales": ""}, has_units=False, has_returns=False, has_freight=False)
    return Golden(path, ["own_store"], "shopify.payouts", {"own_store": truth}, {"own_store": "BRL"})
