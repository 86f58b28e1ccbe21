"""Units as programs that count by weight write them (`12,000`), held against how the table writes its amounts."""

from __future__ import annotations

import pytest

from tests.unit.gateway.intake.tables import fields, reading, sold

HEAD = "Pedido;Data;SKU;Produto;Qtd;Valor total"


def units(*rows: str) -> list[float]:
    return sold(reading("\n".join([HEAD, *rows])))["units"].to_list()


def test_three_digits_after_the_decimal_comma_are_none_of_a_thousand() -> None:
    assert units("1;01/03/2026;A-1;Caneca;1,000;39,90", "2;02/03/2026;A-2;Copo;12,000;478,80") == [1, 12]


@pytest.mark.parametrize(("written", "amount"), [("3,000-", "39,90-"), ("(3,000)", "(39,90)")])
def test_what_was_taken_back_is_written_so_too(written: str, amount: str) -> None:
    rows = ["1;01/03/2026;A-1;Caneca;3,000;39,90", f"1;01/03/2026;A-1;Caneca;{written};{amount}"]

    assert units(*rows, "2;02/03/2026;A-2;Copo;12,000;478,80") == [3, 0, 12]


def test_three_digits_after_the_decimal_point_are_none_of_a_thousand() -> None:
    assert units("1;01/03/2026;A-1;Caneca;1.000;39.90", "2;02/03/2026;A-2;Copo;12.000;478.80") == [1, 12]


def test_the_mark_of_thousands_stays_what_it_is() -> None:
    assert units("1;01/03/2026;A-1;Caneca;1.000;39.900,00", "2;02/03/2026;A-2;Copo;12.000;478.800,00") == [1000, 12000]


def test_without_cents_beside_them_nothing_shows_the_mark() -> None:
    assert units("1;01/03/2026;A-1;Caneca;1.000;39900", "2;02/03/2026;A-2;Copo;12.000;478800") == [1000, 12000]


def test_other_cells_of_the_column_decide_first() -> None:
    assert units("1;01/03/2026;A-1;Caneca;1,000;39,90", "2;02/03/2026;A-2;Copo;1,5;59,85") == [1, 1.5]


@pytest.mark.parametrize("name", ["Nº da Nota", "N.º da nota", "N° Nota", "Nº do Pedido"])
def test_the_sign_of_a_number_names_one(name: str) -> None:
    found = reading(
        f"{name};Data;Produto;Qtd;Valor total\n000007;01/03/2026;Caneca;1;39,90\n000009;02/03/2026;Copo;2;40,00"
    )

    assert fields(found)["order_id"] == name


def test_dollars_with_a_blank_before_their_sign_are_dollars() -> None:
    found = reading("Order;Product;Qty;Amount\n1;Cup;1;US $12.30\n2;Mug;1;US $1,012.30")

    assert sold(found)["currency"].to_list() == ["USD", "USD"]
    assert sold(found)["revenue"].to_list() == [12.3, 1012.3]


@pytest.mark.parametrize(
    ("written", "read"),
    [("2 un", 2), ("3 unid.", 3), ("x4", 4), ("5x", 5), ("6 pçs", 6), ("7 PCS", 7), ("1.500 un", 1500)],
)
def test_a_word_for_pieces_beside_the_number_changes_nothing(written: str, read: float) -> None:
    rows = [f"1;01/03/2026;A-1;Caneca;{written};39,90", "2;02/03/2026;A-2;Copo;12 un;478,80"]

    assert units(*rows) == [read, 12]


@pytest.mark.parametrize("written", ["2 kg", "2 caixas", "2 m"])
def test_a_weight_or_a_box_is_no_piece(written: str) -> None:
    rows = [f"1;01/03/2026;A-1;Caneca;{written};39,90", f"2;02/03/2026;A-2;Copo;{written};478,80"]

    assert units(*rows) == [None, None]
