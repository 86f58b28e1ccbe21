"""Two columns of one name: copies are one, and which of two others has the amounts is asked, never taken."""

from __future__ import annotations

import pytest

from gateway.intake.layouts import Reading
from gateway.intake.layouts.described import header_id
from gateway.intake.layouts.namesakes import UNSETTLED, namesakes
from tests.unit.gateway.intake.tables import fields, reading, sold

ROWS = [(f"P{1000 + n}", f"{1 + n:02d}/03/2026", f"Camisa {n % 4}", 1 + n % 3, 20 + n * 7 % 11) for n in range(12)]


def table(head: str, *cells: str, again: str = "") -> Reading:
    """Read a table whose last columns are these, of `u` units at the price `p`."""
    lines = [
        f"{order};{day};{title};{units};" + ";".join(cell.format(u=units, p=price, t=units * price) for cell in cells)
        for order, day, title, units, price in ROWS
    ]
    mapping = {} if not again else {header_id(head.split(";")): {again: "revenue"}}
    return reading("\n".join([head, *lines]), mappings=mapping)


HEAD = "Pedido;Data;Produto;Quantidade;"
TRUTH = sum(units * price for *_, units, price in ROWS)


@pytest.mark.parametrize(
    ("name", "second"),
    [("Valor total", "{t},00"), ("Valor total", "{t}"), ("Valor total", "R$ {t},00"), ("Valor total.1", "{t},00")],
    ids=["the same text", "the same number", "with its sign", "numbered by a program"],
)
def test_copies_of_a_column_are_one(name: str, second: str) -> None:
    found = table(f"{HEAD}Valor total;{name}", "{t},00", second)

    assert sold(found)["revenue"].sum() == TRUTH
    assert fields(found)["revenue"] == "Valor total"
    assert "price" not in fields(found)
    assert not found.report.warnings


def test_the_fuller_one_of_two_columns_is_taken() -> None:
    lines = [f"P{n};0{n}/03/2026;Camisa;1;{'' if n % 2 else 10};10" for n in range(1, 9)]
    found = reading("\n".join([f"{HEAD}Valor total;Valor total", *lines]))

    assert sold(found)["revenue"].to_list() == [10] * 8


@pytest.mark.parametrize("head", [HEAD, HEAD.replace("Quantidade", "Cor")], ids=["with units", "without units"])
def test_of_two_totals_that_differ_a_person_is_asked(head: str) -> None:
    found = table(f"{head}Valor total;Valor total", "{t},00", "{t},90")

    assert found.lines is None
    assert found.report.asks
    assert [one for one in found.report.warnings if "Valor total" in one] == [
        UNSETTLED.format(number=2, column="Valor total", field="Valor total da linha")
    ]
    told = table(f"{HEAD}Valor total;Valor total", "{t},00", "{t},90", again="Valor total (2)")
    assert sold(told)["revenue"].sum() == pytest.approx(TRUTH + 0.9 * len(ROWS))


def test_columns_of_one_name_that_multiply_are_price_and_total() -> None:
    found = table(f"{HEAD}Valor;Valor", "{p},00", "{t},00")

    assert sold(found)["revenue"].sum() == TRUTH
    assert not found.report.warnings


@pytest.mark.parametrize(
    ("name", "field", "first", "second"),
    [
        ("Comissão", "fees", "1,50", "2,{u}0"),
        ("Quantidade", "units", "{u}", "1{u}"),
        ("Frete", "shipping", "9,9{u}", "5,0{u}"),
    ],
)
def test_other_amounts_that_differ_are_unknown_and_told(name: str, field: str, first: str, second: str) -> None:
    head = HEAD.replace("Quantidade", "Cor")
    found = table(f"{head}{name};{name};Valor total", first, second, "{t},00")

    assert sold(found)["revenue"].sum() == TRUTH
    assert sold(found)[field].null_count() == len(ROWS)
    assert any(one.startswith(f"2 colunas se chamam “{name}”") for one in found.report.warnings)


def test_which_of_two_days_was_taken_is_told() -> None:
    found = table(f"{HEAD}Data;Valor total", "2{u}/05/2026", "{t},00")

    assert sold(found)["at"].dt.month().unique().to_list() == [3]
    assert any("como Data da venda foi usada “Data”" in one for one in found.report.warnings)


def test_a_column_without_a_number_is_no_rival_of_amounts() -> None:
    found = table(f"{HEAD}Valor total;Valor total", "{t},00", "ver nota")

    assert (sold(found)["revenue"].sum(), found.report.warnings) == (TRUTH, [])


def test_names_are_the_same_without_case_and_blank_ones_are_none() -> None:
    assert namesakes(["Total", "", "TOTAL", "", "Total.1", "Total.x", "Nota.1"]) == [[0, 2, 4]]
