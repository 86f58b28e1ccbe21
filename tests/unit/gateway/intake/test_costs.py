"""Costs of a plain table: no column of fees is left out, none is counted twice, and freight is less what it brought."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.costs import LESS_INCOME, SUMMED
from gateway.intake.layouts.described import header_id
from tests.unit.gateway.intake.tables import reading, sold

KEYS = "Pedido;Data;SKU;Qtd;Valor total"
ROWS = ("1;01/03/2026;A;2;100,00", "2;02/03/2026;B;1;50,00")


def table(columns: str, first: str, second: str) -> str:
    return f"{KEYS};{columns}\n{ROWS[0]};{first}\n{ROWS[1]};{second}"


@pytest.mark.parametrize(
    ("columns", "first", "second", "fees"),
    [
        ("Comissão;Taxa fixa", "12,00;4,00", "6,00;4,00", [16, 10]),
        ("Taxa de comissão;Taxa de serviço;Taxa de transação", "12,00;4,00;2,00", "6,00;2,00;1,00", [18, 9]),
        ("Comissão;Taxa fixa;Total de taxas", "12,00;4,00;16,00", "6,00;4,00;10,00", [16, 10]),
        ("Total fees;Transaction fee;Commission fee", "-20,00;-4,00;-12,00", "-9,00;-1,00;-6,00", [20, 9]),
        ("Comissão;Taxa fixa;Tarifas totais;Custo de envio", "12,00;4;26,00;10", "6,00;4;10,00;0", [16, 10]),
        ("Comissão;Comissão líquida;Taxa de serviço", "15,00;12,00;4,00", "8,00;6,00;2,00", [16, 8]),
        ("Comissão;Valor da comissão", "12,00;12,00", "6,00;6,00", [12, 6]),
        ("selling fees;fba fees;other transaction fees", "-12,00;-3,00;0,00", "-6,00;-3,00;0,00", [15, 9]),
        ("Comissão;Taxa de entrega;Taxa de câmbio;Taxa do comprador", "12,00;9;5,10;3,00", "6,00;9;5,10;3,00", [12, 6]),
        ("Comissão;Taxa de pagamento", "12,00;2,00", "6,00;1,00", [14, 7]),
        ("Comissão;Taxa da comissão", "12,00;12%", "6,00;12%", [12, 6]),
        ("Comissão;Taxa de serviço", "12,00;4,00", "6,00;", [16, 6]),
    ],
)  # fmt: skip
def test_all_columns_of_fees_are_added_and_each_once(columns: str, first: str, second: str, fees: list[float]) -> None:
    # of a marketplace, which takes its service fee of the seller
    assert sold(reading(table(columns, first, second), ["shopee"]))["fees"].to_list() == pytest.approx(fees)


def test_what_was_added_is_told() -> None:
    found = reading(table("Comissão;Taxa fixa;Outra taxa", "12,00;4,00;0,00", "6,00;4,00;0,00"))

    assert SUMMED.format(columns="“Comissão”, “Taxa fixa”") in found.report.warnings


def test_the_column_that_a_person_says_stands_alone() -> None:
    text = table("Comissão;Taxa fixa", "12,00;4,00", "6,00;4,00")
    identity = header_id(text.splitlines()[0].split(";"))

    assert sold(reading(text, mappings={identity: {"Comissão": "fees"}}))["fees"].to_list() == [12, 6]


@pytest.mark.parametrize("name", ["Receita por envio", "Ingresos por envío", "shipping income"])
def test_freight_is_less_what_the_seller_got_for_it(name: str) -> None:
    found = reading(table(f"Custo de envio;{name}", "-22,00;15,00", "-18,00;0,00"))

    assert sold(found)["shipping"].to_list() == [7, 18]
    assert LESS_INCOME.format(cost="Custo de envio", income=name) in found.report.warnings
