"""Two columns of money in two currencies: the sales' own gives the figures, and both are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.intake.fields import LABELS
from gateway.intake.layouts import Reading
from gateway.intake.layouts.described import header_id
from gateway.intake.layouts.two_currencies import TWO
from gateway.intake.settling import settled
from tests.unit.gateway.intake.tables import cells, raw, reading, sold

HEAD = "Pedido;Data;SKU;Quantidade;"
ROWS = [("1", "01/03/2026", "A", "1"), ("2", "02/03/2026", "B", "2"), ("3", "03/03/2026", "A", "1")]


def table(names: str, *amounts: str) -> str:
    return "\n".join([HEAD + names, *(f"{';'.join(row)};{money}" for row, money in zip(ROWS, amounts, strict=True))])


TWO_TOTALS = table("Total (BRL);Total (USD)", "50,00;10,00", "100,00;20,00", "25,00;5,00")


def told(text: str, currency: str) -> Reading:
    """Read a table of which a person says the currency."""
    return settled(replace(raw(cells(text)), currency=currency), ["own_store"], currency=currency)


@pytest.mark.parametrize("names", ["Total (BRL);Total (USD)", "Total USD;Total BRL", "Valor R$;Amount US$"])
def test_totals_in_two_currencies_are_asked_about(names: str) -> None:
    found = reading(table(names, "50,00;10,00", "100,00;20,00", "25,00;5,00"))
    columns = ", ".join(f"“{name}”" for name in names.split(";"))

    assert found.lines is None
    assert TWO.format(columns=columns, field=LABELS["revenue"][0], codes="BRL, USD") in found.report.warnings


@pytest.mark.parametrize(("currency", "amounts"), [("BRL", [50.0, 100.0, 25.0]), ("USD", [10.0, 20.0, 5.0])])
def test_the_currency_that_a_person_says_chooses_the_column(currency: str, amounts: list[float]) -> None:
    found = told(TWO_TOTALS, currency)
    other = {"BRL": "USD", "USD": "BRL"}[currency]

    assert sold(found)["revenue"].to_list() == amounts
    assert sold(found)["currency"].to_list() == [currency] * 3
    assert [w for w in found.report.warnings if f"“Total ({other})”" in w and f"os números são em {currency}" in w]


def test_a_currency_that_neither_column_is_in_chooses_none() -> None:
    assert told(TWO_TOTALS, "EUR").lines is None


@pytest.mark.parametrize(("said", "amounts"), [("US Dollar", [10.0, 20.0, 5.0]), ("BRL", [50.0, 100.0, 25.0])])
def test_a_column_of_one_currency_chooses_too(said: str, amounts: list[float]) -> None:
    rows = [f"50,00;10,00;{said}", f"100,00;20,00;{said}", f"25,00;5,00;{said}"]

    assert sold(reading(table("Total (BRL);Total (USD);Moeda", *rows)))["revenue"].to_list() == amounts


def test_a_column_of_several_currencies_chooses_none() -> None:
    rows = ["50,00;10,00;BRL", "100,00;20,00;USD", "25,00;5,00;BRL"]

    assert reading(table("Total (BRL);Total (USD);Moeda", *rows)).lines is None


def test_prices_in_two_currencies_are_asked_about_and_costs_follow_the_sales() -> None:
    text = table("Price US$;Preço R$;Frete (USD);Frete (BRL)", "10,00;50,00;1,00;5,00", "20,00;99,00;2,00;9,00",
                 "5,00;25,00;3,00;15,00")  # fmt: skip

    assert reading(text).lines is None
    assert sold(told(text, "BRL"))["revenue"].to_list() == [50.0, 198.0, 25.0]
    assert sold(told(text, "BRL"))["shipping"].to_list() == [5.0, 9.0, 15.0]
    assert sold(told(text, "USD"))["shipping"].to_list() == [1.0, 2.0, 3.0]


def test_a_price_in_one_currency_alone_chooses_the_total() -> None:
    found = reading(
        table("Preço (BRL);Total (USD);Total (BRL)", "50,00;10,00;50,00", "50,00;20,00;100,00", "25,00;5,00;25,00")
    )

    assert sold(found)["revenue"].to_list() == [50.0, 100.0, 25.0]


def test_what_a_person_says_of_a_column_stands() -> None:
    headers = [*HEAD.strip(";").split(";"), "Total (BRL)", "Total (USD)"]
    found = reading(TWO_TOTALS, mappings={header_id(headers): {"Total (USD)": "revenue"}})

    assert sold(found)["revenue"].to_list() == [10.0, 20.0, 5.0]


def test_a_cost_in_another_currency_than_the_sale_is_unknown_and_told() -> None:
    found = reading(table("Total (BRL);Comissão (USD)", "50,00;1,00", "100,00;2,00", "25,00;0,50"))

    assert sold(found)["revenue"].to_list() == [50.0, 100.0, 25.0]
    assert sold(found)["fees"].to_list() == [None] * 3
    assert [w for w in found.report.warnings if w.startswith("“Comissão (USD)” tem valores em USD") and "em BRL" in w]


def test_cells_that_name_their_currency_are_held_against_the_sales_row_by_row() -> None:
    found = reading(table("Total;Comissão", "R$ 50,00;R$ 5,00", "US$ 20,00;R$ 10,00", "R$ 25,00;2,50"))

    assert sold(found)["currency"].to_list() == ["BRL", "USD", "BRL"]
    assert sold(found)["fees"].to_list() == [5.0, None, 2.5]


def test_a_price_in_another_currency_makes_no_total() -> None:
    found = reading(table("Preço unitário (USD);Valor total (BRL)", "10,00;50,00", "10,00;100,00", "5,00;25,00"))

    assert sold(found)["revenue"].to_list() == [50.0, 100.0, 25.0]
    assert sold(found)["currency"].to_list() == ["BRL"] * 3


def test_one_currency_says_nothing_of_it() -> None:
    found = reading(table("Total (BRL);Comissão (BRL)", "50,00;5,00", "100,00;10,00", "25,00;2,50"))

    assert sold(found)["fees"].to_list() == [5.0, 10.0, 2.5]
    assert not [w for w in found.report.warnings if "moeda" in w or "valores em" in w]
