"""A long column is read by its different cells: what each row gets is what it would get by itself."""

import polars as pl
import pytest

from gateway.intake import distinct
from gateway.intake.distinct import Distinct, shared
from gateway.intake.layouts.orders import shared_out
from gateway.intake.layouts.yearless import near


@pytest.fixture(autouse=True)
def _short_columns_count_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distinct, "_WORTH_IT", 0)


@pytest.mark.parametrize("first", [[], [None], ["z", None]])
def test_each_row_finds_its_own_cell_again(first: list[str | None]) -> None:
    column = pl.Series("c", [*first, *["b", "a", "b", "ç" * 20, None, "a"] * 20], dtype=pl.String)
    apart = Distinct.of(column)

    assert apart.places is not None
    assert apart.cells.to_list() == column.unique(maintain_order=True).to_list()
    assert apart.read(lambda cells: cells).equals(column, check_names=True)
    assert apart.read(lambda cells: cells.fill_null("none")).to_list() == column.fill_null("none").to_list()


def test_a_column_of_different_cells_is_left_whole() -> None:
    column = pl.Series("c", [str(n) for n in range(100)])

    assert Distinct.of(column).places is None
    assert Distinct.of(column).read(lambda cells: cells).equals(column)


def test_a_column_without_any_cell_is_read() -> None:
    column = pl.Series("c", [None] * 100, dtype=pl.String)

    assert Distinct.of(column).read(lambda cells: cells).equals(column)


def test_a_day_without_a_year_is_the_next_one_that_the_calendar_has() -> None:
    texts = ["29 de fevereiro | 08:55", "29 de fevereiro | 08:55", "3 de março", "31 de abril", "5 de brumário"]
    clocks = ["1 de abril | 24:00", "12/04/2026 07:30", None]
    sold = pl.Series(["2026-02-27", "2027-12-01", "2026-03-03", *["2026-03-04"] * 5]).str.to_datetime("%Y-%m-%d")
    found = near(pl.Series(texts + clocks), sold)

    assert found is not None
    assert [None if at is None else str(at) for at in found] == [
        None,  # neither 2026 nor 2027 has it
        "2028-02-29 08:55:00",
        "2026-03-03 00:00:00",
        None,
        None,
        None,
        "2026-04-12 07:30:00",
        None,
    ]


def test_only_rows_of_an_order_of_several_share_its_amount() -> None:
    orders = pl.Series(["X", None, "Y", "X", None])
    amounts = pl.Series("amount", [3.0, 5.0, 7.0, 3.0, 5.0])

    shared = shared_out(orders, amounts, pl.Series([1.0, 1.0, 0.0, 2.0, 1.0]))
    lone = shared_out(pl.Series(["X", "Y"]), amounts.head(2), None)

    assert shared is not None
    assert lone is not None
    assert shared.to_list() == [1, 5, 7, 2, 5]
    assert lone.to_list() == [3, 5]
    assert amounts.to_list() == [3, 5, 7, 3, 5]


def test_long_texts_stay_what_they_are_once_each_stands_in_memory_once() -> None:
    texts = [f"Produto de teste número {n % 7}" if n % 5 else None for n in range(2000)]
    column = pl.Series("produto", texts)
    made = shared(column)

    assert made.to_list() == texts
    assert made.name == "produto"
    assert made is not column


@pytest.mark.parametrize("text", ["P{}", "Produto de teste número {}"])
def test_short_texts_and_such_as_differ_stay_as_they_are(text: str) -> None:
    column = pl.Series([text.format(n) for n in range(2000)])

    assert shared(column) is column
