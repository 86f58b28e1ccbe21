"""Reports of tills: letters in place of words for what a row is, and a column for each way of paying."""

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.letter_codes import SPELT, STATES, UNSURE
from tests.unit.gateway.intake.tables import fields, reading, sold

ROWS = [f"{n + 1:02d}/10/2026;{{}};{1000 + n};CAM-{n % 4};Camisa {n % 4};1;50,00;50,00" for n in range(12)]
HEADER = "DT_MOV;{};NR_CUPOM;COD_PROD;DESCR_PROD;QTDE;VL_UNIT;VL_TOTAL"
LETTERS = "VVVDVVCVVVVV"


def movements(column: str, letters: str = LETTERS) -> str:
    return "\n".join([HEADER.format(column), *(row.format(one) for row, one in zip(ROWS, letters, strict=True))])


def figures(text: str) -> dict[str, float]:
    (own,) = channel_facts(sold(reading(text)), None)
    return {one.metric: one.value for one in own.figures}


@pytest.mark.parametrize("column", ["TP_MOV", "Tipo de movimento", "OPERACAO", "TIPO_OPER"])
def test_letters_of_movements_tell_sales_from_returns_and_cancelled_ones(column: str) -> None:
    found = figures(movements(column))

    assert (found["revenue"], found["units"], found["refunds"], found["returned_units"]) == (500, 10, 50, 1)
    assert SPELT.format(column=column, back=1, gone=1) in reading(movements(column)).report.warnings


def test_letters_of_a_type_that_may_be_of_cards_are_told() -> None:
    assert figures(movements("Tipo"))["revenue"] == 600
    assert UNSURE.format(column="Tipo") in reading(movements("Tipo")).report.warnings


@pytest.mark.parametrize("letters", ["VVVVVVVVVVVV", "VXVVVVVVVVVV", "VDDDDDDDVVVV"])
def test_other_letters_say_nothing(letters: str) -> None:
    assert figures(movements("TP_MOV", letters))["revenue"] == 600


CLOSINGS = [(310.5, 120.0, 80.0, 45.9), (99.9, 0.0, 210.0, 330.0), (18.0, 77.7, 0.0, 412.3), (5.0, 6.0, 7.0, 8.0)]


def closings(header: str, *, total: float = 0.0) -> str:
    rows = [
        ";".join([f"0{n}/10/2026", *(f"{one:.2f}" for one in paid), "20.00", f"{sum(paid) + total:.2f}"])
        for n, paid in enumerate(CLOSINGS, start=1)
    ]
    return "\n".join([header, *rows]).replace(".", ",")


def test_the_total_of_the_ways_of_paying_is_what_was_sold() -> None:
    text = closings("Data;Dinheiro;Pix;Débito;Crédito;Sangria;Total do dia")

    assert figures(text)["revenue"] == pytest.approx(1730.3)
    assert fields(reading(text))["revenue"] == "Total do dia"


def test_another_amount_is_no_total_of_them() -> None:
    assert reading(closings("Data;Dinheiro;Pix;Débito;Crédito;Sangria;Saldo", total=3)).lines is None


def test_debits_and_credits_of_an_account_are_no_ways_of_paying() -> None:
    assert reading(closings("Data;Débito;Crédito;Débito anterior;Crédito anterior;Saldo;Total")).lines is None


@pytest.mark.parametrize(
    ("name", "letters", "told"),
    [("Situação", "NCN", "C, N"), ("status_nf", "NCA", "A, C, N"), ("Situação", "NNN", ""), ("Setor", "NCN", "")],
)
def test_letters_of_states_that_may_be_of_cancelled_sales_are_told(name: str, letters: str, told: str) -> None:
    rows = "\n".join(f"0{n}/03/2026;A-{n};2;10,00;20,00;{letter}" for n, letter in enumerate(letters, start=1))
    found = reading(f"Data;SKU;Qtd;Preço;Total;{name}\n{rows}")

    assert sold(found)["revenue"].sum() == 60
    assert (STATES.format(column=name, letters=told) in found.report.warnings) == bool(told)


def days(header: str, *, apart: bool = False) -> str:
    """Return what each day sold, spent and left; `apart`: one row has the one, another the other, as in accounts."""
    rows = []
    for day, sold_for in enumerate((310.5, 99.9, 18.75, 412.3, 77.7, 250.25), start=1):
        spent = 30.0 + day
        came, went = (sold_for, 0.0) if apart and day % 2 else (0.0, spent) if apart else (sold_for, spent)
        rows.append(f"0{day}/10/2026;{came:.2f};{went:.2f};{came - went:.2f}")
    return "\n".join([header, *rows]).replace(".", ",")


@pytest.mark.parametrize("header", ["Data;Receita;Despesas;Lucro", "Dia;Total de vendas;Gastos;Saldo"])
def test_what_was_spent_beside_what_each_day_sold_is_no_table_of_costs(header: str) -> None:
    assert figures(days(header))["revenue"] == pytest.approx(1169.4)


def test_a_day_that_may_have_counted_its_sales_is_asked_about() -> None:
    found = reading(days("Data;Vendas;Despesas;Saldo"))

    assert (found.lines, found.report.asks) == (None, True)


def test_what_came_and_what_went_in_rows_of_their_own_is_a_book_of_accounts() -> None:
    assert reading(days("Data;Receita;Despesas;Saldo", apart=True)).lines is None


def test_ways_of_paying_that_add_up_to_a_bare_total_are_what_was_sold_whatever_was_spent() -> None:
    text = closings("Data;Dinheiro;Pix;Débito;Crédito;Despesas;Total")

    assert figures(text)["revenue"] == pytest.approx(1730.3)
