"""Two columns of money in two currencies: one gives the figures, the other is left aside, and both are told."""

from __future__ import annotations

from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Pedido;Data;SKU;Quantidade;"
ROWS = [("1", "01/03/2026", "A", "1"), ("2", "02/03/2026", "B", "2"), ("3", "03/03/2026", "A", "1")]


def table(names: str, *amounts: str) -> str:
    return "\n".join([HEAD + names, *(f"{';'.join(row)};{money}" for row, money in zip(ROWS, amounts, strict=True))])


def test_a_total_in_a_second_currency_is_left_aside_and_told() -> None:
    found = reading(table("Total (BRL);Total (USD)", "50,00;10,00", "100,00;20,00", "25,00;5,00"))

    assert sold(found)["revenue"].to_list() == [50.0, 100.0, 25.0]
    assert sold(found)["currency"].to_list() == ["BRL"] * 3
    assert [w for w in found.report.warnings if "“Total (USD)”" in w and "os números são em BRL" in w]


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
