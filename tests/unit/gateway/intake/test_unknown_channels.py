"""Rows of a channel that we do not know are told with its name, what was sold by it, and how to have them counted."""

from __future__ import annotations

from gateway.intake.layouts.channel_words import UNKNOWN, UNKNOWN_WORTH
from tests.unit.gateway.intake.tables import reading, sold


def test_rows_of_an_unknown_channel_are_told_with_its_name_and_what_was_sold() -> None:
    """Four names of which three are told, and no amount of a cancelled order among what was sold."""
    rows = "1;Shopee;100,00;Entregue\n2;Balcão;115,00;Entregue\n3;Elo7;62,00;Cancelado\n4;Balcão;50,00;Entregue\n"
    found = reading(f"Pedido;Canal;Valor total;Status\n{rows}5;Zap;1,00;Entregue\n6;Tenda;2,00;Entregue", ["shopee"])

    assert sold(found)["channel"].to_list() == ["shopee", *[None] * 5]
    assert UNKNOWN_WORTH.format(rows=5, names="“Balcão”, “Elo7”, “Tenda”, …", amount="168,00") in found.report.warnings


def test_an_unknown_channel_that_sold_nothing_has_no_amount() -> None:
    found = reading(
        "Pedido;Canal;Valor total;Status\n1;Shopee;100,00;Entregue\n2;Elo7;62,00;Cancelado\n3;Shopee;8,00;Entregue",
        ["shopee"],
    )

    assert UNKNOWN.format(rows=1, names="“Elo7”") in found.report.warnings
