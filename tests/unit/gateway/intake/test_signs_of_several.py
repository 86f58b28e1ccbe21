"""A sign that several countries use names no currency, and is asked about."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.written_currency import WHICH
from tests.unit.gateway.intake.tables import reading, sold


def orders(header: str, before: str) -> str:
    rows = (f"A-{n};2026-03-{n:02};Mug;2;{before}{40 + n}.50" for n in range(1, 12))
    return "\n".join([f"Order ID;Order Date;Product;Qty;{header}", *rows])


@pytest.mark.parametrize(
    ("header", "before", "sign"),
    [("Amount", "$", "$"), ("Amount ($)", "", "$"), ("Amount (Rs.)", "", "Rs."), ("Amount", "Rs. ", "Rs.")],
)
def test_a_sign_of_several_countries_is_asked_about(header: str, before: str, sign: str) -> None:
    found = reading(orders(header, before))

    assert WHICH.format(sign=sign) in found.report.warnings
    assert sold(found)["revenue"].sum() == 511.5
    assert sold(found)["currency"].null_count() == 11


@pytest.mark.parametrize(
    ("header", "before", "currency"),
    [("Amount", "US$ ", "USD"), ("Amount (INR)", "", "INR"), ("Total", "R$ ", "BRL"), ("Amount", "", None)],
)
def test_a_sign_of_one_country_is_its_currency(header: str, before: str, currency: str | None) -> None:
    found = reading(orders(header, before))

    assert not any("vários países" in one for one in found.report.warnings)
    assert sold(found)["currency"].to_list() == [currency] * 11
