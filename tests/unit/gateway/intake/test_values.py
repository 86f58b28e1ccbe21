"""Numbers, currencies and words as countries, programs and months write them."""

import polars as pl
import pytest

from gateway.intake.values import classify, cleaned, currencies, numbers
from gateway.intake.words import fold


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234,56", "-12,90", "7"], [1234.56, -12.9, 7]),
        (["R$ 1.234,56", "R$ -1,00", "-R$ 2,50", "R$\u00a03,00"], [1234.56, -1, -2.5, 3]),
        (["(12,90)", "12,90-", "\u221212,90"], [-12.9, -12.9, -12.9]),
        (["1,234.56", "1,234", "12.5"], [1234.56, 1234, 12.5]),
        (["1.234", "56,10"], [1234, 56.1]),  # the column shows that a comma is decimal
        (["1.234", "2.500", "30"], [1234, 2500, 30]),  # nothing but groups of three
        (["0.125", "12.25"], [0.125, 12.25]),
        (["1.234", "-2.500"], [1234, -2500]),  # a sign parts nothing
        (["0.125", "1.234"], [0.125, 1.234]),
        (["1.234", "-2.5", "007", None], [1.234, -2.5, 7, None]),
        (["1234.5", "1.234,56"], [1234.5, 1234.56]),  # numbers and text in one sheet
        (["1.234.567", "1"], [1234567, 1]),
        (["10%", "12,5%"], [10, 12.5]),
        (["x", "", None, "12 unidades", "-"], [None] * 5),
        (["1e5", "--3", "1,2,3"], [None, -3, None]),
        (["\ue00015.125", "\ue0007.5", "1.234", "-2.500"], [15.125, 7.5, 1234, -2500]),  # numbers of a workbook, text
        (
            ["US$ 10.50", "U$ 2", "$3.25", "USD 1,234.50", "7.25 usd", "-US$ 4.00", "US$ -4.00"],
            [10.5, 2, 3.25, 1234.5, 7.25, -4, -4],
        ),
        (["€ 1.234,56", "10,50 €", "EUR 3,00", "£ 7,10", "¥ 15", "₹ 1.000,00"], [1234.56, 10.5, 3, 7.1, 15, 1000]),
        (
            ["AR$ 12,50", "S/ 8,90", "MXN 3,10", "3,00 reais", "(R$ 12,90)", "R$(1,50)", "R$ 2,00-"],
            [12.5, 8.9, 3.1, 3, -12.9, -1.5, -2],
        ),
        (["ABC 10", "SKU10", "10 kg", "US 10", "BRL"], [None] * 5),
        (["\ue000-15.125", "1,50", "R$ 1.234"], [-15.125, 1.5, 1234]),
    ],
)
def test_numbers(cells: list[str | None], expected: list[float | None]) -> None:
    assert numbers(pl.Series(cells, dtype=pl.String)).to_list() == expected


def test_currencies_are_known_by_sign_and_by_code() -> None:
    cells = ["R$ 1", "US$ 10.50", "10 usd", "-€ 3", "(S/ 4)", "$ 5", "6", None, "AU$ 7", "C$ 8"]
    found = currencies(pl.Series(cells))

    assert found is not None
    assert found.to_list() == ["BRL", "USD", "USD", "EUR", "PEN", None, None, None, "AUD", "CAD"]
    assert currencies(pl.Series(["1", "$ 2", None])) is None


def test_fold_and_cleaned() -> None:
    frame = pl.DataFrame({"cell": ["  Receita\u00a0", "—", "", " - ", None, "'123\t"]})

    assert fold("  Título  do\u00a0ANÚNCIO ") == "titulo do anuncio"
    assert frame.select(cleaned(pl.all())).to_series().to_list() == ["Receita", None, None, None, None, "123"]


def test_classify_takes_the_first_rule_that_matches() -> None:
    frame = pl.DataFrame({"text": ["ÁGUA fria", "fogo", None]})
    rules = [("agua", "wet"), ("fria|fogo", "felt")]

    assert frame.select(classify(pl.col("text"), rules, "no")).to_series().to_list() == ["wet", "felt", "no"]
