"""A column without a single cell, whose name has that of a channel: its rows are of another one."""

import pytest

from tests.unit.gateway.intake.tables import reading, sold

PAYMENTS = """
Data da compra;Produto;Quantidade;Valor total;Número da venda no Mercado Livre
02/03/2026;Caneca;1;50,00;{number}
03/03/2026;Lâmpada;2;80,00;{number}
"""


@pytest.mark.parametrize(("number", "channel"), [("", "own_store"), ("2000012345", "mercado_livre")])
def test_only_a_column_that_has_something_names_the_channel(number: str, channel: str) -> None:
    lines = sold(reading(PAYMENTS.format(number=number), ["own_store"]))

    assert lines["channel"].unique().to_list() == [channel]
