"""A table without names of columns is told as such: its first sale is no header."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.no_names import NO_NAMES
from tests.unit.gateway.intake.tables import reading

SALES = (
    "70010;01/03/2026;KX-001;Caneca;2;{0}39,90;{0}79,80;Entregue\n70011;02/03/2026;KX-002;Vaso;1;{0}59,90;{0}59,90;Pago\n"
    "70012;02/03/2026;KX-001;Caneca;1;{0}39,90;{0}39,90;Cancelado\n70013;03/03/2026;KX-003;Boné;3;{0}29,90;{0}89,70;Pago"
)


@pytest.mark.parametrize("sign", ["", "R$ ", "€ ", "Rp"])
def test_sales_without_a_header_are_told_and_nobody_maps_the_rest_of_them(sign: str) -> None:
    report = reading(SALES.format(sign)).report

    assert (report.layout, report.rows, report.asks, report.warnings) == ("unknown", 4, False, [NO_NAMES])


@pytest.mark.parametrize(
    "text",
    [
        f"Pedido;Data;SKU;Produto;Qtd;Preço unitário;Valor total;Status\n{SALES.format('')}",
        f"a;b;c;d;e;f;g;h\n{SALES.format('')}",  # names that say nothing are names
        "Produto;01/2026;02/2026;03/2026\nCaneca;10;20;30\nVaso;5;6;7\nBoné;1;2;3",
        "x;2024;2025;2026\nCaneca;10,50;20,00;30,10\nVaso;5,00;6,10;7,20\nBoné;1,00;2,00;3,30",
    ],
)
def test_names_and_periods_in_the_first_row_are_a_header(text: str) -> None:
    assert NO_NAMES not in reading(text).report.warnings


def test_a_single_row_below_shows_nothing() -> None:
    assert NO_NAMES not in reading("70010;01/03/2026;39,90\n70011;02/03/2026;59,90").report.warnings
