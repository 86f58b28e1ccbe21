"""What a remark says of amounts is of the sales, as the revenue is: cancelled and unpaid rows are not in it."""

from __future__ import annotations

import pytest

from gateway.intake.layouts.amounts import WHOSE_FREIGHT
from gateway.intake.layouts.buyers_freight import TAKEN_OUT
from gateway.intake.layouts.discounts import TAKEN_OFF, UNSURE
from tests.unit.gateway.intake.tables import reading

STATES = ["Entregue", "Cancelado", "Entregue", "Não pago"]


def told(columns: str, *amounts: str, states: list[str] | None = None) -> list[str]:
    rows = [
        f"{n};0{n}/10/2026;A;1;{amount}{f';{states[n - 1]}' if states else ''}" for n, amount in enumerate(amounts, 1)
    ]
    header = f"Pedido;Data;Produto;Qtd;{columns}{';Status' if states else ''}"
    return reading("\n".join([header, *rows])).report.warnings


@pytest.mark.parametrize(("states", "off", "left"), [(None, "26,00", "374,00"), (STATES, "12,00", "188,00")])
def test_a_discount_that_nothing_shows_is_of_sales(states: list[str] | None, off: str, left: str) -> None:
    rows = ("100,00;5,00", "100,00;6,00", "100,00;7,00", "100,00;8,00")

    said = UNSURE.format(revenue="a coluna “Valor total”", column="Desconto", discount=off, left=left)
    assert said in told("Valor total;Desconto", *rows, states=states)


@pytest.mark.parametrize(("states", "off"), [(None, "26,00"), (STATES, "12,00")])
def test_a_discount_that_is_taken_off_is_of_sales(states: list[str] | None, off: str) -> None:
    rows = ("100,00;5,00;9,00;104,00", "100,00;6,00;9,00;103,00", "110,00;7,00;9,00;112,00", "90,00;8,00;9,00;91,00")

    said = TAKEN_OFF.format(total="Total", revenue="a coluna “Subtotal”", discount=off)
    assert said in told("Subtotal;Desconto;Envio;Total", *rows, states=states)


@pytest.mark.parametrize(("states", "amount"), [(None, "26,00"), (STATES, "12,00")])
def test_freight_that_is_told_is_of_sales(states: list[str] | None, amount: str) -> None:
    rows = ("100,00;5,00", "90,00;6,00", "80,00;7,00", "70,00;8,00")
    priced = ("95,00;5,00;100,00", "84,00;6,00;90,00", "73,00;7,00;80,00", "62,00;8,00;70,00")

    assert WHOSE_FREIGHT.format(column="Frete", total=amount) in told("Valor total;Frete", *rows, states=states)
    said = TAKEN_OUT.format(column="Frete", total="Total", amount=amount)
    assert said in told("Preço;Frete;Total", *priced, states=states)
