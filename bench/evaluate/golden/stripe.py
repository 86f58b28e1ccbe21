"""Stripe's list of payments and its balance as the dashboard writes them, and charges in cents as its API does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, settled, without_freight, write_table
from bench.evaluate.golden.payouts import DEAR, FALLING, Rows
from local.samples.market import Market, Order, market

_STATUS: Final = {"sold": "Paid", "returned": "Refunded", "unpaid": "Failed"}


def write_all(folder: Path, seed: int, rows: int) -> list[Golden]:
    """Write the three documents; none tells products, units or freight."""
    unpaid = replace(FALLING, unpaid=0.12)
    return [
        _payments(folder / "unified_payments.csv", market(Random(f"stripe-payments-{seed}"), rows, unpaid)),
        _balance(folder / "balance_change.csv", market(Random(f"stripe-balance-{seed}"), rows, DEAR)),
        _charges(folder / "charges.csv", market(Random(f"stripe-charges-{seed}"), rows, FALLING)),
    ]


def _payments(path: Path, drawn: Market) -> Golden:
    sold = without_freight(drawn)
    header = [
        "id", "Created date (UTC)", "Amount", "Amount Refunded", "Currency", "Captured", "Converted Amount",
        "Converted Amount Refunded", "Converted Currency", "Description", "Fee", "Status", "Customer Email",
    ]  # fmt: skip
    rows: Rows = []
    for order in sold.orders:
        paid, fee = f"{order.revenue:.2f}", order.fee if order.status == "sold" else 0.0
        rows.append([
            f"ch_3{order.number:020d}", f"{order.at:%Y-%m-%d %H:%M:%S}", paid, "0.00", "brl", "true", paid, "0.00",
            "brl", f"Payment of {order.buyer.name}", f"{fee:.2f}", _STATUS[order.status], order.buyer.email,
        ])  # fmt: skip
    write_table(path, [header, *rows])
    truth = settled(sold, {"falling-sales": "", "unpaid": ""}, has_units=False, has_returns=False, has_freight=False)
    return Golden(path, ["own_store"], "stripe.payments", {"own_store": truth}, {"own_store": "BRL"})


def _balance(path: Path, drawn: Market) -> Golden:
    """Write the balance's changes, with a refund as a row of its own and a payout that is no sale."""
    sold = without_freight(drawn)
    header = [
        "balance_transaction_id", "created_utc", "available_on_utc", "currency", "gross", "fee", "net",
        "reporting_category", "source_id", "description",
    ]  # fmt: skip
    rows: Rows = []
    for order in sold.orders:
        rows.append(_change(order, "charge", order.revenue, order.fee))
        if back := sum(line.refund for line in order.lines):
            rows.append(_change(order, "refund", -back, 0.0))
    rows.append(_change(sold.orders[-1], "payout", -500.0, 0.0))
    write_table(path, [header, *rows])
    truth = settled(sold, {"fees": ""}, has_units=False, has_freight=False)
    return Golden(path, ["own_store"], "stripe.balance", {"own_store": truth}, {"own_store": "BRL"})


def _change(order: Order, kind: str, gross: float, fee: float) -> list[object]:
    at = f"{order.at:%Y-%m-%d %H:%M:%S}"
    return [
        f"txn_{kind}{order.number:018d}", at, at, "brl", f"{gross:.2f}", f"{fee:.2f}", f"{gross - fee:.2f}", kind,
        f"ch_3{order.number:020d}", kind.title(),
    ]  # fmt: skip


def _charges(path: Path, drawn: Market) -> Golden:
    """Write charges as the API tells them: amounts in cents, moments in seconds since 1970."""
    sold = without_freight(drawn)
    header = [
        "id", "object", "amount", "amount_captured", "amount_refunded", "balance_transaction", "captured", "created",
        "currency", "paid", "refunded", "status",
    ]  # fmt: skip
    rows: Rows = [
        [
            f"ch_3{order.number:020d}", "charge", cents := round(order.revenue * 100), cents, 0, f"txn_{order.number}",
            "true", int(order.at.replace(tzinfo=UTC).timestamp()), "brl", "true", "false", "succeeded",
        ]
        for order in sold.orders
    ]  # fmt: skip
    write_table(path, [header, *rows])
    whole = settled(sold, {"falling-sales": ""}, has_units=False, has_returns=False, has_freight=False)
    truth = replace(whole, fees=None)
    return Golden(path, ["own_store"], "stripe.payments", {"own_store": truth}, {"own_store": "BRL"})
