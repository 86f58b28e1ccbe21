"""Rows that a column calls something else than sales, such as purchases or quotes, are left out and told."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.bare import OTHER_NATURE
from tests.unit.gateway.intake.tables import reading, sold


@pytest.mark.parametrize(
    ("name", "sale", "purchase"),
    [("jenis", "penjualan", "pembelian"), ("Loại", "Bán hàng", "Nhập hàng"), ("Tipo", "Venta", "Compra")],
)
def test_purchases_beside_sales_are_left_out_in_other_languages(name: str, sale: str, purchase: str) -> None:
    rows = f"1;01/03/2026;{sale};A;2\n2;02/03/2026;{purchase};B;90\n3;13/03/2026;{sale};A;1"
    found = reading(f"Número do pedido;Data;{name};SKU;Qtd\n{rows}")

    assert sold(found)["units"].to_list() == [2, 1]
    assert OTHER_NATURE.format(rows=1, column=name) in found.report.warnings


@pytest.mark.parametrize("name", ["Tipo", "Natureza da operação"])
def test_rows_of_another_nature_than_sales_are_left_out_and_told(name: str) -> None:
    rows = "1;01/03/2026;Venda;A;2;60,00\n2;02/03/2026;Orçamento;B;1;35,00\n3;13/03/2026;Bonificação;A;1;30,00"
    found = reading(f"Número do pedido;Data;{name};Produto;Qtd;Valor total\n{rows}")

    assert sold(found)["revenue"].to_list() == [60]
    assert OTHER_NATURE.format(rows=2, column=name) in found.report.warnings
