"""A column that no month or product knows has the reason, and it is the right one."""

from __future__ import annotations

from gateway.figures.silent import silent
from schemas.facts import Month, Product
from tests.unit.gateway.figures.test_unknown import table

TABLES = [table("revenue", "units", "order_id")]


def product(**more: float) -> Product:
    return Product("A", "", 1.0, 10.0, 1, **more)  # type: ignore[arg-type]


def test_a_missing_column_is_named_and_a_missing_report_too() -> None:
    found = silent("product", [product()], TABLES)
    assert found["fees"].text == "Missing column: fees of the channel."
    assert found["cancelled_orders"].text == "Missing column: status of the order."
    reports = {found[name].text for name in ("advertising", "advertising_sales", "acos", "after_ads")}
    assert reports == {"No report of advertising tells these days by product."}
    assert "revenue" not in found
    assert silent("month", [Month("2026-01", 1.0)], TABLES)["advertising"].text == (
        "No report of advertising tells all of these days."
    )


def test_what_is_known_of_some_rows_is_not_silent() -> None:
    assert "fees" not in silent("product", [product(), product(fees=1.0)], TABLES)


def test_advertising_that_sold_nothing_has_no_acos_and_needs_the_net_for_what_is_left() -> None:
    found = silent("product", [product(advertising=3.0, advertising_sales=0.0)], TABLES)
    assert found["acos"].text == "Advertising sold nothing of it."
    assert found["after_ads"].text == found["net"].text == "Missing column: fees of the channel."
