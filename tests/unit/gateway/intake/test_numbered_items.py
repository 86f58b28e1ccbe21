"""Items of an order that stand beside each other in one row, in numbered columns."""

from __future__ import annotations

import pytest

from gateway.intake.layouts import understand
from gateway.intake.layouts.parts import tables_of
from tests.unit.gateway.intake.tables import cells, raw, sold

SHAPES = {
    "hash": ("Produto #{n}", "SKU #{n}", "Quantidade #{n}", "Preço #{n}"),
    "word": ("Produto {n}", "SKU {n}", "Qtd {n}", "Preço {n}"),
    "program": ("item_{n}_name", "item_{n}_sku", "item_{n}_quantity", "item_{n}_price"),
}


def table(shape: str, *rows: str) -> str:
    columns = ";".join(name.format(n=n) for n in (1, 2) for name in SHAPES[shape])
    return "\n".join([f"Pedido;Data;Status;{columns};Frete;Comissão", *rows])


ROWS = (
    "P1;01/03/2026;Entregue;Copo;A-1;2;10,00;Prato;B-1;1;30,00;15,00;5,00",
    "P2;02/03/2026;Entregue;Copo;A-1;1;10,00;;;;;15,00;1,00",
    "P3;03/03/2026;Cancelado;Prato;B-1;2;30,00;Copo;A-1;3;10,00;15,00;9,00",
)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_item_is_a_row_of_its_order(shape: str) -> None:
    (one,) = tables_of(raw(cells(table(shape, *ROWS))))
    found = sold(understand(one, ["own_store"]))

    assert found["order_id"].to_list() == ["P1", "P1", "P2", "P3", "P3"]
    assert found["sku"].to_list() == ["A-1", "B-1", "A-1", "B-1", "A-1"]
    assert found["revenue"].to_list() == [20, 30, 10, 60, 30]
    assert found["status"].to_list() == ["sold", "sold", "sold", "cancelled", "cancelled"]
    assert found["fees"].sum() == pytest.approx(15)
    assert found["row"].to_list() == [2, 2, 3, 4, 4]


def test_two_prices_of_one_product_are_no_items() -> None:
    text = "SKU;Produto;Preço 1;Preço 2;Data 1;Data 2\nA-1;Copo;10,00;12,00;01/03/2026;02/03/2026"
    before = raw(cells(text))

    assert tables_of(before)[0].frame.shape == before.frame.shape


def test_without_a_number_of_the_order_the_columns_stay() -> None:
    text = "\n".join(line.split(";", 1)[1] for line in table("word", *ROWS).splitlines())
    before = raw(cells(text))

    assert tables_of(before)[0].frame.shape == before.frame.shape
