"""A shop's movements: a column of categories calls some of them sales, and others purchases or costs."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.moved_by_category import NOT_SOLD
from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Data;Produto;Categoria;Quantidade;Valor total"
ROWS = [
    "01/03/2026;Mesa;Venda;1;100,50",
    "02/03/2026;Cama;Compra da Ana;4;800,00",
    "03/03/2026;Mesa;Vendas online;2;201,00",
    "04/03/2026;Mesa;Devolução;1;100,50",
]


def test_what_categories_call_purchases_beside_sales_is_not_sold() -> None:
    found = reading("\n".join([HEAD, *ROWS]))
    lines = sold(found)

    assert (lines["revenue"].sum(), lines["units"].sum()) == (301.5, 3)
    assert NOT_SOLD.format(rows=2, column="Categoria", texts="“Compra”, “Devolução”") in found.report.warnings


@pytest.mark.parametrize(("word", "other"), [("Venda", "Móveis"), ("Compra", "Custos")])
def test_categories_that_do_not_tell_sales_from_others_leave_all_rows(word: str, other: str) -> None:
    rows = [f"0{day}/03/2026;Mesa;{word if day % 2 else other};1;100,50" for day in range(1, 5)]

    assert sold(reading("\n".join([HEAD, *rows])))["revenue"].sum() == 402
