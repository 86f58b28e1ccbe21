"""Costs of a plain table: no column of fees is left out, none is counted twice, and freight is less what it brought."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.costs import COPIED, LESS_INCOME, SUMMED
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


@pytest.mark.parametrize(
    ("left", "fees"), [(("92,00", "46,00"), [8, 4]), (("96,00", "48,00"), [4, 2]), (("1", "2"), [4, 2])]
)
def test_equal_fees_are_two_where_what_is_left_lacks_both(left: tuple[str, str], fees: list[float]) -> None:
    found = reading(table("Taxa MDR;Taxa de antecipação;Líquido", f"4,00;4,00;{left[0]}", f"2,00;2,00;{left[1]}"))

    assert sold(found)["fees"].to_list() == fees
    told = COPIED.format(column="Taxa de antecipação", of="Taxa MDR") in found.report.warnings
    assert told == (fees == [4, 2])


def test_two_commissions_in_russian_are_added_and_what_is_left_is_none() -> None:
    names = "Товар;Количество;Продано на;Сумма комиссий ОЗОН;Сумма комиссий ФБО;Прибыль с учетом комиссии ОЗОН и ФБО"
    rows = "Куртка;2;200,00;30,00;20,00;150,00\nШапка;1;80,00;12,00;9,00;59,00\nШарф;3;90,00;11,00;8,00;71,00"

    assert sold(reading(f"{names}\n{rows}"))["fees"].to_list() == [50, 21, 19]


@pytest.mark.parametrize(("header", "fees"), [("Taxa de pagamento", 13.0), ("payment_fee", 13.0), ("Pagamento", 9.0)])
def test_a_fee_for_the_payment_in_whole_numbers_is_a_fee(header: str, fees: float) -> None:
    text = (
        f"Pedido;Data;Produto;Qtd;Preço unitário;Comissão;{header}\n"
        "1;01/03/2026;Luva;1;50,00;5;2\n2;02/03/2026;Gorro;1;30,00;3;1\n3;03/03/2026;Luva;1;50,00;1;1"
    )

    assert sold(reading(text))["fees"].sum() == fees


@pytest.mark.parametrize("header", ["return_cost", "Custo da devolução", "Costo de devolución"])
def test_what_a_return_costs_counts_no_units(header: str) -> None:
    text = (
        f"Pedido;Data;Produto;Qtd;Preço unitário;{header}\n"
        "1;01/03/2026;Luva;1;50,00;0\n2;02/03/2026;Gorro;1;30,00;24\n3;03/03/2026;Luva;2;50,00;0"
    )
    lines = sold(reading(text))

    assert "returned_units" not in lines.columns or lines["returned_units"].sum() == 0
