"""A lone amount beside units is a unit's price or the row's total: by products, by other columns, else by its name."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.lone_amount import ASSUMED, NOT_GROWING, READ_AS
from gateway.intake.layouts.unit_or_row import (
    GROWS,
    GROWS_IN_GROUPS,
    LISTED,
    LISTED_BY_UNITS,
    PART_OF_ROW,
    PART_OF_UNITS,
    STAYS,
)
from tests.unit.gateway.intake.tables import fields, reading, sold

#: product, units, price of a unit
SALES = [("Camisa", 2, 50.0), ("Camisa", 1, 50.0), ("Camisa", 4, 50.0), ("Calça", 1, 80.0), ("Calça", 3, 80.0)]
#: Each product once: products show nothing.
ONCE = [("Camisa", 2, 50.0), ("Calça", 3, 80.0), ("Meia", 4, 12.5), ("Boné", 2, 33.3), ("Cinto", 1, 61.7)]


def table(name: str, sales: list[tuple[str, int, float]], *, of_row: bool, more: str = "", share: float = 0.0) -> str:
    rows = []
    for number, (product, units, price) in enumerate(sales):
        amount, fee = price * (units if of_row else 1), f";{price * units * share:.2f}" if more else ""
        rows.append(f"P-{number};0{number + 1}/03/2026;{product};{units};{amount:.2f}{fee}")
    return "\n".join([f"Pedido;Data;Produto;Qtd;{name}{more}", *rows])


@pytest.mark.parametrize("name", ["Preço", "Preço unitário", "Price", "Precio de venta", "Valor"])
def test_a_price_that_grows_with_the_units_is_the_rows_amount(name: str) -> None:
    found = reading(table(name, SALES, of_row=True))

    assert sold(found)["revenue"].sum() == pytest.approx(670)
    assert fields(found)["revenue"] == name
    if name != "Valor":
        assert READ_AS["revenue"].format(column=name, why=GROWS) in found.report.warnings


@pytest.mark.parametrize("name", ["Valor da venda", "Receita", "Sales", "Valor"])
def test_an_amount_that_stays_while_the_units_change_is_a_price(name: str) -> None:
    found = reading(table(name, SALES, of_row=False))

    assert sold(found)["revenue"].sum() == pytest.approx(670)
    assert fields(found)["price"] == name
    if name != "Valor":
        assert READ_AS["price"].format(column=name, why=STAYS) in found.report.warnings


def test_a_fee_that_is_a_part_of_it_shows_the_rows_amount() -> None:
    found = reading(table("Preço", ONCE, of_row=True, more=";Comissão", share=0.16))

    assert sold(found)["revenue"].sum() == pytest.approx(518.3)
    assert READ_AS["revenue"].format(column="Preço", why=PART_OF_ROW) in found.report.warnings


def test_a_fee_that_is_a_part_of_it_times_the_units_shows_a_price() -> None:
    found = reading(table("Valor da venda", ONCE, of_row=False, more=";Comissão", share=0.16))

    assert sold(found)["revenue"].sum() == pytest.approx(518.3)
    assert READ_AS["price"].format(column="Valor da venda", why=PART_OF_UNITS) in found.report.warnings


def test_amounts_that_are_nearly_alike_show_nothing() -> None:
    """A fee of 1.02 beside prices of 1.01 to 1.03 is nearly one share of each."""
    rows = "\n".join(f"P-{n};0{n + 1}/03/2026;A;{1 + n % 2};1.0{n % 3 + 1};1.02" for n in range(6))
    found = reading(f"Pedido;Data;SKU;Qtd;Preço;Comissão\n{rows.replace('.', ',')}")

    assert sold(found)["revenue"].sum() == pytest.approx(sum((1 + n % 2) * (1.01 + n % 3 / 100) for n in range(6)))


def test_a_cost_that_is_a_part_of_a_price_shows_nothing() -> None:
    rows = [
        f"0{n + 1}/03/2026;{product};{units};{price:.2f};{price * 0.6:.2f}"
        for n, (product, units, price) in enumerate(ONCE)
    ]
    found = reading("\n".join(["Data;Produto;Qtd;Preço de venda;Custo", *rows]))

    assert sold(found)["revenue"].sum() == pytest.approx(518.3)


def test_where_nothing_shows_it_the_name_counts_and_that_is_said() -> None:
    found = reading(table("Preço", ONCE, of_row=False))

    assert sold(found)["revenue"].sum() == pytest.approx(518.3)
    assert ASSUMED["price"].format(column="Preço") in found.report.warnings


@pytest.mark.parametrize("name", ["Preço unitário", "Valor por unidade", "Unit price"])
def test_a_name_that_says_of_what_it_is_assumes_nothing(name: str) -> None:
    found = reading(table(name, ONCE, of_row=False))

    assert sold(found)["revenue"].sum() == pytest.approx(518.3)
    assert not any("suposição" in one for one in found.report.warnings)


def test_a_total_by_its_name_stays_one_and_the_doubt_is_said() -> None:
    found = reading(table("Valor total", SALES, of_row=False))

    assert sold(found)["revenue"].sum() == pytest.approx(310)
    assert NOT_GROWING.format(column="Valor total") in found.report.warnings


def test_one_unit_in_each_row_assumes_nothing() -> None:
    found = reading(table("Preço", [(name, 1, price) for name, _, price in ONCE], of_row=False))

    assert sold(found)["revenue"].sum() == pytest.approx(sum(price for _, _, price in ONCE))
    assert not any("suposição" in one for one in found.report.warnings)


@pytest.mark.parametrize(
    "name",
    [
        "Piezas",
        "Pzas",
        "Pzas.",
        "Pza",
        "Pcs",
        "Pcs.",
        "Stk",
        "Stk.",
        "Stück",
        "Menge",
        "Cant.",
        "Cant",
        "Uds",
        "Uds.",
        "Pezzi",
        "Szt.",
        "Q.tà",
        "Nº de unidades",
        "Anz.",
        "No. of units",
        "Pçs",
        "Qtde.",
    ],
)
def test_names_of_units(name: str) -> None:
    rows = "\n".join(f"0{n + 1}/03/2026;{one};{units};{price:.2f}" for n, (one, units, price) in enumerate(ONCE))
    found = reading(f"Data;Produto;{name};Preço unitário\n{rows}")

    assert fields(found).get("units") == name
    assert sold(found)["units"].sum() == 12


def test_a_price_that_grows_with_the_units_of_each_group_is_the_rows() -> None:
    """No product is named, and each group of goods has one price."""
    prices = {"Clothing": 300.08, "Books": 15.15, "Toys": 35.84}
    rows = [(name, units) for name in prices for units in (1, 2, 3, 5)]
    lines = [f"I{n};{name};{units};{prices[name] * units:.2f};05/03/2026" for n, (name, units) in enumerate(rows)]
    found = reading("\n".join(["invoice_no;category;quantity;price;invoice_date", *lines]))
    odd = [f"I{n};{name};{units};{prices[name] * (n + 1):.2f};05/03/2026" for n, (name, units) in enumerate(rows)]

    assert sold(found)["revenue"].sum() == pytest.approx(11 * sum(prices.values()))
    assert any(GROWS_IN_GROUPS in one for one in found.report.warnings)
    assert "price" in fields(reading("\n".join(["invoice_no;category;quantity;price;invoice_date", *odd])))


@pytest.mark.parametrize(("of_row", "why"), [(True, LISTED_BY_UNITS), (False, LISTED)])
@pytest.mark.parametrize("rates", [(0, 10, 20, 5, 10), (0, 0.1, 0.2, 0.05, 0.1)])
def test_a_list_price_less_its_discount_shows_what_a_final_price_is(
    *, of_row: bool, why: str, rates: tuple[float, ...]
) -> None:
    rows, most = [], max(rates)
    for number, ((product, units, price), rate) in enumerate(zip(ONCE, rates, strict=True)):
        left = price * (1 - (rate / 100 if most > 1 else rate)) * (units if of_row else 1)
        rows.append(f"P-{number};0{number + 1}/03/2026;{product};{units};{price:.2f};{rate};{left:.2f}")
    found = reading("\n".join(["Order ID;Date;Item;Qty;MRP;Discount %;Final Price", *rows]))

    field = "revenue" if of_row else "price"
    assert fields(found)[field] == "Final Price"
    assert of_row is (READ_AS["revenue"].format(column="Final Price", why=why) in found.report.warnings)


def test_a_list_price_that_shows_both_or_neither_decides_nothing() -> None:
    rows = [f"P-{n};0{n}/03/2026;Item {n};2;{10 * n},00;5;{11 * n},70" for n in range(1, 6)]
    found = reading("\n".join(["Order ID;Date;Item;Qty;MRP;Discount %;Final Price", *rows]))

    assert ASSUMED["price"].format(column="Final Price") in found.report.warnings
