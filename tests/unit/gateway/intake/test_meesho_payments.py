"""Meesho's payments: what each sub-order left, by the settlement's own sum."""

from __future__ import annotations

from gateway.intake.figures import channel_facts
from tests.unit.gateway.intake.tables import reading, sold

PAYMENTS = """Order Related Details;;;;;;Payment Details;Revenue Details;;Deductions;;
Sub Order No;Order Date;Product Name;Supplier SKU;Live Order Status;Quantity;Final Settlement Amount;\
Total Sale Amount (Incl. Shipping & GST);Total Sale Return Amount (Incl. Shipping & GST);\
Shipping Charge (Incl. GST);Return Shipping Charge (Incl. GST);TCS
;;;A;;;(B + C + R);B;C;R;;
900_1;2026-03-01 10:00:00;Saree;S-1;Delivered;1;410.00;500.00;0.00;-80.00;0.00;-10.00
900_2;2026-03-02 10:00:00;Saree;S-1;RTO;1;0.00;500.00;-500.00;0.00;0.00;0.00
900_3;2026-03-03 10:00:00;Shawl;S-2;Return;2;-165.00;700.00;-700.00;0.00;-165.00;0.00"""


def test_each_sub_order_has_what_it_left() -> None:
    found = reading(PAYMENTS)
    lines = sold(found)

    assert (found.report.layout, lines.height) == ("meesho.payments", 3)
    assert lines["status"].null_count() == 3
    assert lines["net"].to_list() == [410.0, 0.0, -165.0]
    assert (lines["fees"].sum(), lines["shipping"].sum(), lines["refund"].sum()) == (10, 245, 1200)
    assert set(lines["assumed_currency"]) == {"INR"}
    assert lines["returned_units"].to_list() == [0.0, 1.0, 2.0]
    assert (lines["total_theirs"] - lines["total_ours"]).abs().sum() == 0
    assert "com a data de pedido" in " ".join(found.report.warnings)


def test_without_returns_nothing_came_back_and_without_units_none_is_told() -> None:
    text = PAYMENTS.replace("Total Sale Return Amount (Incl. Shipping & GST)", "Price Type", 1)
    assert sold(reading(text))["returned_units"].null_count() == 3

    lines = sold(reading(PAYMENTS.replace("Quantity", "Transaction ID", 1), ["shopee", "own_store"]))
    assert (lines["units"].null_count(), lines["channel"].null_count()) == (3, 3)


def test_what_is_not_settled_yet_has_unknown_fees() -> None:
    lines = sold(reading(PAYMENTS.replace("410.00;500.00;0.00;-80.00", ";500.00;0.00;-80.00")))

    assert lines.select("revenue", "fees", "shipping", "net").row(0) == (500.0, None, 80.0, None)
    assert lines["fees"].drop_nulls().sum() == 0


def test_what_was_cancelled_or_is_unpaid_is_unknown() -> None:
    (own,) = channel_facts(sold(reading(PAYMENTS)), None)
    told = {one.metric: one.value for one in own.figures}

    assert not {"cancellation_rate", "cancelled", "unpaid_share"} & told.keys()
    assert (told["revenue"], told["orders"], told["returned_units"]) == (1700, 3, 3)
    cancelled = PAYMENTS.replace(";RTO;1;0.00;500.00;-500.00", ";Cancelled;1;0.00;0.00;0.00")
    assert sold(reading(cancelled))["status"].to_list() == [None, "cancelled", None]
