"""Numbers of orders that a spreadsheet rounded, or that were covered, number no orders."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import Reading
from gateway.intake.layouts.lost_numbers import HIDDEN, OF_MANY_DAYS, ROUNDED
from tests.unit.gateway.intake.tables import reading, sold

SHOP = "Pedido;Data da venda;SKU;Quantidade;Valor total"
AMAZON = "amazon-order-id;purchase-date;order-status;sku;quantity;currency;item-price"


def _figures(found: Reading) -> dict[str, float]:
    (own,) = channel_facts(sold(found), None)
    return {figure.metric: figure.value for figure in own.figures}


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("5,12E+11", ROUNDED),
        ("5.12e+11", ROUNDED),
        ("xxxxx", HIDDEN),
        ("***", HIDDEN),
        ("15*********", HIDDEN),
        ("[Redacted]", HIDDEN),
    ],
)
def test_orders_whose_numbers_are_lost_are_not_counted(cell: str, told: str) -> None:
    rows = [f"{cell};0{n}/03/2026;A-{n};1;10,00" for n in range(1, 6)]
    found = reading("\n".join([SHOP, *rows]))
    figures = _figures(found)

    assert (figures["revenue"], figures["units"], "orders" in figures) == (50, 5, False)
    assert told.format(rows=5, cell=cell) in found.report.warnings


def test_zero_in_all_rows_is_no_number_of_an_order() -> None:
    rows = [f"0;0{n}/03/2026;A-{n};1;10,00" for n in range(1, 6)]

    assert "orders" not in _figures(reading("\n".join([SHOP, *rows])))
    assert _figures(reading("\n".join([SHOP, rows[0]])))["orders"] == 1


@pytest.mark.parametrize(("again", "orders"), [("5,13E+11", 32), ("5,12E+11", None)])
def test_a_rounded_number_is_that_of_an_order_where_it_stands_once(again: str, orders: int | None) -> None:
    rows = [f"{n:03d};{n % 28 + 1:02d}/03/2026;A-{n % 4};1;10,00" for n in range(30 if orders else 20)]
    lost = [f"{cell};30/03/2026;A-1;1;10,00" for cell in ("5,12E+11", again)]
    found = reading("\n".join([SHOP, *rows, *lost]))

    assert (_figures(found).get("orders"), _figures(found)["revenue"]) == (orders, 10 * len(rows) + 20)
    assert (ROUNDED.format(rows=2, cell="5,12E+11") in found.report.warnings) == (orders is None)


def test_numbers_of_an_export_that_is_known_may_be_lost_too() -> None:
    rows = [f"7.01E+11;2026-03-0{n}T10:00:00+00:00;Shipped;A-{n};1;USD;10.00" for n in range(1, 6)]
    found = reading("\n".join([AMAZON, *rows]), ["amazon"])
    figures = _figures(found)

    assert (figures["revenue"], "orders" in figures) == (50, False)
    assert ROUNDED.format(rows=5, cell="7.01E+11") in found.report.warnings


def test_a_number_that_stands_beside_sales_of_many_days_is_none_of_an_order() -> None:
    rows = [f"F-{n % 4};{n:02d}/03/2026;A-{n % 5};1;10,00" for n in range(1, 21)]
    found = reading("\n".join([SHOP.replace("Pedido", "invoice id"), *rows]))

    assert (_figures(found)["revenue"], "orders" in _figures(found)) == (200, False)
    assert OF_MANY_DAYS.format(column="invoice id", cell="F-1") in found.report.warnings


@pytest.mark.parametrize("days", [("01", "01", "01", "01"), ("01", "02", "01", "02")])
def test_the_rows_of_an_order_may_be_of_a_day_or_two(days: tuple[str, ...]) -> None:
    rows = [f"F-{n};{day}/03/2026;A-{at};1;10,00" for n in range(4) for at, day in enumerate(days)]

    assert _figures(reading("\n".join([SHOP, *rows])))["orders"] == 4
