"""Cancelled and unpaid orders on a handful of lines, as docs/analysis.md defines them."""

import pytest

from tests.unit.gateway.intake.test_figures import day, facts, figure, line, value


def test_cancellations_are_counted_by_order_and_without_unpaid_ones() -> None:
    found = facts(
        line(order_id="1"),
        line(order_id="2", status="cancelled", revenue=70.0, sku="B"),
        line(order_id="3", status="cancelled", revenue=5.0),
        line(order_id="3", status="sold"),  # part of it was sent
        line(order_id="4", status="unpaid"),
    )

    assert value(found, "cancellation_rate") == pytest.approx(1 / 3, abs=0.0001)
    assert value(found, "unpaid_share") == 0.25
    assert (figure(found, "cancelled_revenue").value, figure(found, "cancelled_revenue").skus) == (75, ["B", "A"])


def test_rows_without_an_order_number_are_orders_of_their_own() -> None:
    found = facts(
        line(order_id=None, status="cancelled", at=day(0)),
        line(order_id=None, at=day(0)),
        line(order_id=None, at=day(1)),
        line(order_id=None, at=day(1)),
    )

    assert (value(found, "cancellation_rate"), value(found, "orders")) == (0.25, None)
    assert [(month.orders, month.cancelled_orders) for month in found.months] == [(None, None)]


def test_without_status_nothing_is_said_of_cancellations() -> None:
    found = facts(line(status=None, revenue=10.0))

    assert value(found, "revenue") == 10
    assert value(found, "cancellation_rate") is None


def test_what_came_back_in_a_row_of_its_own_is_no_order_that_was_placed() -> None:
    found = facts(
        line(order_id="1"),
        line(order_id="2", status="cancelled", revenue=70.0),
        line(order_id=None, status="sold", revenue=0.0, refund=10.0, units=0.0),
        line(order_id=None, status="sold", revenue=0.0, refund=4.0, units=None),
    )

    assert (value(found, "cancellation_rate"), value(found, "unpaid_share")) == (0.5, 0)
