"""Currencies that a column says in words, or twice over: amounts of two currencies have no sum."""

import pytest

from gateway.intake.figures.currency import currency_of
from gateway.intake.layouts.written_currency import NOT_NAMED
from gateway.intake.words import currency_spoken
from tests.unit.gateway.intake.tables import reading, sold


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("TL (₺)", "TRY"),
        ("EURO (€)", "EUR"),
        ("Euros", "EUR"),
        ("USD - US Dollar", "USD"),
        ("Real", "BRL"),
        ("Peso", None),
        ("Dólar", None),
        ("EUR/USD", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_currency_is_known_by_its_word(cell: str, code: str | None) -> None:
    assert currency_spoken(cell) == code


def test_amounts_in_two_spoken_currencies_are_not_added_up() -> None:
    rows = "1;01.03.2026;TL (₺);100,00\n2;02.03.2026;TL (₺);50,00\n3;03.03.2026;EURO (€);20,00"
    lines = sold(reading(f"Sipariş No;Tarih;Para Birimi;Toplam Tutar\n{rows}"))
    found = currency_of(lines)

    assert (found.code, found.others) == ("TRY", ("EUR",))
    assert lines.filter(found.is_in_it)["revenue"].sum() == 150


def test_of_currencies_that_nobody_can_name_the_most_frequent_counts() -> None:
    rows = "1;01/03/2026;Peso;100,00\n2;02/03/2026;Peso;50,00\n3;03/03/2026;Dólar;20,00"
    found = reading(f"Pedido;Fecha;Moneda;Importe total\n{rows}")

    assert sold(found)["revenue"].to_list() == [100, 50]
    assert NOT_NAMED.format(rows=1, column="Moneda", others="“Dólar”", own="Peso") in found.report.warnings
