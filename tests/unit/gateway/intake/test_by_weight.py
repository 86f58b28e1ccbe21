"""A market's sheet has the weight and the price of a kilo: together they are what was paid."""

import pytest

from gateway.intake.layouts.by_weight import is_weight
from tests.unit.gateway.intake.tables import fields, reading, sold

ROWS = [("01/10/2026", "Queijo", "1,250", "78,00"), ("02/10/2026", "Mel", "0,500", "55,00"),
        ("03/10/2026", "Queijo", "2,000", "78,00"), ("04/10/2026", "Café", "12,500", "96,90")]  # fmt: skip
TRUTH = 97.5 + 27.5 + 156 + 1211.25


@pytest.mark.parametrize(
    "price", ["Preço/kg", "Preço por kg", "R$/kg", "Valor do quilo", "Price per kg", "Preço (R$)/kg"]
)
def test_the_price_of_a_kilo_times_the_weight_is_what_was_paid(price: str) -> None:
    found = reading("\n".join([f"Data;Produto;Kg;{price}", *(";".join(row) for row in ROWS)]))

    assert sold(found)["revenue"].sum() == pytest.approx(TRUTH)
    assert sold(found)["units"].sum() == 16.25


def test_pieces_beside_the_weight_are_not_multiplied_by_the_price_of_a_kilo() -> None:
    rows = [f"{day};{what};3;{kilos};{price}" for day, what, kilos, price in ROWS]
    found = reading("\n".join(["Data;Produto;Quantidade;Kg;Preço/kg", *rows]))

    assert found.lines is None


def test_a_weight_beside_a_total_is_no_count_of_units() -> None:
    rows = [f"{day};{what};{kilos};{price}" for day, what, kilos, price in ROWS]
    found = reading("\n".join(["Data;Produto;Kg;Valor total", *rows]))

    assert sold(found)["revenue"].sum() == pytest.approx(307.9)
    assert "units" not in fields(found)


@pytest.mark.parametrize("header", ["Kg", "Peso (kg)", "Peso líquido", "Quantidade kg"])
def test_a_weight_is_called_so(header: str) -> None:
    assert is_weight(header)


@pytest.mark.parametrize("header", ["Preço/kg", "Peso da embalagem", "Custo kg", "Produto"])
def test_other_names_are_of_no_weight(header: str) -> None:
    assert not is_weight(header)
