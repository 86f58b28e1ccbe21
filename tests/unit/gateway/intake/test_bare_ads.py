"""A table of days and what was spent is one of advertising by its name, or a person says so; no other table is."""

from __future__ import annotations

import pytest

from gateway.intake.document import _frames
from gateway.intake.fields import ANY_TABLE
from gateway.intake.figures.ad_rows import reports_of
from gateway.intake.settling import settled
from tests.unit.gateway.intake.tables import cells, raw

ROWS = "\n01/03/2026;20,00\n02/03/2026;5,50\n31/03/2026;7,00"


@pytest.mark.parametrize(
    "head",
    [
        "Data;Investimento",
        "Dia;Valor investido",
        "Date;Spend",
        "dt;ad_spend",
        "Fecha;Inversión",
        "dia;gastoPublicitario",
    ],
)
def test_what_names_a_cost_of_advertising_alone_is_one(head: str) -> None:
    reading = settled(raw(cells(head + ROWS), "arquivo"), ["shopee"], None, "BRL")
    (report,) = reports_of(_frames([reading], "ads"), None, "", "2026-05-01").reports

    assert (reading.report.kind, reading.report.asks) == ("advertising", False)
    assert (report.amount, report.first, report.last) == (32.5, "2026-03-01", "2026-03-31")


@pytest.mark.parametrize("name", ["Custo", "Gasto", "Gastos", "Cost", "Costo", "Coste"])
def test_what_may_be_any_cost_is_asked_and_read_as_a_person_says(name: str) -> None:
    table = raw(cells(f"Data;{name}" + ROWS), "arquivo")
    asked = settled(table, ["shopee"])

    assert (asked.report.kind, asked.report.asks, asked.ads) == ("unknown", True, None)
    assert [(one.header, one.field) for one in asked.report.columns] == [("Data", "at"), (name, "ad_cost")]
    said = settled(table, ["shopee"], {ANY_TABLE: {name: "ad_cost"}}, "BRL")
    assert (said.report.kind, said.report.asks) == ("advertising", False)
    assert said.ads is not None
    assert said.ads["amount"].sum() == 32.5


def test_a_person_says_which_product_was_advertised() -> None:
    table = raw(cells("Data;Ref;Custo\n01/03/2026;A-1;20,00\n02/03/2026;A-2;5,50"), "arquivo")
    said = settled(table, ["shopee"], {ANY_TABLE: {"Ref": "sku", "Custo": "ad_cost"}}, "BRL")

    assert said.ads is not None
    assert said.ads["code"].to_list() == ["A-1", "A-2"]


@pytest.mark.parametrize(
    "text",
    [
        "Data;Descrição;Gasto\n01/03/2026;Aluguel;20,00\n02/03/2026;Luz;5,50",
        "Data;Custo;Preço\n01/03/2026;20,00;30,00\n02/03/2026;5,50;9,00",
        "Categoria;Investimento\nReservas;20,00\nAções;5,50",
        "Data;Investimento;Saldo\n01/03/2026;20,00;20,00\n02/03/2026;5,50;25,50",
        "SKU;Custo\nA-1;20,00\nA-2;5,50",
    ],
    ids=["described", "priced", "no days", "another amount", "a list of costs"],
)
def test_what_has_more_than_that_is_no_cost_of_advertising(text: str) -> None:
    reading = settled(raw(cells(text), "arquivo"), ["shopee"])

    assert reading.ads is None
    assert "ad_cost" not in [one.field for one in reading.report.columns]
