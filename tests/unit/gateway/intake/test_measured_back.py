"""Rows with a weight or units below zero among sales: what came back, and no sale of a negative quantity."""

from __future__ import annotations

import pytest

from gateway.intake.layouts import Reading
from gateway.intake.layouts.measured_back import ODD_SIGN
from gateway.intake.layouts.taken_back import RETURNED, TAKEN_OFF
from gateway.uploads.reading_words import remark_in_english
from tests.unit.gateway.intake.tables import reading, sold

WEIGHTS = [1.25, 2.251, 1.252, 2.253, 1.254, 2.255, 1.256, 2.257]
BACK = 4
WORTH = round(sum(round(kg * (10 + n), 2) for n, kg in enumerate(WEIGHTS) if n != BACK), 2)


def br(number: float, decimals: int = 2) -> str:
    return f"{number:.{decimals}f}".replace(".", ",")


def table(head: str, form: str, *, amount: int = -1) -> Reading:
    """Read sales of weights, of which one came back; `amount` is the sign of what it was worth."""
    lines = [
        form.format(
            n=n,
            day=f"{1 + n:02d}/03/2026",
            kg=br(kg * (-1 if n == BACK else 1), 3),
            price=br(10 + n),
            total=br(round(kg * (10 + n), 2) * (amount if n == BACK else 1)),
        )
        for n, kg in enumerate(WEIGHTS)
    ]
    return reading("\n".join([head, *lines]))


@pytest.mark.parametrize("name", ["Peso (kg)", "Kg", "Weight", "Peso líquido", "Quantidade kg"])
def test_a_weight_below_zero_is_of_a_return_as_units_are(name: str) -> None:
    found = table(f"Data;Pedido;Produto;{name};Total", "{day};P{n};A{n};{kg};{total}")

    assert sold(found)["revenue"].sum() == pytest.approx(WORTH)
    assert sold(found)["refund"].sum() == pytest.approx(17.56)
    assert found.report.warnings == [RETURNED.format(rows=1)]


def test_a_weight_with_its_unit_behind_it_is_one_too() -> None:
    found = table("Data;Pedido;Produto;Quantidade;Preço;Total", "{day};P{n};A{n};{kg} kg;{price};{total}")

    assert sold(found)["revenue"].sum() == pytest.approx(WORTH)
    assert sold(found)["refund"].sum() == pytest.approx(17.56)


def test_kilograms_that_are_units_come_back_as_units() -> None:
    found = table("Data;Pedido;Produto;Quantidade (kg);Preço/kg;Total", "{day};P{n};A{n};{kg};{price};{total}")

    assert sold(found)["units"].sum() == pytest.approx(sum(WEIGHTS) - WEIGHTS[BACK])
    assert sold(found)["returned_units"].sum() == pytest.approx(WEIGHTS[BACK])
    assert sold(found)["refund"].sum() == pytest.approx(17.56)


def test_an_amount_without_its_sign_is_that_of_its_units() -> None:
    head, form = "Data;Pedido;Produto;Quantidade (kg);Preço/kg;Total", "{day};P{n};A{n};{kg};{price};{total}"
    found = table(head, form, amount=1)

    assert sold(found)["revenue"].sum() == pytest.approx(WORTH)
    assert sold(found)["returned_units"].sum() == pytest.approx(WEIGHTS[BACK])
    assert found.report.warnings == [RETURNED.format(rows=1)]


def test_units_below_zero_with_an_amount_above_it_are_unknown() -> None:
    head, form = "Data;Pedido;Produto;Quantidade;Unidade;Total", "{day};P{n};A{n};{kg};KG;{total}"
    found = table(head, form, amount=1)

    assert sold(found)["revenue"].sum() == pytest.approx(WORTH)
    assert sold(found)["revenue"].null_count() == sold(found)["units"].null_count() == 1
    assert ODD_SIGN.format(rows=1) in found.report.warnings
    assert remark_in_english(ODD_SIGN.format(rows=1)).startswith("1 row(s) have negative units and a positive amount")


def test_a_negative_amount_without_a_quantity_below_zero_is_taken_off() -> None:
    lines = [f"{1 + n:02d}/03/2026;P{n};A{n};{br(kg)};{'-' if n == BACK else ''}20,00" for n, kg in enumerate(WEIGHTS)]
    found = reading("\n".join(["Data;Pedido;Produto;Peso (kg);Total", *lines]))

    assert sold(found)["revenue"].sum() == pytest.approx(120)
    assert found.report.warnings == [TAKEN_OFF.format(rows=1)]
