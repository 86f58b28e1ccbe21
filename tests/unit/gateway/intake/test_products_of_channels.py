"""A product's cancelled orders and advertising stand with its sums, and what nobody knows of them stays unknown."""

from __future__ import annotations

import polars as pl
import pytest

from gateway.intake.ads import Advertised
from gateway.intake.figures.cancelled import cancelled_orders
from gateway.intake.layouts.lines import CANCELLED
from schemas.facts import Product
from tests.unit.gateway.intake.test_spending import facts, report

SOLD = "sold"
SCHEMA = {"order_id": pl.String, "product": pl.String, "status": pl.String, "payment_only": pl.Boolean}
Row = tuple[str | None, str, str | None, bool | None]


def cancelled(*rows: Row) -> dict[str, int]:
    return dict(cancelled_orders(pl.DataFrame(rows, schema=SCHEMA, orient="row")).rows())


def test_an_order_counts_for_each_of_its_products_that_was_cancelled() -> None:
    gone = cancelled(
        *(("1", "A", CANCELLED, None), ("1", "B", CANCELLED, None)),
        *(("2", "A", CANCELLED, None), ("2", "B", SOLD, None)),
        *(("3", "A", CANCELLED, None), ("3", "A", SOLD, None)),
        *(("4", "A", CANCELLED, None), ("4", "A", CANCELLED, None)),
        ("5", "C", SOLD, False),
    )
    assert gone == {"A": 3, "B": 1, "C": 0}


@pytest.mark.parametrize("silent", [("1", "A", None, None), (None, "A", CANCELLED, None), ("1", "A", CANCELLED, True)])
def test_what_no_row_tells_is_unknown(silent: Row) -> None:
    assert cancelled(silent, ("2", "B", SOLD, None)) == {"B": 0}


def products(*advertised: Advertised, last: str = "2026-03-31") -> dict[str, Product]:
    found = facts(report("2026-03-01", last, products=list(advertised)))
    return {one.sku: one for one in found.products}


def test_a_reports_advertising_stands_with_the_products_that_it_names() -> None:
    """One that sold nothing has no ACOS; one that no report names is unknown, and so is its rest."""
    told = products(Advertised("CAN-1", "", 40.0, 200.0), Advertised("", "Caneca 2", 20.0, 0.0))
    one, two, three = told["CAN-1"], told["CAN-2"], told["CAN-3"]

    assert (one.advertising, one.advertising_sales, one.acos) == (40.0, 200.0, 0.2)
    assert one.net is not None
    assert one.after_ads == pytest.approx(one.net - 40.0)
    assert (two.advertising, two.advertising_sales, two.acos) == (20.0, 0.0, None)
    assert (three.advertising, three.advertising_sales, three.acos, three.after_ads) == (None, None, None, None)
    assert Product("A", "", 1.0, 1.0, 1, advertising=2.0).after_ads is None, "what is left is unknown"


def test_of_other_days_nothing_is_said_of_a_product() -> None:
    told = products(Advertised("CAN-1", "", 40.0, 200.0), last="2026-04-30")
    assert {one.advertising for one in told.values()} == {None}
