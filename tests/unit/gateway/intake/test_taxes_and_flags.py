"""A total with taxes, a column that answers yes or no, and a rate beside its amount."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.flagged_returns import FLAGGED
from gateway.intake.layouts.taxed import TAXED
from tests.unit.gateway.intake.tables import fields, reading, sold


def test_a_total_with_taxes_is_told_with_what_is_left() -> None:
    rows = "\n".join(f"{n};2026-03-{n:02};Mug;2;{40 + n},00;{4 + n / 10:.2f};{44 + 1.1 * n:.2f}" for n in range(1, 9))
    found = reading(f"order number;invoice date;product;quantity;subtotal price;total tax;total price usd\n{rows}")

    told = TAXED.format(
        column="total price usd", tax="total tax", total="35,60", without="subtotal price", left="356,00"
    )
    assert told in found.report.warnings
    assert round(float(sold(found)["revenue"].sum()), 2) == 391.6


@pytest.mark.parametrize(("units", "back"), [(3, 18), (1, 6)])
def test_a_column_of_zero_and_one_answers_whether_the_row_came_back(units: int, back: int) -> None:
    rows = "\n".join(f"A-{n};{1 + n % 28}/03/2026;SKU-{n % 4};{units};90,00;{int(n < 6)}" for n in range(30))
    found = reading(f"Order ID;Order Date;Product ID;Quantity;Sales;Return\n{rows}")

    assert sold(found)["returned_units"].sum() == back
    assert (FLAGGED.format(column="Return", rows=6) in found.report.warnings) == (units > 1)


def test_a_column_that_counts_what_came_back_counts_it() -> None:
    rows = "\n".join(f"A-{n};{1 + n % 28}/03/2026;SKU-{n % 4};5;90,00;{n % 3}" for n in range(30))

    assert sold(reading(f"Order ID;Order Date;Product ID;Quantity;Sales;Return\n{rows}"))["returned_units"].sum() == 30


def test_a_rate_beside_its_amount_is_not_the_discount() -> None:
    rows = "\n".join(
        f"2026-03-{n + 1:02};2;{1000 * (n + 1)};{5 * (n % 3)};{1000 * (n + 1) * 5 * (n % 3) // 100}" for n in range(12)
    )

    assert fields(reading(f"fecha;cantidad;total;descuento;descuento_monto\n{rows}"))["discount"] == "descuento_monto"


def test_the_total_with_the_tax_is_the_revenue_where_prices_stand_with_and_without_it() -> None:
    names = "fecha;codigo;descripcion;cantidad;valor unitario;precio unit;subtotal sin igv;igv;item total"
    rows = "\n".join(
        f"0{n}/03/2026;K-{n};Polo {n};{n};{10 * n},00;{11.8 * n:.2f};{10 * n * n},00;{1.8 * n * n:.2f};{ours:.2f}"
        for n, ours in ((n, 11.8 * n * n) for n in range(1, 5))
    )
    found = reading(f"{names}\n{rows}")

    assert sold(found)["revenue"].to_list() == pytest.approx([11.8, 47.2, 106.2, 188.8])
