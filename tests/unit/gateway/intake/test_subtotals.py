"""Sums of categories, called by the category, in a table of months that has all amounts in them, too."""

import polars as pl

from gateway.intake.layouts.summaries import summary_rows

HEADERS = ["Categoria", "Produto", "jan/26", "fev/26", "mar/26"]
ROWS = [
    ("Casa", "Caneca", "100,50", "200,00", "10,00"),
    ("Casa", "Lâmpada", "50,00", "0,00", "30,00"),
    ("Subtotal Casa", None, "150,50", "200,00", "40,00"),
    ("Moda", "Camisa", "70,00", "80,00", "90,00"),
    ("Moda", "Meia", "5,00", "6,00", "7,00"),
    ("Total Moda", None, "75,00", "86,00", "97,00"),
]


def _sums(rows: list[tuple[str | None, ...]]) -> list[bool]:
    names = [str(index) for index in range(len(HEADERS))]
    found = summary_rows(pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row"), HEADERS)
    return [False] * len(rows) if found is None else found.to_list()


def test_a_sum_that_is_called_by_its_category_is_no_sale() -> None:
    assert _sums(list(ROWS)) == [False, False, True, False, False, True]


def test_a_category_that_is_called_as_a_total_and_sums_nothing_up_is_sold() -> None:
    assert not any(_sums([*ROWS[:2], ("Total Clean", None, "99,00", "1,00", "2,00"), *ROWS[3:5]]))


def test_a_total_below_the_only_product_that_lacks_its_price_is_no_product() -> None:
    headers = ["Produto", "Quantidade", "Faturamento (R$)", "Preço médio"]
    rows = [("Caneca", "3", "90,00", "30,00"), ("TOTAL", "3", "90,00", None)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys("0123", pl.String), orient="row")
    found = summary_rows(frame, headers)

    assert found is not None
    assert found.to_list() == [False, True]
    full = [("Caneca", "3", "90,00", "30,00"), ("Total", "3", "90,00", "30,00")]
    assert summary_rows(pl.DataFrame(full, schema=dict.fromkeys("0123", pl.String), orient="row"), headers) is None
