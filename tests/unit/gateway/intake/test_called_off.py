"""A row that a report of shipments calls cancelled is no sale, unless it takes one back that stands above."""

from __future__ import annotations

import pytest

from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Order Id;Order Date;Transaction Type;Sku;Quantity;Invoice Amount"


@pytest.mark.parametrize(
    ("kind", "amount", "total"),
    [("Cancel", "70.50", 150), ("Cancelled", "70.50", 150), ("Cancel", "-50.00", 100), ("EInvoice", "70.50", 220.5)],
)
def test_a_cancelled_row_beside_shipments_is_no_sale(kind: str, amount: str, total: float) -> None:
    text = (
        f"{HEAD}\n7-1;2026-06-01;Shipment;A;1;50.00\n7-2;2026-06-02;Shipment;B;1;100.00\n"
        f"7-1;2026-06-03;{kind};A;1;{amount}"
    )

    assert sold(reading(text))["revenue"].sum() == total
