"""Sums that a report writes below its customers, and estimates beside invoices, are no sales."""

from __future__ import annotations

from gateway.intake.figures import channel_facts
from tests.unit.gateway.intake.tables import reading, sold


def figures(text: str) -> dict[str, float]:
    (own,) = channel_facts(sold(reading(text)), None)
    return {one.metric: round(one.value, 4) for one in own.figures}


def bills(customers: int) -> str:
    """Write a report with each customer above the first of its bills alone, and a sum below several of them."""
    rows = ["Item;Customer;Bill No.;Date;Qty;Sales Value"]
    for n in range(customers):
        worth = [100 + 10 * n + bill for bill in range(1 + n % 3)]
        for bill, amount in enumerate(worth):
            item = "Syrup 100 ml" if n == bill == 0 else ""
            rows.append(
                f"{item};{'' if bill else f'Shop {n}'};S{n:03}-{bill};2026-04-{1 + bill:02};{bill + 1};{amount},00"
            )
        if len(worth) > 1:
            rows.append(f";;;;{sum(range(1, len(worth) + 1))};{sum(worth)},00")
    return "\n".join(rows)


def test_sums_below_customers_that_are_written_once_are_no_sales() -> None:
    found = figures(bills(36))
    worth = [100 + 10 * n + bill for n in range(36) for bill in range(1 + n % 3)]

    assert found["revenue"] == sum(worth)
    assert found["orders"] == len(worth)


def test_an_estimate_beside_invoices_is_no_sale() -> None:
    rows = "2026-02-06;Estimate;1001;12,00\n2026-02-06;Invoice;1002;15,50\n2026-02-07;Invoice;1003;20,00"

    assert sold(reading(f"Date;Type;Invoice No;Amount\n{rows}"))["revenue"].to_list() == [15.5, 20.0]
