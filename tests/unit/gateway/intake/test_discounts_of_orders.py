"""A discount of a whole order or bill beside that of its rows, and one whose column has a short name."""

import pytest

from tests.unit.gateway.intake.tables import fields, reading, sold

#: Of each order: number, rows of units, price and discount of a piece, and what was taken off the whole of it.
ORDERS = [
    ("B-1", [(2, 100, 10), (1, 50, 0)], 30),
    ("B-2", [(1, 100, 0)], 0),
    ("B-3", [(3, 40, 5)], 15),
    ("B-4", [(1, 50, 0), (4, 40, 5)], 19),
    ("B-5", [(2, 50, 4)], 0),
]
TAKEN_OFF = 30 + 15 + 19
OF_ROWS = 2 * 90 + 50 + 100 + 3 * 35 + 50 + 4 * 35 + 2 * 46


def till(name: str, due: str) -> str:
    """Return what a till exports: the amounts of the order stand on each of its rows."""
    lines = [f"Order No;Date;SKU;Item;Qty;Unit price;Discount;Selling price;Amount;Order total;{name};{due}"]
    for day, (number, rows, off) in enumerate(ORDERS, 1):
        whole = sum(units * (price - less) for units, price, less in rows)
        lines += [
            f"{number};2026-03-{day:02d};P-{price};Lamp {price};{units};{price}.00;{less}.00;{price - less}.00;"
            f"{units * (price - less)}.00;{whole}.00;{off}.00;{whole - off}.00"
            for units, price, less in rows
        ]
    return "\n".join(lines)


@pytest.mark.parametrize("name", ["Bill discount", "Giảm giá hóa đơn", "Cupom do pedido"])
def test_what_was_taken_off_a_whole_order_is_no_revenue(name: str) -> None:
    found = reading(till(name, "To pay"))

    lines = sold(found)
    assert lines["revenue"].sum() == pytest.approx(OF_ROWS - TAKEN_OFF)
    assert lines["discount"].sum() == pytest.approx(TAKEN_OFF + 2 * 10 + 3 * 5 + 4 * 5 + 2 * 4, abs=30)
    assert any(f"{TAKEN_OFF},00 ao todo" in told for told in found.report.warnings)


@pytest.mark.parametrize("name", ["Platform order discount", "Points of the order"])
def test_what_the_marketplace_paid_or_nobody_calls_a_discount_changes_nothing(name: str) -> None:
    assert sold(reading(till(name, "To pay")))["revenue"].sum() == pytest.approx(OF_ROWS)


def test_a_discount_of_orders_that_nothing_shows_changes_nothing() -> None:
    table = till("Bill discount", "To pay").splitlines()
    cut = "\n".join(line.rsplit(";", 1)[0] for line in table)

    assert sold(reading(cut))["revenue"].sum() == pytest.approx(OF_ROWS)


def test_rows_without_the_number_of_an_order_have_no_discount_of_one() -> None:
    rows = [f"2026-03-{n:02d};Lamp {n};{n};10,00;1,00;{9 * n},00;{n},00" for n in range(1, 7)]
    found = reading("\n".join(["Data;Produto;Qtd;Preço;Desconto por peça;Total;Desconto do pedido", *rows]))

    assert sold(found)["revenue"].sum() == pytest.approx(9 * 21)


def test_an_amount_called_desc_is_a_discount_and_a_text_is_none() -> None:
    rows = [f"{n};0{n}/03/2026;Vaso {n};2;50,00;100,00;{n},00;{100 - n},00" for n in range(1, 7)]
    found = reading("\n".join(["Pedido;Data;Item;Qtd;Vlr Unit;Total Bruto;Desc.;Total Líquido", *rows]))

    assert sold(found)["revenue"].sum() == pytest.approx(600 - 21)
    assert fields(found)["discount"] == "Desc."
    named = [f"{n};0{n}/03/2026;Vaso azul {n};2;{n}0,50" for n in range(1, 7)]
    assert "discount" not in fields(reading("\n".join(["Pedido;Data;Desc.;Qtd;Total", *named])))
