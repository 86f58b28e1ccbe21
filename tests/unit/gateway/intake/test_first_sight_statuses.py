"""What became of a sale, in exports as they were first met: the status is never another column of the same name."""

from __future__ import annotations

import pytest

from gateway.intake.layouts import Reading
from gateway.intake.layouts.lines import CANCELLED, RETURNED, SOLD
from tests.unit.gateway.intake.tables import reading, sold

_SALES = (
    "N.º de venda;Data da venda;{described}Unidades;Receita por produtos (BRL);Tarifa de venda e impostos (BRL);"
    "Cancelamentos e reembolsos (BRL);Total (BRL);SKU;# de anúncio;Título do anúncio;Comprador;Cidade;Estado;CEP"
)
_ROWS = (
    ("1", "Pacote entregue", "1;100;-13;;87"),
    ("2", "Cancelada pelo comprador", "1;100;-13;-87;0"),
    ("3", "Devolução finalizada com reembolso para o comprador", "2;200;-26;-174;0"),
)


def _of_mercado_livre(described: str) -> Reading:
    rows = [
        f"{number};3 de março de 2026 10:00 hs.;{text if described else ''}{';' if described else ''}{money};"
        "A;MLB1;Abajur;x;São Paulo;São Paulo;01000"
        for number, text, money in _ROWS
    ]
    return reading("\n".join([_SALES.format(described=described), *rows]), ["mercado_livre"])


def test_mercado_livres_only_state_is_the_buyers_where_it_stands_in_the_address() -> None:
    lines = sold(_of_mercado_livre("Descrição do status;"))

    assert lines["status"].to_list() == [SOLD, CANCELLED, RETURNED]
    assert lines["returned_units"].to_list() == [0, 0, 2]


@pytest.mark.parametrize("name", ["status", "returned_units"])
def test_without_a_status_mercado_livre_tells_neither_cancelled_nor_returned_sales(name: str) -> None:
    assert sold(_of_mercado_livre(""))[name].null_count() == 3
