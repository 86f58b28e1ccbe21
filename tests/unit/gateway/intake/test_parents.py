"""Products whose variations stand right below them are no further sales."""

from __future__ import annotations

from gateway.intake.layouts.columns import SUMMED_UP
from tests.unit.gateway.intake.tables import reading, sold

HEAD = "Código;Produto;Quantidade vendida;Valor total vendido"
MUGS = ("P1;Caneca;5;90,00", "P1-A;Caneca azul;2;40,00", "P1-B;Caneca preta;3;50,00")
PLATES = ("P2;Prato;4;80,00", "P2-A;Prato raso;1;20,00", "P2-B;Prato fundo;3;60,00")


def test_a_product_that_sums_up_its_variations_counts_once() -> None:
    found = reading("\n".join([HEAD, *MUGS, *PLATES, "P3;Copo;7;70,00"]))

    assert (sold(found)["units"].sum(), sold(found)["revenue"].sum()) == (16, 240)
    assert SUMMED_UP.format(rows=2) in found.report.warnings


def test_one_such_product_may_be_chance() -> None:
    assert sold(reading("\n".join([HEAD, *MUGS, "P3;Copo;7;70,00"])))["units"].sum() == 17


def test_a_product_that_was_sold_beside_its_variations_counts() -> None:
    rows = [*MUGS, PLATES[0].replace("4;80,00", "9;180,00"), *PLATES[1:], "P4;Tigela;1;10,00"]

    assert sold(reading("\n".join([HEAD, *rows])))["units"].sum() == 10 + 13 + 1
