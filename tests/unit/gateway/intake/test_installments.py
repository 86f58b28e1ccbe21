"""A sale that stands in a row for each installment is one sale, and unknown where nothing tells what a row has."""

from __future__ import annotations

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts.installments import INCOMPLETE, ONCE, SUMMED, UNSURE, UNTIED
from tests.unit.gateway.intake.tables import reading, sold

SALE = "1;01/03/2026;Camisa;2"


def figures_of(text: str) -> tuple[dict[str, float], list[str]]:
    found = reading(text)
    (own,) = channel_facts(sold(found), None)
    named = ("revenue", "units", "orders", "fees")
    return {figure.metric: figure.value for figure in own.figures if figure.metric in named}, found.report.warnings


@pytest.mark.parametrize("cells", [("1/3", "2/3", "3/3", "1/1"), ("1 de 3", "2 de 3", "3 de 3", "à vista"),
                                   ("3", "2", "1", "1"), ("1ª", "2ª", "3ª", "1ª")])  # fmt: skip
@pytest.mark.parametrize("name", ["Parcela", "Nº da parcela", "Installment", "Cuota"])
def test_rows_that_repeat_the_whole_sale_are_one(cells: tuple[str, ...], name: str) -> None:
    rows = [f"{SALE};300,00;15,00;{cell}" for cell in cells[:3]] + [f"2;02/03/2026;Meia;1;50,00;2,50;{cells[3]}"]
    found, told = figures_of("\n".join([f"Pedido;Data;Produto;Qtd;Valor total;Comissão;{name}", *rows]))

    assert found == {"revenue": 350, "units": 3, "orders": 2, "fees": 17.5}
    assert ONCE.format(column=name, rows=2) in told


def test_several_products_of_an_order_are_kept_with_their_first_installment() -> None:
    rows = [
        f"1;01/03/2026;{one};1;{price};{n}/2" for n in (1, 2) for one, price in (("Camisa", "80,00"), ("Meia", "20,00"))
    ]
    found, _ = figures_of("\n".join(["Pedido;Data;Produto;Qtd;Valor total;Parcela", *rows]))

    assert found == {"revenue": 100, "units": 2, "orders": 1}


def test_an_amount_that_the_installments_add_up_to_is_the_whole_sales() -> None:
    names = "Pedido;Data;Produto;Qtd;Faturamento;Parcela;Valor da parcela"
    rows = [f"{SALE};300,00;{n}/3;100,00" for n in (1, 2, 3)] + ["2;02/03/2026;Meia;1;50,00;1/1;50,00"]
    found, _ = figures_of("\n".join([names, *rows]))

    assert found == {"revenue": 350, "units": 3, "orders": 2}


def test_installments_that_make_the_price_times_the_units_are_added_up() -> None:
    names = "Pedido;Data;Produto;Qtd;Preço unitário;Valor total;Comissão;Parcela"
    rows = [f"{SALE};150,00;100,00;5,00;{n}/3" for n in (1, 2, 3)] + [
        f"3;03/03/2026;Gorro;1;90,00;45,00;2,00;{n}/2" for n in (1, 2)
    ]
    found, told = figures_of("\n".join([names, *rows, "2;02/03/2026;Meia;1;50,00;50,00;2,50;1/1"]))

    assert found == {"revenue": 440, "units": 4, "orders": 3}
    assert SUMMED.format(column="Parcela", rows=3) in told


def test_a_sale_without_all_of_its_installments_has_no_amount() -> None:
    names = "Pedido;Data;Produto;Qtd;Preço unitário;Valor total;Parcela"
    rows = [f"{n};0{n}/03/2026;Camisa;2;150,00;100,00;{m}/3" for n in (1, 2) for m in (1, 2, 3)]
    found, told = figures_of("\n".join([names, *rows, *(f"9;09/03/2026;Meia;1;90,00;30,00;{m}/3" for m in (1,))]))

    assert found == {"revenue": 600, "units": 5, "orders": 3}
    assert INCOMPLETE.format(rows=1) in told


def test_where_nothing_tells_what_a_row_has_the_revenue_is_unknown() -> None:
    rows = [f"{SALE};300,00;{n}/3" for n in (1, 2, 3)] + ["2;02/03/2026;Meia;1;50,00;1/1"]
    found, told = figures_of("\n".join(["Pedido;Data;Produto;Qtd;Receita;Parcela", *rows]))

    assert found == {"units": 3, "orders": 2}
    assert UNSURE.format(column="Parcela") in told


def test_how_many_installments_a_sale_without_an_order_has_changes_nothing() -> None:
    rows = ["01/03/2026;Camisa;2;300,00;3", "02/03/2026;Meia;1;50,00;1"]
    found, told = figures_of("\n".join(["Data;Produto;Qtd;Valor total;Parcelas", *rows]))

    assert found == {"revenue": 350, "units": 3}
    assert not any("parcela" in one for one in told)


def test_installments_without_an_order_are_unknown() -> None:
    rows = [f"01/03/2026;Camisa;2;300,00;{n}/3" for n in (1, 2, 3)]
    found, told = figures_of("\n".join(["Data;Produto;Qtd;Valor total;Parcela", *rows]))

    assert found == {}
    assert UNTIED.format(column="Parcela") in told


def test_the_states_of_installments_are_none_of_orders() -> None:
    rows = [f"01/03/2026;Camisa;2;300,00;{n}/3;{'Cancelado' if n == 3 else 'Pago'}" for n in (1, 2, 3)]
    (own,) = channel_facts(sold(reading("\n".join(["Data;Produto;Qtd;Valor total;Parcela;Situação", *rows]))), None)

    assert not {one.metric for one in own.figures} & {"cancellation_rate", "unpaid_share", "cancelled"}


@pytest.mark.parametrize("name", ["Parcelas", "Valor da parcela"])
def test_how_many_installments_there_are_changes_nothing(name: str) -> None:
    rows = ["1;01/03/2026;Camisa;2;300,00;3", "1;01/03/2026;Meia;1;50,00;3", "2;02/03/2026;Meia;1;50,00;1"]
    found, told = figures_of("\n".join([f"Pedido;Data;Produto;Qtd;Valor total;{name}", *rows]))

    assert found == {"revenue": 400, "units": 4, "orders": 2}
    assert not any("parcela" in one for one in told)


def test_a_cost_that_differs_between_the_rows_of_a_sale_is_unknown() -> None:
    rows = [f"{SALE};300,00;{n},00;{n}/3" for n in (1, 2, 3)]
    found, _ = figures_of("\n".join(["Pedido;Data;Produto;Qtd;Valor total;Comissão;Parcela", *rows]))

    assert found == {"revenue": 300, "units": 2, "orders": 1}


def test_installments_that_have_a_number_each_are_of_nobody_knows_which_order() -> None:
    rows = [f"{700 + n};01/03/2026;Camisa;2;300,00;{n}/3" for n in (1, 2, 3)] + ["710;02/03/2026;Meia;1;50,00;1/1"]
    found, told = figures_of("\n".join(["Pedido;Data;Produto;Qtd;Valor total;Parcela", *rows]))

    assert found == {}
    assert UNTIED.format(column="Parcela") in told
