"""Lists that a small shop keeps: what it has, what it bought, and sums with an amount for each sale beside them."""

import pytest

from tests.unit.gateway.intake.tables import fields, reading, sold


@pytest.mark.parametrize("name", ["receita_por_venda", "Receita por venda", "Faturamento por cliente"])
def test_an_amount_for_each_sale_is_no_sum_of_the_month(name: str) -> None:
    rows = f"ano;mes;unidades_vendidas;receita_total;{name}\n2025;1;40;800,00;32,00\n2025;2;50;900,00;30,00"
    found = reading(rows)

    assert (fields(found)["revenue"], sold(found)["revenue"].sum()) == ("receita_total", 1700)


@pytest.mark.parametrize("name", ["Revenue per order", "Receita por pedido", "Ingresos por cliente"])
def test_what_each_sale_brings_has_no_sum(name: str) -> None:
    assert reading(f"ano;mes;{name}\n2025;1;32,00\n2025;2;30,00").lines is None


@pytest.mark.parametrize("name", ["qtd_linhas", "Quantidade de linhas", "Number of lines", "número de linhas"])
def test_the_lines_of_an_order_are_no_pieces(name: str) -> None:
    found = reading(f"pedido;data;{name};valor_total\n1;01/03/2026;2;90,00\n2;02/03/2026;3;45,50\n3;02/03/2026;1;8,40")

    assert (sold(found)["revenue"].sum(), sold(found)["units"].null_count()) == (143.9, 3)
