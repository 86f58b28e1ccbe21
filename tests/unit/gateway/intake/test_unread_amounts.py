"""Where fees or freight are missing, the amounts that nobody read are named: one of them may be just that."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.unread_amounts import UNREAD
from tests.unit.gateway.intake.tables import reading


def told(names: list[str], *rows: str, header: str = "Pedido;Data;Produto;Qtd;Valor total") -> list[str]:
    text = [";".join([header, *names]), *(f"{n};0{n}/03/2026;Copo;2;{n}00,00;{row}" for n, row in enumerate(rows, 1))]
    found = reading("\n".join(text)).report.warnings
    return [one for one in found if one.startswith("Colunas de valores")]


def test_amounts_that_nobody_read_are_named() -> None:
    found = told(
        ["Abatimento canal X", "Retido 2", "Cor", "Lote"], "16,10;2,50;azul;7", "32,15;2,40;rosa;9", "48,20;1,1;azul;8"
    )

    assert found == [UNREAD.format(columns="“Abatimento canal X”, “Retido 2”")]


def test_at_most_five_are_named() -> None:
    found = told([f"Zeta {n}" for n in "ABCDEF"], *["1,10;2,20;3,30;4,40;5,50;6,60"] * 3)

    assert found == [UNREAD.format(columns="“Zeta A”, “Zeta B”, “Zeta C”, “Zeta D”, “Zeta E”, …")]


@pytest.mark.parametrize(
    ("names", "row"),
    [
        (["Custo unitário"], "1,10"),  # of the goods, and known
        (["Zeta total"], "1,10"),
        (["Peso kg"], "1,10"),
        (["Latitude", "LONGITUD"], "-22,91;-43,18"),
        (["Preço de tabela"], "1,10"),
        (["Taxa de serviço (paga pelo cliente)"], "1,10"),
        (["Phí người mua"], "1,10"),
        (["Zeta"], "0,00"),
        (["Zeta"], "5 %"),
        (["Zeta"], "12"),
        (["Zeta"], "azul"),
        ([""], "1,10"),
        (["Comissão", "Custo de frete", "Zeta"], "1,10;2,20;3,30"),  # nothing is missing that it may be
    ],
)
def test_what_is_known_no_amount_or_asked_for_by_nothing_is_not_named(names: list[str], row: str) -> None:
    assert told(names, *[row] * 3) == []


def test_what_another_remark_names_is_not_named_again() -> None:
    assert told(["Comissão", "Vendedor"], "10,00;Ana", "9,10;Bia", "8,20;Ana", "7,30;Bia") == []
