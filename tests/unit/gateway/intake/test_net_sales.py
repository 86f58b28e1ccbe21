"""Reports whose revenue is without refunds and without what is taken off under a name that nobody knows."""

from __future__ import annotations

from gateway.intake.layouts.discounts import REFUNDED
from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Item Name;SKU;Items Sold;Product Sales;Refunds;Discounts & Comps;Net Sales"


def test_refunds_are_not_taken_off_twice() -> None:
    found = reading(
        f"{HEAD}\nMug;M-1;10;$250.00;-$24.00;-$10.00;$216.00\n"
        "Plate;P-1;5;$100.00;$0.00;$0.00;$100.00\nBowl;B-1;2;$60.00;-$30.00;-$3.00;$27.00"
    )
    lines = sold(found)

    assert lines["revenue"].sum() == 240 + 100 + 57
    assert lines["refund"].sum() == 54
    assert any(one.startswith(REFUNDED.split("{")[0]) for one in found.report.warnings)


def test_where_nothing_adds_up_the_revenue_stands() -> None:
    lines = sold(
        reading(f"{HEAD}\nMug;M-1;10;$250.00;-$24.00;-$10.00;$200.00\nPlate;P-1;5;$100.00;$0.00;$0.00;$100.00\n")
    )

    assert lines["revenue"].sum() == 300
