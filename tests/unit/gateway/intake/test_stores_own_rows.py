"""A store's export whose rows have amounts of their own: a program has written each item as an order."""

import pytest

from tests.unit.gateway.intake.tables import reading, sold

HEADER = (
    "Name;Financial Status;Paid at;Currency;Subtotal;Shipping;Taxes;Total;Discount Amount;Created at;"
    "Lineitem quantity;Lineitem name;Lineitem price;Lineitem sku"
)


def order(number: int, *rows: tuple[int, int, str]) -> list[str]:
    """Return an order's rows: units and price of each, and what its total says."""
    day = f"2026-03-{number:02d} 10:00:00 -0300"
    return [
        f"#{number};paid;{day};EUR;{units * price}.00;5.00;0.00;{total};0.00;{day};{units};Cup;{price}.00;C-{price}"
        for units, price, total in rows
    ]


def test_totals_that_differ_between_the_rows_of_orders_are_the_rows() -> None:
    rows = [line for n in range(1, 5) for line in order(n, (1, 20, "25.00"), (2, 30, "65.00"))]
    lines = sold(reading("\n".join([HEADER, *rows, *order(9, (1, 20, "25.00"))])))

    assert lines["revenue"].to_list() == [25, 65] * 4 + [25]
    assert lines["order_id"].n_unique() == 5


@pytest.mark.parametrize("totals", [("85.00", "85.00"), ("85.00", "")], ids=["repeated", "on the first row"])
def test_a_total_that_rows_repeat_or_one_row_has_is_the_orders(totals: tuple[str, str]) -> None:
    rows = [line for n in range(1, 5) for line in order(n, (1, 20, totals[0]), (2, 30, totals[1]))]

    assert sold(reading("\n".join([HEADER, *rows])))["revenue"].sum() == pytest.approx(4 * 85)


def test_totals_that_differ_in_few_of_the_orders_are_the_orders() -> None:
    rows = [line for n in range(1, 5) for line in order(n, (1, 20, "85.00"), (2, 30, "85.00" if n > 1 else "84.00"))]

    assert sold(reading("\n".join([HEADER, *rows])))["revenue"].sum() == pytest.approx(4 * 85)
