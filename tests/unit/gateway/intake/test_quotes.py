"""A quote that nobody approved is no sale; where nothing tells which were approved, a person is asked."""

from dataclasses import replace

import pytest

from gateway.intake.figures import channel_facts
from gateway.intake.layouts import Reading, understand
from gateway.intake.layouts.quotes import APPROVED, UNAPPROVED, WHICH
from tests.unit.gateway.intake.tables import cells, raw, reading, sold


def quotes(header: str, states: list[str]) -> Reading:
    rows = [f"{n};0{n}/03/2026;Vaso;2;50,00;100,00;{state}" for n, state in enumerate(states, 1)]
    return reading("\n".join([header, *rows]))


@pytest.mark.parametrize(
    ("header", "states"),
    [
        ("Quote No;Date;Product;Qty;Unit Price;Total;Status", ["Approved", "Rejected", "Approved", "Pending"]),
        (
            "Nº do Orçamento;Data;Produto;Qtd;Preço unitário;Total;Situação",
            ["Aprovado", "Recusado", "Aprovado", "Enviado"],
        ),
        (
            "Nro Cotización;Fecha;Producto;Cantidad;Precio;Total;Estado",
            ["Aprobada", "Rechazada", "Aprobada", "En revisión"],
        ),
    ],
)
def test_a_quote_that_nobody_approved_is_no_sale(header: str, states: list[str]) -> None:
    found = quotes(header, states)
    (own,) = channel_facts(sold(found), None)
    figures = {figure.metric: figure.value for figure in own.figures}
    texts, column = f"“{states[1]}”; “{states[3]}”", header.rsplit(";", 1)[1]

    assert (figures["revenue"], figures["units"]) == (200, 4)
    assert UNAPPROVED.format(rows=2, column=column, texts=texts, amount="200,00") in found.report.warnings


def test_quotes_that_were_all_approved_count_and_are_told() -> None:
    found = quotes("Quote No;Date;Product;Qty;Unit Price;Total;Status", ["Approved", "Approved", "Accepted"])

    assert sold(found)["revenue"].sum() == 300
    assert APPROVED.format(column="Status") in found.report.warnings


def test_of_many_states_three_are_told() -> None:
    found = quotes(
        "Quote ID;Date;Product;Qty;Unit Price;Total;Status", ["Approved", "Sent", "Draft", "Lost", "Expired"]
    )

    assert any("“Sent”; “Draft”; “Lost”; …" in told for told in found.report.warnings)


def test_a_person_says_which_quotes_were_approved_where_nothing_tells_it() -> None:
    rows = [f"{n};0{n}/03/2026;Vaso;2;50,00;100,00" for n in range(1, 5)]
    found = reading("\n".join(["Quote Number;Date;Product;Qty;Unit Price;Total", *rows]))

    assert (found.lines, found.report.asks) == (None, True)
    assert WHICH in found.report.warnings


@pytest.mark.parametrize("beside", ["Order No", "Nota fiscal nº", "Invoice Number"])
def test_a_quote_that_became_an_order_is_a_sale(beside: str) -> None:
    rows = [f"Q{n};V-{n};0{n}/03/2026;Vaso;2;50,00;100,00" for n in range(1, 5)]
    found = reading("\n".join([f"Quote No;{beside};Date;Product;Qty;Unit Price;Total", *rows]))

    assert WHICH not in found.report.warnings


@pytest.mark.parametrize(("name", "counts"), [("orcamentos.csv", 2), ("vendas e orcamentos.csv", 4), ("lista.csv", 4)])
def test_a_files_name_may_call_them_quotes(name: str, counts: int) -> None:
    states = ["Aprovado", "Em negociação", "Aprovado", "Em negociação"]
    rows = [f"{n};0{n}/03/2026;Vaso;2;50,00;100,00;{state}" for n, state in enumerate(states, 1)]
    table = raw(cells("\n".join(["Número;Data;Produto;Qtd;Preço unitário;Total;Situação", *rows])))

    assert sold(understand(replace(table, filename=name), ["own_store"])).height == counts


def test_a_budget_beside_sales_is_no_quote() -> None:
    rows = [f"{n};0{n}/03/2026;Vaso;2;100,00;90,00" for n in range(1, 5)]
    found = reading("\n".join(["Pedido;Data;Produto;Qtd;Valor total;Orçamento", *rows]))

    assert sold(found)["revenue"].sum() == 400
