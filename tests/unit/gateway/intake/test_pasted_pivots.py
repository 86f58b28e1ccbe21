"""A pivot table that was pasted as values: its groups are sums, and its names say what is summed."""

from __future__ import annotations

import pytest

from gateway.intake.fields import ANY_TABLE, Mappings
from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.parts import tables_of
from tests.unit.gateway.intake.tables import cells, fields, raw, sold

EXCEL = """
Rótulos de Linha;Soma de Quantidade;Soma de Valor Total
Calçados;5;799,80
Sandália;3;239,70
Tênis;2;560,10
Roupas;8;600,00
Calça;4;400,00
Camiseta;4;200,00
Total Geral;13;1.399,80
"""
DEEP = """
Row Labels;Sum of Amount
North;60.50
Shoes;40.50
[A-1] Boot;30.00
[A-2] Sandal;10.50
Hats;20.00
[B-1] Cap;20.00
South;9.00
Hats;9.00
[B-1] Cap;9.00
Grand Total;69.50
"""
ODOO = """
;Total;
;Untaxed Total;Qty Ordered
Total;1500.00;9
All / Saleable / Desks;1200.00;4
[FURN_1] Desk;900.00;3
[FURN_2] Screen;300.00;1
All / Services;300.00;5
[SERV_1] Installation;300.00;5
"""
MONTHS = """
Row Labels;Sum of Sales
2026-01;100.00
2026-02;250.00
2026-03;70.00
Grand Total;420.00
"""


def read(text: str, mappings: Mappings | None = None) -> Reading:
    (table,) = tables_of(raw(cells(text)))
    return understand(table, ["own_store"], mappings)


def test_the_labels_of_a_pasted_pivot_are_asked_about_without_the_groups() -> None:
    found = read(EXCEL)

    assert found.report.asks
    assert found.report.rows == 4
    assert [column.header for column in found.report.columns] == ["Rótulos de Linha", "Quantidade", "Valor Total"]


def test_groups_within_groups_are_summed_once() -> None:
    found = read(DEEP)

    assert sold(found)["revenue"].sum() == 69.5
    assert sold(found)["row"].to_list() == [4, 5, 7, 10]


def test_a_pivot_of_odoo_is_read_by_its_products() -> None:
    found = read(ODOO)

    assert (sold(found)["revenue"].sum(), sold(found)["units"].sum()) == (1500, 9)
    assert fields(found)["title"] == "Item"
    assert sold(found)["assumed_currency"].drop_nulls().is_empty()


def test_months_as_labels_are_days() -> None:
    assert sold(read(MONTHS))["revenue"].to_list() == [100, 250, 70]


@pytest.mark.parametrize("total", ["Total Geral;14;1.500,00", "Total;13;1.399,80"])
def test_rows_stay_where_their_groups_do_not_make_the_total(total: str) -> None:
    text = EXCEL.replace("Total Geral;13;1.399,80", total)
    expected = 4 if total.startswith("Total;") else 6

    assert read(text).report.rows == expected


def test_a_table_that_is_no_pivot_keeps_rows_that_are_sums_of_others() -> None:
    text = EXCEL.replace("Rótulos de Linha;Soma de Quantidade;Soma de Valor Total", "Produto;Quantidade;Valor Total")

    assert sold(read(text)).height == 6


def test_a_person_says_what_the_labels_are() -> None:
    found = read(EXCEL, {ANY_TABLE: {"Rótulos de Linha": "title"}})

    assert sold(found)["revenue"].sum() == 1399.8
