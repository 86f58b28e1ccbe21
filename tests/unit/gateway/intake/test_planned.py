"""What is only planned is not sold: rows of forecasts, and targets beside what came about."""

import pytest

from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.planned import ONLY_PLANNED, PLANNED
from tests.unit.gateway.intake.tables import cells, raw, sold

MIXED = (
    "Mês;{};Categoria;Receita\n01/2026;{};Casa;1000,50\n01/2026;{};Casa;1200,00\n"
    "02/2026;{};Jardim;300,25\n02/2026;{};Jardim;500,00"
)


def read(text: str) -> Reading:
    return understand(raw(cells(text)), ["own_store"])


@pytest.mark.parametrize(
    ("column", "actual", "planned"),
    [
        ("Cenário", "Realizado", "Orçado"),
        ("Tipo", "Actual", "Forecast"),
        ("Versão", "Vendas realizadas", "Meta"),
        ("Series", "Actual Sales", "Sales Target"),
        ("Escenario", "Real", "Presupuesto"),
    ],
)
def test_rows_of_a_forecast_beside_what_came_about_are_no_sales(column: str, actual: str, planned: str) -> None:
    found = read(MIXED.format(column, actual, planned, actual, planned))

    assert sold(found)["revenue"].sum() == pytest.approx(1300.75)
    assert found.report.warnings[0] == PLANNED.format(rows=2, column=column)


@pytest.mark.parametrize(("first", "second"), [("Loja", "Meta"), ("Realizado", "Realizado"), ("Real", "Sul")])
def test_a_column_that_does_not_say_of_each_row_whether_it_was_planned_drops_none(first: str, second: str) -> None:
    assert sold(read(MIXED.format("Grupo", first, second, first, second)))["revenue"].sum() == pytest.approx(3000.75)


@pytest.mark.parametrize(
    ("column", "word"), [("Cenário", "Orçado"), ("Tipo", "Meta"), ("Model", "Forecast"), ("Linha", "Previsão")]
)
def test_rows_that_are_all_planned_are_asked_about_and_are_no_sales(column: str, word: str) -> None:
    found = read(MIXED.format(column, *[word] * 4))

    assert (found.lines, found.report.asks) == (None, True)
    assert ONLY_PLANNED.format(column=column) in found.report.warnings


def test_a_platform_that_is_called_like_a_target_sells() -> None:
    assert sold(read(MIXED.format("Plataforma", *["Meta"] * 4)))["revenue"].sum() == pytest.approx(3000.75)


def test_actual_sales_beside_their_target_are_the_revenue() -> None:
    found = read(
        "Date;Product Name;Sales Target;Actual Sales;Units Sold\n"
        "2026-03-13;Stool;800.00;910.25;21\n2026-03-14;Bench;500.00;410.75;9\n2026-03-15;Vase;120.00;130.10;30"
    )

    assert sold(found)["revenue"].sum() == pytest.approx(1451.10)
    assert sold(found)["units"].sum() == 60


def test_actual_sales_that_may_be_counted_are_asked_about() -> None:
    found = read(
        "Date;Product;Forecast;Actual Sales\n2026-03-13;Stool;20;21\n2026-03-14;Bench;10;9\n2026-03-15;Vase;28;30"
    )

    assert (found.lines, found.report.asks) == (None, True)
