"""Numbers of a text, with every reading."""

from __future__ import annotations

import pytest

from schemas.numbers import dates_in, numbers_in


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1234", [1234.0]),
        ("1.234", [1234.0, 1.234]),
        ("1,234", [1234.0, 1.234]),
        ("1.234,56", [1234.56]),
        ("1,234.56", [1234.56]),
        ("1.234.567", [1234567.0]),
        ("12,5", [12.5]),
        ("12,5%", [0.125]),
        ("12 por cento", [0.12]),
        ("R$ 5 mil", [5000.0]),
        ("R$ 1,5 milhão", [1_500_000.0]),
        ("10k", [10_000.0]),
        ("R$2", [2.0]),
        ("R$ 1.500/mês", [1500.0, 1.5]),
        ("R$ 2,50/un.", [2.5]),
        ("1.2.3,4,5", []),
    ],
)
def test_a_number_is_read_in_every_way_that_it_allows(text: str, values: list[float]) -> None:
    [number] = numbers_in(text)
    assert [value for value, _ in number.readings] == pytest.approx(values)


@pytest.mark.parametrize("text", ["SKU-12", "A1", "2x", "24h", "x/3", "iPhone15", "12-A", "31/12/2026", "2026-03", ""])
def test_codes_and_dates_are_no_numbers(text: str) -> None:
    assert numbers_in(text) == []


def test_the_last_digit_says_how_exact_it_is() -> None:
    assert [number.readings[0][1] for number in numbers_in("12 e 12,5 e 12,50")] == pytest.approx([0.5, 0.05, 0.005])


@pytest.mark.parametrize(("text", "small"), [("2", True), ("9", True), ("10", False), ("R$ 2", False), ("2%", False)])
def test_a_small_count_is_as_good_as_a_word(text: str, small: bool) -> None:
    assert numbers_in(text)[0].is_small is small


def test_dates_are_found_as_they_are_written() -> None:
    assert dates_in("de 2026-03-01 a 31/03/2026, ou 03/2026") == ["2026-03-01", "31/03/2026", "03/2026"]
