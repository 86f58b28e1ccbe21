"""A sheet with a block for each month side by side, or a table for each channel right below the one before."""

import datetime as dt

from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.parts import tables_of
from tests.unit.gateway.intake.tables import cells, fields, raw, reading, sold

SIDE_BY_SIDE = """
AGOSTO;;;;SETEMBRO;;
Data;Produto;Valor;;Data;Produto;Valor
01/08/2026;Boné;69,00;;02/09/2026;Cinto;89,50
03/08/2026;Cinto;89,50;;04/09/2026;Boné;69,00
;;;;06/09/2026;Meia;29,90
Total;;158,50;;Total;;188,40
"""
STACKED = """
SHOPEE
Pedido;Data;Produto;Qtd;Valor;Taxa
S1;01/10/2026;Boné;1;69,00;8,28
S2;02/10/2026;Cinto;1;89,50;10,74
Total;;;2;158,50;19,02
MERCADO LIVRE
Pedido;Data;Produto;Qtd;Valor;Taxa
M1;01/10/2026;Boné;1;75,00;9,00
M2;03/10/2026;Meia;1;29,90;3,59
Total;;;2;104,90;12,59
"""


def read(text: str, channels: list[str]) -> list[Reading]:
    return [understand(table, channels) for table in tables_of(raw(cells(text)))]


def test_blocks_of_months_side_by_side_are_one_table() -> None:
    (found,) = read(SIDE_BY_SIDE, ["own_store"])
    lines = sold(found)

    assert lines["revenue"].to_list() == [69, 89.5, 89.5, 69, 29.9]
    assert lines["at"].dt.date().max() == dt.date(2026, 9, 6)
    assert lines["row"].to_list() == [3, 4, 3, 4, 5]


def test_names_that_come_twice_for_other_things_are_no_blocks() -> None:
    text = "Data;Produto;Valor;Data;Produto;Quantidade\n01/08/2026;Boné;69,00;01/08/2026;Boné;2"
    (found,) = read(text, ["own_store"])

    assert found.report.rows == 1


def test_a_title_right_above_a_header_begins_another_channels_table() -> None:
    found = read(STACKED, ["shopee", "mercado_livre"])

    assert [sold(one)["revenue"].sum() for one in found] == [158.5, 104.9]
    assert [sold(one)["channel"].unique().to_list() for one in found] == [["shopee"], ["mercado_livre"]]


def test_a_header_that_comes_again_without_a_title_begins_none() -> None:
    (found,) = read(STACKED.replace("MERCADO LIVRE\n", ""), ["shopee"])

    assert sold(found)["revenue"].sum() == 263.4


def test_bills_that_were_refused_and_estimates_are_no_sales() -> None:
    states = ("Autorizada", "Denegada", "Inutilizada", "Quotation", "Quotation Sent", "Autorizada")
    rows = [f"{n};0{n + 1}/10/2026;10,00;{state}" for n, state in enumerate(states)]
    found = sold(reading("\n".join(["Número da nota;Data;Valor total;Situação", *rows])))

    assert found["status"].to_list() == ["sold", "cancelled", "cancelled", "unpaid", "unpaid", "sold"]


def test_an_amount_with_its_rate_in_the_name_is_no_share() -> None:
    rows = [f"{n};0{n}/10/2026;100,00;4,99" for n in range(1, 6)]
    found = reading("\n".join(["Pedido;Data;Valor total;Taxa do cartão (4,99%)", *rows]))

    assert fields(found)["fees"] == "Taxa do cartão (4,99%)"
    assert sold(found)["fees"].to_list() == [4.99] * 5
